/**
 * Consent to a charge higher than the last one (E-Commerce Act §13⑥, in force 2025-02-14).
 *
 * Valid only when given in the 30 days before the change and in an act of its own: what was ticked at sign-up does not
 * count. For a trial of 30 days or fewer the window is open from its first day.
 */
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import { CHARGE_HOUR, CONSENT_WINDOW_DAYS } from "@/lib/billing/policy";
import type { Subscription } from "@/lib/billing/subscription/subscription";

/** What a customer agreed to: from this day on, this much instead of that. */
export type ConsentTerms = {
  readonly changesOn: CalendarDate;
  readonly fromWon: Won;
  readonly toWon: Won;
};

/**
 * Whether the coming charge is a rise the customer did not order: the end of a free trial. While an end is booked no
 * charge is coming, and there is nothing to agree to.
 */
export function needsConsent(subscription: Subscription): boolean {
  return subscription.status === "trialing" && subscription.cancelsOn === null;
}

/** Consent for a change on 15 December counts from 15 November 00:00 until the charge on the day. */
export function consentWindow(changesOn: CalendarDate): { opensAt: Date; closesAt: Date } {
  return {
    opensAt: seoulInstant(addDays(changesOn, -CONSENT_WINDOW_DAYS), 0),
    closesAt: seoulInstant(changesOn, CHARGE_HOUR),
  };
}

/** The day on which consent to a change can first be given; null when that has come. */
export function consentOpensOn(changesOn: CalendarDate, now: Date): CalendarDate | null {
  const { opensAt } = consentWindow(changesOn);
  return now < opensAt ? seoulDayOf(opensAt) : null;
}

export function isInConsentWindow(changesOn: CalendarDate, at: Date): boolean {
  const { opensAt, closesAt } = consentWindow(changesOn);
  return opensAt <= at && at < closesAt;
}
