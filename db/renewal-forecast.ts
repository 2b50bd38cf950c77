import { eq, lt, type SQL, sql } from "drizzle-orm";
import { chargeForecasts } from "@/db/schema/renewal";
import type { CalendarDate } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import type { Load } from "@/lib/billing/renewal/brake";
import type { Tx } from "./client";

export type Forecast = typeof chargeForecasts.$inferSelect;

/**
 * The renewals booked for before `end` that are expected to be charged, with their totals before credit. Reads the index
 * of what is due, and no more of the table than that.
 */
export async function findDueLoad(tx: Tx, end: Date): Promise<Load> {
  return findLoad(tx, end, sql`true`);
}

/**
 * The same, of those only whose next period ends within `(after, by]`: whoever is charged by then pays for days that
 * are over.
 */
export async function findOverLoad(
  tx: Tx,
  end: Date,
  period: { readonly after: CalendarDate | null; readonly by: CalendarDate },
): Promise<Load> {
  const isNew = period.after === null ? sql`true` : sql`s.pays_to > ${period.after}::date`;
  return findLoad(tx, end, sql`s.pays_to <= ${period.by}::date and ${isNew}`);
}

async function findLoad(tx: Tx, end: Date, which: SQL): Promise<Load> {
  return loadOf(
    await tx.execute(sql`
      select count(*)::text as count, coalesce(sum(s.expected_won), 0)::text as won
      from subscriptions s
      where s.next_action_at < ${end.toISOString()}::timestamptz and s.expects = 'charge' and ${which}`),
  );
}

/** Whether a forecast was ever written for a day before `day`. */
export async function wasForecastBefore(tx: Tx, day: CalendarDate): Promise<boolean> {
  const [row] = await tx
    .select({ day: chargeForecasts.day })
    .from(chargeForecasts)
    .where(lt(chargeForecasts.day, day))
    .limit(1);
  return row !== undefined;
}

/** The automatic attempts made on a Seoul day, which began at `start`. */
export async function findAttemptedLoad(tx: Tx, day: CalendarDate, start: Date): Promise<Load> {
  return loadOf(
    await tx.execute(sql`
      select count(*)::text as count, coalesce(sum(amount_won), 0)::text as won
      from charges
      where created_at >= ${start.toISOString()}::timestamptz and attempted_on = ${day}::date and trigger = 'automatic'`),
  );
}

export async function saveForecasts(tx: Tx, rows: readonly Forecast[]): Promise<void> {
  await tx
    .insert(chargeForecasts)
    .values([...rows])
    .onConflictDoUpdate({
      target: chargeForecasts.day,
      set: {
        count: sql`excluded.count`,
        amountWon: sql`excluded.amount_won`,
        madeAt: sql`excluded.made_at`,
      },
    });
}

export async function findForecast(tx: Tx, day: CalendarDate): Promise<Forecast | null> {
  const [row] = await tx.select().from(chargeForecasts).where(eq(chargeForecasts.day, day));
  return row ?? null;
}

function loadOf(rows: readonly Record<string, unknown>[]): Load {
  const [row] = rows;
  return { count: Number(row?.count ?? 0), amountWon: parseWon(Number(row?.won ?? 0)) };
}
