/**
 * What is saved with a contract for the sweep and the forecast: when it must be looked at, what is expected then, and
 * how much. It is computed here whenever a contract is saved, and never elsewhere.
 */
import { type CalendarDate, laterOf, seoulInstant } from "@/lib/billing/calendar";
import type { GivenConsent } from "@/lib/billing/consent/rise";
import { parseWon, type Won } from "@/lib/billing/money";
import { CHARGE_HOUR } from "@/lib/billing/policy";
import {
  type ConsentFacts,
  consentFactsOf,
  decideNextPeriod,
} from "@/lib/billing/renewal/next-period";
import { type Contract, nextPeriodOf, withoutWorth } from "./contract";
import { NO_CREDIT, nextTotalWon } from "./order";
import { type PauseLimits, resumesOn } from "./pause";
import type { Subscription } from "./subscription";

export type Expectation = {
  /** Null when nothing is booked, or a charge is under way. */
  readonly nextActionAt: Date | null;
  readonly expects: "charge" | "end" | null;
  /** The total before credit of what is expected to be charged. */
  readonly expectedWon: Won;
  /** The first day that is not paid for once it is charged; null where nothing is. */
  readonly paysTo: CalendarDate | null;
};

/** Where the next period's invoice stands. Past due, `nextTryOn` is null when only another card can help. */
export type Collection =
  | { readonly stage: "not-begun" }
  /** A change is waiting for its money, and the renewal waits for it. */
  | { readonly stage: "waits-for-change" }
  | { readonly stage: "collecting"; readonly totalWon: Won }
  | {
      readonly stage: "past-due";
      readonly totalWon: Won;
      readonly nextTryOn: CalendarDate | null;
      readonly endsUnpaidOn: CalendarDate;
    };

export type ExpectationFacts = {
  readonly collection: Collection;
  readonly consent: ConsentFacts;
  readonly limits: PauseLimits;
  /** The first day on which it may be charged again: a contract pays one period a day. */
  readonly notBefore: CalendarDate | null;
};

export function expectationOf(contract: Contract, facts: ExpectationFacts): Expectation {
  const { collection, consent, limits, notBefore } = facts;
  const expectCharge = (nextActionAt: Date | null, expectedWon: Won): Expectation => ({
    nextActionAt,
    expects: "charge",
    expectedWon,
    paysTo: nextPeriodOf(contract).period.endsOn,
  });
  if (collection.stage === "collecting") return expectCharge(null, collection.totalWon);
  if (contract.cancelsOn !== null) return expectEnd(seoulInstant(contract.cancelsOn, 0));
  if (contract.pausedOn !== null) {
    const on = resumesOn(contract, limits);
    return { ...NOTHING_EXPECTED, nextActionAt: on === null ? null : seoulInstant(on, 0) };
  }
  const atChargeHour = (day: CalendarDate) =>
    seoulInstant(notBefore === null ? day : laterOf(day, notBefore), CHARGE_HOUR);
  if (collection.stage === "past-due") {
    const { nextTryOn, endsUnpaidOn, totalWon } = collection;
    return nextTryOn === null
      ? expectEnd(atChargeHour(endsUnpaidOn))
      : expectCharge(atChargeHour(nextTryOn), totalWon);
  }
  const step = decideNextPeriod(contract, NO_CREDIT, consent);
  const nextActionAt =
    collection.stage === "waits-for-change" ? null : atChargeHour(contract.paidTo);
  return step.kind === "end"
    ? expectEnd(nextActionAt)
    : expectCharge(nextActionAt, step.order.due.totalWon);
}

export type SaveFacts = {
  /** All consents on record for it. */
  readonly consents: readonly GivenConsent[];
  /** A charge for it is open: the outcome books what comes next. */
  readonly isCollecting: boolean;
  /** The first day on which it may be charged again: a contract pays one period a day. */
  readonly notBefore: CalendarDate | null;
  /** It is not looked at earlier, though it may be due. */
  readonly lookAt: Date | null;
};

/** What is saved with a subscription in any state. */
export function expectationOfSubscription(
  subscription: Subscription,
  { consents, isCollecting, notBefore, lookAt }: SaveFacts,
): Expectation {
  if (subscription.status === "incomplete" || subscription.status === "ended")
    return NOTHING_EXPECTED;
  const expected = expectationOf(withoutWorth(subscription), {
    collection: collectionOf(subscription, isCollecting),
    consent: consentFactsOf(subscription, consents),
    limits: { maximumDays: null, perYear: null },
    notBefore,
  });
  const { nextActionAt } = expected;
  return nextActionAt !== null && lookAt !== null && nextActionAt < lookAt
    ? { ...expected, nextActionAt: lookAt }
    : expected;
}

/** What is expected, without the instant. */
export type Expected = Pick<Expectation, "expects" | "expectedWon">;

/** Whether what was saved with a contract is what the rules say, so that forecast, pages and charge agree. */
export function isSameExpected(saved: Expected, decided: Expected): boolean {
  return saved.expects === decided.expects && saved.expectedWon === decided.expectedWon;
}

function collectionOf(
  subscription: Exclude<Subscription, { status: "incomplete" | "ended" }>,
  isCollecting: boolean,
): Collection {
  const { status } = subscription;
  switch (status) {
    case "trialing":
    case "active":
      if (isCollecting) return { stage: "collecting", totalWon: nextTotalWon(subscription) };
      return { stage: "not-begun" };
    case "past-due": {
      const totalWon = nextTotalWon(subscription);
      const { nextTryOn, endsUnpaidOn } = subscription;
      return isCollecting
        ? { stage: "collecting", totalWon }
        : { stage: "past-due", totalWon, nextTryOn, endsUnpaidOn };
    }
    default:
      throw new Error(`A subscription has the unknown status ${status satisfies never}`);
  }
}

/** What opens a period is unique by this, void invoices left out. */
export function periodKey(subscriptionId: string, contract: Contract): string {
  const { cycle, n } = nextPeriodOf(contract);
  return `${subscriptionId}/${cycle}/${n}`;
}

/** Of a contract that is over, not begun, or paused. */
export const NOTHING_EXPECTED: Expectation = {
  nextActionAt: null,
  expects: null,
  expectedWon: parseWon(0),
  paysTo: null,
};

function expectEnd(nextActionAt: Date | null): Expectation {
  return { ...NOTHING_EXPECTED, nextActionAt, expects: "end" };
}
