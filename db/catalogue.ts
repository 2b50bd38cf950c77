import { and, asc, eq } from "drizzle-orm";
import { plans, prices } from "@/db/schema/catalogue";
import type { Bilingual, Plan, Price } from "@/lib/billing/catalogue/plan";
import { anyOf } from "./bulk";
import { db, type Tx } from "./client";

export type OfferedPlan = Plan & { readonly prices: readonly Price[] };

/** What is on sale, in the order of the price list; a plan without an active price is left out. */
export async function listOffers(): Promise<readonly OfferedPlan[]> {
  const rows = await db()
    .select({ plan: plans, price: prices })
    .from(prices)
    .innerJoin(plans, eq(plans.id, prices.planId))
    .where(and(eq(plans.active, true), eq(prices.active, true)))
    .orderBy(asc(plans.position), asc(plans.id), asc(prices.amountWon));
  const offers = new Map<string, Plan & { prices: Price[] }>();
  for (const { plan, price } of rows) {
    const offer = offers.get(plan.id) ?? { ...plan, prices: [] };
    offer.prices.push(price);
    offers.set(plan.id, offer);
  }
  return [...offers.values()];
}

/** A price that is on sale, with its plan. */
export async function findOffer(priceId: string): Promise<{ plan: Plan; price: Price } | null> {
  for (const plan of await listOffers()) {
    const price = plan.prices.find(({ id }) => id === priceId);
    if (price) return { plan, price };
  }
  return null;
}

/** What plans hold, line by line, whether still offered or not; by the plan's id. */
export async function listFeatures(
  planIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Bilingual[]>> {
  const rows = await db()
    .select({ id: plans.id, features: plans.features })
    .from(plans)
    .where(anyOf(plans.id, planIds));
  return new Map(rows.map(({ id, features }) => [id, features]));
}

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
