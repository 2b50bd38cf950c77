/** The books, and how the laws stood when they were last asked. */

import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
} from "drizzle-orm/pg-core";
import type { LedgerAccount } from "@/lib/billing/ledger/ledger";
import { instant } from "./columns";

/** How each law of db/invariants stood when it was last asked of the database. */
export const invariantResults = pgTable("invariant_results", {
  name: text("name").primaryKey(),
  ok: boolean("ok").notNull(),
  /** How many rows break it. */
  count: integer("count").notNull(),
  /** Some of them. */
  sample: jsonb("sample").$type<readonly string[]>().notNull(),
  /** Why it could not be asked; null when it was. */
  fault: text("fault"),
  brokenSince: instant("broken_since"),
  checkedAt: instant("checked_at").notNull(),
  /** When it was last asked of all rows, not only of recent ones. */
  checkedAllAt: instant("checked_all_at").notNull(),
});

/** Append-only double entry; the rows of one journal sum to zero. */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    journalId: text("journal_id").notNull(),
    account: text("account").$type<LedgerAccount>().notNull(),
    /** Debits are positive, credits negative. */
    amountWon: bigint("amount_won", { mode: "number" }).notNull(),
    // No foreign keys: a trigger checks a whole statement's journals at once, and more sharply (see the migrations).
    /** Null for an operator's grant of credit, which has the id of its journal. */
    invoiceId: text("invoice_id"),
    chargeId: text("charge_id"),
    refundId: text("refund_id"),
    /** Whose credit it is; null for all other accounts of the ledger. */
    accountId: text("account_id"),
    occurredAt: instant("occurred_at").notNull(),
  },
  (table) => [
    index("ledger_entries_invoice").on(table.invoiceId),
    // All that a payer's balance is summed from; renewals without credit write nothing to it.
    index("ledger_entries_credit")
      .on(table.accountId, table.account, table.amountWon)
      .where(sql`${table.accountId} is not null`),
    index("ledger_entries_occurred_at").using("brin", table.occurredAt),
    check(
      "ledger_entries_account",
      sql`${table.account} in ('receivable','pg-clearing','unearned','revenue','vat-payable','refunds','credit-paid','vat-of-credit','credit-granted','promotion','forgiven','penalty')`,
    ),
    check(
      "ledger_entries_payer",
      sql`(${table.accountId} is not null) = (${table.account} in ('credit-paid','credit-granted'))`,
    ),
  ],
);
