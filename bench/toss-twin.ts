import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createTossControl } from "@/packages/toss-twin/control/client";
import { defaultMerchant } from "@/packages/toss-twin/emulator";

const CONNECTIONS = 32;
const CUSTOMERS = 1_000;

/**
 * Charges a second of the Toss emulator over loopback HTTP, each one with an idempotency key and written to the
 * journal before it is answered. The best of some runs counts, since other work on the machine only slows it down.
 */
export async function benchTossTwin(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      charges: { type: "string", default: "30000" },
      runs: { type: "string", default: "3" },
    },
  });
  const charges = Number(values.charges);
  const runs = Number(values.runs);
  const folder = mkdtempSync(join(tmpdir(), "toss-twin-bench-"));
  const stateFile = join(folder, "state.jsonl");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "packages/toss-twin/main.ts", "--port", "0", "--state", stateFile],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const url = await firstUrl(child.stdout);
    const keys = await createTossControl(url).issueBillingKeys({ count: CUSTOMERS });
    const perSecond: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const seconds = await chargeMany(new URL(url), keys, { charges, run });
      perSecond.push(Math.round(charges / seconds));
      process.stdout.write(`run ${run + 1}: ${perSecond.at(-1)} charges a second\n`);
    }
    const result = {
      bench: "toss-twin",
      charges: charges * runs,
      chargesPerSecond: Math.max(...perSecond),
      journalMiB: Math.round(statSync(stateFile).size / 1024 / 1024),
      residentMiB: residentMiB(child.pid ?? 0),
      cores: availableParallelism(),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

type Key = { readonly customerKey: string; readonly billingKey: string };

/** Seconds until all charges are answered, each connection with one charge under way at a time. */
async function chargeMany(
  url: URL,
  keys: readonly Key[],
  { charges, run }: { charges: number; run: number },
): Promise<number> {
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => open(url.hostname, Number(url.port))),
  );
  const startedAt = performance.now();
  let next = 0;
  await Promise.all(
    sockets.map(async (socket) => {
      const answers = createReader(socket);
      while (next < charges) {
        const number = next;
        next += 1;
        const key = keys[number % keys.length];
        if (!key) throw new Error("There is no billing key to charge.");
        socket.write(requestOf(key, `bench-${run}-${number}`));
        const status = await answers();
        if (status !== 200) throw new Error(`A charge was answered with ${status}.`);
      }
      socket.destroy();
    }),
  );
  return (performance.now() - startedAt) / 1_000;
}

const authorization = Buffer.from(`${defaultMerchant.secretKey}:`).toString("base64");

function requestOf({ customerKey, billingKey }: Key, orderId: string): string {
  const body = JSON.stringify({ customerKey, amount: 9_900, orderId, orderName: "Basic" });
  return `POST /v1/billing/${encodeURIComponent(billingKey)} HTTP/1.1\r\nhost: localhost\r\nauthorization: Basic ${authorization}\r\nidempotency-key: ${orderId}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** A client this thin leaves the processor to the emulator: it reads the status and skips the body. */
function createReader(socket: Socket): () => Promise<number> {
  let received = Buffer.alloc(0);
  let settle: ((status: number) => void) | null = null;
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const head = received.indexOf("\r\n\r\n");
    if (head === -1) return;
    const text = received.toString("latin1", 0, head);
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (received.length < head + 4 + length) return;
    received = received.subarray(head + 4 + length);
    settle?.(Number(text.slice(9, 12)));
  });
  return () =>
    new Promise((resolve) => {
      settle = resolve;
    });
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: host === "localhost" ? "127.0.0.1" : host,
      port,
      noDelay: true,
    });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

async function firstUrl(output: AsyncIterable<unknown>): Promise<string> {
  let printed = "";
  for await (const chunk of output) {
    printed += String(chunk);
    const url = /listening on (http:\S+)\n/.exec(printed)?.[1];
    if (url) return url;
  }
  throw new Error(`The emulator ended before it listened: ${printed}`);
}

/** Read from the kernel, where it tells; 0 elsewhere. */
function residentMiB(pid: number): number {
  if (process.platform !== "linux") return 0;
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kib ?? 0) / 1024);
}
