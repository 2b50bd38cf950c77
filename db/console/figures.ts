/** The figures the console's first page shows. */
import { and, eq, gte, isNull, lt } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { findDueLoad } from "@/db/renewal-forecast";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { reconciliationFindings } from "@/db/schema/reconciliation";
import { refunds } from "@/db/schema/refund";
import { subscriptions } from "@/db/schema/subscription";
import {
  addDays,
  type CalendarDate,
  parseCalendarDate,
  seoulInstant,
} from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import { type Tally, tally, tallyOf } from "./tally";

export type DayFigures = {
  readonly paidToday: Tally;
  readonly paidThisMonth: Tally;
  readonly refundedThisMonth: Tally;
  /** Attempts declined today. */
  readonly declinedToday: Tally;
  /** Subscriptions that owe a period, with what they owe. */
  readonly pastDue: Tally;
  /** Renewals that fall due on the day after `today`. */
  readonly dueTomorrow: Tally;
};

/** No past-due subscription waits longer than this for its next try or its end. */
const PAST_DUE_HORIZON_DAYS = 31;

/** The figures of a Seoul day. */
export async function findDayFigures(today: CalendarDate): Promise<DayFigures> {
  const start = seoulInstant(today, 0);
  const tomorrow = seoulInstant(addDays(today, 1), 0);
  const monthStart = seoulInstant(parseCalendarDate(`${today.slice(0, 7)}-01`), 0);
  return db().transaction(
    async (tx) => {
      const byTonight = await findDueLoad(tx, tomorrow);
      const byTomorrowNight = await findDueLoad(tx, seoulInstant(addDays(today, 2), 0));
      return {
        paidToday: await tallyPaid(tx, start, tomorrow),
        paidThisMonth: await tallyPaid(tx, monthStart, tomorrow),
        refundedThisMonth: await tallyRefunded(tx, monthStart, tomorrow),
        declinedToday: await tallyDeclined(tx, start, tomorrow),
        pastDue: await tallyPastDue(tx, seoulInstant(addDays(today, PAST_DUE_HORIZON_DAYS), 0)),
        dueTomorrow: {
          count: byTomorrowNight.count - byTonight.count,
          won: parseWon(byTomorrowNight.amountWon - byTonight.amountWon),
        },
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

async function tallyPaid(tx: Tx, from: Date, to: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(charges.amountWon))
      .from(charges)
      .where(and(gte(charges.approvedAt, from), lt(charges.approvedAt, to))),
  );
}

async function tallyRefunded(tx: Tx, from: Date, to: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(refunds.amountWon))
      .from(refunds)
      .where(and(gte(refunds.canceledAt, from), lt(refunds.canceledAt, to))),
  );
}

async function tallyDeclined(tx: Tx, from: Date, to: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(charges.amountWon))
      .from(charges)
      .where(
        and(gte(charges.closedAt, from), lt(charges.closedAt, to), eq(charges.status, "declined")),
      ),
  );
}

async function tallyPastDue(tx: Tx, horizon: Date): Promise<Tally> {
  return tallyOf(
    await tx
      .select(tally(invoices.dueWon))
      .from(subscriptions)
      .innerJoin(
        invoices,
        and(eq(invoices.subscriptionId, subscriptions.id), eq(invoices.status, "open")),
      )
      .where(and(lt(subscriptions.nextActionAt, horizon), eq(subscriptions.status, "past-due"))),
  );
}

/** What the open findings leave unexplained, over all days. */
export async function findUnexplained(): Promise<Tally> {
  return tallyOf(
    await db()
      .select(tally(reconciliationFindings.unexplainedWon))
      .from(reconciliationFindings)
      .where(isNull(reconciliationFindings.resolvedAt)),
  );
}
