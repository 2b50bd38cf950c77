/** The one connection pool. Reads use `db()`; writes take a `Tx`, which only `transaction` hands out. */
import { setTimeout as sleep } from "node:timers/promises";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "@/db/schema";
import { env } from "@/lib/env";

export type Db = PostgresJsDatabase<typeof schema>;
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];

const MAX_RESTARTS = 3;
const RESTART_PAUSE_MS = 50;

type Pool = { readonly database: Db; readonly close: () => Promise<void> };

// Development reloads modules; the pool outlives them, or each reload would leak its connections.
const shared = globalThis as typeof globalThis & { maedalPool?: Pool };

export function db(): Db {
  return pool().database;
}

/**
 * Runs `work` in one transaction: all of it happens, or none. Never call Toss inside. When two transactions wait for
 * each other, PostgreSQL ends one of them, and its work is begun anew.
 */
export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await db().transaction(work);
    } catch (fault) {
      if (restarts === MAX_RESTARTS || !isDeadlock(fault)) throw fault;
      // Begun at once, it could take the freed row before the one that waits for it, and both would wait again.
      await sleep(RESTART_PAUSE_MS * 2 ** restarts);
    }
  }
}

function isDeadlock(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  if (fault instanceof postgres.PostgresError) return fault.code === "40P01";
  return isDeadlock(fault.cause);
}

export async function closeDb(): Promise<void> {
  const open = shared.maedalPool;
  delete shared.maedalPool;
  await open?.close();
}

function pool(): Pool {
  shared.maedalPool ??= connect();
  return shared.maedalPool;
}

function connect(): Pool {
  const sql = postgres(env().DATABASE_URL, {
    max: env().DATABASE_POOL,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: { application_name: "maedal", TimeZone: "UTC" },
  });
  return { database: drizzle(preparing(sql), { schema }), close: () => sql.end({ timeout: 5 }) };
}

/**
 * The same client, with every statement prepared: a connection parses and plans it once. Drizzle leaves that out, and
 * the client would then ask PostgreSQL to describe each statement before it sends its values.
 */
function preparing<Client extends postgres.Sql | postgres.TransactionSql>(client: Client): Client {
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name === "unsafe")
        return (text: string, values: unknown[] = [], options: object = {}) => {
          const query = member(text, values, { ...options, prepare: true });
          query.catch((fault: unknown) => forget(values, fault));
          return query;
        };
      if (name === "begin" || name === "savepoint")
        return (work: (inner: postgres.TransactionSql) => unknown) =>
          member((inner: postgres.TransactionSql) => work(preparing(inner)));
      return member;
    },
  });
}

/** Drizzle writes the values of a failed statement into its error, PostgreSQL those of the row: both end up in logs. */
function forget(values: unknown[], fault: unknown): void {
  values.fill("…");
  if (fault instanceof postgres.PostgresError) fault.detail = "…";
}

/** Throws an error that names the database's host when it does not answer. */
export async function checkDatabase(): Promise<void> {
  try {
    await db().execute("select 1");
  } catch (fault) {
    const { host, pathname } = new URL(env().DATABASE_URL);
    throw new Error(
      `The database at ${host}${pathname} does not answer. Is it running, and is DATABASE_URL right?`,
      {
        cause: fault,
      },
    );
  }
}
