/** The gateway over HTTP: Basic authentication, time-outs, idempotency keys, and a line in the log for each call. */
import { addDays } from "@/lib/billing/calendar";
import { CHARGE_TIMEOUT_MS } from "@/lib/billing/charge/charge";
import { parseWon } from "@/lib/billing/money";
import type { BillingCharge, Capabilities, Gateway } from "@/lib/gateway/gateway";
import {
  type Answer,
  readAnswer,
  readCancel,
  readCharge,
  readDelete,
  readIssue,
  readPayment,
  readQuery,
  readSecret,
  readTransactions,
} from "./answers";
import { createExchange, TimedOut } from "./http";
import { tossWebhooks } from "./webhook";

export type TossClientOptions = {
  readonly secretKey: string;
  readonly baseUrl: string;
  /** Told of each call: method, path with keys masked, status, code, trace id, duration. */
  readonly onCall: (call: Readonly<Record<string, unknown>>) => void;
  readonly chargeTimeoutMs?: number;
};

const QUERY_TIMEOUT_MS = 30_000;
const MAX_TEXT = 100;

export const TOSS_CAPABILITIES: Capabilities = {
  idempotentReplay: true,
  vatSplit: true,
  keyDeletion: true,
  partialCancel: true,
  minimumWon: parseWon(100),
};

type Call = {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path segments after /v1; each is percent-encoded, and the one that is a key never reaches the log. */
  readonly path: readonly string[];
  readonly secretSegment?: number;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string;
  readonly timeoutMs: number;
};

export function createTossClient(options: TossClientOptions): Gateway {
  const timeoutMs = options.chargeTimeoutMs ?? CHARGE_TIMEOUT_MS;
  const send = createSender(options);

  return {
    provider: "toss",
    capabilities: TOSS_CAPABILITIES,
    webhooks: tossWebhooks,

    async issueBillingKey({ authKey, customerKey }, idempotencyKey) {
      const body = { authKey, customerKey };
      const path = ["billing", "authorizations", "issue"];
      return readIssue(
        await send({ method: "POST", path, body, idempotencyKey, timeoutMs }),
        customerKey,
      );
    },

    async chargeBillingKey({ billingKey, amountWon, ...rest }, idempotencyKey) {
      const body = { ...rest, ...withinLimits(rest), amount: amountWon };
      const path = ["billing", billingKey];
      const answer = await send({
        method: "POST",
        path,
        secretSegment: 1,
        body,
        idempotencyKey,
        timeoutMs,
      });
      return readCharge(answer, { orderId: rest.orderId, amountWon });
    },

    async confirmPayment({ paymentKey, orderId, amountWon }, idempotencyKey) {
      const body = { paymentKey, orderId, amount: amountWon };
      const answer = await send({
        method: "POST",
        path: ["payments", "confirm"],
        body,
        idempotencyKey,
        timeoutMs,
      });
      return readCharge(answer, { orderId, amountWon });
    },

    async findByOrderId(orderId, amountWon) {
      const path = ["payments", "orders", orderId];
      return readQuery(await send({ method: "GET", path, timeoutMs: QUERY_TIMEOUT_MS }), {
        orderId,
        amountWon,
      });
    },

    async findByPaymentKey({ paymentKey, orderId, amountWon }) {
      const answer = await send({
        method: "GET",
        path: ["payments", paymentKey],
        timeoutMs: QUERY_TIMEOUT_MS,
      });
      return readQuery(answer, { orderId, amountWon });
    },

    async findPayment(paymentKey) {
      const path = ["payments", paymentKey];
      return readPayment(
        await send({ method: "GET", path, timeoutMs: QUERY_TIMEOUT_MS }),
        paymentKey,
      );
    },

    async findSecret(orderId) {
      const path = ["payments", "orders", orderId];
      return readSecret(await send({ method: "GET", path, timeoutMs: QUERY_TIMEOUT_MS }));
    },

    async listTransactions(day, { startingAfter, limit }) {
      // Local times without an offset; what belongs to the first instant of the next day is left out when it is read.
      const query = {
        startDate: `${day}T00:00:00`,
        endDate: `${addDays(day, 1)}T00:00:00`,
        limit: String(limit),
        ...(startingAfter !== null && { startingAfter }),
      };
      const answer = await send({ method: "GET", path: ["transactions"], query, timeoutMs });
      return readTransactions(answer, day, limit);
    },

    async cancelPayment({ paymentKey, amountWon, balanceWon, reason }, idempotencyKey) {
      const body = { cancelReason: reason, cancelAmount: amountWon, refundableAmount: balanceWon };
      const path = ["payments", paymentKey, "cancel"];
      return readCancel(
        await send({ method: "POST", path, body, idempotencyKey, timeoutMs }),
        amountWon,
      );
    },

    async deleteBillingKey(billingKey) {
      const path = ["billing", billingKey];
      return readDelete(
        await send({ method: "DELETE", path, secretSegment: 1, timeoutMs: QUERY_TIMEOUT_MS }),
      );
    },
  };
}

function createSender({
  secretKey,
  baseUrl,
  onCall,
}: TossClientOptions): (call: Call) => Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${secretKey}:`).toString("base64")}`;
  const exchange = createExchange(baseUrl);
  return async (call) => {
    const startedAt = performance.now();
    const encoded = call.path.map(encodeURIComponent);
    const masked = encoded.map((segment, at) => (at === call.secretSegment ? "***" : segment));
    const report = (result: Readonly<Record<string, unknown>>) =>
      onCall({
        method: call.method,
        path: `/v1/${masked.join("/")}`,
        ms: Math.round(performance.now() - startedAt),
        ...result,
      });
    try {
      const search = call.query ? `?${new URLSearchParams(call.query).toString()}` : "";
      const body = call.body && JSON.stringify(call.body);
      const response = await exchange({
        method: call.method,
        path: `/v1/${encoded.join("/")}${search}`,
        headers: {
          authorization,
          ...(body && {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
          }),
          ...(call.idempotencyKey && { "idempotency-key": call.idempotencyKey }),
        },
        body,
        timeoutMs: call.timeoutMs,
      });
      const answer = readAnswer(response);
      const traceId = response.headers["x-tosspayments-trace-id"] ?? null;
      report({
        status: response.status,
        traceId,
        ...(answer.kind === "error" && { code: answer.code }),
      });
      return answer;
    } catch (fault) {
      const reason = fault instanceof TimedOut ? "timeout" : "connection-lost";
      report({ lost: reason });
      return { kind: "lost", reason };
    }
  };
}

/** Toss refuses longer texts (Toss reference, field limits); a name is cut, an address that would be cut is not sent. */
function withinLimits({
  orderName,
  customerName,
  customerEmail,
}: Pick<BillingCharge, "orderName" | "customerName" | "customerEmail">): Readonly<
  Record<string, string | undefined>
> {
  return {
    orderName: orderName.slice(0, MAX_TEXT),
    customerName: customerName.slice(0, MAX_TEXT),
    customerEmail: customerEmail.length <= MAX_TEXT ? customerEmail : undefined,
  };
}
