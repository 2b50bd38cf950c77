import { and, eq, isNotNull, isNull, lte, ne, notExists } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { cardRegistrations, paymentMethods } from "@/db/schema/card";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { subscriptions } from "@/db/schema/subscription";
import { cardLabel } from "@/lib/billing/card/card";
import type { Lease } from "@/lib/billing/lease";
import { anyOf } from "./bulk";
import { isOutcomeOpen } from "./charge";
import { db, type Tx } from "./client";
import { nextDueAt, type Queue, takeDue } from "./queue";

export type PaymentMethod = typeof paymentMethods.$inferSelect;

const TO_DELETE: Queue<typeof paymentMethods> = {
  table: paymentMethods,
  dueAt: "deleteAt",
  tries: "deleteTries",
  waits: isNull(paymentMethods.deletedAt),
};

const CARD_FACE = {
  id: paymentMethods.id,
  issuerCode: paymentMethods.issuerCode,
  maskedNumber: paymentMethods.maskedNumber,
  cardType: paymentMethods.cardType,
  ownerType: paymentMethods.ownerType,
  createdAt: paymentMethods.createdAt,
};

/** What may be shown of a card. */
export type CardFace = Pick<PaymentMethod, keyof typeof CARD_FACE>;

/** The card as it may be shown; null when there is none, or it is gone. */
export async function findCardFace(
  accountId: string,
  id: string,
  on: Pick<Tx, "select"> = db(),
): Promise<CardFace | null> {
  const [row] = await on
    .select(CARD_FACE)
    .from(paymentMethods)
    .where(
      and(
        eq(paymentMethods.id, id),
        eq(paymentMethods.accountId, accountId),
        isNull(paymentMethods.goneAt),
      ),
    );
  return row ?? null;
}

export async function insertPaymentMethod(
  tx: Tx,
  method: typeof paymentMethods.$inferInsert,
): Promise<void> {
  await tx.insert(paymentMethods).values(method);
}

/** When cards were registered. */
export async function findRegistrationInstants(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: paymentMethods.id, at: paymentMethods.createdAt })
    .from(paymentMethods)
    .where(anyOf(paymentMethods.id, ids));
  return new Map(rows.map((row) => [row.id, row.at]));
}

/**
 * Books the deletion of keys at Toss. Leaves alone: keys already booked or gone, keys that a running subscription uses,
 * and keys of new cards that are being asked for what is overdue. The outcome of that charge decides about its card.
 */
export async function scheduleKeyDeletion(
  tx: Tx,
  ids: readonly (string | null)[],
  now: Date,
): Promise<void> {
  const present = ids.filter((id) => id !== null);
  if (present.length === 0) return;
  const inUse = tx
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.accountId, paymentMethods.accountId),
        eq(subscriptions.paymentMethodId, paymentMethods.id),
        ne(subscriptions.status, "ended"),
      ),
    );
  const former = alias(paymentMethods, "former");
  const beingTried = tx
    .select({ id: charges.id })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .innerJoin(former, eq(former.id, subscriptions.paymentMethodId))
    .where(
      and(
        eq(charges.paymentMethodId, paymentMethods.id),
        eq(charges.trigger, "customer"),
        isOutcomeOpen(charges),
        eq(subscriptions.status, "past-due"),
        isNull(subscriptions.cancelsOn),
        ne(former.id, paymentMethods.id),
        lte(former.createdAt, paymentMethods.createdAt),
      ),
    );
  await tx
    .update(paymentMethods)
    .set({ deleteAt: now })
    .where(
      and(
        anyOf(paymentMethods.id, present),
        isNull(paymentMethods.deleteAt),
        notExists(inUse),
        notExists(beingTried),
      ),
    );
}

/** The cards registered to pay for a checkout. */
export async function listCardsOfCheckout(tx: Tx, checkoutId: string): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: paymentMethods.id })
    .from(paymentMethods)
    .innerJoin(cardRegistrations, eq(cardRegistrations.id, paymentMethods.registrationId))
    .where(eq(cardRegistrations.checkoutId, checkoutId));
  return rows.map((row) => row.id);
}

/**
 * Takes keys to delete; each is booked again until its deletion is confirmed. A key with which a charge
 * is under way is left until that is over.
 */
export async function takeKeysToDelete(
  tx: Tx,
  at: Lease,
  limit: number,
): Promise<readonly PaymentMethod[]> {
  const openCharge = tx
    .select({ id: charges.id })
    .from(charges)
    .where(and(eq(charges.paymentMethodId, paymentMethods.id), isOutcomeOpen(charges)));
  return takeDue(tx, TO_DELETE, { ...at, limit, where: notExists(openCharge) });
}

/** When the next unwanted key after `after` is to be deleted at Toss; the movable clock stops there. */
export async function nextKeyDeletionAt(after: Date): Promise<Date | null> {
  return nextDueAt(TO_DELETE, after);
}

/** The key is gone at Toss: its ciphertext is erased, the face of the card stays for the history. */
export async function markKeyDeleted(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .update(paymentMethods)
    .set({ deletedAt: now, billingKeyCiphertext: null, goneKeyCiphertext: null })
    .where(eq(paymentMethods.id, id));
}

/** The card whose billing key, with or without its trailing `=`, has this fingerprint. */
export async function findPaymentMethodByFingerprint(
  fingerprint: string,
): Promise<PaymentMethod | null> {
  const [row] = await db()
    .select()
    .from(paymentMethods)
    .where(eq(paymentMethods.billingKeyFingerprint, fingerprint));
  return row ?? null;
}

/** Takes a card, and tells whether a charge with it is at Toss. */
export async function lockPaymentMethod(
  tx: Tx,
  id: string,
): Promise<{ readonly method: PaymentMethod; readonly isCharging: boolean } | null> {
  const [method] = await tx
    .select()
    .from(paymentMethods)
    .where(eq(paymentMethods.id, id))
    .for("update");
  if (!method) return null;
  const [open] = await tx
    .select({ id: charges.id })
    .from(charges)
    .where(
      and(eq(charges.paymentMethodId, id), isOutcomeOpen(charges), isNotNull(charges.calledAt)),
    )
    .limit(1);
  return { method, isCharging: open !== undefined };
}

/**
 * The key is said to be gone at Toss: it is set aside, so that a charge finds none and is declined here. Unlike a
 * confirmed deletion this forgets nothing: once the card is replaced, the key is deleted at Toss as any other.
 */
export async function setKeyAside(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .update(paymentMethods)
    .set({
      goneAt: now,
      goneKeyCiphertext: paymentMethods.billingKeyCiphertext,
      billingKeyCiphertext: null,
    })
    .where(and(eq(paymentMethods.id, id), isNull(paymentMethods.goneAt)));
}

export async function findPaymentMethodOfRegistration(
  tx: Tx,
  registrationId: string,
): Promise<PaymentMethod | null> {
  const [row] = await tx
    .select()
    .from(paymentMethods)
    .where(eq(paymentMethods.registrationId, registrationId));
  return row ?? null;
}

/** "현대카드 ···· 123*": how a message names a card; null when it is gone or about to be deleted. */
export async function findCardLabel(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx
    .select()
    .from(paymentMethods)
    .where(and(eq(paymentMethods.id, id), isNull(paymentMethods.deleteAt)));
  return row ? cardLabel(row) : null;
}

/** The card made of a registration, and whether it is on its way out; null while none was made. */
export async function findCardOfRegistration(
  accountId: string,
  registrationId: string,
): Promise<(CardFace & { readonly isDiscarded: boolean }) | null> {
  const [row] = await db()
    .select({ ...CARD_FACE, deleteAt: paymentMethods.deleteAt })
    .from(paymentMethods)
    .where(
      and(
        eq(paymentMethods.registrationId, registrationId),
        eq(paymentMethods.accountId, accountId),
      ),
    );
  if (!row) return null;
  const { deleteAt, ...face } = row;
  return { ...face, isDiscarded: deleteAt !== null };
}
