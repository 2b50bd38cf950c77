/** Each event once. Events carry ids only: they are hints to look, and Postgres says what is true. */
import { eventType } from "inngest";
import { z } from "zod";

/** Something may be due: look now instead of at the next tick. */
export const sweepRequested = eventType("billing/sweep.requested", { schema: z.object({}) });

/** These attempts are written and wait to be sent to Toss. */
export const chargesRequested = eventType("billing/charges.requested", {
  schema: z.object({ chargeIds: z.array(z.string()).min(1).max(500) }),
});

/** A webhook was stored. */
export const webhookReceived = eventType("toss/webhook.received", {
  schema: z.object({ webhookId: z.string() }),
});

/** A message waits whose reader waits too: a link to set a new password. */
export const messagesBooked = eventType("mail/messages.booked", { schema: z.object({}) });
