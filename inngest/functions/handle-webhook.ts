import { inngest } from "@/inngest/client";
import { webhookReceived } from "@/inngest/events";
import { deps } from "@/lib/deps";
import { handleWebhook as handle } from "@/lib/operations/handle-webhook";

/** A webhook is a hint to look: Toss is asked about the order it names, and its answer is what counts. */
export const handleWebhook = inngest.createFunction(
  { id: "handle-webhook", triggers: [webhookReceived], concurrency: { limit: 4 }, retries: 4 },
  async ({ event, step }) => ({
    result: await step.run("handle", () => handle(deps(), event.data.webhookId)),
  }),
);
