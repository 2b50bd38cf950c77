/** The running contracts. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Interval } from "@/lib/billing/calendar";
import type { EndReason, SubscriptionStatus } from "@/lib/billing/subscription/subscription";
import { accounts } from "./account";
import { paymentMethods } from "./card";
import { plans, prices } from "./catalogue";
import { checkouts } from "./checkout";
import { day, instant, won } from "./columns";

export const subscriptions = pgTable(
  "subscriptions",
  {
    id: text("id").primaryKey(),
    accountId: text("customer_id")
      .notNull()
      .references(() => accounts.id),
    checkoutId: text("checkout_id")
      .notNull()
      .references(() => checkouts.id),
    product: text("product").notNull(),
    planId: text("plan_id")
      .notNull()
      .references(() => plans.id),
    priceId: text("price_id")
      .notNull()
      .references(() => prices.id),
    /** The terms of the contract, copied from the price it was made at. */
    amountWon: won("amount_won").notNull(),
    interval: text("interval").$type<Interval>().notNull(),
    status: text("status").$type<SubscriptionStatus>().notNull(),
    paymentMethodId: text("payment_method_id").references(() => paymentMethods.id),
    anchorOn: day("anchor_on").notNull(),
    periodsPaid: integer("periods_paid").notNull(),
    cancelsOn: day("cancels_on"),
    dueOn: day("due_on"),
    nextTryOn: day("next_try_on"),
    endsUnpaidOn: day("ends_unpaid_on"),
    endedOn: day("ended_on"),
    endReason: text("end_reason").$type<EndReason>(),
    /** When the sweep must look at this row; null while nothing is booked or a charge is under way. */
    nextActionAt: instant("next_action_at"),
    /** When the customer is to be reminded of something by mail; null when of nothing. */
    nextReminderAt: instant("next_reminder_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("subscriptions_checkout").on(table.checkoutId),
    uniqueIndex("subscriptions_one_live")
      .on(table.accountId, table.product)
      .where(sql`${table.status} <> 'ended'`),
    index("subscriptions_due")
      .on(table.nextActionAt, table.id)
      .where(sql`${table.nextActionAt} is not null`),
    index("subscriptions_to_remind")
      .on(table.nextReminderAt)
      .where(sql`${table.nextReminderAt} is not null`),
    index("subscriptions_customer").on(table.accountId, table.createdAt),
    check(
      "subscriptions_status",
      sql`${table.status} in ('incomplete','trialing','active','past-due','ended')`,
    ),
    check(
      "subscriptions_past_due",
      sql`${table.status} <> 'past-due' or (${table.dueOn} is not null and ${table.endsUnpaidOn} is not null)`,
    ),
    check("subscriptions_ended", sql`(${table.status} = 'ended') = (${table.endedOn} is not null)`),
    check(
      "subscriptions_end_reason",
      sql`(${table.status} = 'ended') = (${table.endReason} is not null) and ${table.endReason} in ('canceled','canceled-with-refund','unpaid','no-consent','expired','operator')`,
    ),
    check("subscriptions_amount", sql`${table.amountWon} >= 100`),
    check("subscriptions_periods", sql`${table.periodsPaid} >= 0`),
  ],
);
