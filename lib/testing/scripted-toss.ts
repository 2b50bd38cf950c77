/** A Toss that answers what a test says, for answers no emulator would give; and what the client told the log. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { BillingCharge, Gateway } from "@/lib/gateway/gateway";
import { won } from "@/lib/testing/billing";
import { createTossClient } from "@/lib/toss/client";

/** The secret key of the merchant the emulator always knows. */
export const SECRET_KEY = "test_sk_SandboxMaedal0000000000001";

/** What each client made here told the log, oldest first. */
export const calls: Readonly<Record<string, unknown>>[] = [];

export function clientOf(
  baseUrl: string,
  options: { secretKey?: string; chargeTimeoutMs?: number } = {},
): Gateway {
  return createTossClient({
    secretKey: SECRET_KEY,
    baseUrl,
    onCall: (call) => calls.push(call),
    ...options,
  });
}

export type Script = (request: IncomingMessage, response: ServerResponse) => void;

type Heard = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
};

/** Listens for as long as `tell` runs, and remembers what it heard. */
export async function withToss<T>(
  script: Script,
  tell: (client: Gateway, heard: readonly Heard[], url: string) => Promise<T>,
  options: { chargeTimeoutMs?: number } = {},
): Promise<T> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      heard.push({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
      script(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = server.address();
    if (typeof address !== "object" || !address) throw new Error("A TCP server has no address.");
    const url = `http://127.0.0.1:${address.port}`;
    return await tell(clientOf(url, options), heard, url);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Answers every call alike: a text as it is, anything else as JSON. */
export function answers(status: number, body: unknown): Script {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** 9,900 won for `order_1`, as we ask for it. */
export const asked: BillingCharge = {
  billingKey: "billing-key-1=",
  customerKey: "customer-1",
  orderId: "order_1",
  orderName: "BASIC 월간 (2027.01.31 ~ 2027.02.27)",
  amountWon: won(9_900),
  customerEmail: "customer@example.com",
  customerName: "김구독",
};

/** The same 9,900 won, as Toss tells of them. */
export const payment = {
  version: "2022-11-16",
  paymentKey: "tvsandbox20270131100000Ab3K9",
  orderId: "order_1",
  status: "DONE",
  currency: "KRW",
  totalAmount: 9_900,
  balanceAmount: 9_900,
  suppliedAmount: 9_000,
  vat: 900,
  approvedAt: "2027-01-31T10:00:00+09:00",
  receipt: { url: "https://dashboard.example/receipt/1" },
  cancels: null,
};
