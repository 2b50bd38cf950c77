import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Environment } from "./environment";
import { Failure } from "./failure";

/** PostgreSQL needs time to write; what else runs must survive a kill anyway. */
const STOP_GRACE_MS = { SIGINT: 8_000, SIGTERM: 4_000 };
const POLL_MS = 60;

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Child = {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string | undefined;
  /** Settles when the process has ended, whoever ended it; never rejects. */
  readonly exited: Promise<Exit>;
  readonly isRunning: () => boolean;
  /** Asks the process to end and kills it when it takes too long; returns when it is gone. */
  readonly stop: () => Promise<void>;
};

export type ChildOptions = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** Where its output goes; to the terminal when absent. */
  readonly logFile?: string;
  /** SIGINT goes to the process alone (PostgreSQL: fast shutdown), SIGTERM to its whole group. */
  readonly stopSignal?: "SIGTERM" | "SIGINT";
  /** Run as another user; only root may. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
};

/**
 * Starts a process that cannot outlive this one: it is stopped by `stop`, or by the guard when this process dies first.
 * It stands in a group of its own, so that Ctrl-C reaches only this process, which then stops all in a good order.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = options.logFile ? openLog(options.logFile) : "inherit";
  const process_ = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", log, log],
    ...options.owner,
  });
  if (typeof log === "number") closeSync(log);
  const child = watchOver(process_, options);
  await new Promise<void>((resolve, reject) => {
    process_.once("spawn", resolve);
    process_.once("error", (cause) =>
      reject(new Failure(`${options.name} could not be started: ${cause.message}.`, { cause })),
    );
  });
  return child;
}

/** Resolves as soon as `isReady` says so; a child that ends first, or a time limit that passes, is a Failure with the child's last words. */
export async function waitUntilReady(
  child: Child,
  isReady: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady())) {
    if (!child.isRunning()) throw new Failure(await describeDeath(child));
    if (Date.now() > deadline) {
      throw new Failure(
        `${child.name} did not answer within ${timeoutMs / 1000} seconds; ${lastWords(child)}`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** Whether a GET to `url` is answered with a 2xx within two seconds. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      // A connection kept open would hold up the other side when it is asked to stop.
      headers: { connection: "close" },
      signal: AbortSignal.timeout(2_000),
      redirect: "manual",
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** How a child ended: its name, exit code and the last lines it wrote. */
export async function describeDeath(child: Child): Promise<string> {
  const { code, signal } = await child.exited;
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return `${child.name} ${how}; ${lastWords(child)}`;
}

/** The last `count` lines of a log file that say something. */
export function lastLines(logFile: string, count: number): string[] {
  const lines = readFileSync(logFile, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").slice(-count);
}

/** The command line of a running process; undefined when there is none of that id. */
export function commandLineOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    const answer = spawnSync("ps", ["-o", "args=", "-ww", "-p", String(pid)], { encoding: "utf8" });
    return answer.status === 0 ? answer.stdout : undefined;
  }
}

function lastWords(child: Child): string {
  if (!child.logFile) return "what it said stands above";
  const lines = lastLines(child.logFile, 12).map((line) => `  | ${line}`);
  return [`the end of ${child.logFile}:`, ...lines].join("\n");
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "w", 0o600);
}

function watchOver(process_: ChildProcess, options: ChildOptions): Child {
  const pid = process_.pid ?? 0;
  const signal = options.stopSignal ?? "SIGTERM";
  let running = true;
  if (pid) tellGuard(`watch ${pid} ${signal}`);
  const exited = new Promise<Exit>((resolve) => {
    process_.once("exit", (code, exitSignal) => {
      running = false;
      if (signal === "SIGTERM") send(-pid, "SIGKILL");
      tellGuard(`forget ${pid}`);
      resolve({ code, signal: exitSignal });
    });
  });
  const stop = async () => {
    if (!running) return;
    send(signal === "SIGINT" ? pid : -pid, signal);
    const isGone = await Promise.race([
      exited.then(() => true),
      sleep(STOP_GRACE_MS[signal], false, { ref: false }),
    ]);
    if (isGone) return;
    send(-pid, "SIGKILL");
    await exited;
  };
  return {
    name: options.name,
    pid,
    logFile: options.logFile,
    exited,
    isRunning: () => running,
    stop,
  };
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // The process or its group is gone already, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

let guard: ChildProcess | undefined;

function tellGuard(line: string): void {
  if (!guard) {
    const script = join(dirname(fileURLToPath(import.meta.url)), "guard.mjs");
    guard = spawn(process.execPath, [script], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    guard.stdin?.on("error", () => {});
    guard.unref();
    if (guard.stdin && "unref" in guard.stdin && typeof guard.stdin.unref === "function") {
      guard.stdin.unref();
    }
  }
  guard.stdin?.write(`${line}\n`);
}
