/** What is due, line by line, and the numbers of what was paid. */

import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { InvoiceLine, InvoiceStatus } from "@/lib/billing/invoice/invoice";
import { checkouts } from "./checkout";
import { day, instant, won } from "./columns";

export const invoices = pgTable(
  "invoices",
  {
    id: text("id").primaryKey(),
    // Not foreign keys: a trigger checks a whole statement's rows at once, and more sharply (see the migrations).
    accountId: text("customer_id").notNull(),
    checkoutId: text("checkout_id").references(() => checkouts.id),
    subscriptionId: text("subscription_id"),
    status: text("status").$type<InvoiceStatus>().notNull(),
    /** Printed on receipts: "BASIC 월간 (2026.12.09 ~ 2027.01.08)". */
    title: text("title").notNull(),
    lines: jsonb("lines").$type<readonly InvoiceLine[]>().notNull(),
    totalWon: won("total_won").notNull(),
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
    uniqueIndex("invoices_period").on(table.subscriptionId, table.periodStartsOn),
    uniqueIndex("invoices_one_time")
      .on(table.checkoutId)
      .where(sql`${table.subscriptionId} is null`),
    index("invoices_customer").on(table.accountId, table.issuedAt),
    check("invoices_status", sql`${table.status} in ('open','paid','void','uncollectible')`),
    check("invoices_total", sql`${table.totalWon} >= 100`),
    check("invoices_numbered", sql`${table.number} is null or ${table.status} = 'paid'`),
    check(
      "invoices_owner",
      sql`num_nonnulls(${table.subscriptionId}, ${table.checkoutId}) > 0 and (${table.subscriptionId} is null) = (${table.periodStartsOn} is null)`,
    ),
    check(
      "invoices_period_order",
      sql`(${table.periodStartsOn} is null) = (${table.periodEndsOn} is null) and ${table.periodStartsOn} < ${table.periodEndsOn}`,
    ),
    check("invoices_closed", sql`(${table.status} = 'open') = (${table.closedAt} is null)`),
  ],
);

/** The last invoice number given in a Seoul year; its row is the lock that keeps the numbers without gaps. */
export const invoiceCounters = pgTable("invoice_counters", {
  year: integer("year").primaryKey(),
  last: integer("last").notNull(),
});
