import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { plans, prices } from "@/db/schema";

/** A price and the plan it sells, whether still offered or not. */
export async function findPrice(
  tx: Tx,
  id: string,
): Promise<{ price: typeof prices.$inferSelect; plan: typeof plans.$inferSelect } | null> {
  const [row] = await tx
    .select({ price: prices, plan: plans })
    .from(prices)
    .innerJoin(plans, eq(plans.id, prices.planId))
    .where(eq(prices.id, id));
  return row ?? null;
}

export async function findPlanName(tx: Tx, planId: string): Promise<string> {
  const [row] = await tx.select({ name: plans.name }).from(plans).where(eq(plans.id, planId));
  return row?.name.ko ?? planId;
}
