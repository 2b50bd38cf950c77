/**
 * The connections of this process. Each is lent to one user at a time: a transaction, or a single statement.
 * Transactions and single statements have separate limits, so pages are answered while jobs write. A transaction whose
 * code reads through `db()` cannot deadlock with other transactions.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, OPENING_MS, type Rows, type Statement } from "@/db/connection";

export type Scope = {
  readonly ask: (statement: Statement) => Promise<Rows>;
  /** Runs `work` in a transaction, or at a savepoint of one: all of it happens, or none. */
  readonly nested: <T>(work: (scope: Scope) => Promise<T>) => Promise<T>;
};

export type Pool = Scope & { readonly close: () => Promise<void> };

/** Share of the pool that only single statements use. */
const SHARE_OF_STATEMENTS = 0.4;
/** Time limit for getting a connection. */
const WAITING_MS = 30_000;
/** Time limit for the answer to a `select` outside of a transaction. */
const READ_MS = 30_000;
/** Time limit for every other answer. Longer than the longest `statement_timeout` we set. */
const WRITE_MS = 150_000;
const CLOSING_MS = 5_000;

/** Makes a pool of `size` connections, or of two if `size` is 1. They are opened when they are needed. */
export function openPool(size: number, open: () => Promise<Connection>): Pool {
  const statements = createLanes(Math.max(1, Math.floor(size * SHARE_OF_STATEMENTS)));
  const transactions = createLanes(Math.max(1, size - statements.count));
  const connections = new Set<Connection>();
  const idle: Connection[] = [];
  let isClosed = false;

  /** Lends a connection. If it was lost while idle and `work` may be repeated, repeats it on a new connection. */
  async function lend<T>(
    lanes: Lanes,
    work: (connection: Connection) => Promise<T>,
    mayRepeat: () => boolean,
  ): Promise<T> {
    await lanes.enter();
    try {
      const known = takeIdle();
      if (known) {
        try {
          return await use(known, work);
        } catch (fault) {
          if (isClosed || !known.isLost() || !mayRepeat()) throw fault;
        }
      }
      const fresh = await open();
      connections.add(fresh);
      return await use(fresh, work);
    } finally {
      lanes.leave();
    }
  }

  async function use<T>(
    connection: Connection,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(connection);
    } finally {
      if (connection.isLost()) connections.delete(connection);
      else if (isClosed) void connection.close();
      else idle.push(connection);
    }
  }

  function takeIdle(): Connection | undefined {
    for (let one = idle.pop(); one; one = idle.pop()) {
      if (!one.isLost() && !one.isOld()) return one;
      connections.delete(one);
      void one.close();
    }
    return undefined;
  }

  return {
    ask(statement) {
      const isRead = /^\s*select\b/i.test(statement.text);
      const ask = (connection: Connection) =>
        connection.ask(statement, isRead ? READ_MS : WRITE_MS);
      return lend(statements, ask, () => isRead);
    },
    nested(work) {
      let isBegun = false;
      const transact = async (connection: Connection) => {
        await connection.ask({ text: "begin" }, OPENING_MS);
        isBegun = true;
        return runTransaction(connection, 0, work);
      };
      return lend(transactions, transact, () => !isBegun);
    },
    async close() {
      const areLeft = Promise.all([statements.close(), transactions.close()]);
      await Promise.race([areLeft, sleep(CLOSING_MS, undefined, { ref: false })]);
      isClosed = true;
      await Promise.all([...connections].map((connection) => connection.close()));
    },
  };
}

async function runTransaction<T>(
  connection: Connection,
  depth: number,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const savepoint = `savepoint s${depth}`;
  const ask = (text: string) => connection.ask({ text }, WRITE_MS);
  if (depth > 0) await ask(savepoint);
  let isOver = false;
  let failed: { readonly fault: unknown } | undefined;
  const scope: Scope = {
    async ask(statement) {
      if (isOver) throw new Error("The transaction of this statement is over");
      try {
        return await connection.ask(statement, WRITE_MS);
      } catch (fault) {
        failed ??= { fault };
        throw fault;
      }
    },
    nested: (inner) => runTransaction(connection, depth + 1, inner),
  };
  let result: T;
  try {
    result = await work(scope);
    // PostgreSQL has aborted a transaction in which a statement failed, even if `work` caught the error.
    if (failed) throw failed.fault;
  } catch (fault) {
    isOver = true;
    // After a failed rollback the connection must not be lent again.
    await ask(depth > 0 ? `rollback to ${savepoint}` : "rollback").catch(connection.lose);
    throw fault;
  }
  isOver = true;
  const { command } = await ask(depth > 0 ? `release ${savepoint}` : "commit");
  if (command === "ROLLBACK") throw new Error("A statement failed that nobody waited for");
  return result;
}

type Lanes = ReturnType<typeof createLanes>;

/** Admits `count` users at a time; the others wait in order of arrival. */
function createLanes(count: number) {
  let free = count;
  let isClosed = false;
  const waiting = new Set<() => void>();
  const enter = async () => {
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        waiting.delete(go);
        clearTimeout(deadline);
        resolve();
      };
      const deadline = setTimeout(() => {
        waiting.delete(go);
        reject(new Error(`No database connection was free within ${WAITING_MS / 1000} seconds`));
      }, WAITING_MS).unref();
      waiting.add(go);
    });
  };
  return {
    count,
    async enter() {
      if (isClosed) throw new Error("The pool of database connections is closed");
      await enter();
    },
    leave() {
      const [next] = waiting;
      if (next) next();
      else free += 1;
    },
    /** Admits nobody new; resolves when the last user has left. */
    async close() {
      isClosed = true;
      await Promise.allSettled(Array.from({ length: count }, enter));
    },
  };
}
