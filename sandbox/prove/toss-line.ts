/** The line between the workers and Toss: it remembers every call, and it can be cut. */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type TossCall = {
  /** The sandbox's now when the call arrived. */
  readonly at: Date;
  /** The same by the clock of the machine, which never leaps. */
  readonly arrivedAt: Date;
  readonly operation: "charge" | "confirm" | "cancel" | "issue" | "delete" | "find" | "other";
  readonly orderId: string | null;
  readonly idempotencyKey: string | null;
  /** What the worker heard; null when the line was cut. */
  status: number | null;
  code: string | null;
};

export type Cut = "before" | "after";

const QUIET_MS = 5_000;
const POLL_MS = 10;

export class TossLine {
  readonly calls: TossCall[] = [];
  readonly cutCounts: Record<Cut, number> = { before: 0, after: 0 };
  url = "";
  private cuts: Cut[] = [];
  private atToss = 0;
  private readonly target: number;
  private readonly now: () => Date;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server = createServer((message, response) => void this.pass(message, response));

  constructor(target: number, now: () => Date) {
    this.target = target;
    this.now = now;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.agent.destroy();
  }

  /** Cuts one of the next calls: before Toss hears of it, or after it has answered. */
  cutNext(cut: Cut): void {
    this.cuts.push(cut);
  }

  mend(): void {
    this.cuts = [];
  }

  /** Resolves when Toss is at no call any more, or after some seconds. */
  async quiet(): Promise<void> {
    for (let waitedMs = 0; this.atToss > 0 && waitedMs < QUIET_MS; waitedMs += POLL_MS) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private async pass(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(message).catch(() => null);
    if (body === null) return;
    const call = readCall(message, body, this.now());
    this.calls.push(call);
    const cut = this.cuts.shift();
    if (cut) this.cutCounts[cut] += 1;
    if (cut === "before") {
      response.destroy();
      return;
    }
    this.atToss += 1;
    const outward = request(
      {
        host: "127.0.0.1",
        port: this.target,
        method: message.method,
        path: message.url,
        headers: message.headers,
        agent: this.agent,
      },
      (answer) => {
        readAll(answer).then(
          (text) => {
            call.code = /"code":"(\w+)"/.exec(text.slice(0, 200))?.[1] ?? null;
            if (cut === "after" || response.destroyed) {
              response.destroy();
              return;
            }
            call.status = answer.statusCode ?? null;
            const { "transfer-encoding": _, ...headers } = answer.headers;
            response.writeHead(answer.statusCode ?? 502, headers).end(text);
          },
          () => response.destroy(),
        );
      },
    );
    outward.on("error", () => response.destroy());
    outward.on("close", () => {
      this.atToss -= 1;
    });
    outward.end(body);
  }
}

function readCall(message: IncomingMessage, body: string, at: Date): TossCall {
  const path = message.url ?? "";
  const key = message.headers["idempotency-key"];
  const orderInPath = /^\/v1\/payments\/orders\/([^/?]+)/.exec(path)?.[1];
  return {
    at,
    arrivedAt: new Date(),
    operation: operationOf(message.method ?? "", path),
    orderId: orderInPath ?? /"orderId":"([^"]+)"/.exec(body)?.[1] ?? null,
    idempotencyKey: typeof key === "string" ? key : null,
    status: null,
    code: null,
  };
}

function operationOf(method: string, path: string): TossCall["operation"] {
  if (path.startsWith("/v1/billing/authorizations/")) return "issue";
  if (path.startsWith("/v1/billing/")) return method === "DELETE" ? "delete" : "charge";
  if (path === "/v1/payments/confirm") return "confirm";
  if (path.endsWith("/cancel")) return "cancel";
  return method === "GET" ? "find" : "other";
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
