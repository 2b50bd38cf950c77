import { and, asc, eq, gt, isNotNull, sql } from "drizzle-orm";
import { accountMembers } from "@/db/schema/account";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { refunds } from "@/db/schema/refund";
import { subscriptions } from "@/db/schema/subscription";
import type { Lease } from "@/lib/billing/lease";
import type { Won } from "@/lib/billing/money";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import { isOwnerOf } from "./account";
import { isOutcomeOpen } from "./charge";
import { db, type Tx } from "./client";
import { isAnyDue, nextDueAt, type Queue, takeDue, takeOne } from "./queue";
import { parseSubscriptions } from "./subscription";

export type Refund = typeof refunds.$inferSelect;
export type NewRefund = typeof refunds.$inferInsert;
type Charge = typeof charges.$inferSelect;

/** As with charges: no time once the outcome is known, nor while a person is waited for. */
const TO_SETTLE: Queue<typeof refunds> = {
  table: refunds,
  dueAt: "settleAt",
  tries: "settleTries",
  leasedUntil: "leasedUntil",
};

/** A refund held together with its charge: nobody else moves money on that charge meanwhile. */
export type LockedRefund = LockedCharge & { readonly refund: Refund };

export type LockedCharge = {
  readonly charge: Charge;
  readonly title: string;
  readonly userId: string;
  /** What the audit trail files it under: the subscription, or the invoice of a thing sold once. */
  readonly subjectId: string;
};

export async function findRefundByRequest(tx: Tx, requestId: string): Promise<Refund | null> {
  const [row] = await tx.select().from(refunds).where(eq(refunds.requestId, requestId));
  return row ?? null;
}

export async function findRefund(id: string): Promise<Refund | null> {
  const [row] = await db().select().from(refunds).where(eq(refunds.id, id));
  return row ?? null;
}

/** A payment attempt and the subscription it is for, as they stand; null when there is no such attempt. */
export async function findPaymentAttempt(
  chargeId: string,
): Promise<{ charge: Charge; subscription: Subscription | null } | null> {
  const [row] = await db()
    .select({ charge: charges, subscription: subscriptions })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(eq(charges.id, chargeId));
  if (!row) return null;
  const contracts = await parseSubscriptions(db(), [row.subscription]);
  return { charge: row.charge, subscription: contracts.get(row.subscription?.id ?? "") ?? null };
}

/** Takes a charge, so that what is refunded of it stands still; null when there is none. */
export async function lockRefundableCharge(
  tx: Tx,
  by: { readonly id: string } | { readonly paymentKey: string },
): Promise<LockedCharge | null> {
  const [row] = await tx
    .select({
      charge: charges,
      title: invoices.title,
      userId: accountMembers.userId,
      subjectId: sql<string>`coalesce(${invoices.subscriptionId}, ${invoices.id})`,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(accountMembers, isOwnerOf(charges.accountId))
    .where("id" in by ? eq(charges.id, by.id) : eq(charges.paymentKey, by.paymentKey))
    .for("update", { of: charges });
  return row ?? null;
}

/** Sets the amount aside on an approved charge; false when less than that is left. */
export async function reserveRefund(tx: Tx, chargeId: string, amountWon: Won): Promise<boolean> {
  const rows = await tx
    .update(charges)
    .set({ refundedWon: sql`${charges.refundedWon} + ${amountWon}` })
    .where(
      and(
        eq(charges.id, chargeId),
        eq(charges.status, "approved"),
        sql`${charges.refundedWon} + ${amountWon} <= ${charges.amountWon}`,
      ),
    )
    .returning({ id: charges.id });
  return rows.length > 0;
}

/** Gives back what was set aside. */
export async function releaseRefund(tx: Tx, chargeId: string, amountWon: Won): Promise<void> {
  await tx
    .update(charges)
    .set({ refundedWon: sql`${charges.refundedWon} - ${amountWon}` })
    .where(eq(charges.id, chargeId));
}

export async function insertRefund(tx: Tx, refund: NewRefund): Promise<Refund> {
  const [row] = await tx.insert(refunds).values(refund).returning();
  if (!row) throw new Error(`Refund ${refund.id} was not inserted`);
  return row;
}

/** Takes a refund and, before it, its charge: the order everybody takes them in. Null when there is none. */
export async function lockRefund(tx: Tx, id: string): Promise<LockedRefund | null> {
  const [named] = await tx
    .select({ chargeId: refunds.chargeId })
    .from(refunds)
    .where(eq(refunds.id, id));
  const held = named && (await lockRefundableCharge(tx, { id: named.chargeId }));
  const [refund] = await tx.select().from(refunds).where(eq(refunds.id, id)).for("update");
  return held && refund ? { ...held, refund } : null;
}

/** All refunds of a charge, oldest first. */
export async function listRefunds(tx: Tx, chargeId: string): Promise<readonly Refund[]> {
  return tx
    .select()
    .from(refunds)
    .where(eq(refunds.chargeId, chargeId))
    .orderBy(asc(refunds.createdAt), asc(refunds.id));
}

/** Writes new facts onto a refund the transaction holds locked. */
export async function saveRefund(
  tx: Tx,
  id: string,
  facts: Partial<Omit<Refund, "id" | "chargeId" | "accountId" | "requestId" | "amountWon">>,
): Promise<void> {
  await tx.update(refunds).set(facts).where(eq(refunds.id, id));
}

/** Takes open refunds whose time to be looked at has come, leaving those that another settler holds. */
export async function takeRefundsToSettle(
  tx: Tx,
  at: Lease,
  limit: number,
): Promise<readonly Refund[]> {
  return takeDue(tx, TO_SETTLE, { ...at, limit });
}

/** Takes one open refund now, whenever it was booked to be looked at; null when somebody else owns it. */
export async function takeRefundToSettle(tx: Tx, id: string, at: Lease): Promise<Refund | null> {
  return takeOne(tx, TO_SETTLE, { ...at, id, where: isOutcomeOpen(refunds), isTry: false });
}

/** The open refunds of a charge that have left for Toss. */
export async function listRefundsAtToss(chargeId: string): Promise<readonly Refund[]> {
  return db()
    .select()
    .from(refunds)
    .where(
      and(eq(refunds.chargeId, chargeId), isOutcomeOpen(refunds), isNotNull(refunds.calledAt)),
    );
}

/** When the next open refund after `after` is to be looked at; the movable clock stops there. */
export async function nextRefundSettlementAt(after: Date): Promise<Date | null> {
  return nextDueAt(TO_SETTLE, after);
}

/** Whether an open refund waits to be sent or looked at by `now`. */
export async function hasDueRefunds(now: Date): Promise<boolean> {
  return isAnyDue(TO_SETTLE, now);
}

/** Whether a worker is at Toss with a refund. */
export async function hasRefundsInFlight(now: Date): Promise<boolean> {
  const [row] = await db()
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(isOutcomeOpen(refunds), gt(refunds.leasedUntil, now)))
    .limit(1);
  return row !== undefined;
}
