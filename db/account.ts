import { eq } from "drizzle-orm";
import { accounts } from "@/db/schema/account";
import type { Tx } from "./client";

export async function hasAccount(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, id));
  return row !== undefined;
}

/**
 * Takes the account's row: one at a time decides what it holds. Always the first lock of a transaction; whoever only
 * writes a row that refers to the account is not kept waiting.
 */
export async function lockAccount(tx: Tx, id: string): Promise<typeof accounts.$inferSelect> {
  const [row] = await tx.select().from(accounts).where(eq(accounts.id, id)).for("no key update");
  if (!row) throw new Error(`No account ${id}`);
  return row;
}
