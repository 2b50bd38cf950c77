import { eq, lt, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { rateLimits } from "@/db/schema/rate-limit";

/** Adds a try under `key` in the window that starts at `windowStartsAt`; returns how many there are now. */
export async function addTry(tx: Tx, key: string, windowStartsAt: Date): Promise<number> {
  const [row] = await tx
    .insert(rateLimits)
    .values({ key, windowStartsAt, count: 1 })
    .onConflictDoUpdate({
      target: [rateLimits.key, rateLimits.windowStartsAt],
      set: { count: sql`${rateLimits.count} + 1` },
    })
    .returning({ count: rateLimits.count });
  return row?.count ?? 1;
}

export async function forgetTriesOf(tx: Tx, key: string): Promise<void> {
  await tx.delete(rateLimits).where(eq(rateLimits.key, key));
}

export async function forgetWindowsBefore(tx: Tx, instant: Date): Promise<void> {
  await tx.delete(rateLimits).where(lt(rateLimits.windowStartsAt, instant));
}
