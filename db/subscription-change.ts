import { and, eq } from "drizzle-orm";
import { subscriptionChanges } from "@/db/schema/subscription";
import type { CalendarDate } from "@/lib/billing/calendar";
import { anyOf } from "./bulk";
import type { Tx } from "./client";

export async function insertChange(
  tx: Tx,
  change: typeof subscriptionChanges.$inferInsert,
): Promise<void> {
  await tx.insert(subscriptionChanges).values(change);
}

/** Says what became of booked changes of contracts that the transaction holds locked. */
export async function closeBookedChanges(
  tx: Tx,
  subscriptionIds: readonly string[],
  end: { readonly status: "applied" | "undone" | "lapsed"; readonly closedAt: Date },
): Promise<void> {
  if (subscriptionIds.length === 0) return;
  await tx
    .update(subscriptionChanges)
    .set(end)
    .where(
      and(
        anyOf(subscriptionChanges.subscriptionId, subscriptionIds),
        eq(subscriptionChanges.status, "booked"),
      ),
    );
}

/** Moves the day of a booked end: it takes effect at the end of what was paid meanwhile. */
export async function moveBookedEnd(
  tx: Tx,
  subscriptionId: string,
  takesEffectOn: CalendarDate,
): Promise<void> {
  await tx
    .update(subscriptionChanges)
    .set({ takesEffectOn })
    .where(
      and(
        eq(subscriptionChanges.subscriptionId, subscriptionId),
        eq(subscriptionChanges.status, "booked"),
        eq(subscriptionChanges.kind, "cancel"),
      ),
    );
}
