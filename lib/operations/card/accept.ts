import { findRegistrationByAuthKey, insertRegistration } from "@/db/card-registration";
import { lockCheckout } from "@/db/checkout";
import { findSubscription } from "@/db/subscription";
import type { CheckoutRefusal } from "@/lib/operations/checkout/agree";
import { inTransaction, member } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";

/**
 * How often one customer may come back from the card window, whichever door they take. Each made-up key would be a call
 * to Toss, and those are what renewals live on.
 */
export const CARD_RETURNS = { name: "card-return", tries: 10, minutes: 10 };

export type AcceptCardRefusal =
  | CheckoutRefusal
  | { readonly code: "not-agreed" | "unknown-subscription" }
  /** The address names another customer than the one signed in: nothing of it is used. */
  | { readonly code: "foreign-customer-key" }
  /** Of a plain member, who may bring no card for the account. */
  | { readonly code: "not-allowed" }
  /** The auth key came back before, for somebody or something else. */
  | { readonly code: "auth-key-used" };

export type ReturnedCard = {
  readonly customer: {
    readonly userId: string;
    readonly accountId: string;
    readonly customerKey: string;
  };
  /** Null when the card of a running subscription is replaced. */
  readonly checkoutId: string | null;
  /** The one subscription whose card is replaced; by default that of all the account has. */
  readonly subscriptionId?: string | null;
  readonly authKey: string;
  /** As it stood in the address Toss sent the browser to. */
  readonly customerKey: string;
};

/**
 * Stores what came back from the card window, sealed, before anything is done with it: from here on no crash, reload
 * or closed tab loses the card. The same address opened again answers the same registration.
 */
export async function acceptCard(
  deps: Deps,
  returned: ReturnedCard,
): Promise<Result<{ registrationId: string }, AcceptCardRefusal>> {
  const { customer, checkoutId, subscriptionId = null, authKey } = returned;
  if (returned.customerKey !== customer.customerKey)
    return refuse({ code: "foreign-customer-key" });
  return inTransaction(deps, member(customer.userId), async (work) => {
    const { tx, now } = work;
    if (!(await work.may(customer.accountId, "pay"))) return refuse({ code: "not-allowed" });
    const authKeyHash = sha256(authKey);
    const known = await findRegistrationByAuthKey(tx, authKeyHash);
    if (known) {
      const isSame =
        known.accountId === customer.accountId &&
        known.checkoutId === checkoutId &&
        known.subscriptionId === subscriptionId;
      return isSame ? ok({ registrationId: known.id }) : refuse({ code: "auth-key-used" });
    }
    if (
      subscriptionId !== null &&
      !(await findSubscription(customer.accountId, subscriptionId, tx))
    )
      return refuse({ code: "unknown-subscription" });
    if (checkoutId !== null) {
      const found = await lockCheckout(tx, checkoutId);
      // What is bought once is paid in the payment window: a card would stay behind, charged by nobody.
      if (found?.checkout.accountId !== customer.accountId || found.plan.kind === "one-time")
        return refuse({ code: "unknown-checkout" });
      if (found.checkout.status === "completed") return refuse({ code: "checkout-completed" });
      if (found.checkout.status === "expired") return refuse({ code: "checkout-expired" });
      if (found.checkout.agreedAt === null) return refuse({ code: "not-agreed" });
    }
    const id = work.newId("registration");
    const isNew = await insertRegistration(tx, {
      id,
      accountId: customer.accountId,
      userId: customer.userId,
      checkoutId,
      subscriptionId,
      status: "pending",
      authKeyHash,
      authKeyCiphertext: deps.vault.seal(authKey, id),
      idempotencyKey: work.newId("idempotencyKey"),
      nextTryAt: now,
      createdAt: now,
    });
    if (isNew) {
      const subjectId = customer.accountId;
      const details = { registrationId: id, checkoutId, subscriptionId };
      await work.audit({ action: "card.returned", subjectId, details });
      return ok({ registrationId: id });
    }
    // The same address was opened twice at once; the other request stored it first.
    const stored = await findRegistrationByAuthKey(tx, authKeyHash);
    return stored?.accountId === customer.accountId
      ? ok({ registrationId: stored.id })
      : refuse({ code: "auth-key-used" });
  });
}
