/** Who signs in and who pays. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { instant } from "./columns";

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

/** Who pays. `customerKey` is what Toss knows them by: a random UUID, never changed, never derived. */
export const accounts = pgTable(
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
