/** What Toss sent unasked, as it came. */

import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { WebhookResult } from "@/lib/billing/webhook/webhook";
import { instant } from "./columns";

/** Webhooks as they came, but for billing keys, whose fingerprints stand in their place: hints, never believed. */
export const webhookEvents = pgTable(
  "webhook_events",
  {
    id: text("id").primaryKey(),
    provider: text("provider").notNull(),
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
    uniqueIndex("webhook_events_dedupe").on(table.dedupeKey, table.provider),
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
