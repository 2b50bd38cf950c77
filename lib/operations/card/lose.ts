import { lockAccount } from "@/db/account";
import { findPaymentMethodByFingerprint, lockPaymentMethod, setKeyAside } from "@/db/card";
import { listConsents } from "@/db/consent";
import { lockLiveSubscriptions } from "@/db/subscription";
import { cardLabel } from "@/lib/billing/card/card";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { nextChargeOn } from "@/lib/billing/renewal/renewal";
import { isToBeCharged } from "@/lib/billing/subscription/subscription";
import type { WebhookResult } from "@/lib/billing/webhook/webhook";
import type { BookedNotice } from "@/lib/operations/message/book";
import { inTransaction, providerActor } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";

type LostCard = Extract<
  WebhookResult,
  "card-gone" | "card-not-in-use" | "card-unknown" | "outcome-open"
>;

/**
 * Marks a card as gone because a webhook names its billing key, and asks its owner for another one. Toss cannot be
 * asked about a key without charging or deleting it; but nobody except Toss and us knows one. Nothing is ended, deleted
 * or charged for it: the next try finds no key and is declined here as a removed key is at Toss, until a card, the
 * same or another, is registered. While a charge with the card is under way its outcome says more, and is waited for.
 */
export async function loseCard(
  deps: ClockAndIds,
  fingerprint: string,
  webhookId: string,
): Promise<LostCard> {
  const known = await findPaymentMethodByFingerprint(fingerprint);
  if (!known) return "card-unknown";
  return inTransaction(deps, providerActor(known.provider), async (work) => {
    const { tx, now } = work;
    const account = await lockAccount(tx, known.accountId);
    const live = await lockLiveSubscriptions(tx, known.accountId);
    const held = await lockPaymentMethod(tx, known.id);
    if (!held || held.method.deleteAt !== null || held.method.goneAt !== null)
      return "card-not-in-use";
    if (held.isCharging) return "outcome-open";
    const { id, issuerCode, maskedNumber } = held.method;
    await setKeyAside(tx, id, now);
    await work.audit({
      action: "card.gone",
      subjectId: known.accountId,
      details: { paymentMethodId: id, webhookId },
    });
    const consents = await listConsents(
      tx,
      live.map(({ subscription }) => subscription.id),
    );
    const card = cardLabel({ issuerCode, maskedNumber });
    const notices = live.flatMap(({ subscription, nextActionAt }): BookedNotice[] => {
      if (subscription.paymentMethodId !== id || !isToBeCharged(subscription)) return [];
      const isOverdue = subscription.status === "past-due";
      const hasConsent = consents.some(
        (consent) =>
          consent.subscriptionId === subscription.id && isConsentFor(subscription, consent),
      );
      const isBooked = !isOverdue && nextActionAt !== null;
      const chargeOn = isBooked ? nextChargeOn(subscription, nextActionAt, hasConsent) : null;
      const notice = { kind: "card-gone", card, chargeOn, isOverdue: !isBooked } as const;
      const { id: subscriptionId } = subscription;
      return [
        { userId: account.ownerId, about: `${id}:${subscriptionId}`, subscriptionId, notice },
      ];
    });
    await work.notify(...notices);
    return "card-gone";
  });
}
