/** Credit of accounts. Balances are sums of ledger entries. */

import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { accounts } from "./account";
import { instant, won } from "./columns";

/**
 * Accounts that ever had credit; the ledger's trigger adds them. The row is the lock under which credit is spent: the
 * account's own row is locked by verbs that then wait for a contract, which a claim holds while it spends credit.
 */
export const creditHolders = pgTable("credit_holders", {
  accountId: text("account_id")
    .primaryKey()
    .references(() => accounts.id),
});

/** What operators gave, and why. */
export const creditGrants = pgTable(
  "credit_grants",
  {
    /** Also the id of its journal. */
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Names what was asked for: the same request asked twice is one grant. */
    requestId: text("request_id").notNull(),
    amountWon: won("amount_won").notNull(),
    reason: text("reason").notNull(),
    /** A person's id or their name on the server. */
    grantedBy: text("granted_by").notNull(),
    grantedAt: instant("granted_at").notNull(),
  },
  (table) => [
    uniqueIndex("credit_grants_request").on(table.requestId),
    index("credit_grants_account").on(table.accountId, table.grantedAt),
    check("credit_grants_amount", sql`${table.amountWon} >= 1`),
  ],
);
