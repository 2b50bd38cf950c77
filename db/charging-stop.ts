import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { callPacing, chargingStops } from "@/db/schema/charge";
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
