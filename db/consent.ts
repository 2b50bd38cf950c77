import { and, eq, isNull } from "drizzle-orm";
import { consents } from "@/db/schema/consent";
import { anyOf } from "./bulk";
import { db, type Tx } from "./client";

export type Consent = typeof consents.$inferSelect;

/** Stores a consent; false when the same one is on record and still counts. */
export async function insertConsent(
  tx: Tx,
  consent: typeof consents.$inferInsert,
): Promise<boolean> {
  const rows = await tx.insert(consents).values(consent).onConflictDoNothing().returning();
  return rows.length > 0;
}

/** Makes all consents of a subscription count no more; they stay as evidence of what was agreed to and when. */
export async function voidConsents(tx: Tx, subscriptionId: string, now: Date): Promise<void> {
  await tx
    .update(consents)
    .set({ voidedAt: now })
    .where(and(eq(consents.subscriptionId, subscriptionId), isNull(consents.voidedAt)));
}

export async function listConsents(
  tx: Tx,
  subscriptionIds: readonly string[],
): Promise<readonly Consent[]> {
  if (subscriptionIds.length === 0) return [];
  return tx.select().from(consents).where(anyOf(consents.subscriptionId, subscriptionIds));
}

export async function listConsentsOf(subscriptionId: string): Promise<readonly Consent[]> {
  return db().select().from(consents).where(eq(consents.subscriptionId, subscriptionId));
}
