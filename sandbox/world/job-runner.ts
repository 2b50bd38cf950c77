import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./environment";
import { Failure } from "./failure";
import { answers, waitUntilReady } from "./processes";
import { say, step } from "./progress.mjs";
import type { Supervisor } from "./supervisor";

const CLI = "inngest-cli@1.45.1";
const CLI_PATIENCE_MS = 25_000;
const RETRY_AFTER_MS = 24 * 60 * 60 * 1_000;

export type JobRunner = {
  readonly kind: "named server" | "dev server" | "local executor";
  readonly url: string;
};

export type JobRunnerOptions = {
  readonly root: string;
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly port: number;
  readonly appUrl: string;
  readonly clockFile: string;
  readonly environment: Environment;
  readonly supervisor: Supervisor;
};

/** The Inngest server a person runs themselves (INNGEST_DEV), or undefined. */
export function namedServer(person: Environment): string | undefined {
  const name = person.INNGEST_DEV;
  if (!name || name === "0" || name === "false") return undefined;
  if (name === "1" || name === "true") return "http://localhost:8288";
  if (URL.canParse(name)) return new URL(name).origin;
  throw new Failure(
    `INNGEST_DEV must be the address of an Inngest dev server, and it is "${name}".`,
  );
}

/** Makes sure that a server the person named is there. */
export async function findNamedServer(url: string): Promise<JobRunner> {
  if ((await answers(`${url}/health`)) || (await answers(url)))
    return { kind: "named server", url };
  throw new Failure(
    `INNGEST_DEV names an Inngest server at ${url}, and nothing answers there; start it or unset INNGEST_DEV.`,
  );
}

/**
 * The best runner to be had here: a real Inngest dev server with its dashboard, else the local executor.
 * A dev server that could not be had is not tried again for a day.
 */
export async function startBestRunner(
  options: JobRunnerOptions,
  person: Environment,
): Promise<JobRunner> {
  const binary = person.INNGEST_BIN;
  if (binary) {
    await step(`Inngest dev server (${binary})`, () => startDevServer(options, binary, []));
    return { kind: "dev server", url: urlOf(options) };
  }
  const refusal = join(options.dataFolder, "inngest-cli-unavailable");
  if (isFresh(refusal)) return startLocalExecutor(options);
  const command = ["--yes", "--ignore-scripts=false", CLI];
  try {
    await step(`Inngest dev server (npx ${CLI})`, () => startDevServer(options, "npx", command));
    rmSync(refusal, { force: true });
    return { kind: "dev server", url: urlOf(options) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    writeFileSync(refusal, `${new Date().toISOString()}\n${error.message}\n`);
    say("  Inngest dev server를 받을 수 없어 내장 작업 실행기를 씁니다.");
    return startLocalExecutor(options);
  }
}

/** Our own small executor, which needs nothing from the network. */
export async function startLocalExecutor(options: JobRunnerOptions): Promise<JobRunner> {
  const { root, port, appUrl, clockFile } = options;
  const jobs = [
    "--port",
    String(port),
    "--app",
    `${appUrl}/api/inngest`,
    "--clock-file",
    clockFile,
  ];
  await step("작업 실행기 (내장)", async () => {
    const child = await options.supervisor.start({
      name: "The job runner",
      command: process.execPath,
      args: ["--import", "tsx", join(root, "packages/inngest-local/main.ts"), ...jobs],
      env: options.environment,
      cwd: root,
      logFile: join(options.logFolder, "jobs.log"),
    });
    await waitUntilReady(child, () => answers(`${urlOf(options)}/health`), 20_000);
  });
  return { kind: "local executor", url: urlOf(options) };
}

async function startDevServer(
  options: JobRunnerOptions,
  command: string,
  prefix: readonly string[],
): Promise<void> {
  const { root, port, appUrl, supervisor } = options;
  const target = ["-u", `${appUrl}/api/inngest`, "-p", String(port)];
  const child = await supervisor.tryOut({
    name: "The Inngest dev server",
    command,
    args: [...prefix, "dev", "--no-discovery", ...target],
    env: { ...process.env, INNGEST_DEV: undefined, DO_NOT_TRACK: "1" },
    cwd: root,
    logFile: join(options.logFolder, "inngest.log"),
  });
  try {
    await waitUntilReady(child, () => answers(`${urlOf(options)}/health`), CLI_PATIENCE_MS);
  } catch (error) {
    await child.stop();
    throw error;
  }
  supervisor.keep(child);
}

function isFresh(refusal: string): boolean {
  if (!existsSync(refusal)) return false;
  const at = Date.parse(readFileSync(refusal, "utf8").split("\n")[0] ?? "");
  return Date.now() - at < RETRY_AFTER_MS;
}

function urlOf(options: JobRunnerOptions): string {
  return `http://localhost:${options.port}`;
}
