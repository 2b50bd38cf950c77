import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { chargesRequested } from "@/inngest/events";
import { collectCharges } from "@/lib/operations/charge/collect";

/** Charges one batch. A declined card is a result, not a failure; a batch that dies is found by `settle-charges`. */
export const collectChargesJob = inngest.createFunction(
  {
    id: "collect-charges",
    triggers: [chargesRequested],
    concurrency: { limit: 4 },
    retries: 2,
  },
  async ({ event }) => {
    await collectCharges(deps(), event.data.chargeIds);
    return { attempts: event.data.chargeIds.length };
  },
);
