/**
 * What stops a contract: a pause, and an end booked for the day up to which it is paid.
 */
import {
  addDays,
  addMonths,
  type CalendarDate,
  daysBetween,
  laterOf,
} from "@/lib/billing/calendar";
import { type Agreement, type Contract, isUnbegun, type RenewalStage } from "./contract";
import { cutBefore, type Segment } from "./segment";

export type PauseRefusal = {
  readonly code:
    | "paused"
    | "end-booked"
    | "not-paused"
    | "no-end-booked"
    /** Free days before the first payment keep their end. */
    | "trial"
    /** The next period is being collected or is past due: it comes first. */
    | "due"
    /** The contract had all the pauses its policy allows. */
    | "pause-limit";
};

/** `null` sets no limit. */
export type PauseLimits = {
  /** The contract is resumed after so many days. */
  readonly maximumDays: number | null;
  readonly perYear: number | null;
};

export type PauseFacts = {
  readonly renewal: RenewalStage;
  readonly limits: PauseLimits;
  /** First days of earlier pauses. */
  readonly earlier: readonly CalendarDate[];
};

const NOTHING_LIMITED: PauseFacts = {
  renewal: "not-begun",
  limits: { maximumDays: null, perYear: null },
  earlier: [],
};

/**
 * `day` is the first day without use. Each segment keeps what it is worth and the rest of its days. On a renewal day
 * that is not begun no period begins, and nothing is owed.
 */
export function pause(
  contract: Contract,
  day: CalendarDate,
  { renewal, limits, earlier }: PauseFacts = NOTHING_LIMITED,
): Contract | PauseRefusal {
  if (contract.pausedOn !== null) return { code: "paused" };
  if (contract.cancelsOn !== null) return { code: "end-booked" };
  if (renewal !== "not-begun" || contract.paidTo < day) return { code: "due" };
  if (isUnbegun(contract)) return { code: "trial" };
  const inYear = earlier.filter((began) => began > addMonths(day, -12)).length;
  if (limits.perYear !== null && inYear >= limits.perYear) return { code: "pause-limit" };
  return { ...contract, segments: pauseSegments(contract.segments, day), pausedOn: day };
}

/** Free days behind the paid ones have not begun, and stay behind them. */
export function pauseSegments(segments: readonly Segment[], day: CalendarDate): readonly Segment[] {
  return segments.map((segment) => (segment.startsOn > day ? segment : cutBefore(segment, day)));
}

export function resumeSegments(
  segments: readonly Segment[],
  pausedDays: number,
): readonly Segment[] {
  return segments.map((segment) => ({
    ...segment,
    startsOn: addDays(segment.startsOn, pausedDays),
  }));
}

/**
 * `day` is the first day of use again. With 18 days left when it began, a pause until 5 April moves the end, and with
 * it the anchor, to 23 April. A pause that ends on the day it began moves nothing.
 */
export function resume(contract: Contract, day: CalendarDate): Contract | PauseRefusal {
  if (contract.pausedOn === null) return { code: "not-paused" };
  const pausedDays = daysBetween(contract.pausedOn, day);
  const paidTo = addDays(contract.paidTo, pausedDays);
  const segments = resumeSegments(contract.segments, pausedDays);
  const resumed = { ...contract, segments, pausedOn: null };
  if (paidTo === contract.paidTo) return resumed;
  return {
    ...resumed,
    paidTo,
    terms: { ...contract.terms, anchorOn: paidTo },
    cycle: contract.cycle + 1,
    n: 0,
  };
}

/** The day on which a pause ends by itself; null while there is none, or no limit. */
export function resumesOn(
  { pausedOn }: Agreement,
  { maximumDays }: PauseLimits,
): CalendarDate | null {
  return pausedOn === null || maximumDays === null ? null : addDays(pausedOn, maximumDays);
}

/**
 * Books the end of what is paid for: on the day itself where nothing is, and the open invoice is void. A paused contract
 * resumes on the day of the cancel and uses the rest of its days.
 */
export function cancelAtEnd(contract: Contract, day: CalendarDate): Contract {
  const running = contract.pausedOn === null ? contract : resume(contract, day);
  if ("code" in running) return contract;
  return { ...running, cancelsOn: laterOf(running.paidTo, day) };
}

/** Takes a booked end back, until its day. What was resumed by the cancel goes on from there. */
export function undoEnd(contract: Contract, day: CalendarDate): Contract | PauseRefusal {
  if (contract.cancelsOn === null || contract.cancelsOn <= day) return { code: "no-end-booked" };
  return { ...contract, cancelsOn: null };
}
