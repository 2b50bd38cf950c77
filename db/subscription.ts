import { and, asc, desc, eq, inArray, isNotNull, lte, ne, type SQL, sql } from "drizzle-orm";
import { accounts } from "@/db/schema/account";
import { plans } from "@/db/schema/catalogue";
import { charges } from "@/db/schema/charge";
import { checkouts } from "@/db/schema/checkout";
import { invoices } from "@/db/schema/invoice";
import { subscriptions } from "@/db/schema/subscription";
import { addDays, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { Bilingual } from "@/lib/billing/catalogue/plan";
import type { CheckoutStatus } from "@/lib/billing/checkout/checkout";
import { nextReminderAt } from "@/lib/billing/message/reminder";
import { contractOf, type Subscription } from "@/lib/billing/subscription/subscription";
import { anyOf, rowsOf } from "./bulk";
import { type Db, db, type Tx } from "./client";
import { nextDueAt } from "./queue";

type Row = typeof subscriptions.$inferSelect;

/** A subscription with the name of its plan and the instant at which the sweep looks at it next. */
export type StoredSubscription = {
  readonly subscription: Subscription;
  readonly planName: Bilingual;
  readonly nextActionAt: Date | null;
  /** False while it is only an order, and for good when the order was given up. */
  readonly hasStarted: boolean;
};

/** The account's newest subscription to a product, running or ended. */
export async function findLatestSubscription(
  accountId: string,
  product: string,
): Promise<StoredSubscription | null> {
  const [row] = await withPlan(
    and(eq(subscriptions.accountId, accountId), eq(subscriptions.product, product)),
  )
    .orderBy(desc(subscriptions.createdAt), desc(subscriptions.id))
    .limit(1);
  return row ? toStored(row) : null;
}

export async function findSubscriptionOfCheckout(
  accountId: string,
  checkoutId: string,
): Promise<StoredSubscription | null> {
  const [row] = await withPlan(
    and(eq(subscriptions.accountId, accountId), eq(subscriptions.checkoutId, checkoutId)),
  );
  return row ? toStored(row) : null;
}

/**
 * The products the account has already started, by a trial or a payment; each grants a trial once. An order that was
 * given up before it started uses nothing up.
 */
export async function listStartedProducts(
  accountId: string,
  on: Pick<Tx, "select"> = db(),
): Promise<ReadonlySet<string>> {
  const rows = await on
    .select({ product: subscriptions.product })
    .from(subscriptions)
    .innerJoin(checkouts, eq(checkouts.id, subscriptions.checkoutId))
    .where(and(eq(subscriptions.accountId, accountId), eq(checkouts.status, "completed")));
  return new Set(rows.map((row) => row.product));
}

/** When the next booked action after `after` falls due, of anybody or of one account; the movable clock stops there. */
export async function nextSubscriptionActionAt(
  after: Date,
  accountId?: string,
): Promise<Date | null> {
  const waits = accountId === undefined ? undefined : eq(subscriptions.accountId, accountId);
  return nextDueAt({ table: subscriptions, dueAt: "nextActionAt", waits }, after);
}

/** Whether anything booked is due by `now` and not yet taken up. */
export async function hasDueSubscriptions(now: Date): Promise<boolean> {
  const [row] = await db()
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(lte(subscriptions.nextActionAt, now))
    .orderBy(asc(subscriptions.nextActionAt))
    .limit(1);
  return row !== undefined;
}

/** When the next reminder after `after` falls due; the movable clock stops there. */
export async function nextSubscriptionReminderAt(after: Date): Promise<Date | null> {
  return nextDueAt({ table: subscriptions, dueAt: "nextReminderAt" }, after);
}

/** Takes up to `limit` subscriptions whose reminder is due, leaving those that another worker holds. */
export async function lockSubscriptionsToRemind(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<readonly { subscription: Subscription; planName: string }[]> {
  return withPlanNames(tx, await dueBy(tx, subscriptions.nextReminderAt, { now, limit }));
}

/** Books the reminder after the one that was just decided. */
export async function saveReminders(
  tx: Tx,
  entries: readonly { readonly id: string; readonly nextReminderAt: Date | null }[],
): Promise<void> {
  if (entries.length === 0) return;
  await tx.execute(sql`
    update subscriptions s set next_reminder_at = x.next_reminder_at
    from ${rowsOf(subscriptions, entries)} where s.id = x.id`);
}

export async function lockLiveSubscription(
  tx: Tx,
  accountId: string,
  product: string,
): Promise<Subscription | null> {
  const isOfAccount = eq(subscriptions.accountId, accountId);
  const isOfProduct = eq(subscriptions.product, product);
  return lockOne(tx, and(isOfAccount, isOfProduct, ne(subscriptions.status, "ended")));
}

/** Takes the row; null when the account has no such subscription. */
export async function lockSubscription(
  tx: Tx,
  accountId: string,
  id: string,
): Promise<Subscription | null> {
  return lockOne(tx, and(eq(subscriptions.id, id), eq(subscriptions.accountId, accountId)));
}

/** Takes up to `limit` due rows, oldest first, leaving those that another sweep holds. */
export async function lockDueSubscriptions(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<readonly { subscription: Subscription; planName: string }[]> {
  return withPlanNames(tx, await dueSubscriptions(tx, now, limit));
}

/** The claim's query by itself, for who wants to see its plan. */
export function dueSubscriptions(on: Tx | Db, now: Date, limit: number) {
  return dueBy(on, subscriptions.nextActionAt, { now, limit });
}

function dueBy(
  on: Tx | Db,
  at: typeof subscriptions.nextActionAt | typeof subscriptions.nextReminderAt,
  { now, limit }: { readonly now: Date; readonly limit: number },
) {
  return on
    .select()
    .from(subscriptions)
    .where(lte(at, now))
    .orderBy(asc(at), asc(subscriptions.id))
    .limit(limit)
    .for("update", { skipLocked: true });
}

/** Takes the subscriptions behind charges, in one order for everybody, so that two recorders never wait in a ring. */
export async function lockSubscriptionsOfCharges(
  tx: Tx,
  chargeIds: readonly string[],
): Promise<ReadonlyMap<string, Subscription>> {
  if (chargeIds.length === 0) return new Map();
  const ids = tx
    .select({ id: invoices.subscriptionId })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .where(and(anyOf(charges.id, chargeIds), isNotNull(invoices.subscriptionId)));
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(inArray(subscriptions.id, ids))
    .orderBy(asc(subscriptions.id))
    .for("update");
  return new Map(rows.map((row) => [row.id, parseSubscription(row)]));
}

export async function insertSubscription(
  tx: Tx,
  { subscription, nextActionAt }: { subscription: Subscription; nextActionAt: Date | null },
  now: Date,
): Promise<void> {
  await tx.insert(subscriptions).values({
    ...contractOf(subscription),
    ...stateColumns(subscription),
    nextActionAt,
    // What is to be said of the day itself is said by the message of the beginning.
    nextReminderAt: nextReminderAt(subscription, seoulInstant(addDays(seoulDayOf(now), 1), 0)),
    createdAt: now,
    updatedAt: now,
  });
}

/**
 * Writes the new states of rows the transaction holds locked, and when each is to be reminded of something next. A
 * reminder that is due already stays due: the job decides by the new state whether there is anything to say.
 */
export async function saveSubscriptions(
  tx: Tx,
  entries: readonly { subscription: Subscription; nextActionAt: Date | null }[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ subscription, nextActionAt }) => ({
    id: subscription.id,
    paymentMethodId: subscription.paymentMethodId,
    anchorOn: subscription.anchorOn,
    periodsPaid: subscription.periodsPaid,
    ...stateColumns(subscription),
    nextActionAt,
    nextReminderAt: nextReminderAt(subscription, now),
  }));
  await tx.execute(sql`
    update subscriptions s set
      status = x.status, payment_method_id = x.payment_method_id, anchor_on = x.anchor_on,
      periods_paid = x.periods_paid, cancels_on = x.cancels_on, due_on = x.due_on, next_try_on = x.next_try_on,
      ends_unpaid_on = x.ends_unpaid_on, ended_on = x.ended_on, end_reason = x.end_reason,
      next_action_at = x.next_action_at, updated_at = ${now.toISOString()},
      next_reminder_at = case
        when s.next_reminder_at <= ${now.toISOString()} then s.next_reminder_at else x.next_reminder_at end
    from ${rowsOf(subscriptions, rows)} where s.id = x.id`);
}

/** Makes a subscription of a row. Throws when the row's columns contradict its status. */
export function parseSubscription(row: Row): Subscription {
  const contract = contractOf(row);
  switch (row.status) {
    case "incomplete":
    case "trialing":
    case "active":
      return { ...contract, status: row.status, cancelsOn: row.cancelsOn };
    case "past-due":
      return {
        ...contract,
        status: row.status,
        dueOn: present(row.dueOn, row),
        nextTryOn: row.nextTryOn,
        endsUnpaidOn: present(row.endsUnpaidOn, row),
        cancelsOn: row.cancelsOn,
      };
    case "ended":
      return {
        ...contract,
        status: row.status,
        endedOn: present(row.endedOn, row),
        endReason: present(row.endReason, row),
      };
    default:
      throw new Error(
        `Subscription ${row.id} has the unknown status ${row.status satisfies never}`,
      );
  }
}

function present<T>(value: T | null, row: Row): T {
  if (value === null)
    throw new Error(`Subscription ${row.id} is ${row.status} without what that state needs`);
  return value;
}

type StateColumns = Pick<
  Row,
  "status" | "cancelsOn" | "dueOn" | "nextTryOn" | "endsUnpaidOn" | "endedOn" | "endReason"
>;

function stateColumns(subscription: Subscription): StateColumns {
  return {
    status: subscription.status,
    cancelsOn: "cancelsOn" in subscription ? subscription.cancelsOn : null,
    dueOn: subscription.status === "past-due" ? subscription.dueOn : null,
    nextTryOn: subscription.status === "past-due" ? subscription.nextTryOn : null,
    endsUnpaidOn: subscription.status === "past-due" ? subscription.endsUnpaidOn : null,
    endedOn: subscription.status === "ended" ? subscription.endedOn : null,
    endReason: subscription.status === "ended" ? subscription.endReason : null,
  };
}

function withPlan(where: SQL | undefined) {
  return db()
    .select({ row: subscriptions, name: plans.name, checkoutStatus: checkouts.status })
    .from(subscriptions)
    .innerJoin(plans, eq(plans.id, subscriptions.planId))
    .innerJoin(checkouts, eq(checkouts.id, subscriptions.checkoutId))
    .where(where)
    .$dynamic();
}

function toStored({
  row,
  name,
  checkoutStatus,
}: {
  row: Row;
  name: Bilingual;
  checkoutStatus: CheckoutStatus;
}): StoredSubscription {
  return {
    subscription: parseSubscription(row),
    planName: name,
    nextActionAt: row.nextActionAt,
    hasStarted: checkoutStatus === "completed",
  };
}

async function withPlanNames(
  tx: Tx,
  rows: readonly Row[],
): Promise<readonly { subscription: Subscription; planName: string }[]> {
  if (rows.length === 0) return [];
  const planIds = new Set(rows.map((row) => row.planId));
  const found = await tx
    .select({ id: plans.id, name: plans.name })
    .from(plans)
    .where(anyOf(plans.id, [...planIds]));
  const names = new Map(found.map((plan) => [plan.id, plan.name.ko]));
  return rows.map((row) => ({
    subscription: parseSubscription(row),
    planName: names.get(row.planId) ?? row.planId,
  }));
}

async function lockOne(tx: Tx, which: SQL | undefined): Promise<Subscription | null> {
  const [row] = await tx.select().from(subscriptions).where(which).for("update");
  return row ? parseSubscription(row) : null;
}

/** The user behind each subscription. */
export async function listSubscribers(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: subscriptions.id, userId: accounts.userId })
    .from(subscriptions)
    .innerJoin(accounts, eq(accounts.id, subscriptions.accountId))
    .where(anyOf(subscriptions.id, ids));
  return new Map(rows.map((row) => [row.id, row.userId]));
}

/** Takes the subscription a checkout has become; null while it has not. */
export async function lockSubscriptionOfCheckout(
  tx: Tx,
  checkoutId: string,
): Promise<Subscription | null> {
  return lockOne(tx, eq(subscriptions.checkoutId, checkoutId));
}

/** Takes all running subscriptions of an account, in one order for everybody. */
export async function lockLiveSubscriptions(
  tx: Tx,
  accountId: string,
): Promise<readonly { subscription: Subscription; nextActionAt: Date | null }[]> {
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.accountId, accountId), ne(subscriptions.status, "ended")))
    .orderBy(asc(subscriptions.id))
    .for("update");
  return rows.map((row) => ({
    subscription: parseSubscription(row),
    nextActionAt: row.nextActionAt,
  }));
}
