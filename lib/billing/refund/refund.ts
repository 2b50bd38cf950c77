/**
 * Money back on an approved charge: `pending → done | refused | unknown`, `unknown → done | refused`.
 *
 * The amount is reserved on the charge when the refund is written, so that no number of refunds at once gives back
 * more than was paid. As with a charge, a lost answer is `unknown`: Toss is asked what it holds of the payment, and
 * nothing is sent again before. A charge is fully refunded when Toss's balance is 0; its status tells nothing, since
 * pieces that add up to the whole stay PARTIAL_CANCELED. Source: Toss reference, cancelling a payment.
 */
import { seoulDayOf } from "@/lib/billing/calendar";
import { type ChargeStatus, REPEATABLE_MS, SETTLE_AFTER_MS } from "@/lib/billing/charge/charge";
import { parseWon, splitVat, type Won } from "@/lib/billing/money";

export const REFUND_STATUSES = ["pending", "done", "refused", "unknown"] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** Our own code: less is left of the payment than was to be given back. */
export const NOTHING_LEFT = "NOTHING_LEFT";

/** Our own code: an operator ended a refund that Toss had not made. */
export const GIVEN_UP = "GIVEN_UP";

/** One entry of a payment's `cancels[]`. */
export type Cancel = {
  /** Unique for each cancel; a refund owns exactly one. */
  readonly transactionKey: string;
  readonly amountWon: Won;
  /** What was left of the payment after it. */
  readonly balanceAfterWon: Won;
  readonly canceledAt: Date;
  readonly reason: string;
};

/** What Toss holds of a payment that was executed. */
export type ExecutedPayment = {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly totalWon: Won;
  readonly balanceWon: Won;
  /** The VAT in the balance: it shrinks with each cancel. Null from a provider that does not tell it. */
  readonly vatWon: Won | null;
  /** Oldest first. */
  readonly cancels: readonly Cancel[];
};

export type RefundableCharge = {
  readonly status: ChargeStatus;
  readonly amountWon: Won;
  /** Given back or reserved for it. */
  readonly refundedWon: Won;
};

export type RefundRefusal =
  | { readonly code: "not-approved" }
  /** The provider gives back a whole payment only. */
  | { readonly code: "whole-only" }
  | { readonly code: "exceeds-refundable"; readonly refundableWon: Won };

/** How a payment ended, in one word for everybody who reads it. */
export type PaymentState = "paid" | "partly-refunded" | "refunded" | "failed" | "checking";

/** `returnedWon` is what Toss has given back; a refund that is only reserved does not count. */
export function paymentState(
  charge: { readonly status: ChargeStatus; readonly amountWon: Won },
  returnedWon: number,
): PaymentState {
  switch (charge.status) {
    case "pending":
    case "unknown":
      return "checking";
    case "declined":
      return "failed";
    case "approved":
      if (returnedWon === 0) return "paid";
      return returnedWon < charge.amountWon ? "partly-refunded" : "refunded";
    default:
      return charge.status satisfies never;
  }
}

/** What may still be asked back. */
export function refundableWon(charge: RefundableCharge): Won {
  return parseWon(charge.status === "approved" ? charge.amountWon - charge.refundedWon : 0);
}

/** Why this much cannot be given back; null when it can. */
export function whyNoRefund(
  charge: RefundableCharge,
  amountWon: Won,
  { partialCancel }: { readonly partialCancel: boolean },
): RefundRefusal | null {
  if (charge.status !== "approved") return { code: "not-approved" };
  const refundable = refundableWon(charge);
  if (!partialCancel && amountWon !== charge.amountWon) return { code: "whole-only" };
  return amountWon < 1 || amountWon > refundable
    ? { code: "exceeds-refundable", refundableWon: refundable }
    : null;
}

/** The cancels at Toss that no refund of ours owns, oldest first. */
export function unclaimedCancels(
  payment: ExecutedPayment,
  claimed: ReadonlySet<string>,
): readonly Cancel[] {
  return payment.cancels.filter((cancel) => !claimed.has(cancel.transactionKey));
}

/**
 * Which cancel at Toss is this refund: one of its amount that no other refund owns, preferably given for its reason.
 * A cancel of the same amount made by hand while the outcome was open counts too: the money is back, and sending it
 * again would give it back twice.
 */
export function ownCancel(
  payment: ExecutedPayment,
  refund: { readonly amountWon: Won; readonly reason: string },
  claimed: ReadonlySet<string>,
): Cancel | null {
  const same = unclaimedCancels(payment, claimed).filter(
    (cancel) => cancel.amountWon === refund.amountWon,
  );
  return same.find((cancel) => cancel.reason === refund.reason) ?? same[0] ?? null;
}

export type RefundStep =
  | { readonly kind: "record"; readonly cancel: Cancel }
  | { readonly kind: "wait" }
  | { readonly kind: "repeat" }
  /** The old key would only replay a stored error, or carries a lock on a balance that is no longer true. */
  | { readonly kind: "repeat-with-fresh-key" }
  /** It can no longer be given back: the reservation is released. */
  | { readonly kind: "refuse"; readonly code: string }
  | { readonly kind: "review" };

/** What to do about a refund whose outcome is open, once Toss has been asked what it holds of the payment. */
export function nextRefundStep(
  refund: {
    readonly amountWon: Won;
    readonly reason: string;
    readonly calledAt: Date;
    readonly createdAt: Date;
    readonly repeats: number;
    readonly keySpent: boolean;
    /** The balance it was sent with as a lock. */
    readonly lockWon: Won;
  },
  {
    payment,
    claimed,
  }: { readonly payment: ExecutedPayment; readonly claimed: ReadonlySet<string> },
  now: Date,
): RefundStep {
  const cancel = ownCancel(payment, refund, claimed);
  if (cancel) return { kind: "record", cancel };
  if (now.getTime() - refund.calledAt.getTime() < SETTLE_AFTER_MS) return { kind: "wait" };
  if (payment.balanceWon < refund.amountWon) return { kind: "refuse", code: NOTHING_LEFT };
  if (now.getTime() - refund.createdAt.getTime() > REPEATABLE_MS) return { kind: "review" };
  const isSameRequest =
    refund.repeats === 0 && !refund.keySpent && payment.balanceWon === refund.lockWon;
  return isSameRequest ? { kind: "repeat" } : { kind: "repeat-with-fresh-key" };
}

/**
 * The VAT in each of several cancels, oldest first, from what the payment's VAT was before them and is now. Toss tells
 * the VAT of what is left, not of each cancel: between two of them it is the eleventh Toss computes, and the last takes
 * the rest, so that the parts sum to the change Toss itself made. Where the provider does not tell the VAT of what is
 * left, it is the eleventh of that.
 */
export function vatOfCancels(
  vat: { readonly beforeWon: Won; readonly nowWon: Won | null },
  cancels: readonly Pick<Cancel, "amountWon" | "balanceAfterWon">[],
): readonly Won[] {
  const parts: Won[] = [];
  const nowWon = vat.nowWon ?? splitVat(cancels.at(-1)?.balanceAfterWon ?? parseWon(0)).vatWon;
  let left = Math.max(0, vat.beforeWon - nowWon);
  let restWon = cancels.reduce((sum, cancel) => sum + cancel.amountWon, 0);
  let vatBefore: number = vat.beforeWon;
  for (const { amountWon, balanceAfterWon } of cancels) {
    restWon -= amountWon;
    const vatAfter = Math.round(balanceAfterWon / 11);
    const wanted = restWon === 0 ? left : vatBefore - vatAfter;
    // No part may be negative or more than its cancel, nor leave more than the later ones can take.
    const part = Math.min(Math.max(wanted, 0, left - restWon), left, amountWon);
    parts.push(parseWon(part));
    left -= part;
    vatBefore = vatAfter;
  }
  return parts;
}

/**
 * When the customer sees the money: a payment cancelled whole on its own day vanishes from the card the same day,
 * anything else shows after 3 to 5 working days.
 */
export function isSeenToday(refund: {
  readonly approvedAt: Date;
  readonly canceledAt: Date;
  readonly isWhole: boolean;
  /** When it is told. */
  readonly now: Date;
}): boolean {
  const day = seoulDayOf(refund.canceledAt);
  return refund.isWhole && seoulDayOf(refund.approvedAt) === day && seoulDayOf(refund.now) === day;
}
