/**
 * The running contract and its states: `incomplete → trialing | active → past-due ⇄ active → ended`.
 *
 * A booked cancellation is no state: it is `cancelsOn` on a trialing or active subscription, undone until that day.
 * `periodsPaid` counts from the anchor: with 2 paid, the current period is the second and the next to bill the third.
 */
import {
  addDays,
  type CalendarDate,
  daysBetween,
  type Interval,
  laterOf,
  nthPeriod,
  type Period,
  seoulInstant,
} from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import { CHARGE_HOUR } from "@/lib/billing/policy";
import {
  accessEndsOn,
  classOfFailure,
  DUNNING,
  type DunningPolicy,
  type Failure,
  nextDunningStep,
} from "@/lib/billing/renewal/dunning";

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

type Contract = {
  readonly id: string;
  readonly accountId: string;
  readonly checkoutId: string;
  readonly product: string;
  readonly planId: string;
  readonly priceId: string;
  readonly amountWon: Won;
  readonly interval: Interval;
  readonly paymentMethodId: string | null;
  /** The day from which each period is counted; late payment never moves it. */
  readonly anchorOn: CalendarDate;
  readonly periodsPaid: number;
};

const CONTRACT: Readonly<Record<keyof Contract, true>> = {
  id: true,
  accountId: true,
  checkoutId: true,
  product: true,
  planId: true,
  priceId: true,
  amountWon: true,
  interval: true,
  paymentMethodId: true,
  anchorOn: true,
  periodsPaid: true,
};
const CONTRACT_FIELDS = Object.keys(CONTRACT) as readonly (keyof Contract)[];

/** What a contract says in every state, taken out of whatever holds it. */
export function contractOf(holder: Contract): Contract {
  return Object.fromEntries(CONTRACT_FIELDS.map((field) => [field, holder[field]])) as Contract;
}

/**
 * Registered, not yet paid for the first time. `cancelsOn` is set when the order is cancelled while its charge is at
 * Toss: if that is approved, all of it is given back.
 */
export type Incomplete = Contract & {
  readonly status: "incomplete";
  readonly cancelsOn: CalendarDate | null;
};
/** In the free days before `anchorOn`, the first day to be paid for. */
export type Trialing = Contract & {
  readonly status: "trialing";
  readonly cancelsOn: CalendarDate | null;
};
export type Active = Contract & {
  readonly status: "active";
  readonly cancelsOn: CalendarDate | null;
};
/** `nextTryOn` is null when only another card can help; unpaid on `endsUnpaidOn`, it ends. */
export type PastDue = Contract & {
  readonly status: "past-due";
  readonly dueOn: CalendarDate;
  readonly nextTryOn: CalendarDate | null;
  readonly endsUnpaidOn: CalendarDate;
  /** Set when the customer left while a charge was at Toss: what that charge becomes decides how it ends. */
  readonly cancelsOn: CalendarDate | null;
};
export type Ended = Contract & {
  readonly status: "ended";
  readonly endedOn: CalendarDate;
  readonly endReason: EndReason;
};

export type Subscription = Incomplete | Trialing | Active | PastDue | Ended;

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
export function nextPeriod(subscription: Contract): Period {
  return nthPeriod(subscription.anchorOn, subscription.interval, subscription.periodsPaid);
}

/** The last period that was paid for; null while none was. */
export function paidPeriod(subscription: Contract): Period | null {
  if (subscription.periodsPaid === 0) return null;
  return nthPeriod(subscription.anchorOn, subscription.interval, subscription.periodsPaid - 1);
}

/** The instant at which something must be done about a subscription; null when nothing is booked. */
export function nextActionAt(subscription: Subscription): Date | null {
  switch (subscription.status) {
    case "incomplete":
    case "ended":
      return null;
    case "trialing":
    case "active":
      return subscription.cancelsOn
        ? seoulInstant(subscription.cancelsOn, 0)
        : seoulInstant(nextPeriod(subscription).startsOn, CHARGE_HOUR);
    case "past-due":
      return seoulInstant(subscription.nextTryOn ?? subscription.endsUnpaidOn, CHARGE_HOUR);
    default:
      return assertNever(subscription);
  }
}

/** The same, but never on `today` again: after downtime a subscription is charged one cycle a day. */
export function nextActionAfter(subscription: Subscription, today: CalendarDate): Date | null {
  const at = nextActionAt(subscription);
  if (at === null || ("cancelsOn" in subscription && subscription.cancelsOn)) return at;
  const tomorrow = seoulInstant(addDays(today, 1), CHARGE_HOUR);
  return new Date(Math.max(at.getTime(), tomorrow.getTime()));
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
      const endsOn = nextPeriod(subscription).startsOn;
      // The paid days are over already (the renewal is being collected, or jobs stood still): nothing is left to wait for.
      return { ...subscription, cancelsOn: laterOf(endsOn, today) };
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
 * The next period is paid. A cancellation booked while the money moved takes effect at the end of what was paid; an
 * order that was cancelled meanwhile never begins, and its money goes back.
 */
export function afterApproval(subscription: Exclude<Subscription, Ended>): Active | Ended {
  const paid = { ...contractOf(subscription), periodsPaid: subscription.periodsPaid + 1 };
  const { cancelsOn } = subscription;
  if (cancelsOn === null) return { ...paid, status: "active", cancelsOn };
  if (subscription.status !== "incomplete")
    return { ...paid, status: "active", cancelsOn: nextPeriod(paid).startsOn };
  return { ...paid, status: "ended", endedOn: cancelsOn, endReason: "canceled-with-refund" };
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
    ...contractOf(subscription),
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
  return { ...contractOf(subscription), status: "ended", endedOn: on, endReason };
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
