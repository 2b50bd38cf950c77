/** Balances of the ledger for tests. */
import type { LedgerAccount, Posting } from "@/lib/billing/ledger/ledger";

/** What each account holds that was posted to. */
export function sumPostings(
  postings: readonly Posting[],
): Partial<Readonly<Record<LedgerAccount, number>>> {
  const sums: Partial<Record<LedgerAccount, number>> = {};
  for (const { account, amountWon } of postings) sums[account] = (sums[account] ?? 0) + amountWon;
  return sums;
}

/**
 * What customers were supplied with and will be, VAT inside: used days and unused ones, and things sold once. Read from
 * the balances while no invoice is open.
 */
export function worthInBooks(balances: Partial<Readonly<Record<LedgerAccount, number>>>): number {
  const accounts = ["revenue", "vat-payable", "vat-of-credit", "refunds", "forgiven"] as const;
  return accounts.reduce((worth, account) => worth - (balances[account] ?? 0), 0);
}
