import { cron } from "inngest";
import { inngest } from "@/inngest/client";
import { deps } from "@/lib/deps";
import { checkInvariant, listInvariantNames } from "@/lib/operations/check-invariants";

/** Every fifteen minutes: asks the database whether each law of money still holds. */
export const checkInvariants = inngest.createFunction(
  {
    id: "check-invariants",
    triggers: [cron("*/15 * * * *")],
    singleton: { mode: "skip" },
    retries: 1,
  },
  async ({ step }) => {
    const names = await step.run("list", async () => listInvariantNames());
    const broken: string[] = [];
    for (const name of names) {
      const { ok } = await step.run(name, () => checkInvariant(deps(), name));
      if (!ok) broken.push(name);
    }
    return { broken };
  },
);
