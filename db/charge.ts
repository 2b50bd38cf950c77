import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { accountMembers, accounts, users } from "@/db/schema/account";
import { paymentMethods } from "@/db/schema/card";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import type { refunds } from "@/db/schema/refund";
import { subscriptions } from "@/db/schema/subscription";
import { type BookedOutcome, OPEN_STATUSES } from "@/lib/billing/charge/charge";
import type { Lease } from "@/lib/billing/lease";
import { isOwnerOf } from "./account";
import { anyOf, insertNew, rowsOf } from "./bulk";
import { db, type Tx } from "./client";
import { isAnyDue, nextDueAt, type Queue, takeDue, takeOne } from "./queue";

export type Charge = typeof charges.$inferSelect;
export type NewCharge = typeof charges.$inferInsert;

/** An attempt whose outcome is known has no time; one that waits for a person has none either, and is still open. */
const TO_SETTLE: Queue<typeof charges> = {
  table: charges,
  dueAt: "settleAt",
  tries: "settleTries",
  leasedUntil: "leasedUntil",
};

const CALL_COLUMNS = {
  id: charges.id,
  orderId: charges.orderId,
  amountWon: charges.amountWon,
  idempotencyKey: charges.idempotencyKey,
  paymentMethodId: charges.paymentMethodId,
  paymentKey: charges.paymentKey,
  trigger: charges.trigger,
  provider: charges.provider,
};

/** All a call to Toss needs to know about an attempt. The billing key is still sealed. */
export type CallableCharge = {
  readonly charge: Pick<Charge, keyof typeof CALL_COLUMNS>;
  readonly title: string;
  readonly customerKey: string;
  readonly email: string;
  readonly name: string;
  readonly billingKeyCiphertext: string | null;
};

/**
 * Inserts attempts. One with a card goes through the provider of that card, whichever it was written for. One that the
 * laws refuse (another is open, one is approved, or one was made automatically today) is left out of the answer.
 */
export async function insertPendingCharges(
  tx: Tx,
  wanted: readonly NewCharge[],
): Promise<readonly NewCharge[]> {
  const providers = await findProviders(
    tx,
    wanted.flatMap(({ paymentMethodId }) => paymentMethodId ?? []),
  );
  const attempts = wanted.map((charge) => ({
    ...charge,
    provider: providers.get(charge.paymentMethodId ?? "") ?? charge.provider,
  }));
  return insertNew(tx, charges, attempts);
}

/** The provider that each card was registered with. */
async function findProviders(
  tx: Tx,
  cardIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (cardIds.length === 0) return new Map();
  const rows = await tx
    .select({ id: paymentMethods.id, provider: paymentMethods.provider })
    .from(paymentMethods)
    .where(anyOf(paymentMethods.id, cardIds));
  return new Map(rows.map((row) => [row.id, row.provider]));
}

/**
 * Takes attempts that nobody has called for yet and marks them called, before any request leaves; answers their ids.
 * What is not among them was called before, is owned by another worker, or is closed.
 */
export async function beginCalls(
  tx: Tx,
  ids: readonly string[],
  at: { now: Date; leasedUntil: Date; onlyForCustomers: boolean },
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const begun = await tx
    .update(charges)
    .set({
      calledAt: at.now,
      leasedUntil: at.leasedUntil,
      // It keeps its value where it can: as long as no indexed column changes, no index is written.
      settleAt: sql`least(${charges.settleAt}, ${at.leasedUntil.toISOString()})`,
    })
    .where(
      and(
        anyOf(charges.id, ids),
        eq(charges.status, "pending"),
        isNull(charges.calledAt),
        or(isNull(charges.leasedUntil), lte(charges.leasedUntil, at.now)),
        at.onlyForCustomers ? eq(charges.trigger, "customer") : undefined,
      ),
    )
    .returning({ id: charges.id });
  return begun.map((charge) => charge.id);
}

/** Takes open attempts whose time to be looked at has come, leaving those that another settler holds. */
export async function takeChargesToSettle(
  tx: Tx,
  at: Lease,
  limit: number,
): Promise<readonly Charge[]> {
  return takeDue(tx, TO_SETTLE, { ...at, limit });
}

/** Takes one open attempt now, whenever it was booked to be looked at; null when somebody else owns it. */
export async function takeChargeToSettle(tx: Tx, id: string, at: Lease): Promise<Charge | null> {
  return takeOne(tx, TO_SETTLE, { ...at, id, where: isOutcomeOpen(charges), isTry: false });
}

/**
 * Before an open attempt is sent once more: counts the repeat, and takes the fresh key where one is given.
 * Null when the lease the caller holds (`ownedUntil`) is no longer the one on the row.
 */
export async function beginRepeat(
  tx: Tx,
  id: string,
  repeat: { now: Date; leasedUntil: Date; ownedUntil: Date | null; idempotencyKey: string | null },
): Promise<Charge | null> {
  const [row] = await tx
    .update(charges)
    .set({
      calledAt: repeat.now,
      leasedUntil: repeat.leasedUntil,
      settleAt: repeat.leasedUntil,
      repeats: sql`${charges.repeats} + 1`,
      ...(repeat.idempotencyKey && { idempotencyKey: repeat.idempotencyKey, keySpent: false }),
    })
    .where(and(eq(charges.id, id), isOutcomeOpen(charges), isLeasedUntil(repeat.ownedUntil)))
    .returning();
  return row ?? null;
}

/**
 * Puts an open attempt back until `settleAt`; null when only a person can go on with it. Nothing is done when the lease
 * the caller holds (`ownedUntil`) is no longer the one on the row.
 */
export async function postponeSettlement(
  tx: Tx,
  id: string,
  next: { settleAt: Date | null; needsReview: boolean; ownedUntil: Date | null },
): Promise<void> {
  await tx
    .update(charges)
    .set({ leasedUntil: null, settleAt: next.settleAt, needsReview: next.needsReview })
    .where(and(eq(charges.id, id), isOutcomeOpen(charges), isLeasedUntil(next.ownedUntil)));
}

function isLeasedUntil(ownedUntil: Date | null): SQL {
  return ownedUntil ? eq(charges.leasedUntil, ownedUntil) : isNull(charges.leasedUntil);
}

/** Ends attempts that were never sent to Toss; what has been called stays as it is. Returns those it ended. */
export async function withdrawUncalledCharges(
  tx: Tx,
  invoiceIds: readonly string[],
  now: Date,
): Promise<readonly Charge[]> {
  if (invoiceIds.length === 0) return [];
  return tx
    .update(charges)
    .set({
      status: "declined",
      declineCode: "WITHDRAWN",
      declineReason: "unknown",
      declineClass: "soft",
      settleAt: null,
      leasedUntil: null,
      closedAt: now,
    })
    .where(
      and(
        anyOf(charges.invoiceId, invoiceIds),
        eq(charges.status, "pending"),
        isNull(charges.calledAt),
      ),
    )
    .returning();
}

/** Has the attempts that were called for, and whose outcome is open, looked at by `at` at the latest. */
export async function hastenSettlement(
  tx: Tx,
  invoiceIds: readonly string[],
  at: Date,
): Promise<void> {
  if (invoiceIds.length === 0) return;
  await tx
    .update(charges)
    .set({ settleAt: at })
    .where(
      and(
        anyOf(charges.invoiceId, invoiceIds),
        isOutcomeOpen(charges),
        or(isNull(charges.settleAt), gt(charges.settleAt, at)),
      ),
    );
}

const OPEN_CHARGE = {
  id: charges.id,
  orderId: charges.orderId,
  amountWon: charges.amountWon,
  paymentMethodId: charges.paymentMethodId,
  trigger: charges.trigger,
  settleTries: charges.settleTries,
  createdAt: charges.createdAt,
  leasedUntil: charges.leasedUntil,
  takenWon: charges.takenWon,
};
const INVOICE_OF_CHARGE = {
  id: invoices.id,
  accountId: invoices.accountId,
  periodStartsOn: invoices.periodStartsOn,
  subscriptionId: invoices.subscriptionId,
  checkoutId: invoices.checkoutId,
  title: invoices.title,
  totalWon: invoices.totalWon,
  creditGrantedWon: invoices.creditGrantedWon,
  creditUsedGrantedWon: invoices.creditUsedGrantedWon,
  creditUsedPaidWon: invoices.creditUsedPaidWon,
  forgivenWon: invoices.forgivenWon,
  topUpWon: invoices.topUpWon,
  dueWon: invoices.dueWon,
};

/**
 * Those among attempts about which a contract must be asked before their first call: a customer began them, or their
 * contract's row is not as it was when they were written. A filter only; what is wanted is decided in `lib/billing`.
 */
export async function listAttemptsToAsk(
  tx: Tx,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: charges.id })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(
      and(
        anyOf(charges.id, ids),
        or(
          eq(charges.trigger, "customer"),
          eq(subscriptions.status, "ended"),
          isNotNull(subscriptions.cancelsOn),
          sql`${subscriptions.paymentMethodId} is distinct from ${charges.paymentMethodId}`,
          sql`(${subscriptions.cycle}, ${subscriptions.n}) is distinct from (${invoices.cycle}, ${invoices.n})`,
          ne(subscriptions.expectedWon, invoices.totalWon),
        ),
      ),
    );
  return rows.map((row) => row.id);
}

/** Open attempts with what they pay for, not locked: whoever holds the contract sees all that can begin one. */
export async function listOpenAttempts(tx: Tx, ids: readonly string[]) {
  return tx
    .select({ charge: OPEN_CHARGE, invoice: INVOICE_OF_CHARGE })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .where(and(anyOf(charges.id, ids), isOutcomeOpen(charges)));
}

/** Takes open attempts for recording; those already approved or declined are left out. */
export async function lockOpenCharges(tx: Tx, ids: readonly string[]) {
  return tx
    .select({ charge: OPEN_CHARGE, invoice: INVOICE_OF_CHARGE, userId: accountMembers.userId })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(accountMembers, isOwnerOf(charges.accountId))
    .where(and(anyOf(charges.id, ids), isOutcomeOpen(charges)))
    .orderBy(asc(charges.id))
    .for("update", { of: [charges, invoices] });
}

/** Writes outcomes onto open attempts the transaction holds locked. `settleAt` is set for those still unknown. */
export async function saveOutcomes(
  tx: Tx,
  results: readonly { id: string; outcome: BookedOutcome; settleAt: Date | null }[],
  now: Date,
): Promise<void> {
  if (results.length === 0) return;
  const rows = results.map(({ id, outcome, settleAt }) => ({
    id,
    settleAt,
    ...NOTHING_SAID,
    ...outcomeColumns(outcome, now),
  }));
  await tx.execute(sql`
    update charges set
      status = x.status, payment_key = coalesce(x.payment_key, charges.payment_key), supplied_won = x.supplied_won,
      vat_won = x.vat_won, taken_won = coalesce(x.taken_won, charges.taken_won), receipt_url = x.receipt_url, approved_at = x.approved_at, decline_code = x.decline_code, decline_reason = x.decline_reason,
      decline_class = x.decline_class, unknown_reason = x.unknown_reason, key_spent = coalesce(x.key_spent, charges.key_spent),
      needs_review = coalesce(x.needs_review, charges.needs_review), closed_at = x.closed_at, settle_at = x.settle_at, leased_until = null
    from ${rowsOf(charges, rows)} where charges.id = x.id and ${isOutcomeOpen(charges)}`);
}

/** What no outcome says anything about stays empty; `keySpent` and `needsReview` stay as they are. */
const NOTHING_SAID = {
  paymentKey: null,
  suppliedWon: null,
  vatWon: null,
  takenWon: null,
  receiptUrl: null,
  approvedAt: null,
  declineCode: null,
  declineReason: null,
  declineClass: null,
  unknownReason: null,
  keySpent: undefined,
  needsReview: undefined,
  closedAt: null,
};

function outcomeColumns(outcome: BookedOutcome, now: Date): Partial<NewCharge> {
  switch (outcome.kind) {
    case "approved":
      return {
        status: "approved",
        paymentKey: outcome.paymentKey,
        suppliedWon: outcome.suppliedWon,
        vatWon: outcome.vatWon,
        receiptUrl: outcome.receiptUrl,
        approvedAt: outcome.approvedAt,
        needsReview: false,
        closedAt: now,
      };
    case "declined":
      return {
        status: "declined",
        declineCode: outcome.code,
        declineReason: outcome.reason,
        declineClass: outcome.declineClass,
        takenWon: outcome.takenWon ?? null,
        needsReview: false,
        closedAt: now,
      };
    case "unknown":
      return {
        status: "unknown",
        unknownReason: outcome.reason,
        keySpent: outcome.keySpent,
        needsReview: outcome.review,
        takenWon: outcome.takenWon ?? null,
      };
    default:
      return outcome satisfies never;
  }
}

export async function findCallableCharges(
  ids: readonly string[],
): Promise<readonly CallableCharge[]> {
  if (ids.length === 0) return [];
  return db()
    .select({
      charge: CALL_COLUMNS,
      title: invoices.title,
      customerKey: accounts.customerKey,
      email: users.email,
      name: users.name,
      billingKeyCiphertext: paymentMethods.billingKeyCiphertext,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(accounts, eq(accounts.id, charges.accountId))
    .innerJoin(accountMembers, isOwnerOf(charges.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .leftJoin(paymentMethods, eq(paymentMethods.id, charges.paymentMethodId))
    .where(anyOf(charges.id, ids));
}

/** The attempts at an invoice, oldest first. */
export async function listCharges(tx: Tx, invoiceId: string): Promise<readonly Charge[]> {
  return tx
    .select()
    .from(charges)
    .where(eq(charges.invoiceId, invoiceId))
    .orderBy(asc(charges.createdAt), asc(charges.id));
}

/** How often a card was declined for a reason, by `invoice card reason`: a soft one repeated may turn hard. */
export async function countDeclines(
  tx: Tx,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (invoiceIds.length === 0) return new Map();
  const rows = await tx
    .select({
      invoiceId: charges.invoiceId,
      paymentMethodId: charges.paymentMethodId,
      reason: charges.declineReason,
      count: sql<number>`count(*)::int`,
    })
    .from(charges)
    .where(and(anyOf(charges.invoiceId, invoiceIds), eq(charges.status, "declined")))
    .groupBy(charges.invoiceId, charges.paymentMethodId, charges.declineReason);
  return new Map(
    rows.map((row) => [`${row.invoiceId} ${row.paymentMethodId} ${row.reason}`, row.count]),
  );
}

/** When the next open attempt after `after` is to be looked at; the movable clock stops there. */
export async function nextSettlementAt(after: Date): Promise<Date | null> {
  return nextDueAt(TO_SETTLE, after);
}

/** Whether an open attempt waits to be called or looked at by `now`. */
export async function hasDueCharges(now: Date): Promise<boolean> {
  return isAnyDue(TO_SETTLE, now);
}

export async function findOpenCharge(tx: Tx, invoiceId: string): Promise<Charge | null> {
  const [row] = await tx
    .select()
    .from(charges)
    .where(and(eq(charges.invoiceId, invoiceId), isOutcomeOpen(charges)));
  return row ?? null;
}

/** The newest attempt that was made for a subscription; null before the first. One taken back unsent is left out. */
export async function findLatestChargeOfSubscription(
  subscriptionId: string,
): Promise<Charge | null> {
  return findLatest(and(eq(invoices.subscriptionId, subscriptionId), isOpenOrCalled()));
}

/** `isOpen`, asked of rows: no charge, or refund, whose outcome is known. */
export function isOutcomeOpen(of: typeof charges | typeof refunds): SQL {
  return inArray(of.status, OPEN_STATUSES);
}

/** Whether an attempt is one that people see: it is open, or its request has left for Toss. */
export function isOpenOrCalled(): SQL | undefined {
  return or(ne(charges.status, "declined"), isNotNull(charges.calledAt));
}

/** The newest attempt made with a card of the account; null when none was. */
export async function findLatestChargeOfCard(
  accountId: string,
  paymentMethodId: string,
): Promise<Charge | null> {
  return findLatest(
    and(eq(invoices.accountId, accountId), eq(charges.paymentMethodId, paymentMethodId)),
  );
}

async function findLatest(which: SQL | undefined): Promise<Charge | null> {
  const [row] = await db()
    .select({ charge: charges })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .where(which)
    .orderBy(desc(charges.createdAt), desc(charges.id))
    .limit(1);
  return row?.charge ?? null;
}

/** Whether a worker is at Toss with an attempt, or one was written and is about to be sent. */
export async function hasChargesInFlight(now: Date): Promise<boolean> {
  const [row] = await db()
    .select({ id: charges.id })
    .from(charges)
    .where(
      and(
        eq(charges.status, "pending"),
        isNotNull(charges.settleAt),
        sql`greatest(${charges.settleAt}, ${charges.leasedUntil}) > ${now.toISOString()}`,
      ),
    )
    .limit(1);
  return row !== undefined;
}
