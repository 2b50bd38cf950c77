/** Money on its way back. */

import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { RefundStatus } from "@/lib/billing/refund/refund";
import { accounts } from "./account";
import { charges } from "./charge";
import { instant, won } from "./columns";

/** Money back on a charge. The amount is reserved on the charge from the moment the row is there. */
export const refunds = pgTable(
  "refunds",
  {
    id: text("id").primaryKey(),
    chargeId: text("charge_id")
      .notNull()
      .references(() => charges.id),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** The provider of the charge. */
    provider: text("provider").notNull(),
    /** Names what was asked for: the same request asked twice is one refund. */
    requestId: text("request_id").notNull(),
    amountWon: won("amount_won").notNull(),
    reason: text("reason").notNull(),
    /** A user id, `system` for jobs, or the provider for a refund that was made there and adopted here. */
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
    uniqueIndex("refunds_transaction_key").on(table.transactionKey, table.provider),
    uniqueIndex("refunds_one_at_toss")
      .on(table.chargeId)
      .where(sql`${table.status} in ('pending','unknown') and ${table.calledAt} is not null`),
    index("refunds_charge").on(table.chargeId, table.createdAt),
    index("refunds_account").on(table.accountId, table.createdAt),
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
