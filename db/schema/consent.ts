/** What customers agreed to. */

import { sql } from "drizzle-orm";
import { pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { day, instant, won } from "./columns";
import { subscriptions } from "./subscription";

/** Consent to a charge higher than the last one, with all that proves it. Kept at least five years. */
export const consents = pgTable(
  "consents",
  {
    id: text("id").primaryKey(),
    subscriptionId: text("subscription_id")
      .notNull()
      .references(() => subscriptions.id),
    changesOn: day("changes_on").notNull(),
    fromWon: won("from_won").notNull(),
    toWon: won("to_won").notNull(),
    textVersion: text("text_version").notNull(),
    agreedAt: instant("agreed_at").notNull(),
    ip: text("ip"),
    userAgent: text("user_agent"),
    /** Set by a cancellation: the customer is asked anew when it is taken back. The row stays as evidence. */
    voidedAt: instant("voided_at"),
  },
  (table) => [
    uniqueIndex("consents_change")
      .on(table.subscriptionId, table.changesOn, table.toWon)
      .where(sql`${table.voidedAt} is null`),
  ],
);
