import { and, type Column, eq, type SQL, sql } from "drizzle-orm";
import { accountMembers, accounts } from "@/db/schema/account";
import type { Tx } from "./client";

export async function hasAccount(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, id));
  return row !== undefined;
}

/** An account that a transaction holds. Mails about its money go to the owner. */
type LockedAccount = typeof accounts.$inferSelect & { readonly ownerId: string };

/**
 * Takes the account's row: one at a time decides what it holds and who its members are. Always the first lock of a
 * transaction; whoever only writes a row that refers to the account is not kept waiting.
 */
export async function lockAccount(tx: Tx, id: string): Promise<LockedAccount> {
  const [row] = await tx.select().from(accounts).where(eq(accounts.id, id)).for("no key update");
  const [owner] = await tx
    .select({ userId: accountMembers.userId })
    .from(accountMembers)
    .where(isOwnerOf(sql`${id}`));
  if (!row || !owner) throw new Error(`No account ${id}`);
  return { ...row, ownerId: owner.userId };
}

/** Of a row of `account_members`: whether it is the owner of this account. */
export function isOwnerOf(accountId: Column | SQL): SQL | undefined {
  // Written out, so that every plan can go by the index of owners.
  return and(eq(accountMembers.accountId, accountId), sql`${accountMembers.role} = 'owner'`);
}
