import { and, asc, desc, eq, isNull, lte, ne, or, sql } from "drizzle-orm";
import { cardRegistrations, paymentMethods } from "@/db/schema/card";
import { plans, prices } from "@/db/schema/catalogue";
import { charges } from "@/db/schema/charge";
import { checkouts } from "@/db/schema/checkout";
import { invoices } from "@/db/schema/invoice";
import { subscriptions } from "@/db/schema/subscription";
import { type CheckoutProgress, checkoutProgress } from "@/lib/billing/checkout/checkout";
import { anyOf } from "./bulk";
import { isOutcomeOpen } from "./charge";
import { db, type Tx } from "./client";
import { nextDueAt } from "./queue";

export type Checkout = typeof checkouts.$inferSelect;
type PriceRow = typeof prices.$inferSelect;
type PlanRow = typeof plans.$inferSelect;

export type CheckoutDetails = {
  readonly checkout: Checkout;
  readonly price: PriceRow;
  readonly plan: PlanRow;
};

export async function findCheckout(accountId: string, id: string): Promise<CheckoutDetails | null> {
  const [row] = await db()
    .select({ checkout: checkouts, price: prices, plan: plans })
    .from(checkouts)
    .innerJoin(prices, eq(prices.id, checkouts.priceId))
    .innerJoin(plans, eq(plans.id, prices.planId))
    .where(and(eq(checkouts.id, id), eq(checkouts.accountId, accountId)));
  return row ?? null;
}

/** Takes the row with what it sells; null when there is no such checkout. */
export async function lockCheckout(tx: Tx, id: string): Promise<CheckoutDetails | null> {
  const [row] = await tx
    .select({ checkout: checkouts, price: prices, plan: plans })
    .from(checkouts)
    .innerJoin(prices, eq(prices.id, checkouts.priceId))
    .innerJoin(plans, eq(plans.id, prices.planId))
    .where(eq(checkouts.id, id))
    .for("update", { of: checkouts });
  return row ?? null;
}

/** Takes the open checkouts behind charges; always before the subscriptions, so that nobody waits in a ring. */
export async function lockCheckoutsOfCharges(tx: Tx, chargeIds: readonly string[]): Promise<void> {
  const rows = await tx
    .select({ id: sql<string>`coalesce(${subscriptions.checkoutId}, ${invoices.checkoutId})` })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(
      and(
        anyOf(charges.id, chargeIds),
        or(isNull(invoices.subscriptionId), eq(subscriptions.status, "incomplete")),
      ),
    );
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  await tx
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(anyOf(checkouts.id, ids))
    .orderBy(asc(checkouts.id))
    .for("update");
}

export async function findCheckoutAccount(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx
    .select({ accountId: checkouts.accountId })
    .from(checkouts)
    .where(eq(checkouts.id, id));
  return row?.accountId ?? null;
}

export async function insertCheckout(
  tx: Tx,
  checkout: typeof checkouts.$inferInsert,
): Promise<void> {
  await tx.insert(checkouts).values(checkout);
}

export async function saveAgreement(
  tx: Tx,
  id: string,
  agreement: { agreedAt: Date; termsVersion: string },
): Promise<void> {
  await tx
    .update(checkouts)
    .set(agreement)
    .where(and(eq(checkouts.id, id), eq(checkouts.status, "open")));
}

export async function markCheckoutsCompleted(
  tx: Tx,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(checkouts)
    .set({ status: "completed", completedAt: now })
    .where(and(anyOf(checkouts.id, ids), ne(checkouts.status, "completed")));
}

/** A declined one-time payment used its order id up: the next window gets a new one. */
export async function renewOrderId(tx: Tx, id: string, orderId: string): Promise<void> {
  await tx
    .update(checkouts)
    .set({ orderId })
    .where(and(eq(checkouts.id, id), eq(checkouts.status, "open")));
}

/** Marks checkouts as expired where they are still open. */
export async function markCheckoutsExpired(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(checkouts)
    .set({ status: "expired" })
    .where(and(anyOf(checkouts.id, ids), eq(checkouts.status, "open")));
}

/** Takes open checkouts whose time is over and in which no money may be moving. */
export async function lockExpiredCheckouts(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<readonly Checkout[]> {
  return tx
    .select()
    .from(checkouts)
    .where(isExpired(now))
    .orderBy(asc(checkouts.expiresAt))
    .limit(limit)
    .for("update", { skipLocked: true });
}

function isExpired(now: Date) {
  const openCharge = db()
    .select({ id: charges.id })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(
      and(
        isOutcomeOpen(charges),
        sql`coalesce(${subscriptions.checkoutId}, ${invoices.checkoutId}) = ${checkouts.id}`,
      ),
    );
  return and(
    eq(checkouts.status, "open"),
    lte(checkouts.expiresAt, now),
    sql`not exists ${openCharge}`,
  );
}

/** When the next open checkout after `after` runs out; the movable clock stops there. */
export async function nextCheckoutExpiryAt(after: Date): Promise<Date | null> {
  const waits = eq(checkouts.status, "open");
  return nextDueAt({ table: checkouts, dueAt: "expiresAt", waits }, after);
}

/**
 * Open checkouts with a card registered before `before` that has not become a subscription. One per account first, so
 * one account's backlog cannot starve others.
 */
export async function listStalledCheckouts(
  before: Date,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db()
    .select({ id: checkouts.id })
    .from(checkouts)
    .innerJoin(cardRegistrations, eq(cardRegistrations.checkoutId, checkouts.id))
    .innerJoin(paymentMethods, eq(paymentMethods.registrationId, cardRegistrations.id))
    .leftJoin(subscriptions, eq(subscriptions.checkoutId, checkouts.id))
    .where(
      and(
        eq(checkouts.status, "open"),
        eq(cardRegistrations.status, "issued"),
        isNull(subscriptions.id),
        isNull(paymentMethods.deleteAt),
        lte(paymentMethods.createdAt, before),
      ),
    )
    .groupBy(checkouts.id)
    .orderBy(
      sql`row_number() over (partition by ${checkouts.accountId} order by ${checkouts.createdAt})`,
      asc(checkouts.createdAt),
      asc(checkouts.id),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}

/** How far the account's checkout has come; null when it has no such checkout. */
export async function findCheckoutProgress(
  accountId: string,
  id: string,
): Promise<CheckoutProgress | null> {
  const [checkout] = await db()
    .select({ status: checkouts.status })
    .from(checkouts)
    .where(and(eq(checkouts.id, id), eq(checkouts.accountId, accountId)));
  if (!checkout) return null;
  const [registration] = await db()
    .select({
      status: cardRegistrations.status,
      failureReason: cardRegistrations.failureReason,
      paymentMethodId: paymentMethods.id,
    })
    .from(cardRegistrations)
    .leftJoin(paymentMethods, eq(paymentMethods.registrationId, cardRegistrations.id))
    .where(eq(cardRegistrations.checkoutId, id))
    .orderBy(desc(cardRegistrations.createdAt), desc(cardRegistrations.id))
    .limit(1);
  const [charge] = await db()
    .select({
      status: charges.status,
      declineReason: charges.declineReason,
      declineClass: charges.declineClass,
      paymentMethodId: charges.paymentMethodId,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(or(eq(invoices.checkoutId, id), eq(subscriptions.checkoutId, id)))
    .orderBy(desc(charges.createdAt), desc(charges.id))
    .limit(1);
  return checkoutProgress({
    status: checkout.status,
    registration: registration ?? null,
    charge: charge ?? null,
  });
}

/** Whether an open checkout's time is over by `now` and it was not yet given up. */
export async function hasExpiredCheckouts(now: Date): Promise<boolean> {
  const [row] = await db()
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(isExpired(now))
    .limit(1);
  return row !== undefined;
}
