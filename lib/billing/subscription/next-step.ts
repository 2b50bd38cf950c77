/**
 * The one thing that a subscription asks of its holder now. The account page puts it above everything else that can be
 * done, and every state has at most one: a person who is asked for nothing is shown no button that stands out.
 *
 * A card that failed on 9 December for want of balance may be tried again by its holder at any hour outside the nightly
 * blackout, besides the automatic tries; a card that was refused for good must be replaced.
 */
import { isBlackout } from "@/lib/billing/charge/charge";
import type { Subscription } from "./subscription";

export type NextStep =
  /** The order was begun and not finished. */
  | "finish-order"
  /** The first charge of an order is open: its page shows what becomes of it. */
  | "watch-order"
  | "decide-consent"
  | "add-card"
  /** The same card may be tried again at once. */
  | "pay-now"
  /** The same card may be tried again once the blackout is over. */
  | "pay-later"
  | "use-other-card"
  | "start-again";

export type NextStepFacts = {
  readonly subscription: Subscription;
  readonly now: Date;
  /** A charge of the subscription is open. */
  readonly isCharging: boolean;
  /** False when the card was removed at Toss and none has taken its place. */
  readonly hasCard: boolean;
  /** Consent to the first charge after a trial can be given now, is missing, and was not declined. */
  readonly awaitsConsent: boolean;
};

/** Null when nothing is asked for. */
export function nextStep(facts: NextStepFacts): NextStep | null {
  const { subscription, isCharging, hasCard } = facts;
  switch (subscription.status) {
    case "ended":
      return "start-again";
    case "incomplete":
      return isCharging ? "watch-order" : "finish-order";
    case "trialing":
    case "active":
      if (isCharging || subscription.cancelsOn !== null) return null;
      if (facts.awaitsConsent) return "decide-consent";
      return hasCard ? null : "add-card";
    case "past-due":
      if (isCharging || subscription.cancelsOn !== null) return null;
      if (!hasCard) return "add-card";
      return whyNoRetry(facts) === null
        ? "pay-now"
        : subscription.nextTryOn === null
          ? "use-other-card"
          : "pay-later";
    default:
      return subscription satisfies never;
  }
}

export type RetryRefusal = "nothing-overdue" | "needs-card" | "blackout";

/** Why the customer cannot have the same card tried again now; null when they can. */
export function whyNoRetry({
  subscription,
  hasCard,
  now,
}: Pick<NextStepFacts, "subscription" | "hasCard" | "now">): RetryRefusal | null {
  if (subscription.status !== "past-due" || subscription.cancelsOn !== null)
    return "nothing-overdue";
  if (subscription.nextTryOn === null || !hasCard) return "needs-card";
  return isBlackout(now) ? "blackout" : null;
}
