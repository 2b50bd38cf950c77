import { eq } from "drizzle-orm";
import { anyOf } from "@/db/bulk";
import { db, type Tx } from "@/db/client";
import { consents } from "@/db/schema";

export type Consent = typeof consents.$inferSelect;

export async function insertConsent(tx: Tx, consent: typeof consents.$inferInsert): Promise<void> {
  await tx.insert(consents).values(consent).onConflictDoNothing();
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
