/**
 * What today asks of a running subscription. The sweep and the account page both ask here, so the date and the amount
 * a customer reads are the ones a job will charge.
 *
 * A trial turns into a paid contract only with consent given in the 30 days before and after the trial began
 * (E-Commerce Act §13⑥): without it the card is not called and the subscription ends on that day.
 */
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { type ChargeStatus, isOpen } from "@/lib/billing/charge/charge";
import { needsConsent } from "@/lib/billing/consent/consent";
import type { GivenConsent } from "@/lib/billing/consent/rise";
import type { Wallet } from "@/lib/billing/invoice/due";
import { parseWon, sumWon, type Won } from "@/lib/billing/money";
import { withoutWorth } from "@/lib/billing/subscription/contract";
import type { Expected } from "@/lib/billing/subscription/expectation";
import { nextDueOf, type Order, orderNextPeriod } from "@/lib/billing/subscription/order";
import {
  type EndReason,
  isToBeCharged,
  type Subscription,
} from "@/lib/billing/subscription/subscription";
import { consentFactsOf, decideNextPeriod } from "./next-period";

export type Renewal =
  | { readonly kind: "not-due"; readonly dueOn: CalendarDate | null }
  | { readonly kind: "end"; readonly reason: EndReason }
  | { readonly kind: "charge"; readonly order: Order };

export type RenewalFacts = {
  readonly today: CalendarDate;
  readonly wallet: Wallet;
  /** All consents on record for it. */
  readonly consents: readonly GivenConsent[];
};

export function decideRenewal(subscription: Subscription, facts: RenewalFacts): Renewal {
  const { today, wallet, consents } = facts;
  if (subscription.status === "ended" || subscription.status === "incomplete")
    return { kind: "not-due", dueOn: null };
  if (subscription.status === "past-due") {
    if (today >= subscription.endsUnpaidOn && subscription.nextTryOn === null)
      return { kind: "end", reason: "unpaid" };
    if (subscription.nextTryOn === null || subscription.nextTryOn > today) {
      return { kind: "not-due", dueOn: subscription.nextTryOn };
    }
    return { kind: "charge", order: orderNextPeriod(withoutWorth(subscription), wallet) };
  }
  if (subscription.cancelsOn !== null) {
    return subscription.cancelsOn <= today
      ? { kind: "end", reason: "canceled" }
      : { kind: "not-due", dueOn: subscription.cancelsOn };
  }
  if (subscription.paidTo > today) return { kind: "not-due", dueOn: subscription.paidTo };
  const consentFacts = consentFactsOf(subscription, consents);
  const step = decideNextPeriod(withoutWorth(subscription), wallet, consentFacts);
  return step.kind === "end" ? { kind: "end", reason: "no-consent" } : step;
}

/** What a decision says, in the form in which it was saved with the contract before. */
export function expectedOf(renewal: Exclude<Renewal, { kind: "not-due" }>): Expected {
  const expectedWon = renewal.kind === "charge" ? renewal.order.due.totalWon : parseWon(0);
  return { expects: renewal.kind, expectedWon };
}

/** What a card is asked for next, and what credit pays before it. */
export type AskedNext = { readonly dueWon: Won; readonly creditWon: Won };

/**
 * What was invoiced already asks what its newest attempt asked; credit was taken off then. What is still to come asks
 * what its own credit leaves.
 */
export function askedNext(
  subscription: Subscription,
  newest: { readonly status: ChargeStatus; readonly amountWon: Won } | null,
  wallet: Wallet,
): AskedNext {
  const isInvoiced = subscription.status === "past-due" || isOpen(newest);
  if (isInvoiced && newest !== null) return { dueWon: newest.amountWon, creditWon: parseWon(0) };
  const { dueWon, used } = nextDueOf(subscription, wallet);
  return { dueWon, creditWon: sumWon([used.grantedWon, used.paidWon]) };
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
