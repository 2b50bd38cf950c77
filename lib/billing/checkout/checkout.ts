/**
 * What buying a price means today: what is paid now, what comes next, and when. The order page shows this quote and
 * the charge is made of it.
 */
import { addDays, type CalendarDate, nthPeriod, type Period } from "@/lib/billing/calendar";
import type { Price } from "@/lib/billing/catalogue/plan";
import { type ChargeStatus, type DeclineClass, isOpen } from "@/lib/billing/charge/charge";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { parseWon, splitVat, type Won } from "@/lib/billing/money";
import { holdsProduct, type Subscription } from "@/lib/billing/subscription/subscription";

export const CHECKOUT_STATUSES = ["open", "completed", "expired"] as const;
export type CheckoutStatus = (typeof CHECKOUT_STATUSES)[number];

export type Quote =
  | {
      readonly kind: "subscription";
      readonly todayWon: Won;
      readonly suppliedWon: Won;
      readonly vatWon: Won;
      /** The free days, when there are any: [today, first day to be paid for). */
      readonly trial: Period | null;
      readonly firstPaidPeriod: Period;
      readonly nextChargeOn: CalendarDate;
      readonly nextChargeWon: Won;
    }
  | {
      readonly kind: "one-time";
      readonly todayWon: Won;
      readonly suppliedWon: Won;
      readonly vatWon: Won;
    };

/**
 * Quotes a price for a purchase made `today`. A trial is granted once per account and product.
 * 9,900 won a month bought on 31 January: 9,900 today for [01-31, 02-28), the next 9,900 on 28 February.
 */
export function quoteCheckout(
  price: Pick<Price, "interval" | "amountWon" | "trialDays">,
  today: CalendarDate,
  trialUsed: boolean,
): Quote {
  if (price.interval === null)
    return { kind: "one-time", todayWon: price.amountWon, ...splitVat(price.amountWon) };
  const trialDays = trialUsed ? 0 : price.trialDays;
  const anchorOn = addDays(today, trialDays);
  const firstPaidPeriod = nthPeriod(anchorOn, price.interval, 0);
  const todayWon = trialDays > 0 ? parseWon(0) : price.amountWon;
  return {
    kind: "subscription",
    todayWon,
    ...splitVat(todayWon),
    trial: trialDays > 0 ? { startsOn: today, endsOn: anchorOn } : null,
    firstPaidPeriod,
    nextChargeOn: trialDays > 0 ? anchorOn : firstPaidPeriod.endsOn,
    nextChargeWon: price.amountWon,
  };
}

/** Who holds a product already holds one price of it; the other prices wait until that subscription has ended. */
export type Standing = "free" | "mine" | "waits";

/** What a price is to somebody with the subscription `held` to its product: only a free one can be ordered. */
export function standingOf(
  price: Pick<Price, "planId" | "interval">,
  held: Subscription | null,
): Standing {
  if (price.interval === null || held === null || !holdsProduct(held)) return "free";
  return held.terms.plan.key === price.planId && held.terms.interval === price.interval
    ? "mine"
    : "waits";
}

/** How far a checkout has come, in the words of the page that shows it. */
export type CheckoutProgress =
  /** Nothing came back from the window yet, or it was closed. */
  | { readonly kind: "needs-card" }
  | { readonly kind: "card-refused"; readonly reason: DeclineReason }
  /** Toss is being asked, or has not answered yet; money may be moving, and nothing is tried again meanwhile. */
  | { readonly kind: "checking" }
  /** A card that was declined for good is not tried again, whoever asks. */
  | { readonly kind: "declined"; readonly reason: DeclineReason; readonly mayRetry: boolean }
  | { readonly kind: "done" }
  | { readonly kind: "expired" }
  /** It was cancelled, and a payment that turned out to have been made goes back. */
  | { readonly kind: "refunded" };

/** Whether nothing was paid and nothing is being paid: only then may a page say so. */
export function isUnpaid({ kind }: CheckoutProgress): boolean {
  return kind !== "checking" && kind !== "done" && kind !== "refunded";
}

type ProgressFacts = {
  readonly status: CheckoutStatus;
  /** The newest card that came back from the window; null for a one-time payment and before the first. */
  readonly registration: {
    readonly status: "pending" | "issued" | "failed";
    readonly failureReason: DeclineReason | null;
    readonly paymentMethodId: string | null;
  } | null;
  /** The newest attempt; null before the first. */
  readonly charge: {
    readonly status: ChargeStatus;
    readonly declineReason: DeclineReason | null;
    readonly declineClass: DeclineClass | null;
    readonly paymentMethodId: string | null;
  } | null;
};

export function checkoutProgress({
  status,
  registration,
  charge,
}: ProgressFacts): CheckoutProgress {
  if (status === "completed") return { kind: "done" };
  if (isOpen(charge)) return { kind: "checking" };
  if (status === "expired")
    return charge?.status === "approved" ? { kind: "refunded" } : { kind: "expired" };
  if (registration?.status === "failed")
    return { kind: "card-refused", reason: registration.failureReason ?? "unknown" };
  const isNewCard =
    registration !== null && registration.paymentMethodId !== charge?.paymentMethodId;
  if (registration?.status === "pending" || isNewCard) return { kind: "checking" };
  if (charge?.status === "declined") {
    const mayRetry = charge.declineClass !== "hard";
    return { kind: "declined", reason: charge.declineReason ?? "unknown", mayRetry };
  }
  return { kind: "needs-card" };
}
