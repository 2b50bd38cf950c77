/** Stands in for `db/client` in a worker: the same transactions, with the points around their statements and commits. */
import { type Tx, transaction as realTransaction } from "@/db/client";
import { nextCommit, reach, reachDuring } from "./fate";

export * from "@/db/client";

export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
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

type Statement = { execute: (...args: readonly unknown[]) => Promise<unknown> };
type Session = { prepareQuery: (...args: readonly unknown[]) => Statement };

/** Each statement of the transaction is a point; the session is the transaction's own. */
function watchStatements(tx: Tx, commit: string): void {
  if (!("session" in tx)) throw new Error("A transaction of drizzle has a session");
  const session = tx.session as Session;
  const prepare = session.prepareQuery.bind(session);
  session.prepareQuery = (...query) => {
    const statement = prepare(...query);
    const execute = statement.execute.bind(statement);
    statement.execute = (...values) => {
      reach(`${commit}.statement`);
      return execute(...values);
    };
    return statement;
  };
}
