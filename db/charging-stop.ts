import { and, desc, eq, gt, isNotNull, isNull, lte, or } from "drizzle-orm";
import { callPacing, chargingStops } from "@/db/schema/charge";
import type { Stop } from "@/lib/billing/charge/stop";
import { db, type Tx } from "./client";

export type ChargingStop = typeof chargingStops.$inferSelect;

/** Stops, open ones first, then the newest. */
export async function listStops(limit: number): Promise<readonly ChargingStop[]> {
  return db()
    .select()
    .from(chargingStops)
    .orderBy(desc(isNull(chargingStops.releasedAt)), desc(chargingStops.startedAt))
    .limit(limit);
}

/** Takes a stop; null when there is none. */
export async function lockStop(tx: Tx, id: string): Promise<ChargingStop | null> {
  const [row] = await tx.select().from(chargingStops).where(eq(chargingStops.id, id)).for("update");
  return row ?? null;
}

/** Ends a stop that is open. The count of unknown outcomes starts anew, or the next one would stop charging again. */
export async function endStop(
  tx: Tx,
  id: string,
  release: { releasedAt: Date; releasedBy: string },
): Promise<void> {
  await tx
    .update(chargingStops)
    .set(release)
    .where(and(eq(chargingStops.id, id), isNull(chargingStops.releasedAt)));
  await tx.update(callPacing).set({ unknownsInARow: 0 });
}

/** When a brake was last released by an operator, and when that one had struck; null when none was. */
export async function findLastBrakeRelease(
  tx: Tx,
): Promise<{ readonly startedAt: Date; readonly releasedAt: Date } | null> {
  const { kind, startedAt, releasedAt } = chargingStops;
  const [row] = await tx
    .select({ startedAt, releasedAt })
    .from(chargingStops)
    .where(and(eq(kind, "brake"), isNotNull(releasedAt)))
    .orderBy(desc(releasedAt))
    .limit(1);
  return row?.releasedAt ? { startedAt: row.startedAt, releasedAt: row.releasedAt } : null;
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
export async function insertStop(
  tx: Tx,
  stop: Stop & { readonly id: string },
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(chargingStops)
    .values({ ...stop, startedAt: now })
    .onConflictDoNothing()
    .returning({ id: chargingStops.id });
  return rows.length > 0;
}
