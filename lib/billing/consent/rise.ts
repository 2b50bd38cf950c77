/**
 * Whether the next period costs more than the customer agreed to (E-Commerce Act §13⑥). It is measured on totals before
 * credit: a gift that is used up makes nothing dearer. What the customer ordered, with the next amount on the quote, is
 * no rise; an order that begins a contract is no consent to what follows a trial or a discount.
 *
 * 4,950 won with a coupon, then 9,900: a rise. Two more seats ordered with "next: 29,700 won" on the quote, then 29,700:
 * none.
 */
import type { CalendarDate } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import type { Agreement } from "@/lib/billing/subscription/contract";
import type { PaidOrder } from "@/lib/billing/subscription/leave";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { type ConsentTerms, isInConsentWindow } from "./consent";

export type AgreedAmounts = {
  /** The total of the last period that was billed; 0 before the first. */
  readonly lastWon: Won;
  /** The next amount on the newest quote of a change that was confirmed since; null when there was none. */
  readonly orderedWon: Won | null;
};

export function isRise(nextWon: Won, { lastWon, orderedWon }: AgreedAmounts): boolean {
  return nextWon > Math.max(lastWon, orderedWon ?? 0);
}

export type GivenConsent = ConsentTerms & {
  readonly agreedAt: Date;
  readonly voidedAt: Date | null;
};

/** Whether a consent covers a next period of this day and total: at least as much, and no cancellation since. */
export function isConsentTo(
  { changesOn, toWon, agreedAt, voidedAt }: GivenConsent,
  next: { readonly on: CalendarDate; readonly totalWon: Won },
): boolean {
  return (
    voidedAt === null &&
    changesOn === next.on &&
    toWon >= next.totalWon &&
    isInConsentWindow(changesOn, agreedAt)
  );
}

/** Whether a consent covers the coming charge of a contract as it stands. */
export function isConsentFor(agreement: Agreement, consent: GivenConsent): boolean {
  return isConsentTo(consent, { on: agreement.paidTo, totalWon: nextTotalWon(agreement) });
}

/**
 * What the last billed period came to before credit, newest order first. A period that an operator gave, and what was
 * charged or credited within a period, tell nothing about the price.
 */
export function lastPeriodWon(orders: readonly PaidOrder[]): number {
  const opening = orders.find(
    ({ order, before }) =>
      order.opens !== null && (order.kind === "change" || before.freePeriods === 0),
  );
  if (opening === undefined) return 0;
  return opening.order.lines.reduce((sum, { kind, won }) => sum + (kind === "unused" ? 0 : won), 0);
}
