import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { sweepRequested } from "@/inngest/events";
import { settleCharges } from "@/lib/operations/charge/settle";

const BATCH = 50;

/** Every minute: finds out what became of charges whose answer was lost or whose worker died. */
export const settleChargesJob = inngest.createFunction(
  {
    id: "settle-charges",
    triggers: [cron("* * * * *"), sweepRequested],
    singleton: { mode: "skip" },
    retries: 2,
  },
  async ({ step }) => ({ looked: await step.run("settle", () => settleCharges(deps(), BATCH)) }),
);
