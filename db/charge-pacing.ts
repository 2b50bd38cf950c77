import { and, eq, gt, isNotNull, sql } from "drizzle-orm";
import { callPacing, charges } from "@/db/schema/charge";
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
      and(
        eq(charges.status, "pending"),
        // Open attempts have one: so few rows are looked at that the lease needs no index of its own.
        isNotNull(charges.settleAt),
        isNotNull(charges.calledAt),
        gt(charges.leasedUntil, now),
      ),
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
