/** Toss's list of a day against our own. */

import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { FindingKind } from "@/lib/billing/reconciliation/reconciliation";
import { charges } from "./charge";
import { day, instant, won } from "./columns";
import { refunds } from "./refund";

export type FindingResolution = "adopted" | "canceled" | "explained" | "vanished";

/** One comparison of a Seoul day with Toss's list. */
export const reconciliations = pgTable(
  "reconciliations",
  {
    id: text("id").primaryKey(),
    day: day("day").notNull(),
    /** Whose list the day was compared with. */
    provider: text("provider").notNull(),
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
