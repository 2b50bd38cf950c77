import { and, eq, isNull, sql } from "drizzle-orm";
import { consents } from "@/db/schema/consent";
import { CHARGE_HOUR, CONSENT_WINDOW_DAYS } from "@/lib/billing/policy";
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

/**
 * `isConsentFor` in SQL, for sums over many trials: whether the row `s` of subscriptions, in its free days, has a
 * consent that counts. Those days end on the anchor day.
 */
export const trialHasConsent = sql`exists (
  select from consents c
  where c.subscription_id = s.id and c.voided_at is null
    and c.changes_on = s.anchor_on and c.to_won >= s.amount_won
    and c.agreed_at >= (c.changes_on - ${CONSENT_WINDOW_DAYS}::int)::timestamp at time zone 'Asia/Seoul'
    and c.agreed_at < (c.changes_on + make_time(${CHARGE_HOUR}::int, 0, 0)) at time zone 'Asia/Seoul')`;

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
