/** What customers are told. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { users } from "./account";
import { instant } from "./columns";
import { subscriptions } from "./subscription";

/** Messages to people, written with the fact they tell of and sent afterwards. */
export const messages = pgTable(
  "messages",
  {
    id: text("id").primaryKey(),
    /** Null when it goes to an address of which nobody has signed up yet. */
    userId: text("user_id").references(() => users.id),
    /** Set instead of the user. */
    email: text("email"),
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
    check("messages_recipient", sql`num_nonnulls(${table.userId}, ${table.email}) = 1`),
  ],
);
