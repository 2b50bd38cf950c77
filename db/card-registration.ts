import { and, asc, desc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import { accounts } from "@/db/schema/account";
import { cardRegistrations, paymentMethods } from "@/db/schema/card";
import { subscriptions } from "@/db/schema/subscription";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import type { Lease } from "@/lib/billing/lease";
import { db, type Tx } from "./client";
import { isDue, nextDueAt, type Queue, takeOne } from "./queue";

export type CardRegistration = typeof cardRegistrations.$inferSelect;

const TO_RESUME: Queue<typeof cardRegistrations> = {
  table: cardRegistrations,
  dueAt: "nextTryAt",
  tries: "tries",
  // Written out as in the index, which serves no condition whose value is a parameter of a kept plan.
  waits: sql`${cardRegistrations.status} = 'pending'`,
};

/** Stores what came back from the window; false when this auth key was stored before. */
export async function insertRegistration(
  tx: Tx,
  registration: typeof cardRegistrations.$inferInsert,
): Promise<boolean> {
  const rows = await tx
    .insert(cardRegistrations)
    .values(registration)
    .onConflictDoNothing()
    .returning();
  return rows.length > 0;
}

export async function findRegistrationByAuthKey(
  tx: Tx,
  authKeyHash: string,
): Promise<CardRegistration | null> {
  const [row] = await tx
    .select()
    .from(cardRegistrations)
    .where(eq(cardRegistrations.authKeyHash, authKeyHash));
  return row ?? null;
}

export async function findRegistration(
  accountId: string,
  id: string,
): Promise<CardRegistration | null> {
  const [row] = await db()
    .select()
    .from(cardRegistrations)
    .where(and(eq(cardRegistrations.id, id), eq(cardRegistrations.accountId, accountId)));
  return row ?? null;
}

/** The newest registration of a checkout, with the card made of it. */
export async function findLatestRegistrationOf(
  checkoutId: string,
  tx?: Tx,
): Promise<(CardRegistration & { paymentMethodId: string | null }) | null> {
  const [row] = await (tx ?? db())
    .select({ registration: cardRegistrations, paymentMethodId: paymentMethods.id })
    .from(cardRegistrations)
    .leftJoin(paymentMethods, eq(paymentMethods.registrationId, cardRegistrations.id))
    .where(eq(cardRegistrations.checkoutId, checkoutId))
    .orderBy(desc(cardRegistrations.createdAt), desc(cardRegistrations.id))
    .limit(1);
  return row ? { ...row.registration, paymentMethodId: row.paymentMethodId } : null;
}

/**
 * Whether a card that came back from the window later is a billing key already, and kept. One that came for another
 * subscription than this one is none.
 */
export async function hasNewerCard(
  tx: Tx,
  {
    accountId,
    createdAt,
    subscriptionId,
  }: Pick<CardRegistration, "accountId" | "createdAt" | "subscriptionId">,
): Promise<boolean> {
  const ownCheckout = tx
    .select({ id: subscriptions.checkoutId })
    .from(subscriptions)
    .where(eq(subscriptions.id, subscriptionId ?? ""));
  const isForTheSame =
    subscriptionId === null
      ? undefined
      : and(
          or(
            isNull(cardRegistrations.subscriptionId),
            eq(cardRegistrations.subscriptionId, subscriptionId),
          ),
          or(
            isNull(cardRegistrations.checkoutId),
            inArray(cardRegistrations.checkoutId, ownCheckout),
          ),
        );
  const [row] = await tx
    .select({ id: cardRegistrations.id })
    .from(cardRegistrations)
    .innerJoin(paymentMethods, eq(paymentMethods.registrationId, cardRegistrations.id))
    .where(
      and(
        eq(cardRegistrations.accountId, accountId),
        gt(cardRegistrations.createdAt, createdAt),
        isNull(paymentMethods.deleteAt),
        isForTheSame,
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** Takes a pending registration for one call to Toss; null when it is finished or another worker has it. */
export async function takeRegistration(
  tx: Tx,
  id: string,
  at: Lease,
): Promise<{ registration: CardRegistration; customerKey: string } | null> {
  const registration = await takeOne(tx, TO_RESUME, { ...at, id, isTry: true });
  if (!registration) return null;
  const [account] = await tx.select().from(accounts).where(eq(accounts.id, registration.accountId));
  if (!account) throw new Error(`Registration ${id} has no account`);
  return { registration, customerKey: account.customerKey };
}

/** Takes the row, whatever its state. */
export async function lockRegistration(tx: Tx, id: string): Promise<CardRegistration> {
  const [row] = await tx
    .select()
    .from(cardRegistrations)
    .where(eq(cardRegistrations.id, id))
    .for("update");
  if (!row) throw new Error(`No card registration ${id}`);
  return row;
}

/** Ends a pending registration and erases the auth key it held. */
export async function finishRegistration(
  tx: Tx,
  id: string,
  end:
    | { status: "issued" }
    | { status: "failed"; failureCode: string; failureReason: DeclineReason },
): Promise<void> {
  await tx
    .update(cardRegistrations)
    .set({ ...end, authKeyCiphertext: null, nextTryAt: null })
    .where(and(eq(cardRegistrations.id, id), eq(cardRegistrations.status, "pending")));
}

export async function postponeRegistration(tx: Tx, id: string, nextTryAt: Date): Promise<void> {
  await tx
    .update(cardRegistrations)
    .set({ nextTryAt })
    .where(and(eq(cardRegistrations.id, id), eq(cardRegistrations.status, "pending")));
}

/**
 * Pending registrations that wait for another call: the browser went away, or the outcome was open. One per account
 * first, so one account's backlog cannot starve others.
 */
export async function listWaitingRegistrations(
  now: Date,
  limit: number,
): Promise<readonly Pick<CardRegistration, "id" | "accountId" | "checkoutId">[]> {
  return db()
    .select({
      id: cardRegistrations.id,
      accountId: cardRegistrations.accountId,
      checkoutId: cardRegistrations.checkoutId,
    })
    .from(cardRegistrations)
    .where(isDue(TO_RESUME, now))
    .orderBy(
      sql`row_number() over (partition by ${cardRegistrations.accountId} order by ${cardRegistrations.nextTryAt})`,
      asc(cardRegistrations.nextTryAt),
    )
    .limit(limit);
}

/** When the next registration after `after` is to be tried again; the movable clock stops there. */
export async function nextRegistrationTryAt(after: Date): Promise<Date | null> {
  return nextDueAt(TO_RESUME, after);
}
