import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { sweepRequested } from "@/inngest/events";
import { settleRefunds } from "@/lib/operations/refund/settle";

const BATCH = 50;

/** Every minute: sends refunds that wait, and finds out what became of those whose answer was lost. */
export const settleRefundsJob = inngest.createFunction(
  {
    id: "settle-refunds",
    triggers: [cron("* * * * *"), sweepRequested],
    singleton: { mode: "skip" },
    retries: 2,
  },
  async ({ step }) => ({ looked: await step.run("settle", () => settleRefunds(deps(), BATCH)) }),
);
