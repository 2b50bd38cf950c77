/**
 * Whether an open attempt may still be sent to Toss. A request can be lost, and Toss can be away for days. Meanwhile
 * the customer cancels, changes the card or gives up the order, and reads that nothing more is paid. So the contract is
 * asked before every repeat, and before a first call wherever its row no longer matches the attempt: an attempt that
 * nobody wants is never sent.
 *
 * The request of 10:00 is lost; the customer cancels at 10:01; at 10:02 Toss knows nothing: the attempt is closed.
 */
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import { FIRST_CHARGE_MINUTES } from "@/lib/billing/policy";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { nextPeriod, type Subscription } from "@/lib/billing/subscription/subscription";

export type Attempt = {
  /** Of its invoice, before credit. */
  readonly totalWon: Won;
  readonly createdAt: Date;
  /** Null for a one-time payment, which is confirmed by its payment key. */
  readonly paymentMethodId: string | null;
  /** The first day it pays for; null for a one-time payment. */
  readonly periodStartsOn: CalendarDate | null;
  /** Its card was registered after the contract's, to pay what is overdue and take that card's place. */
  readonly isOfNewCard: boolean;
};

export type Unwanted = "ended" | "canceled" | "card-changed" | "terms-changed" | "too-late";

/**
 * Why an open attempt may not be sent any more; null when it may. `contract` is null for a one-time payment. Ask it in
 * the transaction that marks the attempt as called, with the contract's row locked.
 */
export function whyUnwanted(
  attempt: Attempt,
  contract: Subscription | null,
  now: Date,
): Unwanted | null {
  if (contract === null) return isTooLate(attempt, now) ? "too-late" : null;
  if (contract.status === "ended") return "ended";
  if (contract.cancelsOn !== null) return "canceled";
  if (attempt.paymentMethodId !== contract.paymentMethodId && !attempt.isOfNewCard)
    return "card-changed";
  const isSamePeriod = attempt.periodStartsOn === nextPeriod(contract).startsOn;
  if (attempt.totalWon !== nextTotalWon(contract) || !isSamePeriod) return "terms-changed";
  return contract.status === "incomplete" && isTooLate(attempt, now) ? "too-late" : null;
}

/** A first payment is made while the buyer waits, and on the day from which it pays: nobody has the product before. */
function isTooLate({ createdAt, periodStartsOn }: Attempt, now: Date): boolean {
  const isOfAnotherDay = periodStartsOn !== null && periodStartsOn !== seoulDayOf(now);
  return isOfAnotherDay || now.getTime() - createdAt.getTime() > FIRST_CHARGE_MINUTES * 60_000;
}
