/** The gateway over HTTP: Basic authentication, time-outs, idempotency keys, and answers read as outcomes. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { CHARGE_TIMEOUT_MS, type ChargeOutcome, type SettlementAnswer } from "@/lib/billing/charge";
import { parseWon, splitVat, type Won } from "@/lib/billing/money";
import type { TossTransaction } from "@/lib/billing/reconciliation";
import type { Cancel, ExecutedPayment } from "@/lib/billing/refund";
import type {
  BillingCharge,
  CancelOutcome,
  DeleteOutcome,
  IssueOutcome,
  PaymentAnswer,
  SecretAnswer,
  TossGateway,
  TransactionPage,
} from "./gateway";
import { declineClassOf, isCancelRefused, isStoredUnderKey, issueRemedyOf } from "./outcome";
import { Billing, ErrorBody, Payment, Transactions } from "./schemas";

export type TossClientOptions = {
  readonly secretKey: string;
  readonly baseUrl: string;
  /** Told of each call: method, path with keys masked, status, code, trace id, duration. */
  readonly onCall: (call: Readonly<Record<string, unknown>>) => void;
  readonly chargeTimeoutMs?: number;
};

const QUERY_TIMEOUT_MS = 30_000;
const MAX_TEXT = 100;

type Answer =
  | { readonly kind: "ok"; readonly body: unknown }
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  | { readonly kind: "lost"; readonly reason: string };

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

export function createTossClient(options: TossClientOptions): TossGateway {
  const timeoutMs = options.chargeTimeoutMs ?? CHARGE_TIMEOUT_MS;
  const send = createSender(options);

  return {
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
      const response = await exchange(`/v1/${encoded.join("/")}${search}`, body, {
        method: call.method,
        headers: {
          authorization,
          ...(body && {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
          }),
          ...(call.idempotencyKey && { "idempotency-key": call.idempotencyKey }),
        },
        signal: AbortSignal.timeout(call.timeoutMs),
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
      const isTimeout =
        fault instanceof Error && (fault.name === "AbortError" || fault.name === "TimeoutError");
      const reason = isTimeout ? "timeout" : "connection-lost";
      report({ lost: reason });
      return { kind: "lost", reason };
    }
  };
}

type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** An idle connection is dropped before the other side may do so: a request on a dead one would be of unknown outcome. */
const IDLE_MS = 4_000;

/**
 * One request and its whole answer; rejects when the line breaks or the signal fires. Not `fetch`: Next.js puts a cache
 * of its own around that, and for many small calls it takes several times the processor time.
 */
function createExchange(
  baseUrl: string,
): (path: string, body: string | undefined, options: RequestOptions) => Promise<HttpAnswer> {
  const base = new URL(baseUrl);
  const root = base.pathname.replace(/\/+$/, "");
  const isHttps = base.protocol === "https:";
  const request = isHttps ? httpsRequest : httpRequest;
  const agent = new (isHttps ? HttpsAgent : HttpAgent)({
    keepAlive: true,
    scheduling: "lifo",
    maxFreeSockets: Number.POSITIVE_INFINITY,
    timeout: IDLE_MS,
  });
  return (path, body, options) =>
    new Promise((resolve, reject) => {
      const call = request(new URL(root + path, base), { ...options, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      call.on("error", reject);
      call.end(body);
    });
}

function readAnswer({ status, text }: HttpAnswer): Answer {
  const isOk = status >= 200 && status < 300;
  // Toss never sends one to another place: somebody between does, and what Toss would have said is not known.
  if (!isOk && status < 400) return { kind: "lost", reason: `unreadable-answer-${status}` };
  if (isOk && text === "") return { kind: "ok", body: null };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: "lost", reason: `unreadable-answer-${status}` };
  }
  if (isOk) return { kind: "ok", body };
  const error = ErrorBody.safeParse(body);
  return {
    kind: "error",
    status,
    code: error.success ? error.data.code : `HTTP_${status}`,
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

type Asked = { readonly orderId: string; readonly amountWon: Won };

function readCharge(answer: Answer, asked: Asked): ChargeOutcome {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason, keySpent: false };
  if (answer.kind === "error") {
    const declineClass = declineClassOf(answer.code);
    if (declineClass && answer.status < 500)
      return { kind: "declined", code: answer.code, declineClass };
    return { kind: "unknown", reason: answer.code, keySpent: isStoredUnderKey(answer.status) };
  }
  const payment = Payment.safeParse(answer.body);
  if (!payment.success) return { kind: "unknown", reason: "unreadable-payment", keySpent: false };
  return payment.data.status === "DONE"
    ? readExecuted(payment.data, asked)
    : { kind: "unknown", reason: `status-${payment.data.status}`, keySpent: false };
}

function readQuery(answer: Answer, asked: Asked): SettlementAnswer {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason, keySpent: false };
  if (answer.kind === "error") {
    if (answer.code === "NOT_FOUND_PAYMENT") return { kind: "not-found" };
    return { kind: "unknown", reason: answer.code, keySpent: false };
  }
  const payment = Payment.safeParse(answer.body);
  if (!payment.success) return { kind: "unknown", reason: "unreadable-payment", keySpent: false };
  switch (payment.data.status) {
    case "DONE":
    case "CANCELED":
    case "PARTIAL_CANCELED":
      return readExecuted(payment.data, asked);
    case "ABORTED":
    case "EXPIRED": {
      const code = payment.data.failure?.code ?? payment.data.status;
      return { kind: "declined", code, declineClass: declineClassOf(code) ?? "soft" };
    }
    default:
      return { kind: "in-progress" };
  }
}

/** Money moved. It is booked only when it is the money that was asked for; anything else is for a person to look at. */
function readExecuted(payment: Payment, asked: Asked): ChargeOutcome {
  if (
    payment.orderId !== asked.orderId ||
    payment.totalAmount !== asked.amountWon ||
    payment.currency !== "KRW"
  ) {
    return { kind: "unknown", reason: "answer-differs", keySpent: false, review: true };
  }
  const approvedAt = new Date(payment.approvedAt ?? "");
  if (Number.isNaN(approvedAt.getTime()))
    return { kind: "unknown", reason: "unreadable-payment", keySpent: false };
  // The split shrinks with refunds; what was approved is then computed by the formula Toss uses.
  const isWhole = payment.suppliedAmount + payment.vat === payment.totalAmount;
  const split = isWhole
    ? { suppliedWon: parseWon(payment.suppliedAmount), vatWon: parseWon(payment.vat) }
    : splitVat(asked.amountWon);
  return {
    kind: "approved",
    paymentKey: payment.paymentKey,
    amountWon: asked.amountWon,
    ...split,
    approvedAt,
    receiptUrl: payment.receipt?.url ?? null,
  };
}

function readIssue(answer: Answer, customerKey: string): IssueOutcome {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  if (answer.kind === "error") {
    const remedy = answer.status < 500 ? issueRemedyOf(answer.code) : null;
    return remedy
      ? { kind: "refused", code: answer.code, remedy }
      : { kind: "unknown", reason: answer.code };
  }
  const billing = Billing.safeParse(answer.body);
  if (!billing.success) return { kind: "unknown", reason: "unreadable-billing" };
  const { billingKey, card, cardNumber } = billing.data;
  // A key of another customer could never be charged by us.
  if (billing.data.customerKey !== customerKey)
    return { kind: "unknown", reason: "answer-differs" };
  return {
    kind: "issued",
    billingKey,
    card: {
      issuerCode: card?.issuerCode ?? null,
      maskedNumber: card?.number ?? cardNumber,
      cardType: card?.cardType ?? null,
      ownerType: card?.ownerType ?? null,
    },
  };
}

function readCancel(answer: Answer, askedWon: Won): CancelOutcome {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason, keySpent: false };
  if (answer.kind === "error") {
    const { code, status } = answer;
    return status < 500 && isCancelRefused(code)
      ? { kind: "refused", code }
      : { kind: "unknown", reason: code, keySpent: isStoredUnderKey(status) };
  }
  const payment = Payment.safeParse(answer.body);
  const newest = payment.data?.cancels?.at(-1);
  const canceledAt = new Date(newest?.canceledAt ?? "");
  if (!payment.success || newest?.cancelAmount !== askedWon || Number.isNaN(canceledAt.getTime())) {
    return { kind: "unknown", reason: "answer-differs", keySpent: false };
  }
  return {
    kind: "canceled",
    transactionKey: newest.transactionKey,
    canceledWon: askedWon,
    canceledAt,
    balanceWon: parseWon(payment.data.balanceAmount),
    vatWon: parseWon(payment.data.vat),
  };
}

function readPayment(answer: Answer, paymentKey: string): PaymentAnswer {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  if (answer.kind === "error") {
    return answer.code === "NOT_FOUND_PAYMENT"
      ? { kind: "not-executed" }
      : { kind: "unknown", reason: answer.code };
  }
  const payment = Payment.safeParse(answer.body);
  if (!payment.success || payment.data.paymentKey !== paymentKey)
    return { kind: "unknown", reason: "unreadable-payment" };
  const { status } = payment.data;
  if (status === "ABORTED" || status === "EXPIRED") return { kind: "not-executed" };
  if (status !== "DONE" && status !== "CANCELED" && status !== "PARTIAL_CANCELED")
    return { kind: "unknown", reason: `status-${status}` };
  const executed = readHeld(payment.data);
  return executed
    ? { kind: "executed", payment: executed }
    : { kind: "unknown", reason: "unreadable-payment" };
}

/** Null when an amount or an instant in it makes no sense. */
function readHeld(payment: Payment): ExecutedPayment | null {
  const { paymentKey, orderId, totalAmount, balanceAmount, vat } = payment;
  // What is left after each cancel is counted from the whole: older answers do not tell it.
  let left = totalAmount;
  const cancels = (payment.cancels ?? []).map((cancel) => {
    left -= cancel.cancelAmount;
    return { ...cancel, left, canceledAt: new Date(cancel.canceledAt) };
  });
  const isSound =
    left === balanceAmount &&
    [totalAmount, ...cancels.flatMap((cancel) => [cancel.cancelAmount, cancel.left])].every(
      (amount) => Number.isSafeInteger(amount) && amount >= 0,
    ) &&
    cancels.every((cancel) => !Number.isNaN(cancel.canceledAt.getTime()));
  if (!isSound) return null;
  return {
    paymentKey,
    orderId,
    totalWon: parseWon(totalAmount),
    balanceWon: parseWon(balanceAmount),
    vatWon: parseWon(vat),
    cancels: cancels.map(
      ({ transactionKey, cancelAmount, left, canceledAt, cancelReason }): Cancel => ({
        transactionKey,
        amountWon: parseWon(cancelAmount),
        balanceAfterWon: parseWon(left),
        canceledAt,
        reason: cancelReason,
      }),
    ),
  };
}

function readSecret(answer: Answer): SecretAnswer {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  if (answer.kind === "error") {
    return answer.code === "NOT_FOUND_PAYMENT"
      ? { kind: "known", secret: null }
      : { kind: "unknown", reason: answer.code };
  }
  const payment = Payment.safeParse(answer.body);
  return payment.success
    ? { kind: "known", secret: payment.data.secret }
    : { kind: "unknown", reason: "unreadable-payment" };
}

const KIND_OF: Readonly<Record<string, TossTransaction["kind"]>> = {
  DONE: "approval",
  CANCELED: "cancel",
  PARTIAL_CANCELED: "cancel",
};

function readTransactions(answer: Answer, day: CalendarDate, limit: number): TransactionPage {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  if (answer.kind === "error") return { kind: "unknown", reason: answer.code };
  const rows = Transactions.safeParse(answer.body);
  if (!rows.success) return { kind: "unknown", reason: "unreadable-transactions" };
  const transactions: TossTransaction[] = [];
  for (const { status, transactionAt, amount, ...keys } of rows.data) {
    const kind = KIND_OF[status];
    const at = new Date(transactionAt);
    if (Number.isNaN(at.getTime())) return { kind: "unknown", reason: "unreadable-transactions" };
    // Virtual accounts waiting for a deposit and the like: no money moved.
    if (kind && seoulDayOf(at) === day)
      transactions.push({ ...keys, kind, amountWon: parseWon(Math.abs(amount)), at });
  }
  // The last page is shorter than was asked for.
  const next = rows.data.length < limit ? null : (rows.data.at(-1)?.transactionKey ?? null);
  return { kind: "page", transactions, next };
}

const GONE = new Set([
  "ALREADY_REMOVED_BILLING_KEY",
  "BILLING_KEY_NOT_FOUND",
  "NOT_FOUND_BILLING",
  "INVALID_BILL_KEY_REQUEST",
]);

function readDelete(answer: Answer): DeleteOutcome {
  if (answer.kind === "ok") return { kind: "deleted" };
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  return GONE.has(answer.code)
    ? { kind: "gone", code: answer.code }
    : { kind: "unknown", reason: answer.code };
}
