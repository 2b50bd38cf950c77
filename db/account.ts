import { eq } from "drizzle-orm";
import { customers } from "@/db/schema/account";
import type { Tx } from "./client";

/**
 * Takes the customer's row: one at a time decides what they hold. Always the first lock of a transaction; whoever only
 * writes a row that refers to the customer is not kept waiting.
 */
export async function lockCustomer(tx: Tx, id: string): Promise<typeof customers.$inferSelect> {
  const [row] = await tx.select().from(customers).where(eq(customers.id, id)).for("no key update");
  if (!row) throw new Error(`No customer ${id}`);
  return row;
}
