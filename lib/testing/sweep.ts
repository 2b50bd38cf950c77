import type { Deps } from "@/lib/deps";
import { claimRenewals } from "@/lib/operations/claim-renewals";
import { collectCharges } from "@/lib/operations/collect-charges";

/** As the job functions do it: batches of 200, four of them at once. */
const BATCH = 200;
const RUNS_AT_ONCE = 4;

/** Claims and charges all that is due, as the job functions do, without an engine between. */
export async function sweep(
  deps: Pick<Deps, "clock" | "newId" | "toss" | "vault" | "pace" | "wait">,
): Promise<void> {
  const running = new Set<Promise<void>>();
  for (;;) {
    const { chargeIds, taken } = await claimRenewals(deps, BATCH);
    const run = collectCharges(deps, chargeIds).finally(() => running.delete(run));
    running.add(run);
    if (running.size >= RUNS_AT_ONCE) await Promise.race(running);
    if (taken < BATCH) break;
  }
  await Promise.all(running);
}
