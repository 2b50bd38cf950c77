/** What the console's first page shows of the day, read in one snapshot so that its figures belong together. */
import {
  and,
  asc,
  type Column,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  sql,
} from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { findDueLoad } from "@/db/renewal-forecast";
import {
  charges,
  customers,
  invoices,
  paymentMethods,
  reconciliationFindings,
  refunds,
  subscriptions,
  users,
} from "@/db/schema";
import { parseSubscription } from "@/db/subscription";
import { IS_EMAIL_PROVEN } from "@/db/user";
import {
  addDays,
  type CalendarDate,
  parseCalendarDate,
  seoulInstant,
} from "@/lib/billing/calendar";
import { NOT_EXECUTED } from "@/lib/billing/charge/charge";
import { parseWon, type Won } from "@/lib/billing/money";
import { GIVEN_UP } from "@/lib/billing/refund/refund";
import { DUNNING } from "@/lib/billing/renewal/dunning";

export type Tally = { readonly count: number; readonly won: Won };

export type DayFigures = {
  readonly paidToday: Tally;
  readonly paidThisMonth: Tally;
  readonly refundedThisMonth: Tally;
  /** Attempts declined today. */
  readonly declinedToday: Tally;
  /** Subscriptions that owe a period, with what they owe. */
  readonly pastDue: Tally;
  /** Renewals that fall due on the day after `today`. */
  readonly dueTomorrow: Tally;
};

/** A key is retried every ten minutes: after so many tries Toss does not answer by chance. */
const STUCK_AFTER_TRIES = 3;
/** A refused refund is shown for a week; what it says has been read by then. */
const REFUSED_DAYS = 7;
/** No past-due subscription waits longer than this for its next try or its end. */
const PAST_DUE_HORIZON_DAYS = 31;

/** The figures of a Seoul day. */
export async function findDayFigures(today: CalendarDate): Promise<DayFigures> {
  const start = seoulInstant(today, 0);
  const tomorrow = seoulInstant(addDays(today, 1), 0);
  const monthStart = seoulInstant(parseCalendarDate(`${today.slice(0, 7)}-01`), 0);
  return db().transaction(
    async (tx) => {
      const byTonight = await findDueLoad(tx, tomorrow);
      const byTomorrowNight = await findDueLoad(tx, seoulInstant(addDays(today, 2), 0));
      return {
        paidToday: await tallyPaid(tx, start, tomorrow),
        paidThisMonth: await tallyPaid(tx, monthStart, tomorrow),
        refundedThisMonth: await tallyRefunded(tx, monthStart, tomorrow),
        declinedToday: await tallyDeclined(tx, start, tomorrow),
        pastDue: await tallyPastDue(tx, seoulInstant(addDays(today, PAST_DUE_HORIZON_DAYS), 0)),
        dueTomorrow: {
          count: byTomorrowNight.count - byTonight.count,
          won: parseWon(byTomorrowNight.amountWon - byTonight.amountWon),
        },
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

async function tallyPaid(tx: Tx, from: Date, to: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(charges.amountWon))
      .from(charges)
      .where(and(gte(charges.approvedAt, from), lt(charges.approvedAt, to))),
  );
}

async function tallyRefunded(tx: Tx, from: Date, to: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(refunds.amountWon))
      .from(refunds)
      .where(and(gte(refunds.canceledAt, from), lt(refunds.canceledAt, to))),
  );
}

async function tallyDeclined(tx: Tx, from: Date, to: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(charges.amountWon))
      .from(charges)
      .where(
        and(gte(charges.closedAt, from), lt(charges.closedAt, to), eq(charges.status, "declined")),
      ),
  );
}

async function tallyPastDue(tx: Tx, horizon: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(subscriptions.amountWon))
      .from(subscriptions)
      .where(and(lt(subscriptions.nextActionAt, horizon), eq(subscriptions.status, "past-due"))),
  );
}

function tally(amount: Column) {
  return { count: sql<number>`count(*)::int`, won: sql<string>`coalesce(sum(${amount}), 0)::text` };
}

function tallyOf(rows: readonly { count: number; won: string }[]): Tally {
  const [row] = rows;
  return { count: row?.count ?? 0, won: parseWon(Number(row?.won ?? 0)) };
}

/** What the open findings leave unexplained, over all days. */
export async function findUnexplained(): Promise<Tally> {
  return tallyOf(
    await db()
      .select(tally(reconciliationFindings.unexplainedWon))
      .from(reconciliationFindings)
      .where(isNull(reconciliationFindings.resolvedAt)),
  );
}

/** Charges that only a person can go on with, oldest first. */
export async function listChargesToReview(limit: number) {
  return db()
    .select({
      id: charges.id,
      orderId: charges.orderId,
      amountWon: charges.amountWon,
      reason: charges.unknownReason,
      takenWon: charges.takenWon,
      title: invoices.title,
      customer: users.email,
      since: charges.createdAt,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(customers, eq(customers.id, charges.customerId))
    .innerJoin(users, eq(users.id, customers.userId))
    .where(eq(charges.needsReview, true))
    .orderBy(asc(charges.createdAt), asc(charges.id))
    .limit(limit);
}

/** Attempts of the last day that were refused for a reason in our own set-up or contract, newest first. */
export async function listOurFaults(now: Date, limit: number) {
  const since = new Date(now.getTime() - 24 * 60 * 60_000);
  return db()
    .select({
      id: charges.id,
      orderId: charges.orderId,
      amountWon: charges.amountWon,
      code: charges.declineCode,
      title: invoices.title,
      customer: users.email,
      at: charges.createdAt,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(customers, eq(customers.id, charges.customerId))
    .innerJoin(users, eq(users.id, customers.userId))
    .where(
      and(
        gte(charges.closedAt, since),
        or(
          and(eq(charges.declineClass, "config"), ne(charges.declineCode, NOT_EXECUTED)),
          inArray(charges.declineCode, Object.keys(DUNNING.configAfter)),
        ),
      ),
    )
    .orderBy(desc(charges.closedAt), desc(charges.id))
    .limit(limit);
}

/** Refunds whose money has not moved: open ones, and those refused in the last week. Newest first. */
export async function listTroubledRefunds(now: Date, limit: number) {
  const refusedSince = new Date(now.getTime() - REFUSED_DAYS * 24 * 60 * 60_000);
  return db()
    .select({
      id: refunds.id,
      amountWon: refunds.amountWon,
      reason: refunds.reason,
      status: refunds.status,
      refusedCode: refunds.refusedCode,
      unknownReason: refunds.unknownReason,
      needsReview: refunds.needsReview,
      orderId: charges.orderId,
      customer: users.email,
      since: refunds.createdAt,
    })
    .from(refunds)
    .innerJoin(charges, eq(charges.id, refunds.chargeId))
    .innerJoin(customers, eq(customers.id, refunds.customerId))
    .innerJoin(users, eq(users.id, customers.userId))
    .where(
      and(
        isNull(refunds.canceledAt),
        or(
          inArray(refunds.status, ["pending", "unknown"]),
          and(gte(refunds.closedAt, refusedSince), ne(refunds.refusedCode, GIVEN_UP)),
        ),
      ),
    )
    .orderBy(desc(refunds.needsReview), desc(refunds.createdAt), desc(refunds.id))
    .limit(limit);
}

/**
 * Attempts at payment, newest first, with what was given back of each. `search` is a whole email address, id of
 * an attempt or an order, payment key or invoice number; `after` the id of the last one seen.
 */
export async function listPaymentAttempts(
  { search, after }: { readonly search: string | null; readonly after: string | null },
  limit: number,
) {
  const rows = await db()
    .select({
      charge: charges,
      title: invoices.title,
      invoiceNumber: invoices.number,
      customer: users.email,
      isEmailProven: IS_EMAIL_PROVEN,
      issuerCode: paymentMethods.issuerCode,
      maskedNumber: paymentMethods.maskedNumber,
      subscription: subscriptions,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(customers, eq(customers.id, charges.customerId))
    .innerJoin(users, eq(users.id, customers.userId))
    .leftJoin(paymentMethods, eq(paymentMethods.id, charges.paymentMethodId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(
      and(
        search === null ? undefined : inArray(charges.id, chargesAbout(search)),
        after === null ? undefined : lt(charges.id, after),
      ),
    )
    .orderBy(desc(charges.id))
    .limit(limit);
  const given = await db()
    .select()
    .from(refunds)
    .where(
      inArray(
        refunds.chargeId,
        rows.map((row) => row.charge.id),
      ),
    )
    .orderBy(asc(refunds.createdAt), asc(refunds.id));
  return rows.map(({ subscription, ...row }) => ({
    ...row,
    subscription: subscription && parseSubscription(subscription),
    refunds: given.filter((refund) => refund.chargeId === row.charge.id),
  }));
}

/** Each part goes by an index of its own, whatever was typed. */
function chargesAbout(search: string) {
  const byInvoice = db()
    .select({ id: charges.id })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId));
  if (search.includes("@")) {
    return byInvoice
      .innerJoin(customers, eq(customers.id, invoices.customerId))
      .innerJoin(users, eq(users.id, customers.userId))
      .where(eq(users.email, search.toLowerCase()));
  }
  const own = () => db().select({ id: charges.id }).from(charges);
  return own()
    .where(eq(charges.id, search))
    .unionAll(own().where(eq(charges.orderId, search)))
    .unionAll(own().where(eq(charges.paymentKey, search)))
    .unionAll(byInvoice.where(eq(invoices.number, search)));
}

/** Billing keys nobody wants any more and Toss has not confirmed gone after several tries. */
export async function listStuckKeys(limit: number) {
  return db()
    .select({
      id: paymentMethods.id,
      issuerCode: paymentMethods.issuerCode,
      maskedNumber: paymentMethods.maskedNumber,
      tries: paymentMethods.deleteTries,
      nextTryAt: paymentMethods.deleteAt,
      customer: users.email,
    })
    .from(paymentMethods)
    .innerJoin(customers, eq(customers.id, paymentMethods.customerId))
    .innerJoin(users, eq(users.id, customers.userId))
    .where(
      and(
        isNotNull(paymentMethods.deleteAt),
        isNull(paymentMethods.deletedAt),
        gte(paymentMethods.deleteTries, STUCK_AFTER_TRIES),
      ),
    )
    .orderBy(asc(paymentMethods.deleteAt), asc(paymentMethods.id))
    .limit(limit);
}
