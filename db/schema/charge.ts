/** Attempts to collect an invoice, and what holds them back. */

import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { ChargeStatus, DeclineClass } from "@/lib/billing/charge/charge";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import type { StopKind } from "@/lib/billing/charge/stop";
import { parseWon } from "@/lib/billing/money";
import { day, instant, won } from "./columns";

export const charges = pgTable(
  "charges",
  {
    id: text("id").primaryKey(),
    // Not foreign keys: a trigger checks a whole statement's rows at once, and more sharply (see the migrations).
    invoiceId: text("invoice_id").notNull(),
    accountId: text("account_id").notNull(),
    /** Null for a one-time payment, which is confirmed by its payment key instead. */
    paymentMethodId: text("payment_method_id"),
    /** `automatic` = by the sweep; `customer` = on the customer's own click. */
    trigger: text("trigger").$type<"automatic" | "customer">().notNull(),
    attemptedOn: day("attempted_on").notNull(),
    /** Who takes the money: the gateway it goes through. */
    provider: text("provider").notNull(),
    orderId: text("order_id").notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    amountWon: won("amount_won").notNull(),
    status: text("status").$type<ChargeStatus>().notNull(),
    declineCode: text("decline_code"),
    /** What the code means; null in rows written before there were reasons. */
    declineReason: text("decline_reason").$type<DeclineReason>(),
    declineClass: text("decline_class").$type<DeclineClass>(),
    /** Why the outcome is not known, or why a person must look. */
    unknownReason: text("unknown_reason"),
    needsReview: boolean("needs_review").notNull().default(false),
    paymentKey: text("payment_key"),
    suppliedWon: won("supplied_won"),
    vatWon: won("vat_won"),
    /** What Toss took for this attempt where it is not booked: another amount than asked, or one given back since. */
    takenWon: won("taken_won"),
    receiptUrl: text("receipt_url"),
    approvedAt: instant("approved_at"),
    /** Given back, or reserved for refunds whose outcome is open. */
    refundedWon: won("refunded_won").notNull().default(parseWon(0)),
    createdAt: instant("created_at").notNull(),
    /** Before the request leaves for Toss this is set, so "never called" is a fact and not a hope. */
    calledAt: instant("called_at"),
    /** A worker owns the attempt until then. */
    leasedUntil: instant("leased_until"),
    /** The last answer is stored under the idempotency key: a repeat needs a fresh one. */
    keySpent: boolean("key_spent").notNull().default(false),
    repeats: integer("repeats").notNull().default(0),
    settleTries: integer("settle_tries").notNull().default(0),
    /** When an open attempt is looked at again; null once its outcome is known. */
    settleAt: instant("settle_at"),
    closedAt: instant("closed_at"),
  },
  (table) => [
    uniqueIndex("charges_order_id").on(table.orderId),
    uniqueIndex("charges_idempotency_key").on(table.idempotencyKey),
    uniqueIndex("charges_payment_key")
      .on(table.paymentKey, table.provider)
      .where(sql`${table.paymentKey} is not null`),
    uniqueIndex("charges_one_open")
      .on(table.invoiceId)
      .where(sql`${table.status} in ('pending','unknown')`),
    uniqueIndex("charges_one_approved")
      .on(table.invoiceId)
      .where(sql`${table.status} = 'approved'`),
    uniqueIndex("charges_one_automatic_a_day")
      .on(table.invoiceId, table.attemptedOn)
      .where(sql`${table.trigger} = 'automatic'`),
    index("charges_invoice").on(table.invoiceId, table.createdAt),
    index("charges_open_of_card")
      .on(table.paymentMethodId)
      .where(sql`${table.status} in ('pending','unknown')`),
    index("charges_to_settle").on(table.settleAt).where(sql`${table.settleAt} is not null`),
    index("charges_to_review").on(table.createdAt).where(sql`${table.needsReview}`),
    index("charges_refunded").on(table.id).where(sql`${table.refundedWon} > 0`),
    index("charges_created_at").using("brin", table.createdAt),
    index("charges_approved_at").using("brin", table.approvedAt),
    index("charges_closed_at").using("brin", table.closedAt),
    check("charges_status", sql`${table.status} in ('pending','approved','declined','unknown')`),
    check("charges_amount", sql`${table.amountWon} >= 100`),
    check(
      "charges_approved",
      sql`${table.status} <> 'approved' or (${table.paymentKey} is not null and ${table.approvedAt} is not null and ${table.suppliedWon} is not null and ${table.vatWon} is not null and ${table.suppliedWon} >= 0 and ${table.vatWon} >= 0 and ${table.suppliedWon} + ${table.vatWon} = ${table.amountWon})`,
    ),
    check(
      "charges_refunded",
      sql`${table.refundedWon} >= 0 and ${table.refundedWon} <= ${table.amountWon} and (${table.refundedWon} = 0 or ${table.status} = 'approved')`,
    ),
    check(
      "charges_declined",
      sql`(${table.status} = 'declined') = (${table.declineCode} is not null)`,
    ),
  ],
);

/** One row: what all processes together have sent, so that Toss's limits hold whatever runs at once. */
export const callPacing = pgTable("call_pacing", {
  id: integer("id").primaryKey(),
  /** No automatic call leaves before this instant. */
  nextCallAt: instant("next_call_at").notNull(),
  /** Outcomes that are not known, since the last one that was. */
  unknownsInARow: integer("unknowns_in_a_row").notNull(),
});

/** Why no automatic charge is made at present: a fault of our own set-up, an outage at Toss, or the safety brake. */
export const chargingStops = pgTable(
  "charging_stops",
  {
    id: text("id").primaryKey(),
    kind: text("kind").$type<StopKind>().notNull(),
    /** Toss's code, or what the brake saw. */
    reason: text("reason").notNull(),
    startedAt: instant("started_at").notNull(),
    /** An outage is tried again by itself; null until an operator releases it. */
    resumesAt: instant("resumes_at"),
    releasedAt: instant("released_at"),
    /** A user id, or `system`. */
    releasedBy: text("released_by"),
  },
  (table) => [
    uniqueIndex("charging_stops_one_open").on(table.kind).where(sql`${table.releasedAt} is null`),
    check("charging_stops_kind", sql`${table.kind} in ('config-fault','outage','brake')`),
  ],
);
