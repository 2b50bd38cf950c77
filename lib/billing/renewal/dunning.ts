/**
 * After a failed charge: when to try again, and when to stop.
 *
 * A soft decline on 9 December is tried again on 10, 12, 14, 19 and 23 December at the charge hour; access lasts
 * through the grace days; after the last try the subscription ends unpaid. A hard decline is not tried again until
 * the card changes, and ends on the same last day. A try that our own standstill made late moves all that follow it by
 * as many days; the anchor day never moves.
 * Source: practice of Korean subscription services (one attempt a day at most, in office hours).
 */
import { addDays, type CalendarDate, daysBetween } from "@/lib/billing/calendar";
import type { DeclineClass } from "@/lib/billing/charge/charge";
import type { DeclineReason } from "@/lib/billing/charge/decline";

type TimesOfReason = Readonly<Partial<Record<DeclineReason, number>>>;

export type DunningPolicy = {
  /** Days after the due day on which a soft decline is tried again. */
  readonly retryDays: readonly number[];
  /** Access is kept through this day after the due day. */
  readonly graceDays: number;
  /** Unpaid this many days after the due day, the subscription ends. */
  readonly endsAfterDays: number;
  /** Reasons that read as soft but turn hard after this many refusals in a row. */
  readonly hardAfter: TimesOfReason;
  /** Reasons that read as soft but, after this many refusals, tell of our own contract and not of the customer. */
  readonly configAfter: TimesOfReason;
};

export const DUNNING: DunningPolicy = {
  retryDays: [1, 3, 5, 10, 14],
  graceDays: 5,
  endsAfterDays: 14,
  hardAfter: { refused: 3 },
  configAfter: { "amount-not-allowed": 2 },
};

export type DunningStep =
  | { readonly kind: "retry"; readonly on: CalendarDate }
  | { readonly kind: "wait-for-card"; readonly until: CalendarDate }
  | { readonly kind: "end" };

export type Failure = {
  readonly reason: DeclineReason;
  readonly declineClass: DeclineClass;
  readonly sameReasonInARow: number;
  /** Another card has taken the place of the one that failed, and was not asked yet. */
  readonly isReplaced?: boolean;
};

/** What a failure counts as, once it is known how often it came. */
export function classOfFailure(policy: DunningPolicy, failure: Failure): DeclineClass {
  const turned = (after: TimesOfReason) => {
    const times = after[failure.reason];
    return times !== undefined && failure.sameReasonInARow >= times;
  };
  if (turned(policy.configAfter)) return "config";
  return turned(policy.hardAfter) ? "hard" : failure.declineClass;
}

/**
 * What follows a failure seen `today` on an invoice due on `dueOn`. A retry always lies after `today`,
 * so that no invoice sees two automatic attempts on one Seoul day.
 */
export function nextDunningStep(
  policy: DunningPolicy,
  failure: Failure,
  { dueOn, today }: { readonly dueOn: CalendarDate; readonly today: CalendarDate },
): DunningStep {
  const overdueDays = daysBetween(dueOn, today);
  const declineClass = classOfFailure(policy, failure);
  // A fault of our own set-up is nobody's failed payment: the same invoice simply comes up again tomorrow.
  if (declineClass === "config") return { kind: "retry", on: addDays(today, 1) };
  // What the old card's bank said is no word about the new card.
  if (failure.isReplaced) return { kind: "retry", on: addDays(today, 1) };
  if (overdueDays >= policy.endsAfterDays) return { kind: "end" };
  if (declineClass === "hard")
    return { kind: "wait-for-card", until: addDays(dueOn, policy.endsAfterDays) };
  const nextDay = policy.retryDays.find((day) => day > overdueDays);
  return nextDay === undefined ? { kind: "end" } : { kind: "retry", on: addDays(dueOn, nextDay) };
}

/** The first day without access for an invoice that was due on `dueOn` and is still unpaid. */
export function accessEndsOn(policy: DunningPolicy, dueOn: CalendarDate): CalendarDate {
  return addDays(dueOn, policy.graceDays + 1);
}
