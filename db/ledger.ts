import { lte, sql } from "drizzle-orm";
import { append } from "@/db/bulk";
import { db, type Tx } from "@/db/client";
import { ledgerEntries } from "@/db/schema/ledger";
import {
  isCreditAccount,
  LEDGER_ACCOUNTS,
  type LedgerAccount,
  type Posting,
} from "@/lib/billing/ledger/ledger";

export type Journal = {
  readonly journalId: string;
  /** Null for an operator's grant, whose id is the journal's. */
  readonly invoiceId: string | null;
  readonly chargeId: string | null;
  readonly refundId?: string;
  /** Who pays; needed where credit moves. */
  readonly accountId?: string;
  readonly postings: readonly Posting[];
};

/**
 * Appends journals; the database refuses one that does not sum to zero, and one after which a payer's credit is below
 * zero. Where credit moves, the payers are locked until the transaction ends.
 */
export async function appendJournals(
  tx: Tx,
  journals: readonly Journal[],
  occurredAt: Date,
): Promise<void> {
  await append(
    tx,
    ledgerEntries,
    journals.flatMap(({ journalId, invoiceId, chargeId, refundId, accountId, postings }) =>
      postings.map(({ account, amountWon }) => ({
        journalId,
        invoiceId,
        chargeId,
        refundId: refundId ?? null,
        accountId: isCreditAccount(account) ? (accountId ?? null) : null,
        account,
        amountWon,
        occurredAt,
      })),
    ),
  );
}

/**
 * What each account held at an instant, that instant included; debits positive. The ledger is only ever added to, so
 * an instant that is over gives the same balances for ever; they sum to 0. What is being written at that very
 * moment may still be added to it.
 */
export async function findBalances(at: Date): Promise<ReadonlyMap<LedgerAccount, number>> {
  const rows = await db()
    .select({
      account: ledgerEntries.account,
      sumWon: sql<string>`sum(${ledgerEntries.amountWon})`,
    })
    .from(ledgerEntries)
    .where(lte(ledgerEntries.occurredAt, at))
    .groupBy(ledgerEntries.account);
  const sums = new Map(rows.map((row) => [row.account, Number(row.sumWon)]));
  return new Map(LEDGER_ACCOUNTS.map((account) => [account, sums.get(account) ?? 0]));
}
