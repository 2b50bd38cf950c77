import { lockCustomer } from "@/db/account";
import { writeAudit } from "@/db/audit";
import { findPaymentMethodByFingerprint, lockPaymentMethod, setKeyAside } from "@/db/card";
import { transaction } from "@/db/client";
import { listConsents } from "@/db/consent";
import { lockLiveSubscriptions } from "@/db/subscription";
import { cardLabel } from "@/lib/billing/card/card";
import { isConsentFor } from "@/lib/billing/consent/consent";
import { nextChargeOn } from "@/lib/billing/renewal/renewal";
import { isToBeCharged } from "@/lib/billing/subscription/subscription";
import type { WebhookResult } from "@/lib/billing/webhook/webhook";
import { type BookedNotice, bookNotices } from "@/lib/operations/message/book";
import type { Deps } from "@/lib/runtime/deps";

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
  deps: Pick<Deps, "clock" | "newId">,
  fingerprint: string,
  webhookId: string,
): Promise<LostCard> {
  const known = await findPaymentMethodByFingerprint(fingerprint);
  if (!known) return "card-unknown";
  return transaction(async (tx) => {
    const customer = await lockCustomer(tx, known.customerId);
    const live = await lockLiveSubscriptions(tx, known.customerId);
    const held = await lockPaymentMethod(tx, known.id);
    if (!held || held.method.deleteAt !== null || held.method.goneAt !== null)
      return "card-not-in-use";
    if (held.isCharging) return "outcome-open";
    const now = deps.clock.now();
    const { id, issuerCode, maskedNumber } = held.method;
    await setKeyAside(tx, id, now);
    await writeAudit(
      tx,
      [
        {
          actor: "toss",
          action: "card.gone",
          subjectId: known.customerId,
          details: { paymentMethodId: id, webhookId },
        },
      ],
      now,
    );
    const consents = await listConsents(
      tx,
      live.map(({ subscription }) => subscription.id),
    );
    const card = cardLabel({ issuerCode, maskedNumber });
    const notices = live.flatMap(({ subscription, nextActionAt }): BookedNotice[] => {
      if (subscription.paymentMethodId !== id || !isToBeCharged(subscription)) return [];
      const isOverdue = subscription.status === "past-due";
      const hasConsent = consents.some((consent) => isConsentFor(subscription, consent));
      const isBooked = !isOverdue && nextActionAt !== null;
      const chargeOn = isBooked ? nextChargeOn(subscription, nextActionAt, hasConsent) : null;
      const notice = { kind: "card-gone", card, chargeOn, isOverdue: !isBooked } as const;
      const { id: subscriptionId } = subscription;
      return [
        { userId: customer.userId, about: `${id}:${subscriptionId}`, subscriptionId, notice },
      ];
    });
    await bookNotices(deps, tx, notices, now);
    return "card-gone";
  });
}
