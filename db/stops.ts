import { and, desc, eq, gte, isNotNull, isNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { callPacing, chargingStops } from "@/db/schema";

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

/** Whether a brake that struck at `since` or later was released. */
export async function wasBrakeReleased(tx: Tx, since: Date): Promise<boolean> {
  const [row] = await tx
    .select({ id: chargingStops.id })
    .from(chargingStops)
    .where(
      and(
        eq(chargingStops.kind, "brake"),
        gte(chargingStops.startedAt, since),
        isNotNull(chargingStops.releasedAt),
      ),
    )
    .limit(1);
  return row !== undefined;
}
