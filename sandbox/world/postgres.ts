import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import type { Environment } from "./environment";
import { Failure } from "./failure";
import { findOrMakePostgresUser, type Owner, placePrograms } from "./postgres-programs";
import { type Child, commandLineOf, lastLines, startChild, waitUntilReady } from "./processes";

const PASSWORD = "maedal";
const WAY_OUT = "start over with: npm run demo -- --fresh";

export type Postgres = {
  readonly process: Child;
  /** Address of a database on this server. */
  readonly urlOf: (database: string) => string;
};

export type PostgresOptions = {
  readonly port: number;
  /** Where this world's files stand; the cluster goes into `postgres` below it, or, when the server's user cannot reach that, below `/var/lib`. */
  readonly dataFolder: string;
  readonly logFile: string;
  /** For data nobody will miss: no fsync. */
  readonly isDisposable?: boolean;
  /** For measurements: memory as on a server of its own, and each statement's time in `pg_stat_statements`. */
  readonly isMeasured?: boolean;
};

/**
 * Starts the PostgreSQL that came with the npm packages, on loopback only, and makes its cluster on the first start.
 * PostgreSQL refuses to run as root, so root hands it to the user `postgres`.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const owner = process.getuid?.() === 0 ? findOrMakePostgresUser() : undefined;
  const home = placeFor(options.dataFolder, owner);
  const programs = placePrograms(home, owner);
  const data = join(home, "data");
  if (!existsSync(data)) initialise(programs, data, owner);
  refuseForeignCluster(data);
  await stopForgottenServer(data);

  const child = await startChild({
    name: "PostgreSQL",
    command: join(programs, "postgres"),
    args: ["-D", data, "-p", String(options.port), ...settings(options)],
    env: serverEnvironment(),
    cwd: home,
    logFile: options.logFile,
    stopSignal: "SIGINT",
    owner,
  });
  const urlOf = (database: string) =>
    `postgres://maedal:${PASSWORD}@127.0.0.1:${options.port}/${database}`;
  try {
    await waitUntilReady(child, () => acceptsConnections(urlOf("postgres")), 30_000);
  } catch (error) {
    await child.stop();
    const reason = lastLines(options.logFile, 1)[0] ?? "no reason given";
    throw new Failure(`The database folder ${data} cannot be used (${reason.trim()}); ${WAY_OUT}`, {
      cause: error,
    });
  }
  return { process: child, urlOf };
}

/** Makes the database unless it is there. */
export async function ensureDatabase(server: Postgres, name: string): Promise<void> {
  const sql = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
  try {
    const found = await sql`select 1 from pg_database where datname = ${name}`;
    if (found.length === 0) await sql`create database ${sql(name)}`;
  } finally {
    await sql.end();
  }
}

/** Removes the cluster that belongs to a data folder, wherever it stands. The server must be down. */
export function removeCluster(dataFolder: string): void {
  for (const home of [join(dataFolder, "postgres"), ...placesOutside(dataFolder)]) {
    rmSync(home, { recursive: true, force: true });
  }
}

function settings({ isDisposable, isMeasured }: PostgresOptions): string[] {
  const values = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
    // As managed PostgreSQL has it: on a solid-state disk a page out of order costs little more than the next one.
    "random_page_cost=1.1",
    ...(isDisposable
      ? [
          ...["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
          // The databases of many tests at once, each with an app and a test that ask it.
          "max_connections=300",
        ]
      : []),
    ...(isMeasured
      ? ["shared_preload_libraries=pg_stat_statements", "shared_buffers=1GB", "max_wal_size=4GB"]
      : []),
  ];
  return values.flatMap((value) => ["-c", value]);
}

/** A PGDATA, PGPORT or PGOPTIONS of the person's own server must not steer ours. */
function serverEnvironment(): Environment {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return Object.assign(Object.fromEntries(own), { LC_ALL: "C" });
}

function placeFor(dataFolder: string, owner: Owner | undefined): string {
  const inside = join(dataFolder, "postgres");
  mkdirSync(dataFolder, { recursive: true });
  if (!owner) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return inside;
  }
  const outside = placesOutside(dataFolder);
  const places = [...outside.filter(existsSync), inside, ...outside];
  for (const place of places) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 });
      chownSync(place, owner.uid, owner.gid);
    } catch {
      continue;
    }
    if (canEnter(place, owner)) return place;
    rmSync(place, { recursive: true, force: true });
  }
  throw new Failure(
    `The user postgres can enter none of ${places.join(", ")}, so its database has no place; run as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Each data folder has a place of its own there, so that two clones never meet. */
function placesOutside(dataFolder: string): string[] {
  const key = createHash("sha256").update(resolve(dataFolder)).digest("hex").slice(0, 12);
  return ["/var/lib", tmpdir()].map((parent) => join(parent, `maedal-sandbox-${key}`));
}

function canEnter(folder: string, owner: Owner): boolean {
  const script = 'cd "$1" && test -w .';
  const answer = spawnSync("/bin/sh", ["-c", script, "sh", folder], { ...owner, cwd: "/" });
  return answer.status === 0;
}

/** Builds the cluster beside its place and moves it there whole, so that a start cut short leaves nothing half made. */
function initialise(programs: string, data: string, owner: Owner | undefined): void {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(dirname(data), `password-${randomBytes(6).toString("hex")}`);
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  if (owner) chownSync(passwordFile, owner.uid, owner.gid);
  try {
    execFileSync(
      join(programs, "initdb"),
      [
        `--pgdata=${unfinished}`,
        "--username=maedal",
        "--auth=scram-sha-256",
        `--pwfile=${passwordFile}`,
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
      ],
      {
        ...owner,
        cwd: dirname(data),
        env: serverEnvironment() as NodeJS.ProcessEnv,
        stdio: "pipe",
      },
    );
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.split("\n").slice(1).join(" ") : "";
    throw new Failure(
      `PostgreSQL could not make its database folder in ${dirname(data)}: ${detail}`,
      { cause },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, data);
}

function refuseForeignCluster(data: string): void {
  let version: string;
  try {
    version = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  } catch (cause) {
    throw new Failure(`The database folder ${data} is damaged or not readable; ${WAY_OUT}`, {
      cause,
    });
  }
  if (version !== "18") {
    throw new Failure(
      `The database folder ${data} was made by PostgreSQL ${version}, not 18; ${WAY_OUT}`,
    );
  }
}

/** A killed start can leave its server running on our folder; PostgreSQL itself clears the file of one that is gone. */
async function stopForgottenServer(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !commandLineOf(pid)?.includes(data)) {
    rmSync(file, { force: true });
    return;
  }
  process.kill(pid, "SIGINT");
  for (let waited = 0; waited < 100 && existsSync(file); waited += 1) await sleep(100);
}

async function acceptsConnections(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
