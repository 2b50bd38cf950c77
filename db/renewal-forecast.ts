import { eq, lt, type SQL, sql } from "drizzle-orm";
import { chargeForecasts } from "@/db/schema/renewal";
import type { CalendarDate } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import type { Load } from "@/lib/billing/renewal/brake";
import type { Tx } from "./client";
import { trialHasConsent } from "./consent";

export type Forecast = typeof chargeForecasts.$inferSelect;

/**
 * The renewals booked for before `end` that are to be charged; those that will only end are left out: cancelled, out of
 * tries, or in free days without consent. Reads the index of what is due, and no more of the table than that.
 */
export async function findDueLoad(tx: Tx, end: Date): Promise<Load> {
  return findLoad(tx, end, sql`true`);
}

/**
 * The same, of those only whose next period ends within `(after, by]`: whoever is charged by then pays for days that
 * are over. Periods are counted from the anchor, as `nthPeriod` does.
 */
export async function findOverLoad(
  tx: Tx,
  end: Date,
  period: { readonly after: CalendarDate | null; readonly by: CalendarDate },
): Promise<Load> {
  const months = sql`case s.interval when 'year' then 12 when 'quarter' then 3 else 1 end`;
  const endsOn = sql`(s.anchor_on + make_interval(months => (s.periods_paid + 1) * ${months}))::date`;
  const isNew = period.after === null ? sql`true` : sql`${endsOn} > ${period.after}::date`;
  return findLoad(tx, end, sql`${endsOn} <= ${period.by}::date and ${isNew}`);
}

async function findLoad(tx: Tx, end: Date, which: SQL): Promise<Load> {
  return loadOf(
    await tx.execute(sql`
      select count(*)::text as count, coalesce(sum(s.amount_won), 0)::text as won
      from subscriptions s
      where s.next_action_at < ${end.toISOString()}::timestamptz
        and s.status in ('trialing', 'active', 'past-due') and s.cancels_on is null
        and (s.status <> 'past-due' or s.next_try_on is not null)
        and (s.status <> 'trialing' or ${trialHasConsent})
        and ${which}`),
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
