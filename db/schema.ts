/**
 * The tables, and the laws of money as constraints: one invoice per period, one open and one approved charge per
 * invoice, unique order ids and payment keys, whole won. Code keeps these rules too; the database is the last line.
 */
import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { CalendarDate, Interval } from "@/lib/billing/calendar";
import type { Bilingual, Entitlements, PlanKind } from "@/lib/billing/catalogue/plan";
import type { ChargeStatus, DeclineClass } from "@/lib/billing/charge/charge";
import type { StopKind } from "@/lib/billing/charge/stop";
import type { CheckoutStatus } from "@/lib/billing/checkout/checkout";
import type { InvoiceLine, InvoiceStatus } from "@/lib/billing/invoice/invoice";
import type { Account } from "@/lib/billing/ledger/ledger";
import { parseWon, type Won } from "@/lib/billing/money";
import type { FindingKind } from "@/lib/billing/reconciliation/reconciliation";
import type { RefundStatus } from "@/lib/billing/refund/refund";
import type { EndReason, SubscriptionStatus } from "@/lib/billing/subscription/subscription";
import type { WebhookResult } from "@/lib/billing/webhook/webhook";

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const day = (name: string) => date(name).$type<CalendarDate>();
const won = (name: string) => bigint(name, { mode: "number" }).$type<Won>();

export type Role = "customer" | "support" | "operator" | "owner";

/** People who can sign in. E-mail addresses are stored in lower case. */
export const users = pgTable(
  "users",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    /** scrypt; null for people who sign in through Kakao, Naver or Google only. */
    passwordHash: text("password_hash"),
    role: text("role").$type<Role>().notNull().default("customer"),
    /** Raised whenever all sessions end: a sign-in that was checked before then begins none. */
    sessionEpoch: integer("session_epoch").notNull().default(0),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("users_email").on(table.email),
    check("users_email_lower", sql`${table.email} = lower(${table.email})`),
    check("users_role", sql`${table.role} in ('customer','support','operator','owner')`),
  ],
);

/**
 * Who is signed in on which browser. The browser's cookie holds the id, sealed; it counts for nothing once the row is
 * gone, so signing out also ends copies of the cookie.
 */
export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    startedAt: instant("started_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    index("sessions_user").on(table.userId),
    index("sessions_expiry").on(table.expiresAt),
  ],
);

/** An account at Kakao, Naver or Google that signs a user in. */
export const userIdentities = pgTable(
  "user_identities",
  {
    provider: text("provider").notNull(),
    providerAccountId: text("provider_account_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.providerAccountId] }),
    index("user_identities_user").on(table.userId),
  ],
);

export const passwordResets = pgTable(
  "password_resets",
  {
    /** SHA-256 of the token in the mailed link. */
    tokenHash: text("token_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("password_resets_user").on(table.userId)],
);

/** Tries within a window, per key such as `sign-in:203.0.113.7`. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    key: text("key").notNull(),
    windowStartsAt: instant("window_starts_at").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.windowStartsAt] }),
    index("rate_limits_window").on(table.windowStartsAt),
  ],
);

/** Who pays. `customerKey` is what Toss knows them by: a random UUID, never changed, never derived. */
export const customers = pgTable(
  "customers",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    customerKey: text("customer_key").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("customers_user").on(table.userId),
    uniqueIndex("customers_customer_key").on(table.customerKey),
  ],
);

export const plans = pgTable("plans", {
  id: text("id").primaryKey(),
  kind: text("kind").$type<PlanKind>().notNull(),
  product: text("product").notNull(),
  name: jsonb("name").$type<Bilingual>().notNull(),
  description: jsonb("description").$type<Bilingual>().notNull(),
  features: jsonb("features").$type<readonly Bilingual[]>().notNull(),
  entitlements: jsonb("entitlements").$type<Entitlements>().notNull(),
  active: boolean("active").notNull(),
  position: integer("position").notNull(),
});

/** Never edited: another amount is another row with the next version. */
export const prices = pgTable(
  "prices",
  {
    id: text("id").primaryKey(),
    planId: text("plan_id")
      .notNull()
      .references(() => plans.id),
    interval: text("interval").$type<Interval>(),
    amountWon: won("amount_won").notNull(),
    trialDays: integer("trial_days").notNull().default(0),
    version: integer("version").notNull(),
    active: boolean("active").notNull(),
  },
  (table) => [
    uniqueIndex("prices_version").on(
      table.planId,
      sql`coalesce(${table.interval}, 'once')`,
      table.version,
    ),
    uniqueIndex("prices_one_active")
      .on(table.planId, sql`coalesce(${table.interval}, 'once')`)
      .where(sql`${table.active}`),
    check("prices_amount", sql`${table.amountWon} >= 100`),
    check("prices_interval", sql`${table.interval} in ('month','quarter','year')`),
  ],
);

/** One intent to buy: price and amount fixed on the server before any window opens. */
export const checkouts = pgTable(
  "checkouts",
  {
    id: text("id").primaryKey(),
    customerId: text("customer_id")
      .notNull()
      .references(() => customers.id),
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
    index("checkouts_customer").on(table.customerId, table.createdAt),
    index("checkouts_open").on(table.expiresAt).where(sql`${table.status} = 'open'`),
    check("checkouts_status", sql`${table.status} in ('open','completed','expired')`),
    check("checkouts_amount", sql`${table.amountWon} >= 0`),
  ],
);

/** What came back from the card window, kept until a billing key is made of it, so that no crash loses a card. */
export const cardRegistrations = pgTable(
  "card_registrations",
  {
    id: text("id").primaryKey(),
    customerId: text("customer_id")
      .notNull()
      .references(() => customers.id),
    /** Null when the card of a running subscription is replaced. */
    checkoutId: text("checkout_id").references(() => checkouts.id),
    status: text("status").$type<"pending" | "issued" | "failed">().notNull(),
    authKeyHash: text("auth_key_hash").notNull(),
    /** Encrypted; erased as soon as the registration is finished. */
    authKeyCiphertext: text("auth_key_ciphertext"),
    idempotencyKey: text("idempotency_key").notNull(),
    failureCode: text("failure_code"),
    tries: integer("tries").notNull().default(0),
    nextTryAt: instant("next_try_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("card_registrations_auth_key").on(table.authKeyHash),
    index("card_registrations_checkout").on(table.checkoutId),
    index("card_registrations_pending").on(table.nextTryAt).where(sql`${table.status} = 'pending'`),
    check("card_registrations_status", sql`${table.status} in ('pending','issued','failed')`),
  ],
);

/** A billing key at Toss, encrypted, with what may be shown of the card. */
export const paymentMethods = pgTable(
  "payment_methods",
  {
    id: text("id").primaryKey(),
    customerId: text("customer_id")
      .notNull()
      .references(() => customers.id),
    registrationId: text("registration_id")
      .notNull()
      .references(() => cardRegistrations.id),
    /** AES-256-GCM; erased when Toss has confirmed the deletion. */
    billingKeyCiphertext: text("billing_key_ciphertext"),
    /** Keyed hash of the billing key without its trailing `=`: finds a key named by a webhook. */
    billingKeyFingerprint: text("billing_key_fingerprint").notNull(),
    /** When Toss told that the key was removed there: no charge is made with it any more. */
    goneAt: instant("gone_at"),
    /** The sealed key of such a card, set aside so that it can still be deleted at Toss. */
    goneKeyCiphertext: text("gone_key_ciphertext"),
    issuerCode: text("issuer_code"),
    maskedNumber: text("masked_number"),
    cardType: text("card_type"),
    ownerType: text("owner_type"),
    createdAt: instant("created_at").notNull(),
    /** Set when the key is no longer wanted; the deletion at Toss is retried until confirmed. */
    deleteAt: instant("delete_at"),
    deleteTries: integer("delete_tries").notNull().default(0),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    uniqueIndex("payment_methods_registration").on(table.registrationId),
    uniqueIndex("payment_methods_fingerprint").on(table.billingKeyFingerprint),
    index("payment_methods_customer").on(table.customerId),
    index("payment_methods_to_delete")
      .on(table.deleteAt)
      .where(sql`${table.deleteAt} is not null and ${table.deletedAt} is null`),
    check(
      "payment_methods_gone",
      sql`${table.goneKeyCiphertext} is null or (${table.goneAt} is not null and ${table.billingKeyCiphertext} is null)`,
    ),
  ],
);

export const subscriptions = pgTable(
  "subscriptions",
  {
    id: text("id").primaryKey(),
    customerId: text("customer_id")
      .notNull()
      .references(() => customers.id),
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
      .on(table.customerId, table.product)
      .where(sql`${table.status} <> 'ended'`),
    index("subscriptions_due")
      .on(table.nextActionAt, table.id)
      .where(sql`${table.nextActionAt} is not null`),
    index("subscriptions_to_remind")
      .on(table.nextReminderAt)
      .where(sql`${table.nextReminderAt} is not null`),
    index("subscriptions_customer").on(table.customerId, table.createdAt),
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

export const invoices = pgTable(
  "invoices",
  {
    id: text("id").primaryKey(),
    // Not foreign keys: a trigger checks a whole statement's rows at once, and more sharply (see the migrations).
    customerId: text("customer_id").notNull(),
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
    index("invoices_customer").on(table.customerId, table.issuedAt),
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

export const charges = pgTable(
  "charges",
  {
    id: text("id").primaryKey(),
    // Not foreign keys: a trigger checks a whole statement's rows at once, and more sharply (see the migrations).
    invoiceId: text("invoice_id").notNull(),
    customerId: text("customer_id").notNull(),
    /** Null for a one-time payment, which is confirmed by its payment key instead. */
    paymentMethodId: text("payment_method_id"),
    /** `automatic` = by the sweep; `customer` = on the customer's own click. */
    trigger: text("trigger").$type<"automatic" | "customer">().notNull(),
    attemptedOn: day("attempted_on").notNull(),
    orderId: text("order_id").notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    amountWon: won("amount_won").notNull(),
    status: text("status").$type<ChargeStatus>().notNull(),
    declineCode: text("decline_code"),
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
      .on(table.paymentKey)
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
    index("charges_in_flight")
      .on(table.leasedUntil)
      .where(sql`${table.status} = 'pending' and ${table.calledAt} is not null`),
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

/** Money back on a charge. The amount is reserved on the charge from the moment the row is there. */
export const refunds = pgTable(
  "refunds",
  {
    id: text("id").primaryKey(),
    chargeId: text("charge_id")
      .notNull()
      .references(() => charges.id),
    customerId: text("customer_id")
      .notNull()
      .references(() => customers.id),
    /** Names what was asked for: the same request asked twice is one refund. */
    requestId: text("request_id").notNull(),
    amountWon: won("amount_won").notNull(),
    reason: text("reason").notNull(),
    /** A user id, `system` for jobs, or `toss` for a refund made at Toss and adopted here. */
    requestedBy: text("requested_by").notNull(),
    status: text("status").$type<RefundStatus>().notNull(),
    idempotencyKey: text("idempotency_key").notNull(),
    /** The balance sent as a lock: Toss gives nothing back when another is left. */
    lockWon: won("lock_won"),
    refusedCode: text("refused_code"),
    /** Why the outcome is not known, or why a person must look. */
    unknownReason: text("unknown_reason"),
    needsReview: boolean("needs_review").notNull().default(false),
    /** Of the entry in Toss's `cancels[]` that this refund is. */
    transactionKey: text("transaction_key"),
    suppliedWon: won("supplied_won"),
    vatWon: won("vat_won"),
    canceledAt: instant("canceled_at"),
    createdAt: instant("created_at").notNull(),
    calledAt: instant("called_at"),
    /** A worker owns the refund until then. */
    leasedUntil: instant("leased_until"),
    keySpent: boolean("key_spent").notNull().default(false),
    repeats: integer("repeats").notNull().default(0),
    settleTries: integer("settle_tries").notNull().default(0),
    /** When an open refund is looked at again; null once its outcome is known. */
    settleAt: instant("settle_at"),
    closedAt: instant("closed_at"),
  },
  (table) => [
    uniqueIndex("refunds_request").on(table.requestId),
    uniqueIndex("refunds_idempotency_key").on(table.idempotencyKey),
    uniqueIndex("refunds_transaction_key").on(table.transactionKey),
    uniqueIndex("refunds_one_at_toss")
      .on(table.chargeId)
      .where(sql`${table.status} in ('pending','unknown') and ${table.calledAt} is not null`),
    index("refunds_charge").on(table.chargeId, table.createdAt),
    index("refunds_customer").on(table.customerId, table.createdAt),
    index("refunds_to_settle").on(table.settleAt).where(sql`${table.settleAt} is not null`),
    index("refunds_open").on(table.createdAt).where(sql`${table.status} in ('pending','unknown')`),
    index("refunds_canceled_at").on(table.canceledAt),
    check("refunds_status", sql`${table.status} in ('pending','done','refused','unknown')`),
    check("refunds_amount", sql`${table.amountWon} >= 1`),
    check(
      "refunds_done",
      sql`${table.status} <> 'done' or (${table.transactionKey} is not null and ${table.canceledAt} is not null and ${table.suppliedWon} is not null and ${table.vatWon} is not null and ${table.suppliedWon} >= 0 and ${table.vatWon} >= 0 and ${table.suppliedWon} + ${table.vatWon} = ${table.amountWon})`,
    ),
    check(
      "refunds_refused",
      sql`(${table.status} = 'refused') = (${table.refusedCode} is not null)`,
    ),
    check(
      "refunds_closed",
      sql`(${table.status} in ('done','refused')) = (${table.closedAt} is not null)`,
    ),
  ],
);

/** The last invoice number given in a Seoul year; its row is the lock that keeps the numbers without gaps. */
export const invoiceCounters = pgTable("invoice_counters", {
  year: integer("year").primaryKey(),
  last: integer("last").notNull(),
});

/** One comparison of a Seoul day with Toss's list. */
export const reconciliations = pgTable(
  "reconciliations",
  {
    id: text("id").primaryKey(),
    day: day("day").notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at").notNull(),
    /** `failed`: Toss's list could not be read to its end, and nothing is said about the day. */
    status: text("status").$type<"done" | "failed">().notNull(),
    failure: text("failure"),
    transactionCount: integer("transaction_count").notNull(),
    paidWon: won("paid_won").notNull(),
    canceledWon: won("canceled_won").notNull(),
    /** What the open findings of the day leave unexplained; 0 when the books agree. */
    unexplainedWon: won("unexplained_won").notNull(),
  },
  (table) => [
    index("reconciliations_day").on(table.day, table.finishedAt),
    check(
      "reconciliations_failed",
      sql`(${table.status} = 'failed') = (${table.failure} is not null)`,
    ),
  ],
);

export type FindingResolution = "adopted" | "canceled" | "explained" | "vanished";

/** A difference between Toss's books and ours that nobody has explained yet, or how it was explained. */
export const reconciliationFindings = pgTable(
  "reconciliation_findings",
  {
    id: text("id").primaryKey(),
    day: day("day").notNull(),
    kind: text("kind").$type<FindingKind>().notNull(),
    subject: text("subject").notNull(),
    unexplainedWon: won("unexplained_won").notNull(),
    orderId: text("order_id").notNull(),
    paymentKey: text("payment_key"),
    transactionKey: text("transaction_key"),
    chargeId: text("charge_id").references(() => charges.id),
    refundId: text("refund_id").references(() => refunds.id),
    foundAt: instant("found_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    /** Written before a payment that is not ours is cancelled at Toss. */
    cancelKey: text("cancel_key"),
    resolution: text("resolution").$type<FindingResolution>(),
    note: text("note"),
    resolvedAt: instant("resolved_at"),
    /** A user id, or `system` when it was gone by itself. */
    resolvedBy: text("resolved_by"),
  },
  (table) => [
    uniqueIndex("reconciliation_findings_subject").on(table.subject),
    uniqueIndex("reconciliation_findings_cancel_key").on(table.cancelKey),
    index("reconciliation_findings_day").on(table.day),
    index("reconciliation_findings_open").on(table.foundAt).where(sql`${table.resolvedAt} is null`),
    check(
      "reconciliation_findings_kind",
      sql`${table.kind} in ('missing-here','missing-there','amount-differs','cancel-missing-here','cancel-missing-there')`,
    ),
    check(
      "reconciliation_findings_resolved",
      sql`(${table.resolvedAt} is null) = (${table.resolution} is null) and (${table.resolvedAt} is null) = (${table.resolvedBy} is null) and ${table.resolution} in ('adopted','canceled','explained','vanished')`,
    ),
  ],
);

/** What was expected, the night before and up to a week ahead, to be due by the end of a Seoul day. */
export const chargeForecasts = pgTable("charge_forecasts", {
  day: day("day").primaryKey(),
  count: integer("count").notNull(),
  amountWon: won("amount_won").notNull(),
  madeAt: instant("made_at").notNull(),
});

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

/** Append-only double entry; the rows of one journal sum to zero. */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    journalId: text("journal_id").notNull(),
    account: text("account").$type<Account>().notNull(),
    /** Debits are positive, credits negative. */
    amountWon: bigint("amount_won", { mode: "number" }).notNull(),
    // No foreign keys: a trigger checks a whole statement's journals at once, and more sharply (see the migrations).
    invoiceId: text("invoice_id").notNull(),
    chargeId: text("charge_id"),
    refundId: text("refund_id"),
    occurredAt: instant("occurred_at").notNull(),
  },
  (table) => [
    index("ledger_entries_invoice").on(table.invoiceId),
    index("ledger_entries_occurred_at").using("brin", table.occurredAt),
    check(
      "ledger_entries_account",
      sql`${table.account} in ('receivable','pg-clearing','unearned','revenue','vat-payable','refunds','credit')`,
    ),
  ],
);

/** Who did what to which thing, written in the transaction that did it. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: instant("at").notNull(),
    /** A user id, `system` for jobs, or `command` for whoever may run commands on the server. */
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    subjectId: text("subject_id").notNull(),
    details: jsonb("details").$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index("audit_log_subject").on(table.subjectId, table.at)],
);

/** Messages to people, written with the fact they tell of and sent afterwards. */
export const messages = pgTable(
  "messages",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    kind: text("kind").notNull(),
    /** The same fact told twice is one message. */
    dedupeKey: text("dedupe_key").notNull(),
    subject: text("subject").notNull(),
    body: text("body").notNull(),
    /** Set while it waits for the day: the contract of which a newer message makes it untrue. */
    subscriptionId: text("subscription_id").references(() => subscriptions.id),
    createdAt: instant("created_at").notNull(),
    sendAt: instant("send_at").notNull(),
    sentAt: instant("sent_at"),
    tries: integer("tries").notNull().default(0),
  },
  (table) => [
    uniqueIndex("messages_dedupe").on(table.dedupeKey),
    index("messages_to_send").on(table.sendAt).where(sql`${table.sentAt} is null`),
    index("messages_waiting")
      .on(table.subscriptionId)
      .where(sql`${table.sentAt} is null and ${table.subscriptionId} is not null`),
    index("messages_user").on(table.userId, table.createdAt),
  ],
);

/** Webhooks as they came, but for billing keys, whose fingerprints stand in their place: hints, never believed. */
export const webhookEvents = pgTable(
  "webhook_events",
  {
    id: text("id").primaryKey(),
    /** The transmission id, else a hash of the body. */
    dedupeKey: text("dedupe_key").notNull(),
    eventType: text("event_type").notNull(),
    orderId: text("order_id"),
    body: jsonb("body").notNull(),
    /** Whether its signature fits; null when it carries none, or no security key is set to check it by. */
    verified: boolean("verified"),
    /** Where it came from, as a trusted proxy tells. */
    address: text("address"),
    /** When Toss says that the thing happened. */
    saidAt: instant("said_at"),
    receivedAt: instant("received_at").notNull(),
    /** When it is looked at again unless it was handled before. */
    lookAt: instant("look_at"),
    tries: integer("tries").notNull().default(0),
    handledAt: instant("handled_at"),
    result: text("result").$type<WebhookResult>(),
  },
  (table) => [
    uniqueIndex("webhook_events_dedupe").on(table.dedupeKey),
    index("webhook_events_to_look_at").on(table.lookAt).where(sql`${table.handledAt} is null`),
    index("webhook_events_received").on(table.receivedAt, table.id),
    index("webhook_events_of_nothing")
      .on(table.receivedAt)
      .where(
        sql`${table.result} in ('nothing-to-look-at','secret-differs','card-unknown','unverified','not-used')`,
      ),
    index("webhook_events_type").on(table.eventType, table.receivedAt, table.id),
    index("webhook_events_order")
      .on(table.orderId, table.receivedAt)
      .where(sql`${table.orderId} is not null`),
  ],
);
