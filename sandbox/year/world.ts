/** The world of one year: a database and a Toss emulator that nobody else uses, and a clock that begins with the year. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { closeDb } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { seedDatabase } from "@/db/seed/seed";
import type { Deps } from "@/lib/runtime/deps";
import { createIds } from "@/lib/runtime/ids";
import { createVault } from "@/lib/runtime/secrets";
import { createTossClient, TOSS_CAPABILITIES } from "@/lib/toss/client";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { createTossControl, type TossControl } from "@/packages/toss-twin/control/client";
import { worldEnvironment } from "@/sandbox/world/environment";
import { Failure } from "@/sandbox/world/failure";
import { findFreePorts } from "@/sandbox/world/ports";
import { ensureDatabase, removeCluster, startPostgres } from "@/sandbox/world/postgres";
import { answers, startChild, waitUntilReady } from "@/sandbox/world/processes";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type YearWorld = {
  /** As the app has them, but for the pace, which is Toss's and not the sandbox's, and for hints, which nobody hears. */
  readonly deps: Deps;
  readonly toss: TossControl;
  readonly tossPort: number;
  readonly sql: postgres.Sql;
  readonly now: () => Date;
  /** Forward only; an instant of the past changes nothing. */
  readonly moveTo: (instant: Date) => void;
  readonly stop: () => Promise<void>;
};

type Database = { readonly url: string; readonly stop: () => Promise<void> };

/**
 * Starts both and puts the environment of the app into this process. With `serverUrl` the database is made on that
 * server, under a name of its own, and dropped in the end.
 */
export async function startYearWorld(options: {
  startsAt: Date;
  serverUrl: string | undefined;
}): Promise<YearWorld> {
  const folder = mkdtempSync(join(tmpdir(), "maedal-year-"));
  const ports = await findFreePorts();
  const clockFile = join(folder, "clock.json");
  // Written and not moved: the year may lie before today.
  const offsetMs = options.startsAt.getTime() - Date.now();
  writeFileSync(clockFile, JSON.stringify({ offsetMs }));
  const stops = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    const faults: unknown[] = [];
    for (const one of stops.toReversed())
      await one().catch((fault: unknown) => void faults.push(fault));
    if (faults.length > 0) throw faults[0];
  };
  try {
    const starting = startToss(folder, ports.toss, clockFile);
    const opening = openDatabase(folder, ports.postgres, options.serverUrl);
    // What one has started is to be stopped, whatever becomes of the other.
    await Promise.allSettled([
      starting.then((child) => stops.push(() => child.stop())),
      opening.then((opened) => stops.push(opened.stop)),
    ]);
    const [database] = await Promise.all([opening, starting]);
    await migrateDatabase(database.url);
    await seedDatabase(database.url, {
      sandboxPeople: false,
      minimumWon: TOSS_CAPABILITIES.minimumWon,
    });
    const environment = worldEnvironment(
      { ports, dataFolder: folder, databaseUrl: database.url, inngestUrl: "http://127.0.0.1:9" },
      {},
    );
    Object.assign(process.env, environment);
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    stops.push(
      () => sql.end(),
      () => closeDb(),
    );
    const tossUrl = environment.TOSS_API_URL;
    const clock = { now: () => readClockFile(clockFile) };
    const deps: Deps = {
      clock,
      newId: createIds(clock),
      gateway: createTossClient({
        secretKey: environment.TOSS_SECRET_KEY ?? "",
        baseUrl: tossUrl,
        onCall: () => undefined,
      }),
      vault: createVault(environment.BILLING_KEY_SECRETS ?? ""),
      pace: { callsPerSecond: 10_000, callsInFlight: 1_000 },
      wait: async () => undefined,
      hint: async () => undefined,
    };
    return {
      deps,
      toss: createTossControl(tossUrl),
      tossPort: ports.toss,
      sql,
      now: clock.now,
      moveTo: (instant) => moveClockFile(clockFile, instant),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startToss(folder: string, port: number, clockFile: string) {
  const child = await startChild({
    name: "The Toss emulator",
    command: process.execPath,
    args: [
      ...["--import", "tsx", join(ROOT, "packages/toss-twin/main.ts")],
      ...["--port", String(port), "--clock-file", clockFile],
    ],
    cwd: ROOT,
    env: process.env,
    logFile: join(folder, "toss.log"),
  });
  await waitUntilReady(child, () => answers(`http://localhost:${port}/control/health`), 30_000);
  return child;
}

async function openDatabase(
  folder: string,
  port: number,
  serverUrl: string | undefined,
): Promise<Database> {
  const name = `maedal_year_${randomBytes(6).toString("hex")}`;
  if (serverUrl !== undefined) return openDatabaseOn(serverUrl, name);
  const server = await startPostgres({
    port,
    dataFolder: folder,
    logFile: join(folder, "postgres.log"),
    isDisposable: true,
  });
  await ensureDatabase(server, name);
  const stop = async () => {
    await server.process.stop();
    removeCluster(folder);
  };
  return { url: server.urlOf(name), stop };
}

async function openDatabaseOn(serverUrl: string, name: string): Promise<Database> {
  const admin = postgres(serverUrl, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    await admin`create database ${admin(name)}`;
    // Nobody will miss it: a commit need not wait for the disk.
    await admin`alter database ${admin(name)} set synchronous_commit = off`;
  } catch (cause) {
    await admin.end({ timeout: 1 });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      `On the server that DATABASE_URL names no database can be made (${reason}); unset it to use the sandbox's own.`,
      { cause },
    );
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const stop = async () => {
    await admin`drop database if exists ${admin(name)} with (force)`;
    await admin.end();
  };
  return { url: url.href, stop };
}
