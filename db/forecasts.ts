import { asc, between, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { trialHasConsent } from "@/db/consents";
import { chargeForecasts } from "@/db/schema";
import type { Load } from "@/lib/billing/brake";
import type { CalendarDate } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";

export type Forecast = typeof chargeForecasts.$inferSelect;

/**
 * The renewals booked for before `end` that are to be charged; those that will only end are left out: cancelled, out of
 * tries, or in free days without consent. Reads the index of what is due, and no more of the table than that.
 */
export async function findDueLoad(tx: Tx, end: Date): Promise<Load> {
  return loadOf(
    await tx.execute(sql`
      select count(*)::text as count, coalesce(sum(s.amount_won), 0)::text as won
      from subscriptions s
      where s.next_action_at < ${end.toISOString()}::timestamptz
        and s.status in ('trialing', 'active', 'past-due') and s.cancels_on is null
        and (s.status <> 'past-due' or s.next_try_on is not null)
        and (s.status <> 'trialing' or ${trialHasConsent})`),
  );
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
