import { cron } from "inngest";
import { inngest } from "@/inngest/client";
import { numberInvoices } from "@/lib/operations/invoice/number";

/** Every five minutes: gives paid invoices their numbers, apart from the run that collects them. */
export const numberInvoicesJob = inngest.createFunction(
  {
    id: "number-invoices",
    triggers: [cron("*/5 * * * *")],
    singleton: { mode: "skip" },
    retries: 2,
  },
  async ({ step }) => ({ numbered: await step.run("number", numberInvoices) }),
);
