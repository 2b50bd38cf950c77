/** The running contracts. */

import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Interval } from "@/lib/billing/calendar";
import type { ChangeKind, ChangeStatus } from "@/lib/billing/subscription/change-status";
import type { Expectation } from "@/lib/billing/subscription/expectation";
import type { EndReason, SubscriptionStatus } from "@/lib/billing/subscription/subscription";
import type { Item } from "@/lib/billing/subscription/terms";
import { accounts } from "./account";
import { paymentMethods } from "./card";
import { prices } from "./catalogue";
import { checkouts } from "./checkout";
import { day, instant, won } from "./columns";

export const subscriptions = pgTable(
  "subscriptions",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    checkoutId: text("checkout_id")
      .notNull()
      .references(() => checkouts.id),
    product: text("product").notNull(),
    status: text("status").$type<SubscriptionStatus>().notNull(),
    paymentMethodId: text("payment_method_id").references(() => paymentMethods.id),
    /** Which entry of its terms is in force. */
    termsSeq: integer("terms_seq").notNull(),
    /** Counts each move of the anchor or the interval. */
    cycle: integer("cycle").notNull(),
    /** The next period of the cycle. */
    n: integer("n").notNull(),
    /** The first day that is not paid for. */
    paidTo: day("paid_to").notNull(),
    /** What a period may cost without being asked about. */
    agreedWon: won("agreed_won").notNull(),
    cancelsOn: day("cancels_on"),
    dueOn: day("due_on"),
    nextTryOn: day("next_try_on"),
    endsUnpaidOn: day("ends_unpaid_on"),
    endedOn: day("ended_on"),
    endReason: text("end_reason").$type<EndReason>(),
    /** When the sweep must look at this row; null while nothing is booked or a charge is under way. */
    nextActionAt: instant("next_action_at"),
    /** What is to happen then, and for how much before credit: written by `expectationOfSubscription` with every save. */
    expects: text("expects").$type<Expectation["expects"]>(),
    expectedWon: won("expected_won").notNull(),
    /** The first day that is not paid for once it is charged. */
    paysTo: day("pays_to"),
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
    index("subscriptions_account").on(table.accountId, table.createdAt),
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
    check("subscriptions_counts", sql`${table.cycle} >= 0 and ${table.n} >= 0`),
    check("subscriptions_agreed", sql`${table.agreedWon} >= 0`),
    check(
      "subscriptions_expects",
      sql`${table.expects} in ('charge','end') and ${table.expectedWon} >= 0 and (${table.expects} is not distinct from 'charge') = (${table.paysTo} is not null) and (${table.expects} is not distinct from 'charge' or ${table.expectedWon} = 0)`,
    ),
  ],
);

/** What a contract consists of, entry by entry: each holds from its day until the next, and is never overwritten. */
export const subscriptionTerms = pgTable(
  "subscription_terms",
  {
    subscriptionId: text("subscription_id")
      .notNull()
      .references(() => subscriptions.id),
    seq: integer("seq").notNull(),
    startsOn: day("starts_on").notNull(),
    interval: text("interval").$type<Interval>().notNull(),
    anchorOn: day("anchor_on").notNull(),
    recordedAt: instant("recorded_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subscriptionId, table.seq] }),
    check("subscription_terms_interval", sql`${table.interval} in ('month','quarter','year')`),
  ],
);

/** The items of an entry: the plan first, then the add-ons. */
export const subscriptionItems = pgTable(
  "subscription_items",
  {
    subscriptionId: text("subscription_id").notNull(),
    seq: integer("seq").notNull(),
    position: integer("position").notNull(),
    kind: text("kind").$type<Item["kind"]>().notNull(),
    /** Of a plan: its id. */
    key: text("key").notNull(),
    /** The version of the price it was taken at; null for a price made by an operator. */
    priceId: text("price_id").references(() => prices.id),
    unitWon: won("unit_won").notNull(),
    quantity: integer("quantity").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subscriptionId, table.seq, table.position] }),
    foreignKey({
      name: "subscription_items_terms",
      columns: [table.subscriptionId, table.seq],
      foreignColumns: [subscriptionTerms.subscriptionId, subscriptionTerms.seq],
    }),
    check(
      "subscription_items_kind",
      sql`${table.kind} in ('plan','add-on') and (${table.kind} = 'plan') = (${table.position} = 0)`,
    ),
    check("subscription_items_amounts", sql`${table.unitWon} >= 0 and ${table.quantity} >= 1`),
  ],
);

/** What was wished of a contract: who, when, from which day, and what became of it. */
export const subscriptionChanges = pgTable(
  "subscription_changes",
  {
    id: text("id").primaryKey(),
    subscriptionId: text("subscription_id")
      .notNull()
      .references(() => subscriptions.id),
    kind: text("kind").$type<ChangeKind>().notNull(),
    status: text("status").$type<ChangeStatus>().notNull(),
    requestedAt: instant("requested_at").notNull(),
    /** A user id, `system` for jobs, or `command`. */
    requestedBy: text("requested_by").notNull(),
    takesEffectOn: day("takes_effect_on").notNull(),
    closedAt: instant("closed_at"),
  },
  (table) => [
    index("subscription_changes_subscription").on(table.subscriptionId, table.requestedAt),
    uniqueIndex("subscription_changes_one_waiting")
      .on(table.subscriptionId)
      .where(sql`${table.status} = 'waiting-for-money'`),
    uniqueIndex("subscription_changes_one_end")
      .on(table.subscriptionId)
      .where(sql`${table.status} = 'booked' and ${table.kind} = 'cancel'`),
    check(
      "subscription_changes_status",
      sql`${table.status} in ('quoted','waiting-for-money','booked','applied','undone','lapsed')`,
    ),
    check(
      "subscription_changes_kind",
      sql`${table.kind} in ('plan','interval','quantity','add-on','coupon','pause','resume','cancel')`,
    ),
    check(
      "subscription_changes_closed",
      sql`(${table.status} in ('applied','undone','lapsed')) = (${table.closedAt} is not null)`,
    ),
  ],
);
