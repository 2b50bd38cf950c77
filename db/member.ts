import { and, asc, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { accountMembers, users } from "@/db/schema/account";
import type { InvitedRole, MemberRole } from "@/lib/billing/account/member";
import { isOwnerOf } from "./account";
import { db, type Tx } from "./client";

export type Member = {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole;
};

/** The members of an account: the owner, then in the order in which they came. */
export async function listMembers(accountId: string): Promise<readonly Member[]> {
  return db()
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      role: accountMembers.role,
    })
    .from(accountMembers)
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .where(eq(accountMembers.accountId, accountId))
    .orderBy(
      sql`${accountMembers.role} = 'owner' desc`,
      asc(accountMembers.createdAt),
      asc(users.id),
    );
}

export type Membership = {
  readonly accountId: string;
  readonly role: MemberRole;
  readonly ownerName: string;
  readonly ownerEmail: string;
};

const owner = alias(users, "owner");

/** The accounts a person is a member of, oldest membership first. An account is known by its owner. */
export async function listMemberships(userId: string): Promise<readonly Membership[]> {
  const mine = alias(accountMembers, "mine");
  return db()
    .select({
      accountId: mine.accountId,
      role: mine.role,
      ownerName: owner.name,
      ownerEmail: owner.email,
    })
    .from(mine)
    .innerJoin(accountMembers, isOwnerOf(mine.accountId))
    .innerJoin(owner, eq(owner.id, accountMembers.userId))
    .where(eq(mine.userId, userId))
    .orderBy(asc(mine.createdAt), asc(mine.accountId));
}

/** What a person is in an account; null when they are no member. */
export async function findMemberRole(
  tx: Tx,
  accountId: string,
  userId: string,
): Promise<MemberRole | null> {
  const [row] = await tx
    .select({ role: accountMembers.role })
    .from(accountMembers)
    .where(isMember(accountId, userId));
  return row?.role ?? null;
}

/** Whether somebody with this address is a member. */
export async function isMemberByEmail(tx: Tx, accountId: string, email: string): Promise<boolean> {
  const [row] = await tx
    .select({ userId: users.id })
    .from(users)
    .innerJoin(accountMembers, eq(accountMembers.userId, users.id))
    .where(and(eq(users.email, email), eq(accountMembers.accountId, accountId)));
  return row !== undefined;
}

export async function insertMember(
  tx: Tx,
  member: typeof accountMembers.$inferInsert,
): Promise<void> {
  await tx.insert(accountMembers).values(member);
}

export async function setMemberRole(
  tx: Tx,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
  role: InvitedRole,
): Promise<void> {
  await tx.update(accountMembers).set({ role }).where(isMember(accountId, userId));
}

export async function deleteMember(tx: Tx, accountId: string, userId: string): Promise<void> {
  await tx.delete(accountMembers).where(isMember(accountId, userId));
}

function isMember(accountId: string, userId: string) {
  return and(eq(accountMembers.accountId, accountId), eq(accountMembers.userId, userId));
}
