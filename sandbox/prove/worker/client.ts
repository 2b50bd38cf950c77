/** Stands in for `db/client` in a worker: the same transactions, with the points around their statements and commits. */
import { AsyncLocalStorage } from "node:async_hooks";
import { type Db, db as realDb, transaction as realTransaction, type Tx } from "@/db/client";
import { watchLocks } from "../lock-order";
import { nextCommit, reach, reachDuring, tellOfLateLock } from "./fate";

const outer = new AsyncLocalStorage<Tx>();

export function db(): Db {
  return (outer.getStore() as Db | undefined) ?? realDb();
}

export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const around = outer.getStore();
  if (around) return around.transaction(work);
  const commit = nextCommit();
  const result = await realTransaction(async (tx) => {
    watchStatements(tx, commit);
    const done = await work(tx);
    reach(`${commit}.before`);
    reachDuring(`${commit}.during`, "commit");
    return done;
  });
  reach(`${commit}.after`);
  return result;
}

/** All transactions begun inside are parts of one, which commits last: what a sabotage does and nobody else. */
export function inOneTransaction<T>(work: () => Promise<T>): Promise<T> {
  return realTransaction((tx) => outer.run(tx, work));
}

type Statement = { execute: (...args: readonly unknown[]) => Promise<unknown> };
type Query = { readonly sql: string; readonly params: readonly unknown[] };
type Session = { prepareQuery: (query: Query, ...args: readonly unknown[]) => Statement };

/** Each statement of the transaction is a point, and takes its locks in turn; the session is the transaction's own. */
function watchStatements(tx: Tx, commit: string): void {
  if (!("session" in tx)) throw new Error("A transaction of drizzle has a session");
  const session = tx.session as Session;
  const prepare = session.prepareQuery.bind(session);
  const findLateLocks = watchLocks();
  session.prepareQuery = (query, ...rest) => {
    const statement = prepare(query, ...rest);
    const execute = statement.execute.bind(statement);
    statement.execute = (...values) => {
      reach(`${commit}.statement`);
      findLateLocks(query).forEach(tellOfLateLock);
      return execute(...values);
    };
    return statement;
  };
}
