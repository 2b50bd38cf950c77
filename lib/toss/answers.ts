/** Toss's answers, each read for what it proves and no more: an outcome, or that none is known. */
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { type ChargeOutcome, givenBack, type SettlementAnswer } from "@/lib/billing/charge/charge";
import { parseWon, splitVat, type Won } from "@/lib/billing/money";
import type { ListedTransaction } from "@/lib/billing/reconciliation/reconciliation";
import type { Cancel, ExecutedPayment } from "@/lib/billing/refund/refund";
import type {
  CancelOutcome,
  DeleteOutcome,
  IssueOutcome,
  PaymentAnswer,
  SecretAnswer,
  TransactionPage,
} from "@/lib/gateway/gateway";
import type { HttpAnswer } from "./http";
import {
  declineClassOf,
  declineOf,
  isCancelRefused,
  isStoredUnderKey,
  issueRemedyOf,
  unknownReasonOf,
} from "./outcome";
import { Billing, ErrorBody, Payment, Transactions } from "./schemas";

export type Answer =
  | { readonly kind: "ok"; readonly body: unknown }
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  | { readonly kind: "lost"; readonly reason: string };

export function readAnswer({ status, text }: HttpAnswer): Answer {
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

export type Asked = { readonly orderId: string; readonly amountWon: Won };

export function readCharge(answer: Answer, asked: Asked): ChargeOutcome {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason, keySpent: false };
  if (answer.kind === "error") {
    const declineClass = declineClassOf(answer.code);
    if (declineClass && answer.status < 500)
      return { kind: "declined", ...declineOf(answer.code), declineClass };
    return {
      kind: "unknown",
      reason: unknownReasonOf(answer.code),
      keySpent: isStoredUnderKey(answer.status),
    };
  }
  const payment = Payment.safeParse(answer.body);
  if (!payment.success) return { kind: "unknown", reason: "unreadable-payment", keySpent: false };
  return payment.data.status === "DONE"
    ? readExecuted(payment.data, asked)
    : { kind: "unknown", reason: `status-${payment.data.status}`, keySpent: false };
}

export function readQuery(answer: Answer, asked: Asked): SettlementAnswer {
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
      return { kind: "declined", ...declineOf(code), declineClass: declineClassOf(code) ?? "soft" };
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
    const { totalAmount, currency, orderId } = payment;
    const isTold =
      totalAmount > 0 &&
      orderId === asked.orderId &&
      currency === "KRW" &&
      Number.isSafeInteger(totalAmount);
    const taken = isTold ? { takenWon: parseWon(totalAmount) } : {};
    // All of it was given back: for this order no money was taken in the end.
    const isUndone = payment.orderId === asked.orderId && payment.balanceAmount === 0;
    if (isUndone) return { ...givenBack, ...taken };
    return { kind: "unknown", reason: "answer-differs", keySpent: false, review: true, ...taken };
  }
  const approvedAt = new Date(payment.approvedAt ?? "");
  if (Number.isNaN(approvedAt.getTime()))
    return { kind: "unknown", reason: "unreadable-payment", keySpent: false };
  // The split shrinks with refunds; what was approved is then computed by the formula Toss uses.
  const { suppliedAmount, vat, taxFreeAmount, taxExemptionAmount } = payment;
  const withoutVat = suppliedAmount + taxFreeAmount + taxExemptionAmount;
  const split =
    withoutVat + vat === payment.totalAmount
      ? { suppliedWon: parseWon(withoutVat), vatWon: parseWon(vat) }
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

/** Toss cannot tell the kind of card; charging one always fails. */
const UNKNOWN_CARD_TYPE = "미확인";

export function readIssue(answer: Answer, customerKey: string): IssueOutcome {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  if (answer.kind === "error") {
    const remedy = answer.status < 500 ? issueRemedyOf(answer.code) : null;
    return remedy
      ? { kind: "refused", ...declineOf(answer.code), remedy }
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
    unusable: card?.cardType === UNKNOWN_CARD_TYPE ? declineOf("NOT_SUPPORTED_CARD_TYPE") : null,
    card: {
      issuerCode: card?.issuerCode ?? null,
      maskedNumber: card?.number ?? cardNumber,
      cardType: card?.cardType ?? null,
      ownerType: card?.ownerType ?? null,
    },
  };
}

export function readCancel(answer: Answer, askedWon: Won): CancelOutcome {
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

export function readPayment(answer: Answer, paymentKey: string): PaymentAnswer {
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

export function readSecret(answer: Answer): SecretAnswer {
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

const KIND_OF: Readonly<Record<string, ListedTransaction["kind"]>> = {
  DONE: "approval",
  CANCELED: "cancel",
  PARTIAL_CANCELED: "cancel",
};

export function readTransactions(
  answer: Answer,
  day: CalendarDate,
  limit: number,
): TransactionPage {
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  if (answer.kind === "error") return { kind: "unknown", reason: answer.code };
  const rows = Transactions.safeParse(answer.body);
  if (!rows.success) return { kind: "unknown", reason: "unreadable-transactions" };
  const transactions: ListedTransaction[] = [];
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

export function readDelete(answer: Answer): DeleteOutcome {
  if (answer.kind === "ok") return { kind: "deleted" };
  if (answer.kind === "lost") return { kind: "unknown", reason: answer.reason };
  return GONE.has(answer.code)
    ? { kind: "gone", code: answer.code }
    : { kind: "unknown", reason: answer.code };
}
