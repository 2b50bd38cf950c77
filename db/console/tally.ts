/** How many rows, and how many won they sum to. */
import { type Column, sql } from "drizzle-orm";
import { parseWon, type Won } from "@/lib/billing/money";

export type Tally = { readonly count: number; readonly won: Won };

export function tally(amount: Column) {
  return { count: sql<number>`count(*)::int`, won: sql<string>`coalesce(sum(${amount}), 0)::text` };
}

export function tallyOf(rows: readonly { count: number; won: string }[]): Tally {
  const [row] = rows;
  return { count: row?.count ?? 0, won: parseWon(Number(row?.won ?? 0)) };
}
