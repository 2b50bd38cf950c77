import { and, eq, gt, inArray, isNull, ne, notInArray, sql } from "drizzle-orm";
import {
  accounts,
  passwordResets,
  type Role,
  sessions,
  userIdentities,
  users,
} from "@/db/schema/account";
import { db, type Tx } from "./client";

export type User = typeof users.$inferSelect;

/** A person who is signed in. Everybody who can sign in is also a customer. */
export type SignedIn = {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly sessionEpoch: number;
  readonly accountId: string;
  readonly customerKey: string;
};

/** The columns of a `SignedIn`. */
export const SIGNED_IN = {
  userId: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  sessionEpoch: users.sessionEpoch,
  accountId: accounts.id,
  customerKey: accounts.customerKey,
} as const;

export async function findSignedIn(userId: string): Promise<SignedIn | null> {
  const [row] = await db()
    .select(SIGNED_IN)
    .from(users)
    .innerJoin(accounts, eq(accounts.userId, users.id))
    .where(eq(users.id, userId));
  return row ?? null;
}

/** `email` in lower case. */
export async function findUserByEmail(email: string): Promise<User | null> {
  const [row] = await db().select().from(users).where(eq(users.email, email));
  return row ?? null;
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
  user: Pick<User, "id" | "email" | "name" | "passwordHash" | "createdAt">,
  account: { id: string; customerKey: string },
): Promise<boolean> {
  const inserted = await tx
    .insert(users)
    .values(user)
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id });
  if (inserted.length === 0) return false;
  await tx.insert(accounts).values({ ...account, userId: user.id, createdAt: user.createdAt });
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
