import { type CardFace, findCardOfRegistration } from "@/db/card";
import { findRegistration } from "@/db/card-registration";
import { findLatestChargeOfCard } from "@/db/charge";
import { listLatestSubscriptions } from "@/db/subscription";
import { isOpen } from "@/lib/billing/charge/charge";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import type { Won } from "@/lib/billing/money";

/** What became of a card that was registered to take another's place. */
export type CardOutcome =
  | { readonly kind: "checking" }
  | { readonly kind: "refused"; readonly reason: DeclineReason }
  | { readonly kind: "replaced"; readonly card: CardFace }
  /** It has also paid what was overdue. */
  | { readonly kind: "paid"; readonly card: CardFace; readonly amountWon: Won }
  | { readonly kind: "declined"; readonly reason: DeclineReason; readonly amountWon: Won }
  /** There was nothing to pay for. */
  | { readonly kind: "unused" };

/** Null when the account has no such registration, or it belongs to an order. */
export async function findCardOutcome(
  accountId: string,
  registrationId: string,
): Promise<CardOutcome | null> {
  const registration = await findRegistration(accountId, registrationId);
  if (!registration || registration.checkoutId !== null) return null;
  if (registration.status === "failed")
    return { kind: "refused", reason: registration.failureReason ?? "unknown" };
  const found = await findCardOfRegistration(accountId, registrationId);
  if (registration.status === "pending" || !found) return { kind: "checking" };
  const { isDiscarded, ...card } = found;
  const charge = await findLatestChargeOfCard(accountId, card.id);
  if (isOpen(charge)) return { kind: "checking" };
  if (charge?.status === "declined")
    return {
      kind: "declined",
      reason: charge.declineReason ?? "unknown",
      amountWon: charge.amountWon,
    };
  const contracts = await listLatestSubscriptions(accountId);
  const isInPlace = contracts.some(({ subscription }) => subscription.paymentMethodId === card.id);
  const isPastDueCharge = charge?.trigger === "customer";
  if (isInPlace && charge && isPastDueCharge)
    return { kind: "paid", card, amountWon: charge.amountWon };
  if (isInPlace) return { kind: "replaced", card };
  return isDiscarded ? { kind: "unused" } : { kind: "checking" };
}
