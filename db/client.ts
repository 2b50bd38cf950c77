/** The one connection pool. Reads use `db()`; writes take a `Tx`, which only `transaction` hands out. */
import { setTimeout as sleep } from "node:timers/promises";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { openConnection, type Statement } from "@/db/connection";
import { openPool, type Scope } from "@/db/pool";
import { env } from "@/lib/runtime/env";

export type Db = PostgresJsDatabase;
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];

const MAX_RESTARTS = 3;
const RESTART_PAUSE_MS = 50;

type OpenDatabase = { readonly database: Db; readonly close: () => Promise<void> };
type Values = NonNullable<Statement["values"]>;

// Development reloads modules; the pool outlives them, or each reload would leak its connections.
const shared = globalThis as typeof globalThis & { maedalPool?: OpenDatabase };

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

function pool(): OpenDatabase {
  shared.maedalPool ??= connect();
  return shared.maedalPool;
}

function connect(): OpenDatabase {
  const url = env().DATABASE_URL;
  // Never connects. Drizzle writes its parsers for days and times into the options of a client.
  const face = postgres(url, { max: 1 });
  const { ask, nested, close } = openPool(env().DATABASE_POOL, () =>
    openConnection(url, face.options),
  );
  return { database: drizzle(clientOf(face, { ask, nested })), close };
}

/** A client for drizzle whose statements and transactions run in `scope`. */
function clientOf(face: postgres.Sql, scope: Scope): postgres.Sql {
  const members = new Map<string | symbol, unknown>([
    ["unsafe", (text: string, values: Values = []) => answerOf(scope, text, values)],
    ["begin", nested],
    ["savepoint", nested],
  ]);
  function nested<T>(work: (inner: postgres.Sql) => Promise<T>): Promise<T> {
    return scope.nested((inner) => work(clientOf(face, inner)));
  }
  return new Proxy(face, { get: (target, name) => members.get(name) ?? Reflect.get(target, name) });
}

/** Drizzle calls `values()` on the result to get rows as arrays, so the statement is sent one turn later. */
function answerOf(scope: Scope, text: string, values: Values) {
  let isRaw = false;
  const answer = Promise.resolve().then(() => scope.ask({ text, values, isRaw }));
  answer.catch((fault: unknown) => forget(values, fault));
  return Object.assign(answer, {
    values() {
      isRaw = true;
      return answer;
    },
  });
}

/** Drizzle writes the values of a failed statement into its error, PostgreSQL those of the row: both end up in logs. */
function forget(values: unknown[], fault: unknown): void {
  values.fill("…");
  if (fault instanceof postgres.PostgresError) fault.detail = "…";
}
