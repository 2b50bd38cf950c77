import type { Deps } from "@/lib/deps";
import { checkBrake } from "./check-brake";
import { claimRenewals } from "./claim-renewals";

export type SweptBatches = {
  /** Ids of the attempts written, a list for each batch that has any. */
  readonly batches: readonly (readonly string[])[];
  /** Nothing more is due. */
  readonly isLast: boolean;
};

/**
 * Checks the brake and claims up to `batches` batches of `size`, all as of one instant: what falls due while it runs
 * was not compared, and is left to the next call.
 */
export async function sweepRenewals(
  deps: Pick<Deps, "clock" | "newId">,
  { size, batches }: { size: number; batches: number },
): Promise<SweptBatches> {
  const now = deps.clock.now();
  const asOfNow = { ...deps, clock: { now: () => now } };
  await checkBrake(asOfNow);
  const claimed: (readonly string[])[] = [];
  let isLast = false;
  for (let at = 0; at < batches && !isLast; at++) {
    const { chargeIds, taken } = await claimRenewals(asOfNow, size);
    if (chargeIds.length > 0) claimed.push(chargeIds);
    isLast = taken < size;
  }
  return { batches: claimed, isLast };
}
