/**
 * One connection to PostgreSQL. It runs one statement at a time and is never reopened.
 *
 * The client library reconnects by itself, even within a transaction. Later statements of the transaction would then
 * run outside of it, and an answer could reach the wrong statement. So each connection has a client of its own, whose
 * `socket` option opens one socket and refuses the next. A lost connection is thrown away together with its client.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { parsePgArray } from "drizzle-orm/pg-core/utils/array";
import postgres from "postgres";

export type Statement = {
  readonly text: string;
  readonly values?: NonNullable<Parameters<postgres.Sql["unsafe"]>[1]>;
  /** Rows as arrays instead of objects. */
  readonly isRaw?: boolean;
};

export type Rows = postgres.RowList<postgres.Row[]>;

export type Connection = {
  /** Runs a statement after those asked before it. Without an answer in time, the connection is lost. */
  readonly ask: (statement: Statement, withinMs: number) => Promise<Rows>;
  readonly isLost: () => boolean;
  /** Whether its lifetime is over, so that the pool should replace it. */
  readonly isOld: () => boolean;
  /** Gives the connection up: its statement fails with `fault`, and so do all later ones. */
  readonly lose: (fault: Error) => void;
  readonly close: () => Promise<void>;
};

/** How values of each PostgreSQL type are read and written. */
export type Types = Pick<postgres.ParsedOptions, "parsers" | "serializers">;

type Address = {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
};

/** Time limit for opening a connection. */
export const OPENING_MS = 7_000;
/** Lifetime of a connection: this long at least, twice as long at most. */
const LIFE_MS = 30 * 60_000;
/** Idle time after which the kernel probes whether the server is still there. */
const KEEP_ALIVE_SECONDS = 5;

const TEXT_ARRAY = 1009;
/**
 * The only array type in our answers. The library could look up all of them (`fetch_types`), but when that statement
 * fails, an unhandled rejection ends the process.
 */
const textArray = {
  to: TEXT_ARRAY,
  from: [TEXT_ARRAY],
  parse: parsePgArray,
  serialize: (value: unknown) => value,
};

/** Opens a connection, or throws the reason why there is none within `OPENING_MS`. */
export async function openConnection(url: string, types: Types): Promise<Connection> {
  const dueAt = performance.now() + LIFE_MS * (1 + Math.random());
  let lost: Error | null = null;
  let isOpen = false;
  let isPrepared = false;
  let socket: Socket | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let abandon: (fault: Error) => void = () => undefined;

  const dial = dialOnce((opened) => {
    socket = opened;
  });
  const ownSocket = {
    socket: async (address: Address) => {
      try {
        if (lost || isOpen) throw new Error("A connection that was lost is not opened again");
        return await dial(address);
      } catch (fault) {
        lose(fault as Error);
        throw fault;
      }
    },
  };
  const client = postgres(url, {
    ...ownSocket,
    max: 1,
    max_lifetime: null,
    connect_timeout: OPENING_MS / 1000,
    keep_alive: KEEP_ALIVE_SECONDS,
    fetch_types: false,
    types: { textArray },
    onnotice: () => undefined,
    onclose: () => lose(new Error("The connection to the database was closed")),
    connection: { application_name: "maedal", TimeZone: "UTC" },
  });
  Object.assign(client.options.parsers, types.parsers);
  Object.assign(client.options.serializers, types.serializers);

  function lose(fault: Error): void {
    if (lost) return;
    lost = fault;
    // Waits one turn, so that the library can reject the open statement first, with a better reason.
    setImmediate(() => {
      abandon(fault);
      socket?.destroy();
      void client.end({ timeout: 0 });
    });
  }

  function ask(statement: Statement, withinMs: number): Promise<Rows> {
    const answer = last.then(() => send(statement, withinMs));
    last = answer.catch(() => undefined);
    return answer;
  }

  function send({ text, values = [], isRaw }: Statement, withinMs: number): Promise<Rows> {
    if (lost) throw new Error("The connection to the database was lost", { cause: lost });
    return new Promise<Rows>((resolve, reject) => {
      const deadline = setTimeout(
        () => lose(new Error(`The database did not answer within ${withinMs / 1000} seconds`)),
        withinMs,
      );
      abandon = (fault) => {
        clearTimeout(deadline);
        reject(fault);
      };
      const query = client.unsafe(text, values, { prepare: isPrepared });
      (isRaw ? query.values() : query).then((rows) => {
        clearTimeout(deadline);
        resolve(rows as Rows);
      }, abandon);
    });
  }

  async function close(): Promise<void> {
    lost ??= new Error("The connection to the database was closed by the app");
    await client.end({ timeout: 1 });
    socket?.destroy();
  }

  try {
    const [row, { state }] = await askPid();
    // A pooler reports a process number of its own. It may use another backend for each transaction, and a statement
    // that was prepared on one backend is unknown to the next.
    isPrepared = client.options.prepare && row?.pid === state.pid;
    isOpen = true;
  } catch (fault) {
    lose(fault as Error);
    throw fault;
  }

  async function askPid() {
    const answer = await ask({ text: "select pg_backend_pid() as pid" }, OPENING_MS);
    return [answer[0], answer] as const;
  }

  return { ask, isLost: () => lost !== null, isOld: () => performance.now() > dueAt, lose, close };
}

/** Dials each host of the address once, in order, until one answers. */
function dialOnce(onSocket: (socket: Socket) => void): (address: Address) => Promise<Socket> {
  let dialed = 0;
  return async ({ host, port, path }) => {
    let fault: unknown = new Error("The database closed the connection before it was ready");
    while (dialed < host.length) {
      const place = { host: host[dialed] ?? "", port: port[dialed] ?? 5432 };
      dialed += 1;
      const socket = path ? connect(path) : connect({ ...place, noDelay: true });
      onSocket(socket);
      // Until the library listens, an error without a listener would end the process.
      socket.on("error", () => undefined);
      try {
        await once(socket, "connect", { signal: AbortSignal.timeout(OPENING_MS / host.length) });
        return Object.assign(socket, place);
      } catch (reason) {
        socket.destroy();
        fault = reason;
      }
    }
    throw fault;
  };
}
