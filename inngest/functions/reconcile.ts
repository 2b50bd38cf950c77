import { cron, NonRetriableError, StepError } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { listDaysToReconcile, reconcileDay } from "@/lib/operations/reconciliation/reconcile";

/** At 08:00 in Seoul: compares yesterday, the days before it and those with open findings with Toss's list. */
export const reconcileJob = inngest.createFunction(
  {
    id: "reconcile",
    triggers: [cron("TZ=Asia/Seoul 0 8 * * *")],
    singleton: { mode: "skip" },
    retries: 4,
  },
  async ({ step }) => {
    const days = await step.run("list-days", () => listDaysToReconcile(deps()));
    const results: Record<string, number> = {};
    const unread: string[] = [];
    for (const day of days) {
      try {
        results[day] = await step.run(`compare-${day}`, async () => {
          const result = await reconcileDay(deps(), day);
          if (result.kind === "failed") throw new Error(`Toss's list of ${day}: ${result.reason}`);
          return result.unexplainedWon;
        });
      } catch (fault) {
        // A day that Toss cannot list, tried often enough, must not keep the others from being compared.
        if (!(fault instanceof StepError)) throw fault;
        unread.push(day);
      }
    }
    if (unread.length > 0) throw new NonRetriableError(`Toss's list of ${unread.join(", ")}`);
    return { unexplainedWon: results };
  },
);
