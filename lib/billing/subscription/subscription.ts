/**
 * The running contract and its states: `incomplete → trialing | active → past-due ⇄ active → ended`.
 *
 * A booked cancellation is no state: it is `cancelsOn` on a trialing or active subscription, undone until that day.
 */
import {
  addDays,
  type CalendarDate,
  daysBetween,
  type Interval,
  laterOf,
  nthPeriod,
  type Period,
} from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";
import {
  accessEndsOn,
  classOfFailure,
  DUNNING,
  type DunningPolicy,
  type Failure,
  nextDunningStep,
} from "@/lib/billing/renewal/dunning";
import {
  type Agreement,
  agreementAfter,
  isNextPeriodFree,
  newAgreement,
  nextPeriodOf,
  withoutWorth,
} from "./contract";
import { NO_CREDIT, orderNextPeriod } from "./order";

export const SUBSCRIPTION_STATUSES = [
  "incomplete",
  "trialing",
  "active",
  "past-due",
  "ended",
] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

export const END_REASONS = [
  "canceled",
  "canceled-with-refund",
  "unpaid",
  "no-consent",
  "expired",
  "operator",
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** What is kept of a subscription in every state. */
type Kept = Agreement & {
  readonly id: string;
  readonly accountId: string;
  readonly checkoutId: string;
  readonly product: string;
  readonly paymentMethodId: string | null;
  /** Which entry in its list of terms is in force. */
  readonly termsSeq: number;
  /** What a period may cost without being asked about: the last one's total; 0 before the first. */
  readonly agreedWon: Won;
};

/** What a subscription says in every state, taken out of whatever holds it. */
function keptOf(holder: Kept): Kept {
  return {
    id: holder.id,
    accountId: holder.accountId,
    checkoutId: holder.checkoutId,
    product: holder.product,
    paymentMethodId: holder.paymentMethodId,
    termsSeq: holder.termsSeq,
    agreedWon: holder.agreedWon,
    terms: holder.terms,
    booked: holder.booked,
    cycle: holder.cycle,
    n: holder.n,
    paidTo: holder.paidTo,
    coupon: holder.coupon,
    nextPrices: holder.nextPrices,
    freePeriods: holder.freePeriods,
    pausedOn: holder.pausedOn,
    cancelsOn: holder.cancelsOn,
  };
}

/**
 * Registered, not yet paid for the first time. `cancelsOn` is set when the order is cancelled while its charge is at
 * Toss: if that is approved, all of it is given back.
 */
export type Incomplete = Kept & { readonly status: "incomplete" };
/** In the free days before the first day to be paid for. */
export type Trialing = Kept & { readonly status: "trialing" };
export type Active = Kept & { readonly status: "active" };
/**
 * `nextTryOn` is null when only another card can help; unpaid on `endsUnpaidOn`, it ends. `cancelsOn` is set when the
 * customer left while a charge was at Toss: what that charge becomes decides how it ends.
 */
export type PastDue = Kept & {
  readonly status: "past-due";
  readonly dueOn: CalendarDate;
  readonly nextTryOn: CalendarDate | null;
  readonly endsUnpaidOn: CalendarDate;
};
export type Ended = Kept & {
  readonly status: "ended";
  readonly endedOn: CalendarDate;
  readonly endReason: EndReason;
};

export type Subscription = Incomplete | Trialing | Active | PastDue | Ended;

/** An order for one plan at its price, before anything is paid. `firstPaidOn` is the first day to be paid for. */
export function newOrder(
  of: Pick<Kept, "id" | "accountId" | "checkoutId" | "product" | "paymentMethodId">,
  price: { readonly planId: string; readonly amountWon: Won; readonly interval: Interval },
  firstPaidOn: CalendarDate,
): Incomplete {
  const { planId: key, amountWon: unitWon, interval } = price;
  const plan = { key, kind: "plan", unitWon, quantity: 1 } as const;
  return {
    ...newAgreement({ plan, addOns: [], interval, anchorOn: firstPaidOn }, null),
    ...of,
    termsSeq: 0,
    agreedWon: parseWon(0),
    status: "incomplete",
  };
}

export type SubscriptionRefusal =
  | { readonly code: "already-ended"; readonly endedOn: CalendarDate }
  | { readonly code: "nothing-to-undo" };

/** Whether it keeps its product from being ordered again. An unfinished order gives way to the next one. */
export function holdsProduct(
  subscription: Subscription,
): subscription is Trialing | Active | PastDue {
  return subscription.status !== "incomplete" && subscription.status !== "ended";
}

/** The period that is to be billed next. */
export function nextPeriod(agreement: Agreement): Period {
  return nextPeriodOf(agreement).period;
}

/** The last period that was paid for; null while none was. */
export function paidPeriod({ n, terms }: Agreement): Period | null {
  return n === 0 ? null : nthPeriod(terms.anchorOn, terms.interval, n - 1);
}

/**
 * Books the end: of the trial, of the paid period, or at once where nothing is paid for. While a charge is at Toss
 * nothing ends yet: if it is approved, what was paid is used to its end, and a first order is refunded; if declined,
 * the contract ends then.
 */
export function cancel(
  subscription: Subscription,
  today: CalendarDate,
  isChargeAtToss: boolean,
): Subscription | SubscriptionRefusal {
  switch (subscription.status) {
    case "ended":
      return { code: "already-ended", endedOn: subscription.endedOn };
    case "incomplete":
    case "past-due":
      return isChargeAtToss
        ? { ...subscription, cancelsOn: today }
        : end(subscription, today, "canceled");
    case "trialing":
    case "active": {
      // The paid days are over already (the renewal is being collected, or jobs stood still): nothing is left to wait for.
      return { ...subscription, cancelsOn: laterOf(subscription.paidTo, today) };
    }
    default:
      return assertNever(subscription);
  }
}

/** Ends a contract in the middle of what was paid for: the rest of the money goes back. */
export function endNow(
  subscription: Subscription,
  today: CalendarDate,
): Ended | SubscriptionRefusal {
  if (subscription.status === "ended")
    return { code: "already-ended", endedOn: subscription.endedOn };
  return end(subscription, today, "canceled-with-refund");
}

/** Takes a booked cancellation back; nothing is charged by it. Possible until the last day is over. */
export function uncancel(
  subscription: Subscription,
  today: CalendarDate,
): Subscription | SubscriptionRefusal {
  if (subscription.status === "ended")
    return { code: "already-ended", endedOn: subscription.endedOn };
  if (subscription.cancelsOn === null || subscription.cancelsOn <= today)
    return { code: "nothing-to-undo" };
  return { ...subscription, cancelsOn: null };
}

/**
 * The next period is paid, or has nothing due. A cancellation booked while the money moved takes effect at the end of
 * what was paid; an order that was cancelled meanwhile never begins, and its money goes back.
 */
export function afterApproval(subscription: Exclude<Subscription, Ended>): Active | Ended {
  const order = orderNextPeriod(withoutWorth(subscription), NO_CREDIT);
  const paid: Kept = {
    ...keptOf(subscription),
    ...agreementAfter(keptOf(subscription), order),
    agreedWon: isNextPeriodFree(subscription) ? subscription.agreedWon : order.due.totalWon,
  };
  const { cancelsOn } = subscription;
  if (cancelsOn === null || subscription.status !== "incomplete")
    return { ...paid, status: "active" };
  return {
    ...paid,
    status: "ended",
    cancelsOn: null,
    endedOn: cancelsOn,
    endReason: "canceled-with-refund",
  };
}

/** The next period could not be collected: an incomplete one waits for another card, a running one goes past due. */
export function afterDecline(
  subscription: Exclude<Subscription, Ended>,
  failure: Failure,
  { today, policy = DUNNING }: { readonly today: CalendarDate; readonly policy?: DunningPolicy },
): Subscription {
  if (subscription.cancelsOn !== null) return end(subscription, today, "canceled");
  if (subscription.status === "incomplete") return subscription;
  const dueOn =
    subscription.status === "past-due"
      ? overdueSince(subscription, today)
      : laterOf(nextPeriod(subscription).startsOn, today);
  // Our own set-up failed, not the customer: the state stays, and the sweep comes back tomorrow.
  if (classOfFailure(policy, failure) === "config") return subscription;
  const step = nextDunningStep(policy, failure, { dueOn, today });
  if (step.kind === "end") return end(subscription, today, "unpaid");
  const endsUnpaidOn = addDays(dueOn, policy.endsAfterDays);
  return {
    ...keptOf(subscription),
    status: "past-due",
    dueOn,
    nextTryOn: step.kind === "retry" ? step.on : null,
    endsUnpaidOn: step.kind === "retry" ? laterOf(endsUnpaidOn, step.on) : endsUnpaidOn,
    cancelsOn: null,
  };
}

/**
 * The day from which an unpaid contract's tries and grace days count: that of its first try, moved by the days its
 * next one is late. While our own jobs stand still, or Toss leaves a try without an answer, no day is the customer's.
 */
export function overdueSince({ dueOn, nextTryOn }: PastDue, today: CalendarDate): CalendarDate {
  const lateDays = nextTryOn === null ? 0 : Math.max(0, daysBetween(nextTryOn, today));
  return addDays(dueOn, lateDays);
}

/** Whether anything more is to be charged for it; who is in the middle of an order sees it there. */
export function isToBeCharged(subscription: Subscription): boolean {
  const { status } = subscription;
  return status !== "ended" && status !== "incomplete" && subscription.cancelsOn === null;
}

export function end(
  subscription: Exclude<Subscription, Ended>,
  on: CalendarDate,
  endReason: EndReason,
): Ended {
  return { ...keptOf(subscription), status: "ended", cancelsOn: null, endedOn: on, endReason };
}

/**
 * Whether the customer may use the product today. A failed renewal keeps access through the grace days;
 * one that is late through our own fault keeps it until it was tried.
 */
export function hasAccess(subscription: Subscription, today: CalendarDate): boolean {
  switch (subscription.status) {
    case "incomplete":
    case "ended":
      return false;
    case "trialing":
    case "active":
      return subscription.cancelsOn === null || today < subscription.cancelsOn;
    case "past-due":
      return today < accessEndsOn(DUNNING, overdueSince(subscription, today));
    default:
      return assertNever(subscription);
  }
}

export function isRefusal(value: Subscription | SubscriptionRefusal): value is SubscriptionRefusal {
  return "code" in value;
}

function assertNever(value: never): never {
  throw new Error(`Unknown state: ${JSON.stringify(value)}`);
}
