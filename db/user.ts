import { and, asc, eq, gt, inArray, isNull, ne, notInArray, type SQL, sql } from "drizzle-orm";
import {
  accountMembers,
  accounts,
  passwordResets,
  type Role,
  sessions,
  userIdentities,
  users,
} from "@/db/schema/account";
import type { MemberRole } from "@/lib/billing/account/member";
import { db, type Tx } from "./client";
import { insertMember } from "./member";

export type User = typeof users.$inferSelect;

/** A person who is signed in, and the account they act for. Everybody is a member of one at least: their own. */
export type SignedIn = {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly sessionEpoch: number;
  readonly accountId: string;
  readonly customerKey: string;
  /** What they are in that account. */
  readonly memberRole: MemberRole;
};

/** For a lateral join with `users`: the account a person acts for, the oldest of theirs unless `first` puts another first. */
export function membershipOf(first?: SQL) {
  return db()
    .select({
      accountId: accountMembers.accountId,
      memberRole: accountMembers.role,
      customerKey: accounts.customerKey,
    })
    .from(accountMembers)
    .innerJoin(accounts, eq(accounts.id, accountMembers.accountId))
    .where(eq(accountMembers.userId, users.id))
    .orderBy(
      ...(first ? [first] : []),
      asc(accountMembers.createdAt),
      asc(accountMembers.accountId),
    )
    .limit(1)
    .as("membership");
}

/** The columns of a `SignedIn`. */
export function signedInBy(membership: ReturnType<typeof membershipOf>) {
  return {
    userId: users.id,
    email: users.email,
    name: users.name,
    role: users.role,
    sessionEpoch: users.sessionEpoch,
    accountId: membership.accountId,
    customerKey: membership.customerKey,
    memberRole: membership.memberRole,
  } as const;
}

export async function findSignedIn(userId: string): Promise<SignedIn | null> {
  const membership = membershipOf();
  const [row] = await db()
    .select(signedInBy(membership))
    .from(users)
    .innerJoinLateral(membership, sql`true`)
    .where(eq(users.id, userId));
  return row ?? null;
}

/** `email` in lower case. */
export async function findUserByEmail(email: string): Promise<User | null> {
  const [row] = await db().select().from(users).where(eq(users.email, email));
  return row ?? null;
}

/** The e-mail address of a user who is there. */
export async function findEmail(tx: Tx, userId: string): Promise<string> {
  const [row] = await tx.select({ email: users.email }).from(users).where(eq(users.id, userId));
  if (!row) throw new Error(`No user ${userId}`);
  return row.email;
}

/** Takes the row, so that two links to one person are made one after the other. */
export async function lockUserByEmail(tx: Tx, email: string): Promise<User | null> {
  const [row] = await tx.select().from(users).where(eq(users.email, email)).for("update");
  return row ?? null;
}

/** Takes the row, so that a session begins either before all others end or not at all. */
export async function lockUser(tx: Tx, id: string): Promise<User | null> {
  const [row] = await tx.select().from(users).where(eq(users.id, id)).for("update");
  return row ?? null;
}

export async function findUserByIdentity(
  provider: string,
  providerAccountId: string,
): Promise<User | null> {
  const [row] = await db()
    .select({ user: users })
    .from(userIdentities)
    .innerJoin(users, eq(users.id, userIdentities.userId))
    .where(
      and(
        eq(userIdentities.provider, provider),
        eq(userIdentities.providerAccountId, providerAccountId),
      ),
    );
  return row?.user ?? null;
}

/** Inserts a person and an account of their own. False when the e-mail address is taken. */
export async function insertUser(
  tx: Tx,
  user: Pick<User, "id" | "email" | "name" | "passwordHash" | "createdAt"> & {
    readonly locale?: User["locale"];
  },
  account: { id: string; customerKey: string },
): Promise<boolean> {
  const inserted = await tx
    .insert(users)
    .values(user)
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id });
  if (inserted.length === 0) return false;
  const { id: userId, createdAt } = user;
  await tx.insert(accounts).values({ ...account, createdAt });
  await insertMember(tx, { accountId: account.id, userId, role: "owner", createdAt });
  return true;
}

export async function insertIdentity(
  tx: Tx,
  identity: typeof userIdentities.$inferInsert,
): Promise<void> {
  await tx.insert(userIdentities).values(identity).onConflictDoNothing();
}

/** Providers that vouch for the addresses they report. Naver reports what its owner typed in. */
export const PROVING_PROVIDERS = ["kakao", "google"] as const;

/** Of a row of `users`: whether the person has shown that the e-mail address is theirs, as `hasProvenEmail` asks. */
export const IS_EMAIL_PROVEN = sql<boolean>`(exists (
  select 1 from ${passwordResets}
  where ${passwordResets.userId} = ${users.id} and ${passwordResets.usedAt} is not null
) or exists (
  select 1 from ${userIdentities}
  where ${userIdentities.userId} = ${users.id} and ${inArray(userIdentities.provider, [...PROVING_PROVIDERS])}
))`;

/**
 * Whether the person has shown that the e-mail address is theirs: by a link mailed to it, or through a provider that
 * vouches for it.
 */
export async function hasProvenEmail(tx: Tx, userId: string): Promise<boolean> {
  const [row] = await tx
    .select({ isProven: IS_EMAIL_PROVEN })
    .from(users)
    .where(eq(users.id, userId));
  return row?.isProven ?? false;
}

/** Takes away the doors through other providers than these. */
export async function removeOtherIdentities(
  tx: Tx,
  userId: string,
  keptProviders: readonly string[],
): Promise<void> {
  await tx
    .delete(userIdentities)
    .where(
      and(
        eq(userIdentities.userId, userId),
        notInArray(userIdentities.provider, [...keptProviders]),
      ),
    );
}

/** Takes away every way in that was set up so far, and ends all sessions. */
export async function revokeAccess(tx: Tx, userId: string): Promise<void> {
  await tx.delete(userIdentities).where(eq(userIdentities.userId, userId));
  await setPassword(tx, userId, null);
}

/** Sets the password and ends all sessions of the person. */
export async function setPassword(
  tx: Tx,
  userId: string,
  passwordHash: string | null,
): Promise<void> {
  await tx
    .update(users)
    .set({ passwordHash, sessionEpoch: sql`${users.sessionEpoch} + 1` })
    .where(eq(users.id, userId));
  await tx.delete(sessions).where(eq(sessions.userId, userId));
}

/** The roles that may act in the console; support reads only. */
export const ACTING_ROLES: readonly Role[] = ["operator", "owner"];

/** Takes the rows of all who may act in the console, so that no two of them lose their roles at once. */
export async function lockActingOperators(tx: Tx): Promise<readonly { readonly id: string }[]> {
  return tx
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.role, [...ACTING_ROLES]))
    .orderBy(users.id)
    .for("update");
}

export type Operator = Pick<User, "email" | "name" | "role">;

/** Everybody who may look at the console, by e-mail address. */
export async function listOperators(): Promise<readonly Operator[]> {
  return db()
    .select({ email: users.email, name: users.name, role: users.role })
    .from(users)
    .where(ne(users.role, "customer"))
    .orderBy(users.email);
}

export async function setRole(tx: Tx, userId: string, role: Role): Promise<void> {
  await tx.update(users).set({ role }).where(eq(users.id, userId));
}

export async function setUserLocale(tx: Tx, userId: string, locale: User["locale"]): Promise<void> {
  await tx.update(users).set({ locale }).where(eq(users.id, userId));
}

export async function setName(tx: Tx, userId: string, name: string): Promise<void> {
  await tx.update(users).set({ name }).where(eq(users.id, userId));
}

export async function insertPasswordReset(
  tx: Tx,
  reset: typeof passwordResets.$inferInsert,
): Promise<void> {
  await tx.insert(passwordResets).values(reset);
}

/** Whose password a mailed token may set; null when it is unknown, used or too old. */
export async function findEmailOfReset(tokenHash: string, now: Date): Promise<string | null> {
  const [row] = await db()
    .select({ email: users.email })
    .from(passwordResets)
    .innerJoin(users, eq(users.id, passwordResets.userId))
    .where(openReset(tokenHash, now));
  return row?.email ?? null;
}

/** Uses the token up and tells whose it is; null when it is unknown, used or too old. Older tokens fall with it. */
export async function consumePasswordReset(
  tx: Tx,
  tokenHash: string,
  now: Date,
): Promise<string | null> {
  const [row] = await tx
    .update(passwordResets)
    .set({ usedAt: now })
    .where(openReset(tokenHash, now))
    .returning({ userId: passwordResets.userId });
  if (!row) return null;
  await deletePasswordResets(tx, row.userId);
  return row.userId;
}

/** Makes the links void that were mailed and not used. Used ones stay: they prove whose the address is. */
export async function deletePasswordResets(tx: Tx, userId: string): Promise<void> {
  await tx
    .delete(passwordResets)
    .where(and(eq(passwordResets.userId, userId), isNull(passwordResets.usedAt)));
}

function openReset(tokenHash: string, now: Date) {
  return and(
    eq(passwordResets.tokenHash, tokenHash),
    isNull(passwordResets.usedAt),
    gt(passwordResets.expiresAt, now),
  );
}
