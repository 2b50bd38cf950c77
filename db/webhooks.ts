import { and, eq, isNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { charges, webhookEvents } from "@/db/schema";

export type WebhookEvent = typeof webhookEvents.$inferSelect;

/** Stores a webhook as it came; false when the same one was stored before. */
export async function insertWebhook(
  tx: Tx,
  event: typeof webhookEvents.$inferInsert,
): Promise<boolean> {
  const rows = await tx
    .insert(webhookEvents)
    .values(event)
    .onConflictDoNothing()
    .returning({ id: webhookEvents.id });
  return rows.length > 0;
}

export async function findWebhook(id: string): Promise<WebhookEvent | null> {
  const [row] = await db().select().from(webhookEvents).where(eq(webhookEvents.id, id));
  return row ?? null;
}

export async function markWebhookHandled(
  tx: Tx,
  id: string,
  result: string,
  now: Date,
): Promise<void> {
  await tx
    .update(webhookEvents)
    .set({ handledAt: now, result })
    .where(and(eq(webhookEvents.id, id), isNull(webhookEvents.handledAt)));
}

export async function findChargeIdByOrder(orderId: string): Promise<string | null> {
  const [row] = await db()
    .select({ id: charges.id })
    .from(charges)
    .where(eq(charges.orderId, orderId));
  return row?.id ?? null;
}
