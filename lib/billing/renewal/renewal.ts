/**
 * What today asks of a running subscription. The sweep and the account page both ask here, so the date and the amount
 * a customer reads are the ones a job will charge.
 *
 * A trial turns into a paid contract only with consent given in the 30 days before and after the trial began
 * (E-Commerce Act §13⑥): without it the card is not called and the subscription ends on that day.
 */
import { type CalendarDate, type Period, seoulDayOf } from "@/lib/billing/calendar";
import { needsConsent } from "@/lib/billing/consent/consent";
import type { Won } from "@/lib/billing/money";
import {
  type EndReason,
  isToBeCharged,
  nextPeriod,
  type Subscription,
} from "@/lib/billing/subscription/subscription";

export type Renewal =
  | { readonly kind: "not-due"; readonly dueOn: CalendarDate | null }
  | { readonly kind: "end"; readonly reason: EndReason }
  | { readonly kind: "charge"; readonly period: Period; readonly amountWon: Won };

/** `hasConsent` tells whether a valid consent to the coming charge is on record. */
export function decideRenewal(
  subscription: Subscription,
  today: CalendarDate,
  hasConsent: boolean,
): Renewal {
  if (subscription.status === "ended" || subscription.status === "incomplete")
    return { kind: "not-due", dueOn: null };
  if (subscription.status === "past-due") {
    if (today >= subscription.endsUnpaidOn && subscription.nextTryOn === null)
      return { kind: "end", reason: "unpaid" };
    if (subscription.nextTryOn === null || subscription.nextTryOn > today) {
      return { kind: "not-due", dueOn: subscription.nextTryOn };
    }
    return charge(subscription);
  }
  if (subscription.cancelsOn !== null) {
    return subscription.cancelsOn <= today
      ? { kind: "end", reason: "canceled" }
      : { kind: "not-due", dueOn: subscription.cancelsOn };
  }
  const dueOn = nextPeriod(subscription).startsOn;
  if (dueOn > today) return { kind: "not-due", dueOn };
  return needsConsent(subscription) && !hasConsent
    ? { kind: "end", reason: "no-consent" }
    : charge(subscription);
}

/**
 * The day on which a card is charged next, read from the instant that is booked for it: after a standstill that is a
 * later day than the first of the period. Null when nothing will be charged, or a charge is under way.
 */
export function nextChargeOn(
  subscription: Subscription,
  bookedAt: Date | null,
  hasConsent: boolean,
): CalendarDate | null {
  if (bookedAt === null || !isToBeCharged(subscription)) return null;
  if (needsConsent(subscription) && !hasConsent) return null;
  if (subscription.status === "past-due" && subscription.nextTryOn === null) return null;
  return seoulDayOf(bookedAt);
}

function charge(subscription: Subscription): Renewal {
  return { kind: "charge", period: nextPeriod(subscription), amountWon: subscription.amountWon };
}
