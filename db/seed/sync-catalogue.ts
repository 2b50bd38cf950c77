import { eq, notInArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { plans, prices } from "@/db/schema/catalogue";
import type { Interval } from "@/lib/billing/calendar";
import { isSellableAmount } from "@/lib/billing/catalogue/plan";
import { parseWon, type Won } from "@/lib/billing/money";
import type { Offer } from "./catalogue";

/** What is to be on sale, and the least that can be charged for it. */
export type PriceList = { readonly offers: readonly Offer[]; readonly minimumWon: Won };

/**
 * Makes the price list say what `offers` say. A price whose terms differ is retired and its successor inserted with
 * the next version, so no price is ever edited; a plan or price no longer offered is switched off.
 * Throws a RangeError for an amount that cannot be sold (below `minimumWon`, or not whole).
 */
export async function syncCatalogue(tx: Tx, { offers, minimumWon }: PriceList): Promise<void> {
  for (const [position, offer] of offers.entries()) {
    const { id, prices: offered, ...words } = offer;
    refuseUnsellable(offer, minimumWon);
    const row = { ...words, position, active: true };
    await tx
      .insert(plans)
      .values({ id, ...row })
      .onConflictDoUpdate({ target: plans.id, set: row });
    for (const interval of ["month", "quarter", "year", "once"] as const) {
      await syncPrice(
        tx,
        { planId: id, interval: interval === "once" ? null : interval },
        offered[interval],
      );
    }
  }
  const offered = offers.map((offer) => offer.id);
  await tx.update(plans).set({ active: false }).where(notInArray(plans.id, offered));
  await tx.update(prices).set({ active: false }).where(notInArray(prices.planId, offered));
}

function refuseUnsellable({ id, prices: offered }: Offer, minimumWon: Won): void {
  for (const { amountWon } of Object.values(offered)) {
    if (!isSellableAmount(amountWon, minimumWon))
      throw new RangeError(
        `${id}: ${amountWon} won cannot be sold; a price is a whole number of at least ${minimumWon}`,
      );
  }
}

async function syncPrice(
  tx: Tx,
  { planId, interval }: { planId: string; interval: Interval | null },
  offered: { amountWon: number; trialDays?: number } | undefined,
): Promise<void> {
  const rows = await tx.select().from(prices).where(eq(prices.planId, planId));
  const versions = rows.filter((row) => row.interval === interval);
  const current = versions.find((row) => row.active);
  const trialDays = offered?.trialDays ?? 0;
  if (current && current.amountWon === offered?.amountWon && current.trialDays === trialDays)
    return;
  if (current) await tx.update(prices).set({ active: false }).where(eq(prices.id, current.id));
  if (!offered) return;
  const version = Math.max(0, ...versions.map((row) => row.version)) + 1;
  await tx.insert(prices).values({
    id: `${planId}-${interval ?? "once"}-v${version}`,
    planId,
    interval,
    amountWon: parseWon(offered.amountWon),
    trialDays,
    version,
    active: true,
  });
}
