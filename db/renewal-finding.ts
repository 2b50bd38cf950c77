import { and, asc, eq, isNull } from "drizzle-orm";
import { accountMembers, users } from "@/db/schema/account";
import { renewalFindings } from "@/db/schema/renewal";
import { subscriptions } from "@/db/schema/subscription";
import { isOwnerOf } from "./account";
import { anyOf } from "./bulk";
import { db, type Tx } from "./client";

export type RenewalFinding = typeof renewalFindings.$inferSelect;

/** Stores findings and books nothing for their contracts; one that is open already stays as it is. */
export async function insertRenewalFindings(
  tx: Tx,
  findings: readonly (typeof renewalFindings.$inferInsert)[],
): Promise<readonly string[]> {
  if (findings.length === 0) return [];
  const inserted = await tx
    .insert(renewalFindings)
    .values([...findings])
    .onConflictDoNothing()
    .returning({ id: renewalFindings.id });
  const ids = findings.map(({ subscriptionId }) => subscriptionId);
  await tx.update(subscriptions).set({ nextActionAt: null }).where(anyOf(subscriptions.id, ids));
  return inserted.map(({ id }) => id);
}

/** Findings that nobody has looked at yet, oldest first, with the person whose contract it is. */
export async function listOpenRenewalFindings(limit: number) {
  return db()
    .select({ finding: renewalFindings, customer: users.email })
    .from(renewalFindings)
    .innerJoin(subscriptions, eq(subscriptions.id, renewalFindings.subscriptionId))
    .innerJoin(accountMembers, isOwnerOf(subscriptions.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .where(isNull(renewalFindings.resolvedAt))
    .orderBy(asc(renewalFindings.foundAt), asc(renewalFindings.id))
    .limit(limit);
}

/** Whose contract a finding is about; null when there is no such finding. */
export async function findSubscriptionOfFinding(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx
    .select({ subscriptionId: renewalFindings.subscriptionId })
    .from(renewalFindings)
    .where(eq(renewalFindings.id, id));
  return row?.subscriptionId ?? null;
}

/** Closes a finding that is open; null when it is not there, or closed already. */
export async function closeRenewalFinding(
  tx: Tx,
  id: string,
  end: { readonly resolvedAt: Date; readonly resolvedBy: string; readonly note: string },
): Promise<RenewalFinding | null> {
  const [row] = await tx
    .update(renewalFindings)
    .set(end)
    .where(and(eq(renewalFindings.id, id), isNull(renewalFindings.resolvedAt)))
    .returning();
  return row ?? null;
}
