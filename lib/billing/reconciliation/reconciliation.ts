/**
 * Two books compared: what Toss lists for a day, and what stands here. Both ways, by order id, payment key and the
 * transaction key that each approval and each cancel has for itself.
 *
 * What is found is a difference, not yet a finding: an answer may have been lost, a refund made by hand at Toss, or
 * the list may lag behind. Only what Toss, asked about the payment itself, cannot explain is left as a finding with
 * the won that nobody has explained.
 */
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import type { ChargeStatus } from "@/lib/billing/charge/charge";
import { parseWon, type Won } from "@/lib/billing/money";
import type { RefundStatus } from "@/lib/billing/refund/refund";

/** One line of Toss's list: an approval or a cancel; both amounts are positive. */
export type ListedTransaction = {
  readonly transactionKey: string;
  readonly paymentKey: string;
  readonly orderId: string;
  readonly kind: "approval" | "cancel";
  readonly amountWon: Won;
  readonly at: Date;
};

export type BookedCharge = {
  readonly id: string;
  readonly orderId: string;
  readonly paymentKey: string | null;
  readonly status: ChargeStatus;
  readonly amountWon: Won;
  readonly approvedAt: Date | null;
};

export type BookedRefund = {
  readonly id: string;
  readonly chargeId: string;
  readonly status: RefundStatus;
  readonly transactionKey: string | null;
  readonly amountWon: Won;
  readonly canceledAt: Date | null;
};

export const FINDING_KINDS = [
  /** Paid at Toss, and no approved charge here (누락: 우리). */
  "missing-here",
  /** Approved here, and Toss knows nothing of it (누락: PG). */
  "missing-there",
  /** Both know it, over another amount (금액 차이). */
  "amount-differs",
  /** Cancelled at Toss, and no refund here (취소 차이); adopted wherever the charge is ours. */
  "cancel-missing-here",
  /** Refunded here, and no cancel at Toss (취소 차이). */
  "cancel-missing-there",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export type Difference = {
  readonly kind: FindingKind;
  /** The same difference seen again has the same subject. */
  readonly subject: string;
  readonly unexplainedWon: Won;
  readonly orderId: string;
  readonly paymentKey: string | null;
  readonly transactionKey: string | null;
  readonly chargeId: string | null;
  readonly refundId: string | null;
};

/**
 * All differences of one Seoul day. `books` holds at least the charges and refunds that the transactions name and
 * those approved or done on that day; others in it do no harm.
 */
export function compareBooks(
  day: CalendarDate,
  transactions: readonly ListedTransaction[],
  books: { readonly charges: readonly BookedCharge[]; readonly refunds: readonly BookedRefund[] },
): readonly Difference[] {
  return [...absentHere(transactions, books), ...absentThere(day, transactions, books)];
}

function absentHere(
  transactions: readonly ListedTransaction[],
  books: { readonly charges: readonly BookedCharge[]; readonly refunds: readonly BookedRefund[] },
): readonly Difference[] {
  const byOrder = new Map(books.charges.map((charge) => [charge.orderId, charge]));
  const byKey = new Map(books.refunds.map((refund) => [refund.transactionKey, refund]));
  return transactions.flatMap((transaction): Difference[] => {
    const charge = byOrder.get(transaction.orderId) ?? null;
    const isBooked = charge?.status === "approved" && charge.paymentKey === transaction.paymentKey;
    if (transaction.kind === "approval") {
      if (!isBooked) return [missingHere(transaction, charge)];
      return charge.amountWon === transaction.amountWon ? [] : [differs(transaction, charge, null)];
    }
    if (!isBooked) return [missingHere(transaction, charge)];
    const refund = byKey.get(transaction.transactionKey);
    if (refund?.status !== "done") {
      return [
        {
          ...named("cancel-missing-here", transaction, transaction.transactionKey),
          unexplainedWon: transaction.amountWon,
          chargeId: charge.id,
          refundId: refund?.id ?? null,
        },
      ];
    }
    return refund.amountWon === transaction.amountWon ? [] : [differs(transaction, charge, refund)];
  });
}

function absentThere(
  day: CalendarDate,
  transactions: readonly ListedTransaction[],
  books: { readonly charges: readonly BookedCharge[]; readonly refunds: readonly BookedRefund[] },
): readonly Difference[] {
  const approvals = transactions.filter((transaction) => transaction.kind === "approval");
  const payments = new Set(approvals.map((transaction) => transaction.paymentKey));
  const keys = new Set(transactions.map((transaction) => transaction.transactionKey));
  const isOf = (at: Date | null) => at !== null && seoulDayOf(at) === day;
  const charges = books.charges.flatMap((charge): Difference[] =>
    charge.status !== "approved" ||
    !isOf(charge.approvedAt) ||
    payments.has(charge.paymentKey ?? "")
      ? []
      : [
          {
            kind: "missing-there",
            subject: `missing-there:${charge.id}`,
            unexplainedWon: charge.amountWon,
            orderId: charge.orderId,
            paymentKey: charge.paymentKey,
            transactionKey: null,
            chargeId: charge.id,
            refundId: null,
          },
        ],
  );
  const chargeOf = new Map(books.charges.map((charge) => [charge.id, charge]));
  const refunds = books.refunds.flatMap((refund): Difference[] => {
    const charge = chargeOf.get(refund.chargeId);
    if (refund.status !== "done" || !isOf(refund.canceledAt) || !charge) return [];
    if (keys.has(refund.transactionKey ?? "")) return [];
    return [
      {
        kind: "cancel-missing-there",
        subject: `cancel-missing-there:${refund.id}`,
        unexplainedWon: refund.amountWon,
        orderId: charge.orderId,
        paymentKey: charge.paymentKey,
        transactionKey: refund.transactionKey,
        chargeId: charge.id,
        refundId: refund.id,
      },
    ];
  });
  return [...charges, ...refunds];
}

/** A payment that is not ours is one difference, however often it was cancelled. */
function missingHere(transaction: ListedTransaction, charge: BookedCharge | null): Difference {
  return {
    ...named("missing-here", transaction, transaction.paymentKey),
    unexplainedWon: transaction.amountWon,
    chargeId: charge?.id ?? null,
    refundId: null,
  };
}

function differs(
  transaction: ListedTransaction,
  charge: BookedCharge,
  refund: BookedRefund | null,
): Difference {
  const { amountWon: bookedWon } = refund ?? charge;
  return {
    ...named("amount-differs", transaction, transaction.transactionKey),
    unexplainedWon: parseWon(Math.abs(transaction.amountWon - bookedWon)),
    chargeId: charge.id,
    refundId: refund?.id ?? null,
  };
}

function named(kind: FindingKind, transaction: ListedTransaction, about: string) {
  const { orderId, paymentKey, transactionKey } = transaction;
  return { kind, subject: `${kind}:${about}`, orderId, paymentKey, transactionKey };
}
