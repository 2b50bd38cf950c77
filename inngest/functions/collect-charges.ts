import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { chargesRequested } from "@/inngest/events";
import { collectCharges as collect } from "@/lib/operations/charge/collect";

/** Charges one batch. A declined card is a result, not a failure; a batch that dies is found by `settle-charges`. */
export const collectCharges = inngest.createFunction(
  {
    id: "collect-charges",
    triggers: [chargesRequested],
    concurrency: { limit: 4 },
    retries: 2,
  },
  async ({ event }) => {
    await collect(deps(), event.data.chargeIds);
    return { attempts: event.data.chargeIds.length };
  },
);
