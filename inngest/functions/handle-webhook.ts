import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { webhookReceived } from "@/inngest/events";
import { handleWaitingWebhooks, handleWebhook } from "@/lib/operations/webhook/handle";

const BATCH = 50;

/**
 * A webhook is a hint to look: Toss is asked about what it names, and its answer is what counts. Every five minutes
 * those are looked at whose own hint was lost, or whose outcome was open.
 */
export const handleWebhookJob = inngest.createFunction(
  {
    id: "handle-webhook",
    triggers: [webhookReceived, cron("*/5 * * * *")],
    concurrency: { limit: 4 },
    retries: 4,
  },
  async ({ event, step }) => {
    if (event.name !== webhookReceived.name)
      return {
        waiting: await step.run("handle-waiting", () => handleWaitingWebhooks(deps(), BATCH)),
      };
    const { webhookId } = event.data;
    return { result: await step.run("handle", () => handleWebhook(deps(), webhookId)) };
  },
);
