import { and, asc, desc, eq, gte, inArray, isNull, lt, not, sql } from "drizzle-orm";
import { charges } from "@/db/schema/charge";
import {
  type FindingResolution,
  reconciliationFindings as findings,
  reconciliations,
} from "@/db/schema/reconciliation";
import { refunds } from "@/db/schema/refund";
import { addDays, type CalendarDate, seoulInstant } from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";
import type {
  BookedCharge,
  BookedRefund,
  Difference,
  ListedTransaction,
} from "@/lib/billing/reconciliation/reconciliation";
import { anyOf } from "./bulk";
import { db, type Tx } from "./client";

export type Finding = typeof findings.$inferSelect;
export type Reconciliation = typeof reconciliations.$inferSelect;

const BOOKED_CHARGE = {
  id: charges.id,
  orderId: charges.orderId,
  paymentKey: charges.paymentKey,
  status: charges.status,
  amountWon: charges.amountWon,
  approvedAt: charges.approvedAt,
};

/** What stands here of a provider's day: what its transactions name, and what was approved or given back on it. */
export async function findBooks(
  provider: string,
  day: CalendarDate,
  transactions: readonly ListedTransaction[],
): Promise<{ charges: readonly BookedCharge[]; refunds: readonly BookedRefund[] }> {
  const [from, to] = [seoulInstant(day, 0), seoulInstant(addDays(day, 1), 0)];
  const orders = [...new Set(transactions.map((transaction) => transaction.orderId))];
  const keys = transactions.map((transaction) => transaction.transactionKey);
  const given = await db()
    .select()
    .from(refunds)
    .where(
      and(
        eq(refunds.provider, provider),
        gte(refunds.canceledAt, from),
        lt(refunds.canceledAt, to),
      ),
    );
  const named = await db()
    .select()
    .from(refunds)
    .where(and(eq(refunds.provider, provider), anyOf(refunds.transactionKey, keys)));
  const booked = [...new Map([...given, ...named].map((refund) => [refund.id, refund])).values()];
  const approved = await db()
    .select(BOOKED_CHARGE)
    .from(charges)
    .where(
      and(
        eq(charges.provider, provider),
        gte(charges.approvedAt, from),
        lt(charges.approvedAt, to),
      ),
    );
  const ordered = await db()
    .select(BOOKED_CHARGE)
    .from(charges)
    .where(anyOf(charges.orderId, orders));
  const refunded = await db()
    .select(BOOKED_CHARGE)
    .from(charges)
    .where(
      anyOf(
        charges.id,
        booked.map((refund) => refund.chargeId),
      ),
    );
  const all = new Map([...approved, ...ordered, ...refunded].map((charge) => [charge.id, charge]));
  return { charges: [...all.values()], refunds: booked };
}

/** What stands here of one charge now. */
export async function findBookedCharge(id: string): Promise<BookedCharge | null> {
  const [row] = await db().select(BOOKED_CHARGE).from(charges).where(eq(charges.id, id));
  return row ?? null;
}

export async function isCancelBooked(transactionKey: string): Promise<boolean> {
  const [row] = await db()
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.transactionKey, transactionKey), eq(refunds.status, "done")));
  return row !== undefined;
}

type Comparison = {
  readonly day: CalendarDate;
  readonly found: readonly { readonly id: string; readonly difference: Difference }[];
};

/**
 * Writes what a comparison of `day` found. What was found before keeps its row; what had vanished and is back is open
 * again; what a person resolved stays resolved. Open findings of the day that were not seen again have vanished.
 */
export async function saveFindings(
  tx: Tx,
  { day, found }: Comparison,
  now: Date,
): Promise<{ readonly unexplainedWon: Won; readonly openCount: number }> {
  const subjects = found.map(({ difference }) => difference.subject);
  await tx
    .update(findings)
    .set({ resolution: "vanished", resolvedAt: now, resolvedBy: "system" })
    .where(
      and(
        eq(findings.day, day),
        isNull(findings.resolvedAt),
        not(anyOf(findings.subject, subjects)),
      ),
    );
  for (let from = 0; from < found.length; from += ROWS_A_STATEMENT) {
    await tx
      .insert(findings)
      .values(
        found.slice(from, from + ROWS_A_STATEMENT).map(({ id, difference }) => ({
          id,
          day,
          ...difference,
          foundAt: now,
          lastSeenAt: now,
        })),
      )
      .onConflictDoUpdate({
        target: findings.subject,
        set: {
          lastSeenAt: now,
          unexplainedWon: sql`excluded.unexplained_won`,
          chargeId: sql`excluded.charge_id`,
          refundId: sql`excluded.refund_id`,
          resolution: unlessVanished("resolution"),
          resolvedAt: unlessVanished("resolved_at"),
          resolvedBy: unlessVanished("resolved_by"),
        },
      });
  }
  const [open] = await tx
    .select({
      won: sql<string>`coalesce(sum(${findings.unexplainedWon}), 0)`,
      count: sql<number>`count(*)::int`,
    })
    .from(findings)
    .where(and(eq(findings.day, day), isNull(findings.resolvedAt)));
  return { unexplainedWon: parseWon(Number(open?.won ?? 0)), openCount: open?.count ?? 0 };
}

/** A statement takes 65,535 parameters. */
const ROWS_A_STATEMENT = 1_000;

function unlessVanished(column: string) {
  const name = sql`${findings}.${sql.identifier(column)}`;
  return sql`case when ${findings.resolution} = 'vanished' then null else ${name} end`;
}

export async function insertReconciliation(tx: Tx, run: Reconciliation): Promise<void> {
  await tx.insert(reconciliations).values(run);
}

export async function lockFinding(tx: Tx, id: string): Promise<Finding | null> {
  const [row] = await tx.select().from(findings).where(eq(findings.id, id)).for("update");
  return row ?? null;
}

/** The key under which a payment that is not ours is cancelled; null forgets one that Toss has spent on an error. */
export async function saveCancelKey(tx: Tx, id: string, cancelKey: string | null): Promise<void> {
  await tx.update(findings).set({ cancelKey }).where(eq(findings.id, id));
}

/** Closes a finding that is open. */
export async function closeFinding(
  tx: Tx,
  id: string,
  end: {
    resolution: FindingResolution;
    note: string | null;
    resolvedBy: string;
    resolvedAt: Date;
  },
): Promise<void> {
  await tx
    .update(findings)
    .set(end)
    .where(and(eq(findings.id, id), isNull(findings.resolvedAt)));
}

export async function findFinding(id: string): Promise<Finding | null> {
  const [row] = await db().select().from(findings).where(eq(findings.id, id));
  return row ?? null;
}

/** What nobody has explained yet, oldest first. */
export async function listOpenFindings(limit: number): Promise<readonly Finding[]> {
  return db()
    .select()
    .from(findings)
    .where(isNull(findings.resolvedAt))
    .orderBy(asc(findings.foundAt), asc(findings.id))
    .limit(limit);
}

/** The open findings about attempts: the same problem, seen from Toss's list of the day. */
export async function listOpenFindingsOfCharges(
  chargeIds: readonly string[],
): Promise<readonly Finding[]> {
  return db()
    .select()
    .from(findings)
    .where(and(isNull(findings.resolvedAt), inArray(findings.chargeId, [...chargeIds])))
    .orderBy(asc(findings.foundAt), asc(findings.id));
}

/** All findings of a Seoul day, explained or not. */
export async function listFindingsOfDay(day: CalendarDate): Promise<readonly Finding[]> {
  return db()
    .select()
    .from(findings)
    .where(eq(findings.day, day))
    .orderBy(asc(findings.foundAt), asc(findings.id));
}

/** Days that have open findings, newest first. */
export async function listDaysWithFindings(limit: number): Promise<readonly CalendarDate[]> {
  const rows = await db()
    .selectDistinct({ day: findings.day })
    .from(findings)
    .where(isNull(findings.resolvedAt))
    .orderBy(desc(findings.day))
    .limit(limit);
  return rows.map((row) => row.day);
}

export type UncomparedDay = {
  readonly day: CalendarDate;
  /** Whether it was tried, and Toss's list could not be read to its end. */
  readonly hasFailed: boolean;
};

/**
 * Days before `before` that no comparison was ever finished for, newest first: what a standstill of days leaves behind,
 * and what Toss could not list. The books begin with the first charge, whose id is the smallest since ids follow time.
 */
export async function listDaysNeverCompared(
  before: CalendarDate,
  limit: number,
): Promise<readonly UncomparedDay[]> {
  const rows = await db().execute<{ day: CalendarDate; hasFailed: boolean }>(sql`
    select series.at::date::text as day,
      exists (select from reconciliations tried where tried.day = series.at::date) as "hasFailed"
    from (select (created_at at time zone 'Asia/Seoul')::date as day from charges order by id limit 1) first,
      generate_series(first.day, ${before}::date - 1, interval '1 day') series (at)
    where not exists (
      select from reconciliations done where done.day = series.at::date and done.status = 'done'
    )
    order by 1 desc
    limit ${limit}`);
  return rows.map(({ day, hasFailed }) => ({ day, hasFailed }));
}

export type ReconciledDay = {
  readonly run: Reconciliation;
  /** What is unexplained now: less than in the run, once findings were resolved. */
  readonly unexplainedWon: Won;
};

/** The newest comparison of each of the last days that were compared, newest day first. */
export async function listReconciledDays(limit: number): Promise<readonly ReconciledDay[]> {
  const newest = db()
    .selectDistinctOn([reconciliations.day], { id: reconciliations.id })
    .from(reconciliations)
    .orderBy(desc(reconciliations.day), desc(reconciliations.finishedAt))
    .limit(limit);
  const runs = await db()
    .select()
    .from(reconciliations)
    .where(inArray(reconciliations.id, newest))
    .orderBy(desc(reconciliations.day));
  const sums = await db()
    .select({ day: findings.day, won: sql<string>`sum(${findings.unexplainedWon})` })
    .from(findings)
    .where(isNull(findings.resolvedAt))
    .groupBy(findings.day);
  const open = new Map(sums.map((row) => [row.day, Number(row.won)]));
  return runs.map((run) => ({ run, unexplainedWon: parseWon(open.get(run.day) ?? 0) }));
}
