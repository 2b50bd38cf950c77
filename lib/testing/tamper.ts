import { eq, sql } from "drizzle-orm";
import { transaction } from "@/db/client";
import { subscriptionItems } from "@/db/schema/subscription";
import type { Won } from "@/lib/billing/money";

/** Does what the database refuses to all others: overwrites what a contract consists of, with the triggers off. */
export async function overwritePrice(subscriptionId: string, unitWon: Won): Promise<void> {
  await transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx
      .update(subscriptionItems)
      .set({ unitWon })
      .where(eq(subscriptionItems.subscriptionId, subscriptionId));
  });
}
