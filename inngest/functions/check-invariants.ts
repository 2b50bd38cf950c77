import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { recordInvariants } from "@/lib/operations/ledger/record-invariants";

/** Every fifteen minutes: asks the database whether each law of money still holds. */
export const checkInvariantsJob = inngest.createFunction(
  {
    id: "check-invariants",
    triggers: [cron("*/15 * * * *")],
    singleton: { mode: "skip" },
    retries: 1,
  },
  async ({ step }) => {
    const broken: string[] = [];
    let left: readonly string[] | undefined;
    for (let at = 0; left === undefined || left.length > 0; at++) {
      const names: readonly string[] | undefined = left;
      const checked: Checked = await step.run(`check-${at}`, () => recordInvariants(deps(), names));
      broken.push(...checked.broken);
      left = checked.left;
    }
    return { broken };
  },
);

type Checked = { readonly broken: readonly string[]; readonly left: readonly string[] };
