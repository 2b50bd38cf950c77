import { collectCharges } from "@/lib/operations/charge/collect";
import { sweepRenewals } from "@/lib/operations/renewal/sweep";
import type { Deps } from "@/lib/runtime/deps";

/** As the job functions do it: batches of 200, five claimed together, four charged at once. */
const BATCH = 200;
const BATCHES = 5;
const RUNS_AT_ONCE = 4;

/** Claims and charges all that is due, as the job functions do, without an engine between. */
export async function sweep(deps: Deps): Promise<void> {
  const running = new Set<Promise<void>>();
  let goesOnTo: Date | null = null;
  do {
    const swept = await sweepRenewals(deps, { size: BATCH, batches: BATCHES, goesOnTo });
    for (const chargeIds of swept.batches) {
      const run = collectCharges(deps, chargeIds).finally(() => running.delete(run));
      running.add(run);
      if (running.size >= RUNS_AT_ONCE) await Promise.race(running);
    }
    goesOnTo = swept.goesOnTo;
  } while (goesOnTo !== null);
  await Promise.all(running);
}
