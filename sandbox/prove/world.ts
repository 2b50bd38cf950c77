/** Everything a run needs, each part a process of its own: PostgreSQL, the Toss emulator, the job executor, workers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { migrateDatabase } from "@/db/migrate";
import { seedDatabase } from "@/db/seed/seed";
import { createVault, type Vault } from "@/lib/runtime/secrets";
import { TOSS_CAPABILITIES } from "@/lib/toss/client";
import { controlExecutor } from "@/packages/inngest-local/control";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { createTossControl, type TossControl } from "@/packages/toss-twin/control/client";
import { type Environment, worldEnvironment } from "@/sandbox/world/environment";
import { findFreePorts } from "@/sandbox/world/ports";
import { removeCluster, startPostgres } from "@/sandbox/world/postgres";
import {
  answers,
  type Child,
  describeDeath,
  startChild,
  waitUntilReady,
} from "@/sandbox/world/processes";
import { bundleWorker } from "./bundle";
import { watchEnds } from "./old-contracts";
import { OTHER_PRICE } from "./people";
import { SABOTAGES } from "./sabotage";
import { watchCalls } from "./told";
import { TossLine } from "./toss-line";
import { Workers } from "./workers";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** More than are needed at once, so that a death is followed by work and not by waiting for a birth. */
const WORKERS = 6;

export type WorldOptions = {
  readonly seed: number;
  readonly random: () => number;
  /** A PostgreSQL that runs already; without one the world starts its own. */
  readonly serverUrl?: string | undefined;
  readonly sabotage?: string | undefined;
  /** Whether the workers die at every named point in turn. */
  readonly isComplete: boolean;
  readonly startsAt: Date;
};

export class ProveWorld {
  readonly toss: TossControl;
  readonly jobs: ReturnType<typeof controlExecutor>;
  readonly sql: postgres.Sql;
  readonly workers: Workers;
  readonly line: TossLine;
  readonly vault: Vault;
  readonly folder: string;
  tossKills = 0;
  jobKills = 0;
  databaseCuts = 0;
  private readonly databaseName: string;
  private readonly clockFile: string;
  private readonly environment: Environment;
  private readonly ports: { toss: number; inngest: number };
  private readonly stopDatabase: () => Promise<void>;
  private tossChild: Child | undefined;
  private jobsChild: Child | undefined;

  static async start(options: WorldOptions): Promise<ProveWorld> {
    const folder = mkdtempSync(join(tmpdir(), "maedal-prove-"));
    const ports = await findFreePorts();
    const database = await openDatabase(folder, ports.postgres, options);
    const environment = worldEnvironment(
      {
        ports,
        dataFolder: folder,
        databaseUrl: database.url,
        inngestUrl: `http://localhost:${ports.inngest}`,
      },
      {},
    );
    const [bundle] = await Promise.all([
      bundleWorker(folder),
      prepare(database.url, options.sabotage),
    ]);
    const world = new ProveWorld({ folder, ports, database, environment, bundle, options });
    world.moveTo(options.startsAt);
    await world.startParts(ports.app);
    return world;
  }

  private constructor(parts: {
    folder: string;
    ports: { app: number; toss: number; inngest: number };
    database: Database;
    environment: ReturnType<typeof worldEnvironment>;
    bundle: string;
    options: WorldOptions;
  }) {
    const { folder, ports, database, environment, bundle, options } = parts;
    this.folder = folder;
    this.ports = ports;
    this.clockFile = environment.SANDBOX_CLOCK_FILE;
    this.databaseName = new URL(database.url).pathname.slice(1);
    this.stopDatabase = database.stop;
    this.sql = postgres(database.url, {
      max: 2,
      onnotice: () => undefined,
      connection: { application_name: "prove", TimeZone: "UTC" },
    });
    this.toss = createTossControl(`http://127.0.0.1:${ports.toss}`);
    this.jobs = controlExecutor(`http://127.0.0.1:${ports.inngest}`);
    this.line = new TossLine(ports.toss, () => this.now());
    this.vault = createVault(environment.BILLING_KEY_SECRETS ?? "");
    this.environment = { ...ambient(), ...environment };
    this.workers = new Workers({
      bundle,
      count: WORKERS,
      seed: options.seed,
      random: options.random,
      takesTurns: options.isComplete,
      deaths: SABOTAGES[options.sabotage ?? ""]?.deaths ?? {},
      logFile: join(folder, "workers.log"),
      environment: this.environment,
    });
    // The line has its address only once it listens; workers are born after that.
    this.prepareWorkers = async (port) => {
      await this.line.start();
      Object.assign(this.environment, {
        TOSS_API_URL: this.line.url,
        DATABASE_POOL: "4",
        PROVE_SABOTAGE: options.sabotage ?? "",
      });
      await this.workers.start(port);
    };
  }

  private readonly prepareWorkers: (port: number) => Promise<void>;

  now(): Date {
    return readClockFile(this.clockFile);
  }

  moveTo(instant: Date): void {
    moveClockFile(this.clockFile, instant);
  }

  /** What a customer's browser, or Toss, asks of whichever worker it meets; throws when that worker died of it. */
  async act<T>(name: string, input: object): Promise<T> {
    const response = await fetch(`${this.workers.url}/act/${name}`, {
      method: "POST",
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(20_000),
    });
    const answer: { ok: boolean; value: T; reason?: string } = JSON.parse(await response.text());
    if (!answer.ok) throw new Error(`${name}: ${answer.reason}`);
    return answer.value;
  }

  /** Waits until the executor has nothing to do at this instant, at most `ms`. */
  async rest(ms: number): Promise<boolean> {
    try {
      return (await this.jobs.settle(ms)).settled;
    } catch {
      return false;
    }
  }

  /** The event that asks for a sweep now. */
  async requestSweep(): Promise<void> {
    const event = { name: "billing/sweep.requested", data: {} };
    const url = `http://127.0.0.1:${this.ports.inngest}/e/prove`;
    await fetch(url, { method: "POST", body: JSON.stringify([event]) }).catch(() => undefined);
  }

  /** What somebody does in Toss's own console; nobody here is told. */
  async cancelAtToss(paymentKey: string, cancelAmount: number): Promise<void> {
    const url = `http://127.0.0.1:${this.ports.toss}/v1/payments/${paymentKey}/cancel`;
    const token = Buffer.from(`${this.environment.TOSS_SECRET_KEY}:`).toString("base64");
    await fetch(url, {
      method: "POST",
      headers: { authorization: `Basic ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ cancelReason: "콘솔에서 취소", cancelAmount }),
    }).catch(() => undefined);
  }

  /** Cuts every session of the workers with the database. */
  async cutDatabase(): Promise<void> {
    this.databaseCuts += 1;
    await this.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${this.databaseName} and application_name = 'maedal'`;
  }

  async killToss(): Promise<void> {
    this.tossKills += 1;
    await this.reportDead(this.tossChild);
    await killGroup(this.tossChild);
  }

  async startToss(): Promise<void> {
    this.tossChild = await this.startTool("toss", [
      ...["packages/toss-twin/main.ts", "--port", String(this.ports.toss), "--slow-ms", "300"],
      ...["--state", join(this.folder, "toss.jsonl"), "--clock-file", this.clockFile],
    ]);
    const health = `http://127.0.0.1:${this.ports.toss}/control/health`;
    await waitUntilReady(this.tossChild, () => answers(health), 30_000);
  }

  async killJobs(): Promise<void> {
    this.jobKills += 1;
    await this.reportDead(this.jobsChild);
    await killGroup(this.jobsChild);
  }

  async startJobs(): Promise<void> {
    this.jobsChild = await this.startTool("jobs", [
      ...["packages/inngest-local/main.ts", "--port", String(this.ports.inngest)],
      ...["--app", `${this.workers.url}/api/inngest`, "--clock-file", this.clockFile],
    ]);
    const health = `http://127.0.0.1:${this.ports.inngest}/health`;
    await waitUntilReady(this.jobsChild, () => answers(health), 30_000);
  }

  /** Adds the executor or the emulator to the crashed ones, if they are not there any more. */
  async reportCrashes(): Promise<void> {
    await this.reportDead(this.tossChild);
    await this.reportDead(this.jobsChild);
  }

  async stop(): Promise<void> {
    await this.workers.stop();
    await Promise.all([this.jobsChild?.stop(), this.tossChild?.stop()]);
    await this.line.stop();
    await this.sql.end({ timeout: 2 });
    await this.stopDatabase();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startParts(port: number): Promise<void> {
    await Promise.all([this.prepareWorkers(port), this.startToss()]);
    await this.startJobs();
  }

  /** A part that is gone before it is killed has ended unasked. */
  private async reportDead(child: Child | undefined): Promise<void> {
    if (child && !child.isRunning()) this.workers.crashes.push(await describeDeath(child));
  }

  private startTool(name: string, args: readonly string[]): Promise<Child> {
    const [script = "", ...rest] = args;
    return startChild({
      name,
      command: process.execPath,
      args: ["--import", "tsx", join(ROOT, script), ...rest],
      cwd: ROOT,
      env: this.environment,
      logFile: join(this.folder, `${name}.log`),
    });
  }
}

type Database = { readonly url: string; readonly stop: () => Promise<void> };

async function openDatabase(
  folder: string,
  port: number,
  { serverUrl }: WorldOptions,
): Promise<Database> {
  const name = `prove_${process.pid}_${Date.now().toString(36)}`;
  if (serverUrl) {
    const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
    await admin`create database ${admin(name)}`;
    const stop = async () => {
      await admin`drop database ${admin(name)} with (force)`;
      await admin.end();
    };
    return { url: new URL(`/${name}`, serverUrl).href, stop };
  }
  const server = await startPostgres({
    port,
    dataFolder: folder,
    logFile: join(folder, "postgres.log"),
    isDisposable: true,
  });
  const admin = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => undefined });
  await admin`create database ${admin(name)}`;
  await admin.end();
  const stop = async () => {
    await server.process.stop();
    removeCluster(folder);
  };
  return { url: server.urlOf(name), stop };
}

async function prepare(databaseUrl: string, sabotage: string | undefined): Promise<void> {
  await migrateDatabase(databaseUrl);
  await seedDatabase(databaseUrl, {
    sandboxPeople: false,
    minimumWon: TOSS_CAPABILITIES.minimumWon,
  });
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sellOtherProduct(sql);
  await watchCalls(sql);
  await watchEnds(sql);
  for (const statement of SABOTAGES[sabotage ?? ""]?.breakDatabase ?? [])
    await sql.unsafe(statement);
  await sql.end();
}

/** A product beside the one of the catalogue: an account holds a contract of each at once. */
async function sellOtherProduct(sql: postgres.Sql): Promise<void> {
  const name = { ko: "보관함", en: "Archive" };
  const [planId = ""] = OTHER_PRICE.split("-");
  await sql`
    insert into plans (id, kind, product, name, description, features, entitlements, active, position)
    values (${planId}, 'subscription', ${planId}, ${sql.json(name)}, ${sql.json(name)}, '[]', '{}', true, 99)`;
  await sql`
    insert into prices (id, plan_id, interval, amount_won, trial_days, version, active)
    values (${OTHER_PRICE}, ${planId}, 'month', 4900, 0, 1, true)`;
}

/** The machine's environment without what would make a part take this for a real deployment, or for a test. */
function ambient(): Environment {
  const { NODE_ENV: _, INNGEST_SIGNING_KEY: __, INNGEST_EVENT_KEY: ___, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("VITEST")));
}

async function killGroup(child: Child | undefined): Promise<void> {
  if (!child?.isRunning()) return;
  process.kill(-child.pid, "SIGKILL");
  await child.exited;
}
