/** Cards: what comes back from the window, and the billing keys made of it. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { accounts, users } from "./account";
import { checkouts } from "./checkout";
import { instant } from "./columns";

/** What came back from the card window, kept until a billing key is made of it, so that no crash loses a card. */
export const cardRegistrations = pgTable(
  "card_registrations",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Who brought it; null in rows from before an account had several members. */
    userId: text("user_id").references(() => users.id),
    /** Null when the card of a running subscription is replaced. */
    checkoutId: text("checkout_id").references(() => checkouts.id),
    /** The one subscription whose card is replaced; null when it is that of all the account has. */
    subscriptionId: text("subscription_id"),
    status: text("status").$type<"pending" | "issued" | "failed">().notNull(),
    authKeyHash: text("auth_key_hash").notNull(),
    /** Encrypted; erased as soon as the registration is finished. */
    authKeyCiphertext: text("auth_key_ciphertext"),
    idempotencyKey: text("idempotency_key").notNull(),
    failureCode: text("failure_code"),
    failureReason: text("failure_reason").$type<DeclineReason>(),
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
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    registrationId: text("registration_id")
      .notNull()
      .references(() => cardRegistrations.id),
    /** Who made the billing key and alone can charge it. */
    provider: text("provider").notNull(),
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
    index("payment_methods_account").on(table.accountId),
    index("payment_methods_to_delete")
      .on(table.deleteAt)
      .where(sql`${table.deleteAt} is not null and ${table.deletedAt} is null`),
    check(
      "payment_methods_gone",
      sql`${table.goneKeyCiphertext} is null or (${table.goneAt} is not null and ${table.billingKeyCiphertext} is null)`,
    ),
  ],
);
