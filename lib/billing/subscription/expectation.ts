/**
 * What is saved with a contract for the sweep and the forecast: when it must be looked at, what is expected then, and
 * how much. It is computed here whenever a contract is saved, and never elsewhere.
 */
import { type CalendarDate, laterOf, seoulInstant } from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";
import { CHARGE_HOUR } from "@/lib/billing/policy";
import { type ConsentFacts, decideNextPeriod } from "@/lib/billing/renewal/next-period";
import { type Contract, nextPeriodOf } from "./contract";
import { NO_CREDIT } from "./order";
import { type PauseLimits, resumesOn } from "./pause";

export type Expectation = {
  /** Null when nothing is booked, or a charge is under way. */
  readonly nextActionAt: Date | null;
  readonly expects: "charge" | "end" | null;
  /** The total before credit of what is expected to be charged. */
  readonly expectedWon: Won;
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
  if (collection.stage === "collecting")
    return { nextActionAt: null, expects: "charge", expectedWon: collection.totalWon };
  if (contract.endsOn !== null) return expectEnd(seoulInstant(contract.endsOn, 0));
  if (contract.pausedOn !== null) {
    const on = resumesOn(contract, limits);
    const nextActionAt = on === null ? null : seoulInstant(on, 0);
    return { nextActionAt, expects: null, expectedWon: parseWon(0) };
  }
  if (collection.stage === "past-due") {
    const { nextTryOn, endsUnpaidOn, totalWon } = collection;
    return nextTryOn === null
      ? expectEnd(atChargeHour(endsUnpaidOn))
      : { nextActionAt: atChargeHour(nextTryOn), expects: "charge", expectedWon: totalWon };
  }
  const on = notBefore === null ? contract.paidTo : laterOf(contract.paidTo, notBefore);
  const step = decideNextPeriod(contract, NO_CREDIT, consent);
  const nextActionAt = collection.stage === "waits-for-change" ? null : atChargeHour(on);
  if (step.kind === "end") return expectEnd(nextActionAt);
  return {
    nextActionAt,
    expects: "charge",
    expectedWon: step.order.due.totalWon,
  };
}

/** What opens a period is unique by this, void invoices left out. */
export function periodKey(subscriptionId: string, contract: Contract): string {
  const { cycle, n } = nextPeriodOf(contract);
  return `${subscriptionId}/${cycle}/${n}`;
}

function expectEnd(nextActionAt: Date | null): Expectation {
  return { nextActionAt, expects: "end", expectedWon: parseWon(0) };
}

function atChargeHour(day: CalendarDate): Date {
  return seoulInstant(day, CHARGE_HOUR);
}
