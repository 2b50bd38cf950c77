/** What the coming days will charge, and contracts that would do otherwise than was expected of them. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Expectation } from "@/lib/billing/subscription/expectation";
import { day, instant, won } from "./columns";
import { subscriptions } from "./subscription";

/** What was expected, the night before and up to a week ahead, to be due by the end of a Seoul day. */
export const chargeForecasts = pgTable("charge_forecasts", {
  day: day("day").primaryKey(),
  count: integer("count").notNull(),
  amountWon: won("amount_won").notNull(),
  madeAt: instant("made_at").notNull(),
});

/** A contract for which the rules decided, when it fell due, something else than was saved with it. It waits. */
export const renewalFindings = pgTable(
  "renewal_findings",
  {
    id: text("id").primaryKey(),
    subscriptionId: text("subscription_id")
      .notNull()
      .references(() => subscriptions.id),
    foundAt: instant("found_at").notNull(),
    expects: text("expects").$type<Expectation["expects"]>(),
    expectedWon: won("expected_won").notNull(),
    decides: text("decides").$type<Expectation["expects"]>(),
    decidedWon: won("decided_won").notNull(),
    resolvedAt: instant("resolved_at"),
    /** A user id, or `command`. */
    resolvedBy: text("resolved_by"),
    note: text("note"),
  },
  (table) => [
    uniqueIndex("renewal_findings_one_open")
      .on(table.subscriptionId)
      .where(sql`${table.resolvedAt} is null`),
    index("renewal_findings_found_at").on(table.foundAt),
    check("renewal_findings_decides", sql`${table.decides} in ('charge','end')`),
    check(
      "renewal_findings_resolved",
      sql`(${table.resolvedAt} is null) = (${table.resolvedBy} is null)`,
    ),
  ],
);
