/** Credit of accounts: balances as sums of ledger entries, the lock under which they are spent, and grants. */
import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import { creditGrants, creditHolders } from "@/db/schema/credit";
import { invoices } from "@/db/schema/invoice";
import { ledgerEntries } from "@/db/schema/ledger";
import type { Credit } from "@/lib/billing/invoice/due";
import { parseWon } from "@/lib/billing/money";
import { anyOf } from "./bulk";
import { type Db, db, type Tx } from "./client";

export type CreditGrant = typeof creditGrants.$inferSelect;

/** One movement of an account's credit, as its owner sees it. */
export type CreditMovement = {
  readonly at: Date;
  readonly kind: keyof typeof LEDGER_ACCOUNT_OF;
  /** Above 0 when credit was gained or came back. */
  readonly amountWon: number;
  /** What it was used for or came from; null for a grant. */
  readonly invoice: { readonly id: string; readonly title: string } | null;
  /** Why an operator granted it; null for what an invoice moved. */
  readonly reason: string | null;
};

const LEDGER_ACCOUNT_OF = { granted: "credit-granted", paid: "credit-paid" } as const;

/** What an account owns now; nothing is held, so it may be spent a moment later. */
export async function findCredit(accountId: string): Promise<Credit> {
  const found = await sumCredits(db(), [accountId]);
  return found.get(accountId) ?? { grantedWon: parseWon(0), paidWon: parseWon(0) };
}

/**
 * Locks the accounts that ever had credit, in the order of their ids, and sums what each holds. What is answered stays
 * true until the transaction ends. An account that never had credit is not in the answer, and not locked.
 */
export async function lockCredits(
  tx: Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, Credit>> {
  if (accountIds.length === 0) return new Map();
  const holders = await tx
    .select()
    .from(creditHolders)
    .where(anyOf(creditHolders.accountId, accountIds))
    .orderBy(asc(creditHolders.accountId))
    .for("update");
  return sumCredits(
    tx,
    holders.map(({ accountId }) => accountId),
  );
}

async function sumCredits(
  on: Tx | Db,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, Credit>> {
  if (accountIds.length === 0) return new Map();
  const balanceOf = (kind: keyof typeof LEDGER_ACCOUNT_OF) =>
    sql<string>`coalesce(-sum(${ledgerEntries.amountWon}) filter (where ${ledgerEntries.account} = ${LEDGER_ACCOUNT_OF[kind]}), 0)`;
  const rows = await on
    .select({
      accountId: ledgerEntries.accountId,
      grantedWon: balanceOf("granted"),
      paidWon: balanceOf("paid"),
    })
    .from(ledgerEntries)
    .where(and(isNotNull(ledgerEntries.accountId), anyOf(ledgerEntries.accountId, accountIds)))
    .groupBy(ledgerEntries.accountId);
  return new Map(
    rows.map(({ accountId, grantedWon, paidWon }) => [
      accountId ?? "",
      { grantedWon: parseWon(Number(grantedWon)), paidWon: parseWon(Number(paidWon)) },
    ]),
  );
}

/** How an account came to its credit and where it went, newest first. */
export async function listCreditMovements(
  accountId: string,
  limit = 200,
): Promise<readonly CreditMovement[]> {
  const rows = await db()
    .select({
      at: ledgerEntries.occurredAt,
      account: ledgerEntries.account,
      amountWon: ledgerEntries.amountWon,
      invoiceId: invoices.id,
      title: invoices.title,
      reason: creditGrants.reason,
    })
    .from(ledgerEntries)
    .leftJoin(invoices, eq(invoices.id, ledgerEntries.invoiceId))
    .leftJoin(creditGrants, eq(creditGrants.id, ledgerEntries.journalId))
    .where(eq(ledgerEntries.accountId, accountId))
    .orderBy(desc(ledgerEntries.id))
    .limit(limit);
  return rows.map(({ at, account, amountWon, invoiceId, title, reason }) => ({
    at,
    kind: account === LEDGER_ACCOUNT_OF.paid ? "paid" : "granted",
    amountWon: -amountWon,
    invoice: invoiceId === null || title === null ? null : { id: invoiceId, title },
    reason,
  }));
}

/** Answers false when the request was granted before. */
export async function insertCreditGrant(tx: Tx, grant: CreditGrant): Promise<boolean> {
  const inserted = await tx
    .insert(creditGrants)
    .values(grant)
    .onConflictDoNothing({ target: creditGrants.requestId })
    .returning({ id: creditGrants.id });
  return inserted.length > 0;
}

export async function findCreditGrant(tx: Tx, requestId: string): Promise<CreditGrant | null> {
  const [row] = await tx.select().from(creditGrants).where(eq(creditGrants.requestId, requestId));
  return row ?? null;
}
