/**
 * The safety brake: before a sweep charges, what is due today is compared with what was predicted for today. A jump
 * means that data or code went wrong overnight, not that customers did; charging stops until a person has looked.
 *
 * With a factor of 2, a day predicted at 1,000 renewals is stopped at 2,001. Small numbers jump by nature, so nothing
 * is stopped below the floors. Without a prediction there is nothing to compare with, and nothing is stopped.
 */
import { formatDigits, formatWon, type Won } from "./money";
import { BRAKE } from "./policy";
import type { Stop } from "./stop";

export type Load = { readonly count: number; readonly amountWon: Won };

export type BrakePolicy = {
  readonly factor: number;
  readonly floorCount: number;
  readonly floorWon: number;
};

/** Whether a load is so small that it is never stopped, whatever was predicted. */
function isBelowBrake(load: Load, policy: BrakePolicy): boolean {
  return load.count <= policy.floorCount && load.amountWon <= policy.floorWon;
}

/** `today` is what was taken up today and what is due now; `predicted` what yesterday expected for all of today. */
export function decideBrake(
  today: Load,
  predicted: Load | null,
  policy: BrakePolicy = BRAKE,
): Stop | null {
  if (predicted === null || isBelowBrake(today, policy)) return null;
  const isTooMany = today.count > Math.max(policy.floorCount, predicted.count * policy.factor);
  const isTooMuch =
    today.amountWon > Math.max(policy.floorWon, predicted.amountWon * policy.factor);
  if (!isTooMany && !isTooMuch) return null;
  return {
    kind: "brake",
    reason: `due today ${words(today)}, predicted ${words(predicted)}`,
    resumesAt: null,
  };
}

function words(load: Load): string {
  return `${formatDigits(load.count)} (${formatWon(load.amountWon, "en")})`;
}
