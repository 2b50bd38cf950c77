import { and, asc, eq, gt, isNull, lte, or } from "drizzle-orm";
import { accountInvitations, accountMembers, users } from "@/db/schema/account";
import type { InvitedRole } from "@/lib/billing/account/member";
import { isOwnerOf } from "./account";
import { db, type Tx } from "./client";

export type Invitation = {
  readonly id: string;
  readonly email: string;
  readonly role: InvitedRole;
  readonly expiresAt: Date;
};

const isUnanswered = isNull(accountInvitations.acceptedBy);

/** Invites an address. A link mailed to it before stops working, and what was never answered in time is forgotten. */
export async function insertInvitation(
  tx: Tx,
  invitation: typeof accountInvitations.$inferInsert,
): Promise<void> {
  const { accountId, email, createdAt } = invitation;
  const isReplaced = eq(accountInvitations.email, email);
  const isOver = lte(accountInvitations.expiresAt, createdAt);
  await tx
    .delete(accountInvitations)
    .where(and(eq(accountInvitations.accountId, accountId), isUnanswered, or(isReplaced, isOver)));
  await tx.insert(accountInvitations).values(invitation);
}

/** Invitations that may still be accepted, oldest first. */
export async function listOpenInvitations(
  accountId: string,
  now: Date,
): Promise<readonly Invitation[]> {
  return db()
    .select({
      id: accountInvitations.id,
      email: accountInvitations.email,
      role: accountInvitations.role,
      expiresAt: accountInvitations.expiresAt,
    })
    .from(accountInvitations)
    .where(
      and(
        eq(accountInvitations.accountId, accountId),
        isUnanswered,
        gt(accountInvitations.expiresAt, now),
      ),
    )
    .orderBy(asc(accountInvitations.createdAt), asc(accountInvitations.id));
}

export type OpenedInvitation = {
  readonly accountId: string;
  readonly role: InvitedRole;
  readonly ownerName: string;
  readonly ownerEmail: string;
};

/** What a mailed token invites to; null when it is unknown, used, withdrawn or too old. */
export async function findInvitation(
  tokenHash: string,
  now: Date,
): Promise<OpenedInvitation | null> {
  const [row] = await db()
    .select({
      accountId: accountInvitations.accountId,
      role: accountInvitations.role,
      ownerName: users.name,
      ownerEmail: users.email,
    })
    .from(accountInvitations)
    .innerJoin(accountMembers, isOwnerOf(accountInvitations.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .where(isOpenBy(tokenHash, now));
  return row ?? null;
}

/** Uses the token up; null when it is unknown, used, withdrawn or too old. */
export async function consumeInvitation(
  tx: Tx,
  { tokenHash, userId }: { readonly tokenHash: string; readonly userId: string },
  now: Date,
): Promise<{ readonly id: string; readonly role: InvitedRole } | null> {
  const [row] = await tx
    .update(accountInvitations)
    .set({ acceptedBy: userId })
    .where(isOpenBy(tokenHash, now))
    .returning({ id: accountInvitations.id, role: accountInvitations.role });
  return row ?? null;
}

/** Takes an invitation back; false when there is no open one. */
export async function deleteInvitation(tx: Tx, accountId: string, id: string): Promise<boolean> {
  const deleted = await tx
    .delete(accountInvitations)
    .where(
      and(eq(accountInvitations.id, id), eq(accountInvitations.accountId, accountId), isUnanswered),
    )
    .returning({ id: accountInvitations.id });
  return deleted.length > 0;
}

function isOpenBy(tokenHash: string, now: Date) {
  return and(
    eq(accountInvitations.tokenHash, tokenHash),
    isUnanswered,
    gt(accountInvitations.expiresAt, now),
  );
}
