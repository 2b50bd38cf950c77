import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { messagesBooked, sweepRequested } from "@/inngest/events";
import { deleteBillingKeys } from "@/lib/operations/card/delete-keys";
import { resumeRegistrations } from "@/lib/operations/card/resume-registrations";
import { expireCheckouts } from "@/lib/operations/checkout/expire";
import { bookReminders } from "@/lib/operations/message/book-reminders";
import { sendMessages } from "@/lib/operations/message/send";
import { forgetWebhooks } from "@/lib/operations/webhook/forget";

const BATCH = 100;

/** Every minute: finishes what browsers left behind, gives abandoned orders up, deletes unwanted keys, sends mail, forgets old webhooks. */
export const tidyUpJob = inngest.createFunction(
  {
    id: "tidy-up",
    triggers: [cron("* * * * *"), sweepRequested, messagesBooked],
    singleton: { mode: "skip" },
    retries: 2,
  },
  async ({ step }) => ({
    resumed: await step.run("resume-registrations", () => resumeRegistrations(deps(), BATCH)),
    expired: await step.run("expire-checkouts", () => expireCheckouts(deps(), BATCH)),
    deleted: await step.run("delete-billing-keys", () => deleteBillingKeys(deps(), BATCH)),
    reminded: await step.run("book-reminders", () => bookReminders(deps(), BATCH)),
    sent: await step.run("send-messages", () => sendMessages(deps(), BATCH)),
    forgotten: await step.run("forget-webhooks", () => forgetWebhooks(deps(), 1_000)),
  }),
);
