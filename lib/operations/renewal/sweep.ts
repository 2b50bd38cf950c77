import type { WithProvider } from "@/lib/runtime/deps";
import { applyBrake } from "./apply-brake";
import { claimRenewals } from "./claim";

export type SweptBatches = {
  /** Ids of the attempts written, a list for each batch that has any. */
  readonly batches: readonly (readonly string[])[];
  /** Up to when the sweep is to go on; null when all that was due by then is taken up. */
  readonly goesOnTo: Date | null;
};

/**
 * Begins a sweep by checking the brake, or goes on with one (`goesOnTo` of the call before); claims up to `batches`
 * batches of `size`. A sweep takes up what was due when the brake was checked: what falls due later was not compared,
 * and is left to the next sweep.
 */
export async function sweepRenewals(
  deps: WithProvider,
  { size, batches, goesOnTo }: { size: number; batches: number; goesOnTo: Date | null },
): Promise<SweptBatches> {
  const dueBy = goesOnTo ?? deps.clock.now();
  if (goesOnTo === null) await applyBrake(deps);
  const claimed: (readonly string[])[] = [];
  for (let at = 0; at < batches; at++) {
    const { chargeIds, taken } = await claimRenewals(deps, size, dueBy);
    if (chargeIds.length > 0) claimed.push(chargeIds);
    if (taken < size) return { batches: claimed, goesOnTo: null };
  }
  return { batches: claimed, goesOnTo: dueBy };
}
