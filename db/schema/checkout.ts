/** Intents to buy. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { CheckoutStatus } from "@/lib/billing/checkout/checkout";
import { accounts } from "./account";
import { prices } from "./catalogue";
import { instant, won } from "./columns";

/** One intent to buy: price and amount fixed on the server before any window opens. */
export const checkouts = pgTable(
  "checkouts",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    priceId: text("price_id")
      .notNull()
      .references(() => prices.id),
    status: text("status").$type<CheckoutStatus>().notNull(),
    /** What is paid on completion; 0 when a trial begins. */
    amountWon: won("amount_won").notNull(),
    trialDays: integer("trial_days").notNull(),
    /** The order id of a one-time payment; charges of a subscription have their own. */
    orderId: text("order_id").notNull(),
    /** When the required consents were ticked, and the version of the terms they were ticked under. */
    agreedAt: instant("agreed_at"),
    termsVersion: text("terms_version"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    completedAt: instant("completed_at"),
  },
  (table) => [
    uniqueIndex("checkouts_order_id").on(table.orderId),
    index("checkouts_account").on(table.accountId, table.createdAt),
    index("checkouts_open").on(table.expiresAt).where(sql`${table.status} = 'open'`),
    check("checkouts_status", sql`${table.status} in ('open','completed','expired')`),
    check("checkouts_amount", sql`${table.amountWon} >= 0`),
  ],
);
