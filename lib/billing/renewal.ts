/**
 * What today asks of a running subscription. The sweep and the account page both ask here, so the date and the amount
 * a customer reads are the ones a job will charge.
 *
 * A trial turns into a paid contract only with consent given in the 30 days before and after the trial began
 * (E-Commerce Act §13⑥): without it the card is not called and the subscription ends on that day.
 */
import type { CalendarDate, Period } from "./calendar";
import { needsConsent } from "./consent";
import type { Won } from "./money";
import { type EndReason, nextPeriod, type Subscription } from "./subscription";

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

function charge(subscription: Subscription): Renewal {
  return { kind: "charge", period: nextPeriod(subscription), amountWon: subscription.amountWon };
}
