import { listOpenAttempts } from "@/db/charge";
import { lockSubscriptionsOfCharges } from "@/db/subscription";
import { type Unwanted, whyUnwanted } from "@/lib/billing/charge/attempt";
import type { Work } from "@/lib/operations/work";
import { findTriesOfNewCards } from "./recorded-charge";

export type HeldCharge = Awaited<ReturnType<typeof listOpenAttempts>>[number] & {
  /** Null when the attempt is still wanted. */
  readonly unwanted: Unwanted | null;
};

/**
 * Locks the contracts of open attempts until the transaction ends, and tells of each attempt whether it may still be
 * sent. A cancellation or a new card takes the same lock, so it comes before or after: nothing unwanted is marked as
 * called.
 */
export async function holdContracts(
  work: Work,
  chargeIds: readonly string[],
): Promise<readonly HeldCharge[]> {
  const { tx, now } = work;
  const contracts = await lockSubscriptionsOfCharges(tx, chargeIds);
  const held = (await listOpenAttempts(tx, chargeIds)).map((row) => ({
    ...row,
    subscription: contracts.get(row.invoice.subscriptionId ?? "") ?? null,
  }));
  const ofNewCards = await findTriesOfNewCards(tx, held);
  return held.map(({ subscription, ...row }) => {
    const { createdAt, paymentMethodId, id } = row.charge;
    const { totalWon, periodStartsOn } = row.invoice;
    const isOfNewCard = ofNewCards.has(id);
    const attempt = { totalWon, createdAt, paymentMethodId, periodStartsOn, isOfNewCard };
    return { ...row, unwanted: whyUnwanted(attempt, subscription, now) };
  });
}
