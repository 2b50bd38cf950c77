/**
 * A connection pooler of a few lines. As PgBouncer, it gives another backend to each transaction (or each statement),
 * answers a start with a key of its own, and lets a client's next request wait for the answer to the one before.
 */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import postgres from "postgres";

export type PoolMode = "transaction" | "statement";

const SSL_REQUEST = 80877103;
const IDLE = "I";

/** Backends that take turns. One that comes back forgets all it knows, prepared statements too. */
const BACKENDS = 5;

/** Opened for the pooler's own user; `serves` is told each message of the server, and of its end. */
type Backend = { readonly socket: Socket; serves: { answer(message: Buffer): void; end(): void } };

export async function startPooler(url: string, mode: PoolMode) {
  const clients = new Set<Socket>();
  const free: Backend[] = [];
  const take = async () => (free.length < BACKENDS ? undefined : free.shift()) ?? openBackend(url);
  const giveBack = (backend: Backend) => {
    const end = () => free.splice(free.indexOf(backend), 1);
    backend.serves = { answer: () => undefined, end };
    free.push(backend);
  };
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.on("error", () => undefined).on("close", () => clients.delete(client));
    serve(client, mode, { take, giveBack });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A pooler has a port");
  const own = new URL(url);
  own.host = `127.0.0.1:${address.port}`;
  return {
    url: own.href,
    async close() {
      const isClosed = once(server.close(), "close");
      for (const client of clients) client.destroy();
      for (const { socket } of [...free]) socket.destroy();
      await isClosed;
    },
  };
}

function serve(
  client: Socket,
  mode: PoolMode,
  { take, giveBack }: { take: () => Promise<Backend>; giveBack: (backend: Backend) => void },
): void {
  const requests: Buffer[] = [];
  let backend: Backend | null = null;
  let isBusy = false;

  const forward = () => forwardNext().catch(() => client.destroy());

  async function forwardNext(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let next = requests.shift(); next; next = requests.shift()) {
      backend ??= await take();
      backend.serves = { answer, end: () => client.destroy() };
      backend.socket.write(next);
      // What comes behind a Query or a Sync waits until that one is answered.
      if ("QS".includes(letterOf(next))) return;
    }
    isBusy = false;
  }

  function answer(message: Buffer): void {
    client.write(message);
    if (letterOf(message) !== "Z") return;
    const isIdle = String.fromCharCode(message[5] ?? 0) === IDLE;
    if (backend && isIdle) clean(backend);
    else if (mode === "statement") backend?.socket.destroy();
    if (isIdle || mode === "statement") backend = null;
    isBusy = false;
    void forward();
  }

  function clean(used: Backend): void {
    const isCleaned = (message: Buffer) => letterOf(message) === "Z" && giveBack(used);
    used.serves = { answer: isCleaned, end: () => undefined };
    used.socket.write(compose("Q", Buffer.from("discard all\0")));
  }

  client.on("close", () => backend?.socket.destroy());
  const isStart = (bytes: Buffer) => {
    const isSsl = bytes.readInt32BE(4) === SSL_REQUEST;
    client.write(isSsl ? "N" : welcome());
    return !isSsl;
  };
  const onRequest = (message: Buffer) => {
    if (letterOf(message) === "X") client.end();
    else requests.push(message);
    void forward();
  };
  client.on("data", reader(onRequest, isStart));
}

const letterOf = (message: Buffer) => String.fromCharCode(message[0] ?? 0);

/** Cuts a stream into messages; what comes before the first one (it has no letter) goes to `isStart` until it is one. */
function reader(onMessage: (message: Buffer) => void, isStart?: (bytes: Buffer) => boolean) {
  let held = Buffer.alloc(0);
  let isStarted = isStart === undefined;
  return (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    for (;;) {
      const letter = isStarted ? 1 : 0;
      if (held.length < letter + 4) return;
      const length = letter + held.readInt32BE(letter);
      if (held.length < length) return;
      const message = held.subarray(0, length);
      held = held.subarray(length);
      if (isStarted) onMessage(message);
      else isStarted = isStart?.(message) ?? true;
    }
  };
}

function compose(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** The user is let in; the key is the pooler's own; ready. */
function welcome(): Buffer {
  const numbers = (...all: number[]) => Buffer.from(new Int32Array(all).buffer).swap32();
  return Buffer.concat([
    compose("R", numbers(0)),
    compose("K", numbers(randomInt(2 ** 31), randomInt(2 ** 31))),
    compose("Z", Buffer.from(IDLE)),
  ]);
}

/** The client library signs in; then its socket is ours. */
async function openBackend(url: string): Promise<Backend> {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  const signIn = postgres(url, {
    ...{ socket: () => socket },
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    connection: { application_name: "maedal", TimeZone: "UTC" },
  });
  await signIn`select 1`;
  socket.removeAllListeners();
  const backend: Backend = { socket, serves: { answer: () => undefined, end: () => undefined } };
  socket.on(
    "data",
    reader((message) => backend.serves.answer(message)),
  );
  socket.on("error", () => undefined).on("close", () => backend.serves.end());
  return backend;
}
