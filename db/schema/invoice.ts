/** What is due, line by line, and the numbers of what was paid. */

import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Interval } from "@/lib/billing/calendar";
import type { InvoiceKind, InvoiceLine, InvoiceStatus } from "@/lib/billing/invoice/invoice";
import { parseWon } from "@/lib/billing/money";
import { checkouts } from "./checkout";
import { day, instant, won } from "./columns";
import { subscriptionChanges } from "./subscription";

export const invoices = pgTable(
  "invoices",
  {
    id: text("id").primaryKey(),
    // Not foreign keys: a trigger checks a whole statement's rows at once, and more sharply (see the migrations).
    accountId: text("account_id").notNull(),
    checkoutId: text("checkout_id").references(() => checkouts.id),
    subscriptionId: text("subscription_id"),
    /** What it is for, when a change costs something. */
    changeId: text("change_id").references(() => subscriptionChanges.id),
    status: text("status").$type<InvoiceStatus>().notNull(),
    /** Printed on receipts: "BASIC 월간 (2026.12.09 ~ 2027.01.08)". */
    title: text("title").notNull(),
    kind: text("kind").$type<InvoiceKind>().notNull(),
    lines: jsonb("lines").$type<readonly InvoiceLine[]>().notNull(),
    totalWon: won("total_won").notNull(),
    /** What the lines are below zero: it becomes credit. */
    creditGrantedWon: won("credit_granted_won").notNull().default(parseWon(0)),
    creditUsedGrantedWon: won("credit_used_granted_won").notNull().default(parseWon(0)),
    creditUsedPaidWon: won("credit_used_paid_won").notNull().default(parseWon(0)),
    /** Too little to be charged, and forgiven; or charged on top, and kept as credit. */
    forgivenWon: won("forgiven_won").notNull().default(parseWon(0)),
    topUpWon: won("top_up_won").notNull().default(parseWon(0)),
    /** What a charge for it asks: `total − credit used − forgiven + top-up`. */
    dueWon: won("due_won").notNull(),
    /** Which period it opens, and at which interval; null where it opens none. */
    cycle: integer("cycle"),
    n: integer("n"),
    interval: text("interval").$type<Interval>(),
    periodStartsOn: day("period_starts_on"),
    periodEndsOn: day("period_ends_on"),
    issuedAt: instant("issued_at").notNull(),
    closedAt: instant("closed_at"),
    /** "2027-000001": counted without gaps by the Seoul year it was paid in, given soon after it was paid. */
    number: text("number"),
  },
  (table) => [
    uniqueIndex("invoices_number").on(table.number).where(sql`${table.number} is not null`),
    index("invoices_to_number")
      .on(table.closedAt, table.id)
      .where(sql`${table.status} = 'paid' and ${table.number} is null`),
    index("invoices_closed_at").using("brin", table.closedAt),
    // One for each period of a subscription, void ones aside; the lookup by subscription goes by it too.
    uniqueIndex("invoices_opens").on(
      table.subscriptionId,
      table.cycle,
      table.n,
      sql`(case when ${table.status} = 'void' or ${table.n} is null then ${table.id} else '' end)`,
    ),
    uniqueIndex("invoices_one_of_a_change")
      .on(table.changeId)
      .where(sql`${table.changeId} is not null and ${table.status} <> 'void'`),
    uniqueIndex("invoices_one_time")
      .on(table.checkoutId)
      .where(sql`${table.subscriptionId} is null`),
    index("invoices_account").on(table.accountId, table.issuedAt),
    check("invoices_status", sql`${table.status} in ('open','paid','void','uncollectible')`),
    check(
      "invoices_kind",
      sql`${table.kind} in ('period','change','once') and (${table.kind} = 'change') = (${table.changeId} is not null)`,
    ),
    check(
      "invoices_due",
      sql`${table.dueWon} = ${table.totalWon} - ${table.creditUsedGrantedWon} - ${table.creditUsedPaidWon} - ${table.forgivenWon} + ${table.topUpWon} and ${table.dueWon} >= 0 and ${table.totalWon} >= 0 and ${table.creditGrantedWon} >= 0 and ${table.creditUsedGrantedWon} >= 0 and ${table.creditUsedPaidWon} >= 0 and ${table.forgivenWon} >= 0 and ${table.topUpWon} >= 0`,
    ),
    check(
      "invoices_small_sums",
      sql`(${table.forgivenWon} = 0 or ${table.kind} = 'period') and (${table.topUpWon} = 0 or ${table.kind} <> 'period') and (${table.totalWon} = 0 or ${table.creditGrantedWon} = 0)`,
    ),
    check(
      "invoices_opens_all",
      sql`num_nonnulls(${table.cycle}, ${table.n}, ${table.interval}, ${table.periodStartsOn}, ${table.periodEndsOn}) in (0, 5) and (${table.kind} <> 'period' or ${table.n} is not null) and (${table.kind} <> 'once' or ${table.n} is null)`,
    ),
    check("invoices_numbered", sql`${table.number} is null or ${table.status} = 'paid'`),
    check(
      "invoices_owner",
      sql`num_nonnulls(${table.subscriptionId}, ${table.checkoutId}) > 0 and (${table.subscriptionId} is null) = (${table.kind} = 'once')`,
    ),
    check("invoices_period_order", sql`${table.periodStartsOn} < ${table.periodEndsOn}`),
    check("invoices_closed", sql`(${table.status} = 'open') = (${table.closedAt} is null)`),
  ],
);

/** The last invoice number given in a Seoul year; its row is the lock that keeps the numbers without gaps. */
export const invoiceCounters = pgTable("invoice_counters", {
  year: integer("year").primaryKey(),
  last: integer("last").notNull(),
});
