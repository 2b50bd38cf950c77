import { and, eq, gt, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { callPacing, charges, chargingStops } from "@/db/schema/charge";
import type { Stop } from "@/lib/billing/charge/stop";
import type { Tx } from "./client";

export type Pacing = { readonly nextCallAt: Date; readonly callsInFlight: number };

/** Takes the one row on which all processes wait their turn, and counts the calls that may be under way. */
export async function lockPacing(tx: Tx, now: Date): Promise<Pacing> {
  const [row] = await tx.select().from(callPacing).where(eq(callPacing.id, 1)).for("update");
  if (!row) throw new Error("The pacing row is missing; the migrations insert it");
  const [calls] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(charges)
    .where(
      and(eq(charges.status, "pending"), isNotNull(charges.calledAt), gt(charges.leasedUntil, now)),
    );
  return { nextCallAt: row.nextCallAt, callsInFlight: calls?.count ?? 0 };
}

export async function savePacing(tx: Tx, nextCallAt: Date): Promise<void> {
  await tx.update(callPacing).set({ nextCallAt }).where(eq(callPacing.id, 1));
}

/** Adds unknown outcomes to the count of those in a row; a known outcome resets it. Returns the count they lead to. */
export async function updateUnknownsInARow(
  tx: Tx,
  seen: { unknowns: number; isKnownAmong: boolean },
): Promise<number> {
  if (seen.unknowns === 0 && !seen.isKnownAmong) return 0;
  if (seen.unknowns === 0) {
    await tx.update(callPacing).set({ unknownsInARow: 0 }).where(gt(callPacing.unknownsInARow, 0));
    return 0;
  }
  const unknownsInARow = seen.isKnownAmong
    ? sql`0`
    : sql`${callPacing.unknownsInARow} + ${seen.unknowns}`;
  const [row] = await tx
    .update(callPacing)
    .set({ unknownsInARow })
    .where(eq(callPacing.id, 1))
    .returning();
  return row?.unknownsInARow ?? 0;
}

/** Ends rests that are over, and with them the count of unknown outcomes. */
export async function endRests(tx: Tx, now: Date): Promise<void> {
  const isOver = and(isNull(chargingStops.releasedAt), lte(chargingStops.resumesAt, now));
  const [over] = await tx
    .select({ id: chargingStops.id })
    .from(chargingStops)
    .where(isOver)
    .limit(1);
  if (!over) return;
  // In the order of those who begin calls: first the row that paces, then the stops.
  await tx.select().from(callPacing).where(eq(callPacing.id, 1)).for("update");
  const rested = await tx
    .update(chargingStops)
    .set({ releasedAt: now, releasedBy: "system" })
    .where(isOver)
    .returning({ id: chargingStops.id });
  if (rested.length > 0)
    await tx.update(callPacing).set({ unknownsInARow: 0 }).where(eq(callPacing.id, 1));
}

/** Whether automatic charging is stopped at `now`. */
export async function isChargingStopped(tx: Tx, now: Date): Promise<boolean> {
  const lasts = or(isNull(chargingStops.resumesAt), gt(chargingStops.resumesAt, now));
  const [open] = await tx
    .select({ id: chargingStops.id })
    .from(chargingStops)
    .where(and(isNull(chargingStops.releasedAt), lasts))
    .limit(1);
  return open !== undefined;
}

/** Starts a stop; false when one of its kind is open already. */
export async function insertStop(tx: Tx, id: string, stop: Stop, now: Date): Promise<boolean> {
  const rows = await tx
    .insert(chargingStops)
    .values({ id, ...stop, startedAt: now })
    .onConflictDoNothing()
    .returning({ id: chargingStops.id });
  return rows.length > 0;
}
