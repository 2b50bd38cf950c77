import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { chargesRequested, sweepRequested } from "@/inngest/events";
import { sweepRenewals } from "@/lib/operations/renewal/sweep";

/** A run charges a batch: one job server starts tens of runs a second, and a batch is many charges. */
const BATCH = 200;
const BATCHES_PER_STEP = 5;
/** A run ends after this many steps; the next tick goes on. The job engine allows 1,000. */
const MAX_STEPS = 200;

/** Every five minutes: takes up what is due and the brake lets through, and hands it out in batches. What is lost stays due. */
export const sweepRenewalsJob = inngest.createFunction(
  {
    id: "sweep-renewals",
    triggers: [cron("*/5 * * * *"), sweepRequested],
    singleton: { mode: "skip" },
    retries: 2,
  },
  async ({ step }) => {
    let claimed = 0;
    let goesOnTo: string | null = null;
    for (let at = 0; at < MAX_STEPS; at++) {
      const from: string | null = goesOnTo;
      const handed: HandedOut = await step.run(`hand-out-${at}`, () => handOut(from));
      claimed += handed.count;
      goesOnTo = handed.goesOnTo;
      if (goesOnTo === null) break;
    }
    return { claimed };
  },
);

type HandedOut = { readonly count: number; readonly goesOnTo: string | null };

async function handOut(goesOnTo: string | null): Promise<HandedOut> {
  const swept = await sweepRenewals(deps(), {
    size: BATCH,
    batches: BATCHES_PER_STEP,
    goesOnTo: goesOnTo === null ? null : new Date(goesOnTo),
  });
  await deps().hint(
    swept.batches.map((chargeIds) => ({
      name: chargesRequested.name,
      id: `charges:${chargeIds[0]}`,
      data: { chargeIds },
    })),
  );
  return { count: swept.batches.flat().length, goesOnTo: swept.goesOnTo?.toISOString() ?? null };
}
