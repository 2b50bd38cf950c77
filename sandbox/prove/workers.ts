/** The worker processes of a run: born with a fate, replaced when they die, and reached through one address. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Environment } from "@/sandbox/world/environment";
import { lastLines } from "@/sandbox/world/processes";
import { listUntried } from "./points";
import type { Fate } from "./worker/fate";

const RANDOM_INSTANT = "(random instant)";
/** The others die at points that have a name. */
const RANDOM_SHARE = 0.25;
/** Mean time between two random instants. */
const RANDOM_INSTANT_MS = 400;
/** How likely a worker dies at a point whose turn it is. */
const TURN_CHANCE = 0.5;
/** So many points that are often reached have their turn at once; one reached less than so often has it always. */
const TURNS_AT_ONCE = 25;
const SELDOM = 25;
/** A request waits this long for a living worker before the front hangs up. */
const PATIENCE_MS = 5_000;

type Worker = {
  readonly process: ChildProcess;
  port: number;
  open: number;
  deathBy: string | null;
};

export type WorkersOptions = {
  readonly bundle: string;
  readonly count: number;
  readonly environment: Environment;
  readonly seed: number;
  readonly logFile: string;
  /** Points at which a worker dies as likely as said here, while workers die at all. */
  readonly deaths: Readonly<Record<string, number>>;
  /** Whether the named points take turns at being fatal, or all is left to chance. */
  readonly takesTurns: boolean;
  readonly random: () => number;
};

export class Workers {
  /** How often each point was reached, and how often a worker died there. */
  readonly hits = new Map<string, number>();
  readonly kills = new Map<string, number>();
  killCount = 0;
  /** Rows that were waited for against the order of locks, by operation. */
  readonly lateLocks = new Set<string>();
  /** Deaths nobody asked for. */
  readonly crashes: string[] = [];
  /** Kills wanted per reach of an average point; 0 lets everybody live. */
  mortality = 0;
  url = "";
  private readonly options: WorkersOptions;
  private readonly living = new Set<Worker>();
  private readonly sockets = new Set<Socket>();
  private readonly front = createServer((socket) => void this.passOn(socket));
  private readonly log: number;
  private reaper: NodeJS.Timeout | undefined;
  private births = 0;
  private readonly closing = new AbortController();

  constructor(options: WorkersOptions) {
    this.options = options;
    this.log = openSync(options.logFile, "a");
  }

  async start(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.front.once("error", reject);
      this.front.listen(port, "127.0.0.1", resolve);
    });
    this.url = `http://127.0.0.1:${(this.front.address() as AddressInfo).port}`;
    for (let at = 0; at < this.options.count; at++) this.bear();
  }

  async stop(): Promise<void> {
    this.closing.abort();
    clearTimeout(this.reaper);
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.front.close(resolve));
    const ends = [...this.living].map(
      (worker) => new Promise((resolve) => worker.process.once("exit", resolve)),
    );
    for (const worker of this.living) worker.process.kill("SIGKILL");
    await Promise.all(ends);
    closeSync(this.log);
  }

  /** Kills, from outside and without asking, a worker that is at work; false when none is. */
  killBusyOne(): boolean {
    const busy = [...this.living].filter((worker) => worker.open > 0 && worker.deathBy === null);
    const victim = busy[Math.floor(this.options.random() * busy.length)];
    if (!victim) return false;
    victim.deathBy = RANDOM_INSTANT;
    victim.process.kill("SIGKILL");
    return true;
  }

  /** From now on some of those that die are workers at work, killed at random instants. */
  reap(): void {
    this.reaper = setTimeout(
      () => {
        const share = (this.kills.get(RANDOM_INSTANT) ?? 0) / Math.max(this.killCount, 1);
        if (this.mortality > 0 && share < RANDOM_SHARE) this.killBusyOne();
        this.reap();
      },
      -Math.log(1 - this.options.random()) * RANDOM_INSTANT_MS,
    );
  }

  /** Replaces every worker by one that is not going to die. */
  async spareAll(): Promise<void> {
    this.mortality = 0;
    for (const worker of this.living) {
      worker.deathBy = "(spared)";
      worker.process.kill("SIGKILL");
    }
    while (this.ready().length < this.options.count)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private ready(): Worker[] {
    return [...this.living].filter((worker) => worker.port > 0 && worker.deathBy === null);
  }

  private bear(): void {
    this.births += 1;
    const { bundle, environment, seed } = this.options;
    const fate: Fate = { seed: seed * 100_003 + this.births, ...this.chances() };
    const process_ = spawn(process.execPath, [bundle], {
      env: { ...environment, PROVE_FATE: JSON.stringify(fate) } as unknown as NodeJS.ProcessEnv,
      stdio: ["pipe", "ignore", this.log, "pipe"],
    });
    process_.stdin?.on("error", () => undefined);
    const worker: Worker = { process: process_, port: 0, open: 0, deathBy: null };
    this.living.add(worker);
    const lines = createInterface({ input: process_.stdio[3] as Readable });
    lines.on("line", (line) => this.hear(worker, line));
    process_.once("close", (code, signal) => this.bury(worker, `${signal ?? code}`));
  }

  /**
   * In a full run all named points have their turn to be fatal: those that are seldom reached whenever they are, some
   * of the others at a time. Beside that, the rarer a point has been fatal so far, the likelier it is to be.
   */
  private chances(): Omit<Fate, "seed"> {
    const average = this.killCount / Math.max(this.hits.size, 1);
    const untried = this.options.takesTurns ? listUntried(this.kills) : [];
    const seldom = untried.filter((point) => (this.hits.get(point) ?? 0) < SELDOM);
    const others = untried.filter((point) => !seldom.includes(point));
    const turn = new Set([...seldom, ...others.slice(0, TURNS_AT_ONCE)]);
    const chance = (point: string) => {
      if (turn.has(point)) return TURN_CHANCE;
      const share = (average + 1) / ((this.kills.get(point) ?? 0) + 1);
      // A transaction has many statements; dying at each of them would let none come to its commit.
      const once = point.endsWith(".statement") ? 0.1 : 1;
      return Math.min(0.4, this.mortality * share) * once;
    };
    if (this.mortality === 0) return { chances: {}, otherwise: 0 };
    const chances = Object.fromEntries(
      [...turn, ...this.hits.keys()].map((point) => [point, chance(point)]),
    );
    return {
      chances: { ...chances, ...this.options.deaths },
      otherwise: Math.min(0.4, this.mortality),
    };
  }

  private hear(worker: Worker, line: string): void {
    const [kind, ...rest] = line.split(" ");
    const what = rest.join(" ");
    if (kind === "p") worker.port = Number(what);
    if (kind === "h") this.hits.set(what, (this.hits.get(what) ?? 0) + 1);
    if (kind === "l") this.lateLocks.add(what);
    if (kind === "k") worker.deathBy ??= what;
  }

  private bury(worker: Worker, how: string): void {
    this.living.delete(worker);
    if (this.closing.signal.aborted) return;
    const by = worker.deathBy;
    if (by === null)
      this.crashes.push(`${how}: ${lastLines(this.options.logFile, 40).join(" | ")}`);
    else if (by !== "(spared)") {
      this.kills.set(by, (this.kills.get(by) ?? 0) + 1);
      this.killCount += 1;
    }
    this.bear();
  }

  private async passOn(socket: Socket): Promise<void> {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
    const until = Date.now() + PATIENCE_MS;
    let worker = this.choose();
    while (!worker && Date.now() < until && !this.closing.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      worker = this.choose();
    }
    if (!worker) {
      socket.destroy();
      return;
    }
    const { port } = worker;
    worker.open += 1;
    const inward = connect(port, "127.0.0.1");
    inward.on("error", () => inward.destroy());
    inward.on("close", () => {
      worker.open -= 1;
      socket.destroy();
    });
    socket.on("close", () => inward.destroy());
    socket.pipe(inward).pipe(socket);
  }

  private choose(): Worker | undefined {
    const ready = this.ready();
    return ready[Math.floor(this.options.random() * ready.length)];
  }
}
