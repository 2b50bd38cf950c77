/** The gateway over HTTP: Basic authentication, time-outs, idempotency keys, and answers read as outcomes. */
import { CHARGE_TIMEOUT_MS, type ChargeOutcome, type SettlementAnswer } from "@/lib/billing/charge";
import { parseWon, splitVat, type Won } from "@/lib/billing/money";
import type { CancelOutcome, DeleteOutcome, IssueOutcome, TossGateway } from "./gateway";
import { declineClassOf, isStoredUnderKey, issueRemedyOf } from "./outcome";
import { Billing, ErrorBody, Payment } from "./schemas";

export type TossClientOptions = {
  readonly secretKey: string;
  readonly baseUrl: string;
  /** Told of each call: method, path with keys masked, status, code, trace id, duration. */
  readonly onCall: (call: Readonly<Record<string, unknown>>) => void;
  readonly chargeTimeoutMs?: number;
};

const QUERY_TIMEOUT_MS = 30_000;

type Answer =
  | { readonly kind: "ok"; readonly body: unknown }
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  | { readonly kind: "lost"; readonly reason: string };

type Call = {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path segments after /v1; each is percent-encoded, and the one that is a key never reaches the log. */
  readonly path: readonly string[];
  readonly secretSegment?: number;
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
      const body = { ...rest, amount: amountWon };
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
      const response = await fetch(`${baseUrl.replace(/\/+$/, "")}/v1/${encoded.join("/")}`, {
        method: call.method,
        headers: {
          authorization,
          ...(call.body && { "content-type": "application/json" }),
          ...(call.idempotencyKey && { "idempotency-key": call.idempotencyKey }),
        },
        ...(call.body && { body: JSON.stringify(call.body) }),
        signal: AbortSignal.timeout(call.timeoutMs),
        redirect: "error",
      });
      const answer = readAnswer(response, await response.text());
      const traceId = response.headers.get("x-tosspayments-trace-id");
      report({
        status: response.status,
        traceId,
        ...(answer.kind === "error" && { code: answer.code }),
      });
      return answer;
    } catch (fault) {
      const reason =
        fault instanceof Error && fault.name === "TimeoutError" ? "timeout" : "connection-lost";
      report({ lost: reason });
      return { kind: "lost", reason };
    }
  };
}

function readAnswer(response: Response, text: string): Answer {
  if (response.ok && text === "") return { kind: "ok", body: null };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: "lost", reason: `unreadable-answer-${response.status}` };
  }
  if (response.ok) return { kind: "ok", body };
  const error = ErrorBody.safeParse(body);
  return {
    kind: "error",
    status: response.status,
    code: error.success ? error.data.code : `HTTP_${response.status}`,
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
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  if (answer.kind === "error") {
    const isOpen =
      answer.status >= 500 ||
      answer.status === 409 ||
      answer.status === 429 ||
      answer.code === "PROVIDER_ERROR";
    return isOpen
      ? { kind: "unknown", reason: answer.code }
      : { kind: "refused", code: answer.code };
  }
  const payment = Payment.safeParse(answer.body);
  const newest = payment.data?.cancels?.at(-1);
  if (!payment.success || newest?.cancelAmount !== askedWon)
    return { kind: "unknown", reason: "answer-differs" };
  return {
    kind: "canceled",
    transactionKey: newest.transactionKey,
    canceledWon: askedWon,
    balanceWon: parseWon(payment.data.balanceAmount),
  };
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
