import { and, asc, desc, eq, inArray, isNotNull, lte, ne, type SQL, sql } from "drizzle-orm";
import { accountMembers } from "@/db/schema/account";
import { charges } from "@/db/schema/charge";
import { checkouts } from "@/db/schema/checkout";
import { invoices } from "@/db/schema/invoice";
import { subscriptionItems, subscriptions, subscriptionTerms } from "@/db/schema/subscription";
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { Bilingual } from "@/lib/billing/catalogue/plan";
import type { CheckoutStatus } from "@/lib/billing/checkout/checkout";
import { nextReminderAt } from "@/lib/billing/message/reminder";
import { parseWon } from "@/lib/billing/money";
import { newAgreement } from "@/lib/billing/subscription/contract";
import {
  type Expectation,
  expectationOfSubscription,
  NOTHING_EXPECTED,
  type SaveFacts,
} from "@/lib/billing/subscription/expectation";
import type { Incomplete, Subscription } from "@/lib/billing/subscription/subscription";
import { type Item, itemsOf, type Terms } from "@/lib/billing/subscription/terms";
import { isOwnerOf } from "./account";
import { anyOf, rowsOf } from "./bulk";
import { type Db, db, type Tx } from "./client";
import { listConsents } from "./consent";
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

/** A due subscription, held locked, with what was expected of it when it was saved. */
export type DueSubscription = {
  readonly subscription: Subscription;
  readonly planName: string;
  readonly expectation: Expectation;
};

/** The account's newest subscription to a product, running or ended. */
export async function findLatestSubscription(
  accountId: string,
  product: string,
): Promise<StoredSubscription | null> {
  const isOfAccount = eq(subscriptions.accountId, accountId);
  const latest = withCheckout(and(isOfAccount, eq(subscriptions.product, product)))
    .orderBy(desc(subscriptions.createdAt), desc(subscriptions.id))
    .limit(1);
  return (await toStored(await latest))[0] ?? null;
}

/** The account's newest subscription to each product, those that run first. */
export async function listLatestSubscriptions(
  accountId: string,
): Promise<readonly StoredSubscription[]> {
  const found = await withCheckout(eq(subscriptions.accountId, accountId)).orderBy(
    desc(subscriptions.createdAt),
    desc(subscriptions.id),
  );
  const latest = new Map<string, StoredSubscription>();
  for (const stored of await toStored(found))
    if (!latest.has(stored.subscription.product)) latest.set(stored.subscription.product, stored);
  const isOver = ({ subscription }: StoredSubscription) => Number(subscription.status === "ended");
  return [...latest.values()].sort((one, other) => isOver(one) - isOver(other));
}

/** Null when the account has no such subscription. */
export async function findSubscription(
  accountId: string,
  id: string,
  on: Pick<Tx, "select"> = db(),
): Promise<StoredSubscription | null> {
  const isOfAccount = eq(subscriptions.accountId, accountId);
  const [stored] = await toStored(
    await withCheckout(and(isOfAccount, eq(subscriptions.id, id)), on),
  );
  return stored ?? null;
}

export async function findSubscriptionOfCheckout(
  accountId: string,
  checkoutId: string,
): Promise<StoredSubscription | null> {
  const isOfAccount = eq(subscriptions.accountId, accountId);
  const found = await withCheckout(and(isOfAccount, eq(subscriptions.checkoutId, checkoutId)));
  return (await toStored(found))[0] ?? null;
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
): Promise<readonly DueSubscription[]> {
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

/** Takes a subscription whoever it belongs to; null when there is none. */
export async function lockSubscriptionById(tx: Tx, id: string): Promise<Subscription | null> {
  return lockOne(tx, eq(subscriptions.id, id));
}

/** Takes up to `limit` due rows, oldest first, leaving those that another sweep holds. */
export async function lockDueSubscriptions(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<readonly DueSubscription[]> {
  return withPlanNames(tx, await dueSubscriptions(tx, now, limit));
}

/**
 * Contracts of which something is booked: all that fall due before an instant, and about `sample` others, taken at
 * random with a seed.
 */
export async function listSubscriptionsToCheck({
  dueBefore,
  sample,
  seed,
}: {
  readonly dueBefore: Date;
  readonly sample: number;
  readonly seed: number;
}): Promise<readonly string[]> {
  const rows = await db().execute<{ id: string }>(sql`
    with share as (
      select least(100, 100.0 * ${sample}::int / greatest(1, reltuples)) as percent
      from pg_class where oid = 'subscriptions'::regclass)
    select id from subscriptions where next_action_at < ${dueBefore.toISOString()}
    union
    select id from subscriptions tablesample system ((select percent from share)) repeatable (${seed}::int)
    where next_action_at is not null
    order by id`);
  return rows.map(({ id }) => id);
}

/** Takes those of which something is booked, with what was expected of them, leaving those that another worker holds. */
export async function lockBooked(
  tx: Tx,
  ids: readonly string[],
): Promise<readonly DueSubscription[]> {
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(and(anyOf(subscriptions.id, ids), isNotNull(subscriptions.nextActionAt)))
    .orderBy(asc(subscriptions.id))
    .for("update", { skipLocked: true });
  return withPlanNames(tx, rows);
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
  return parseSubscriptions(tx, rows);
}

/** Stores new subscriptions, each with the price it was ordered at as the first entry of its terms. */
export async function insertSubscriptions(
  tx: Tx,
  entries: readonly { readonly subscription: Subscription; readonly priceId: string }[],
  now: Date,
): Promise<void> {
  await tx.insert(subscriptions).values(
    entries.map(({ subscription }) => ({
      ...identityColumns(subscription),
      ...agreementColumns(subscription),
      ...stateColumns(subscription),
      ...expectationOfSubscription(subscription, NOTHING_KNOWN),
      // What is to be said of the day itself is said by the message of the beginning.
      nextReminderAt: nextReminderAt(subscription, seoulInstant(addDays(seoulDayOf(now), 1), 0)),
      createdAt: now,
      updatedAt: now,
    })),
  );
  await tx.insert(subscriptionTerms).values(
    entries.map(({ subscription: { id: subscriptionId, terms, termsSeq: seq, paidTo } }) => {
      const { interval, anchorOn } = terms;
      return { subscriptionId, seq, startsOn: paidTo, interval, anchorOn, recordedAt: now };
    }),
  );
  await tx.insert(subscriptionItems).values(
    entries.flatMap(({ subscription: { id: subscriptionId, terms, termsSeq: seq }, priceId }) =>
      itemsOf(terms).map(({ key, kind, unitWon, quantity }, position) => ({
        ...{ subscriptionId, seq, position, kind, key, priceId, unitWon, quantity },
      })),
    ),
  );
}

/** Moves the first day of an order that was not paid for yet; nothing of it is in force. */
export async function moveFirstDay(
  tx: Tx,
  order: Incomplete,
  day: CalendarDate,
): Promise<Incomplete> {
  await tx
    .update(subscriptionTerms)
    .set({ startsOn: day, anchorOn: day })
    .where(
      and(
        eq(subscriptionTerms.subscriptionId, order.id),
        eq(subscriptionTerms.seq, order.termsSeq),
      ),
    );
  await tx.update(subscriptions).set({ paidTo: day }).where(eq(subscriptions.id, order.id));
  return { ...order, paidTo: day, terms: { ...order.terms, anchorOn: day } };
}

/** What is known of a subscription beside its state. All but the subscription may be left out. */
export type SubscriptionToSave = {
  readonly subscription: Subscription;
} & Partial<Omit<SaveFacts, "consents">>;

const NOTHING_KNOWN: SaveFacts = {
  consents: [],
  isCollecting: false,
  notBefore: null,
  lookAt: null,
};

/**
 * Writes the new states of rows the transaction holds locked, with what is expected of each from now on and when it is
 * to be reminded of something next; answers what is expected, by id. A reminder that is due already stays due: the job
 * decides by the new state whether there is anything to say.
 */
export async function saveSubscriptions(
  tx: Tx,
  entries: readonly SubscriptionToSave[],
  now: Date,
): Promise<ReadonlyMap<string, Expectation>> {
  if (entries.length === 0) return new Map();
  const trials = entries.filter(({ subscription }) => subscription.status === "trialing");
  const consents = await listConsents(
    tx,
    trials.map(({ subscription }) => subscription.id),
  );
  const expected = new Map(
    entries.map(({ subscription, ...known }) => {
      const { id } = subscription;
      const own = consents.filter(({ subscriptionId }) => subscriptionId === id);
      const facts = { ...NOTHING_KNOWN, ...known, consents: own };
      return [id, expectationOfSubscription(subscription, facts)];
    }),
  );
  const rows = entries.map(({ subscription }) => ({
    id: subscription.id,
    paymentMethodId: subscription.paymentMethodId,
    nextReminderAt: nextReminderAt(subscription, now),
    ...agreementColumns(subscription),
    ...stateColumns(subscription),
    ...(expected.get(subscription.id) ?? NOTHING_EXPECTED),
  }));
  await tx.execute(sql`
    update subscriptions s set
      status = x.status, payment_method_id = x.payment_method_id, terms_seq = x.terms_seq, cycle = x.cycle, n = x.n,
      paid_to = x.paid_to, agreed_won = x.agreed_won, cancels_on = x.cancels_on, due_on = x.due_on,
      next_try_on = x.next_try_on, ends_unpaid_on = x.ends_unpaid_on, ended_on = x.ended_on, end_reason = x.end_reason,
      next_action_at = case
        when x.cancels_on is null and exists (
          select from renewal_findings f where f.subscription_id = s.id and f.resolved_at is null)
        then null else x.next_action_at end,
      expects = x.expects, expected_won = x.expected_won, pays_to = x.pays_to,
      updated_at = ${now.toISOString()},
      next_reminder_at = case
        when s.next_reminder_at <= ${now.toISOString()} then s.next_reminder_at else x.next_reminder_at end
    from ${rowsOf(subscriptions, rows)} where s.id = x.id`);
  return expected;
}

/** Makes a subscription of a row and the terms in force. Throws when the row's columns contradict its status. */
function parseSubscription(row: Row, terms: Terms): Subscription {
  const { id, accountId, checkoutId, product, paymentMethodId, termsSeq, agreedWon } = row;
  const { cycle, n, paidTo, cancelsOn } = row;
  const { booked, coupon, nextPrices, freePeriods, pausedOn } = newAgreement(terms, null);
  const kept = {
    id,
    accountId,
    checkoutId,
    product,
    paymentMethodId,
    termsSeq,
    agreedWon,
    terms,
    booked,
    cycle,
    n,
    paidTo,
    coupon,
    nextPrices,
    freePeriods,
    pausedOn,
    cancelsOn,
  };
  switch (row.status) {
    case "incomplete":
    case "trialing":
    case "active":
      return { ...kept, status: row.status };
    case "past-due":
      return {
        ...kept,
        status: row.status,
        dueOn: present(row.dueOn, row),
        nextTryOn: row.nextTryOn,
        endsUnpaidOn: present(row.endsUnpaidOn, row),
      };
    case "ended":
      return {
        ...kept,
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

function identityColumns({ id, accountId, checkoutId, product, paymentMethodId }: Subscription) {
  return { id, accountId, checkoutId, product, paymentMethodId };
}

function agreementColumns({ termsSeq, cycle, n, paidTo, agreedWon }: Subscription) {
  return { termsSeq, cycle, n, paidTo, agreedWon };
}

type StateColumns = Pick<
  Row,
  "status" | "cancelsOn" | "dueOn" | "nextTryOn" | "endsUnpaidOn" | "endedOn" | "endReason"
>;

function stateColumns(subscription: Subscription): StateColumns {
  return {
    status: subscription.status,
    cancelsOn: subscription.cancelsOn,
    dueOn: subscription.status === "past-due" ? subscription.dueOn : null,
    nextTryOn: subscription.status === "past-due" ? subscription.nextTryOn : null,
    endsUnpaidOn: subscription.status === "past-due" ? subscription.endsUnpaidOn : null,
    endedOn: subscription.status === "ended" ? subscription.endedOn : null,
    endReason: subscription.status === "ended" ? subscription.endReason : null,
  };
}

function withCheckout(where: SQL | undefined, on: Pick<Tx, "select"> = db()) {
  return on
    .select({ row: subscriptions, checkoutStatus: checkouts.status })
    .from(subscriptions)
    .innerJoin(checkouts, eq(checkouts.id, subscriptions.checkoutId))
    .where(where)
    .$dynamic();
}

async function toStored(
  found: readonly { row: Row; checkoutStatus: CheckoutStatus }[],
): Promise<readonly StoredSubscription[]> {
  const parsed = await withTerms(
    db(),
    found.map(({ row }) => row),
  );
  return parsed.map(({ row, subscription, planName }, at) => ({
    subscription,
    planName,
    nextActionAt: row.nextActionAt,
    hasStarted: found[at]?.checkoutStatus === "completed",
  }));
}

async function withPlanNames(tx: Tx, rows: readonly Row[]): Promise<readonly DueSubscription[]> {
  const parsed = await withTerms(tx, rows);
  return parsed.map(({ row, subscription, planName }) => ({
    subscription,
    planName: planName.ko,
    expectation: {
      nextActionAt: row.nextActionAt,
      expects: row.expects,
      expectedWon: row.expectedWon,
      paysTo: row.paysTo,
    },
  }));
}

/** The subscriptions that rows make together with their terms, by id. */
export async function parseSubscriptions(
  on: Tx | Db,
  rows: readonly (Row | null)[],
): Promise<ReadonlyMap<string, Subscription>> {
  const byId = new Map(rows.flatMap((row) => (row === null ? [] : [[row.id, row] as const])));
  const parsed = await withTerms(on, [...byId.values()]);
  return new Map(parsed.map(({ subscription }) => [subscription.id, subscription]));
}

/** Rows as subscriptions, in the same order, with the names of their plans. */
async function withTerms(
  on: Tx | Db,
  rows: readonly Row[],
): Promise<readonly { row: Row; subscription: Subscription; planName: Bilingual }[]> {
  if (rows.length === 0) return [];
  const entries = rows.map((row) => ({ subscriptionId: row.id, seq: row.termsSeq }));
  const found = await on.execute<TermsRow>(sql`
    select t.subscription_id as "subscriptionId", t.interval, t.anchor_on::text as "anchorOn", i.kind, i.key,
      i.unit_won::float8 as "unitWon", i.quantity, p.name as "planName"
    from ${rowsOf(subscriptionTerms, entries)}
    join subscription_terms t on t.subscription_id = x.subscription_id and t.seq = x.seq
    join subscription_items i on i.subscription_id = t.subscription_id and i.seq = t.seq
    left join plans p on p.id = i.key
    order by i.position`);
  const itemsById = new Map<string, TermsRow[]>();
  for (const item of found) {
    const items = itemsById.get(item.subscriptionId);
    if (items) items.push(item);
    else itemsById.set(item.subscriptionId, [item]);
  }
  return rows.map((row) => {
    const [plan, ...addOns] = itemsById.get(row.id) ?? [];
    if (plan === undefined) throw new Error(`Subscription ${row.id} has no terms ${row.termsSeq}`);
    const { interval, anchorOn } = plan;
    const terms = { plan: itemOf(plan), addOns: addOns.map(itemOf), interval, anchorOn };
    const planName = plan.planName ?? { ko: plan.key, en: plan.key };
    return { row, subscription: parseSubscription(row, terms), planName };
  });
}

type TermsRow = Pick<Terms, "interval" | "anchorOn"> &
  Pick<Item, "kind" | "key" | "quantity"> & {
    readonly subscriptionId: string;
    readonly unitWon: number;
    readonly planName: Bilingual | null;
  };

function itemOf({ key, kind, unitWon, quantity }: TermsRow): Item {
  return { key, kind, unitWon: parseWon(unitWon), quantity };
}

async function lockOne(tx: Tx, which: SQL | undefined): Promise<Subscription | null> {
  const rows = await tx.select().from(subscriptions).where(which).for("update");
  const [first] = await withTerms(tx, rows);
  return first?.subscription ?? null;
}

/** The user who is told about each subscription: the owner of its account. */
export async function listSubscribers(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: subscriptions.id, userId: accountMembers.userId })
    .from(subscriptions)
    .innerJoin(accountMembers, isOwnerOf(subscriptions.accountId))
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
  return (await withTerms(tx, rows)).map(({ row, subscription }) => ({
    subscription,
    nextActionAt: row.nextActionAt,
  }));
}
