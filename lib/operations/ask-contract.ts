import { lockOpenCharges } from "@/db/charges";
import { lockCheckoutsOfCharges } from "@/db/checkouts";
import type { Tx } from "@/db/client";
import { lockSubscriptionsOfCharges } from "@/db/subscriptions";
import { type Unwanted, whyUnwanted } from "@/lib/billing/attempt";
import { findTriesOfNewCards } from "./recorded-charge";

export type AskedCharge = Awaited<ReturnType<typeof lockOpenCharges>>[number] & {
  /** Null when the attempt is still wanted. */
  readonly unwanted: Unwanted | null;
};

/**
 * Takes open attempts with their contracts, and asks of each whether it may still be sent. Whoever cancels, changes the
 * card or gives up the order waits for this transaction, or this one for theirs: nothing unwanted is marked as called.
 */
export async function askContracts(
  tx: Tx,
  chargeIds: readonly string[],
  now: Date,
): Promise<readonly AskedCharge[]> {
  await lockCheckoutsOfCharges(tx, chargeIds);
  const contracts = await lockSubscriptionsOfCharges(tx, chargeIds);
  const held = (await lockOpenCharges(tx, chargeIds)).map((row) => ({
    ...row,
    subscription: contracts.get(row.invoice.subscriptionId ?? "") ?? null,
  }));
  const ofNewCards = await findTriesOfNewCards(tx, held);
  return held.map(({ subscription, ...row }) => {
    const { amountWon, createdAt, paymentMethodId, id } = row.charge;
    const { periodStartsOn } = row.invoice;
    const isOfNewCard = ofNewCards.has(id);
    const attempt = { amountWon, createdAt, paymentMethodId, periodStartsOn, isOfNewCard };
    return { ...row, unwanted: whyUnwanted(attempt, subscription, now) };
  });
}
