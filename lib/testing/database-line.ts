/** A line to a database that a test cuts: at a chosen statement, in silence, or for a while, as a fail-over does. */
import { connect, createServer, type Socket } from "node:net";

export type DatabaseLine = Awaited<ReturnType<typeof startDatabaseLine>>;

/** Whether the server gets the statement at which the line is cut, and only its answer is lost. */
type Cut = { readonly text: string; readonly isReceived: boolean };

/** Listens in front of the database at `url`. */
export async function startDatabaseLine(url: string) {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let cut: Cut | null = null;
  let isDown = false;
  let warnings = 0;
  const server = createServer({ noDelay: true }, (client) => {
    if (isDown) {
      client.destroy();
      return;
    }
    const backend = connect({ port: Number(target.port), host: target.hostname, noDelay: true });
    const pair = [client, backend] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    client.on("data", (bytes) => {
      const isCut = cut && bytes.includes(cut.text);
      if (!isCut || cut?.isReceived) backend.write(bytes);
      if (!isCut) return;
      if (cut?.isReceived) backend.removeAllListeners("data").once("data", end);
      else end();
      cut = null;
    });
    backend.on("data", (bytes) => {
      if (bytes.includes("C25001")) warnings += 1;
      client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A line has a port");
  const own = new URL(url);
  own.host = `127.0.0.1:${address.port}`;
  const endAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: own.href,
    /** How many connections there are. */
    count: () => pairs.size,
    /** How often PostgreSQL warned of a transaction within a transaction. */
    warnings: () => warnings,
    /** Cuts one connection at the next statement with this text. */
    cutAt(text: string, { isReceived }: { isReceived: boolean }) {
      cut = { text, isReceived };
    },
    /** Ends all connections and takes no new one. */
    goDown() {
      isDown = true;
      endAll();
    },
    comeBack() {
      isDown = false;
    },
    /** Nothing passes any more on the connections there are, and nobody is told. */
    fallSilent() {
      for (const [client, backend] of pairs) {
        client.removeAllListeners("data").resume();
        backend.removeAllListeners("data").resume();
      }
    },
    async close() {
      const isClosed = new Promise((resolve) => server.close(resolve));
      endAll();
      await isClosed;
    },
  };
}
