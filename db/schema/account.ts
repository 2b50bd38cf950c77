/** Who signs in, who pays, and who may act for whom. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { InvitedRole, MemberRole } from "@/lib/billing/account/member";
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
    /** The language the person last used here. */
    locale: text("locale").$type<"ko" | "en">().notNull().default("ko"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("users_email").on(table.email),
    check("users_email_lower", sql`${table.email} = lower(${table.email})`),
    check("users_locale", sql`${table.locale} in ('ko','en')`),
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
    /** The account this browser looks at. Counts only while its user is a member; null before any was chosen. */
    accountId: text("account_id").references(() => accounts.id),
    startedAt: instant("started_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    index("sessions_user").on(table.userId),
    index("sessions_expiry").on(table.expiresAt),
  ],
);

/** A sign-in at Kakao, Naver or Google that signs a user in. */
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

/**
 * Who pays: a person or a company. `customerKey` is what Toss knows it by: a random UUID, never changed, never derived.
 */
export const accounts = pgTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    customerKey: text("customer_key").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [uniqueIndex("accounts_customer_key").on(table.customerKey)],
);

/** Who may act for an account, and as what. Each account has one owner. */
export const accountMembers = pgTable(
  "account_members",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    role: text("role").$type<MemberRole>().notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.userId] }),
    uniqueIndex("account_members_owner").on(table.accountId).where(sql`${table.role} = 'owner'`),
    index("account_members_user").on(table.userId, table.createdAt),
    check("account_members_role", sql`${table.role} in ('owner','billing','member')`),
  ],
);

/** Links by which somebody becomes a member. A withdrawn one is deleted; an accepted one stays. */
export const accountInvitations = pgTable(
  "account_invitations",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Where the link was mailed to. Whoever opens it may sign in with another address. */
    email: text("email").notNull(),
    role: text("role").$type<InvitedRole>().notNull(),
    /** SHA-256 of the token in the mailed link. */
    tokenHash: text("token_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    acceptedBy: text("accepted_by").references(() => users.id),
  },
  (table) => [
    uniqueIndex("account_invitations_token").on(table.tokenHash),
    uniqueIndex("account_invitations_open")
      .on(table.accountId, table.email)
      .where(sql`${table.acceptedBy} is null`),
    check("account_invitations_role", sql`${table.role} in ('billing','member')`),
  ],
);
