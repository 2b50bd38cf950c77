/**
 * The safety brake: before a sweep charges, what is due today is compared with what was predicted for today. A jump
 * means that data or code went wrong overnight, not that customers did; charging stops until an operator has looked.
 *
 * With a factor of 2, a day predicted at 1,000 renewals is stopped at 2,001. Small numbers jump by nature, so nothing
 * is stopped below the floors. After a long standstill there is no prediction, and customers who heard nothing for
 * weeks would pay twice in two days: such a day waits for an operator, and so do periods that are already over.
 */

import type { Stop } from "@/lib/billing/charge/stop";
import { formatDigits, formatWon, type Won } from "@/lib/billing/money";
import { BRAKE } from "@/lib/billing/policy";

export type Load = { readonly count: number; readonly amountWon: Won };

type Floor = { readonly count: number; readonly won: number };

export type BrakePolicy = {
  readonly factor: number;
  /** A day up to both is never stopped for its size. */
  readonly floor: Floor;
  /** Up to both, periods that are already over are charged without an operator. */
  readonly overFloor: Floor;
};

export type DayToCharge = {
  /** What was taken up today and what is due now. */
  readonly due: Load;
  /** What an earlier evening expected for all of today; null when no evening did. */
  readonly predicted: Load | null;
  /** Whether the jobs ran here before today, so that a forecast should be there. */
  readonly isForecastExpected: boolean;
  /** What is due now for periods whose last day is over, unless an operator has released it since. */
  readonly over: Load;
};

/** Why the day is not charged yet; null when it may be. */
export function decideBrake(day: DayToCharge, policy: BrakePolicy = BRAKE): Stop | null {
  const { due, predicted, isForecastExpected, over } = day;
  const isOver = isAbove(over, policy.overFloor);
  const isUnforeseen = predicted === null && isForecastExpected && isAbove(due, policy.floor);
  const isJump = predicted !== null && isFarAbove(due, predicted, policy);
  if (!isOver && !isUnforeseen && !isJump) return null;
  const words = [
    `due today ${inWords(due)}`,
    predicted ? `predicted ${inWords(predicted)}` : "no forecast",
    ...(over.count > 0 ? [`for periods already over ${inWords(over)}`] : []),
  ];
  return { kind: "brake", reason: words.join(", "), resumesAt: null };
}

function isAbove(load: Load, floor: Floor): boolean {
  return load.count > floor.count || load.amountWon > floor.won;
}

function isFarAbove(due: Load, predicted: Load, { factor, floor }: BrakePolicy): boolean {
  return (
    due.count > Math.max(floor.count, predicted.count * factor) ||
    due.amountWon > Math.max(floor.won, predicted.amountWon * factor)
  );
}

function inWords(load: Load): string {
  return `${formatDigits(load.count)} (${formatWon(load.amountWon, "en")})`;
}
