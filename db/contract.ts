/** Contracts with what the rest of their running period is worth, folded from what was paid. */
import { and, asc, desc, eq, gte } from "drizzle-orm";
import { invoices } from "@/db/schema/invoice";
import { subscriptionItems, subscriptionTerms } from "@/db/schema/subscription";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { dueSaidBy, type InvoiceLine } from "@/lib/billing/invoice/invoice";
import type { Contract } from "@/lib/billing/subscription/contract";
import { foldHistory, type HistoryEvent, termsOn } from "@/lib/billing/subscription/history";
import type { Line } from "@/lib/billing/subscription/order";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import type { Item, Terms } from "@/lib/billing/subscription/terms";
import { anyOf } from "./bulk";
import { db } from "./client";

/** Each with its worth as it stands; by the id of the subscription. */
export async function listContracts(
  subscriptions: readonly Subscription[],
): Promise<ReadonlyMap<string, Contract>> {
  const ids = subscriptions.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const terms = await listTerms(ids);
  const paid = await listPaidOfRunningPeriod(ids);
  return new Map(
    subscriptions.map((subscription) => {
      const { id } = subscription;
      const entries = terms.get(id) ?? [];
      const events = paid.flatMap((row) =>
        row.invoice.subscriptionId === id ? [eventOf(row, entries)] : [],
      );
      return [id, { ...subscription, ...foldHistory(events) }];
    }),
  );
}

type Entry = { readonly from: CalendarDate; readonly terms: Terms };

/** All entries of the terms of each, oldest first. */
async function listTerms(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const rows = await db()
    .select({ entry: subscriptionTerms, item: subscriptionItems })
    .from(subscriptionTerms)
    .innerJoin(
      subscriptionItems,
      and(
        eq(subscriptionItems.subscriptionId, subscriptionTerms.subscriptionId),
        eq(subscriptionItems.seq, subscriptionTerms.seq),
      ),
    )
    .where(anyOf(subscriptionTerms.subscriptionId, ids))
    .orderBy(asc(subscriptionTerms.seq), asc(subscriptionItems.position));
  const found = new Map<string, Entry[]>();
  for (const { entry, item } of rows) {
    const { subscriptionId, startsOn: from, interval, anchorOn } = entry;
    const { key, kind, unitWon, quantity } = item;
    const one: Item = { key, kind, unitWon, quantity };
    const entries = found.get(subscriptionId) ?? [];
    const last = entries.at(-1);
    found.set(
      subscriptionId,
      item.position === 0
        ? [...entries, { from, terms: { plan: one, addOns: [], interval, anchorOn } }]
        : [
            ...entries.slice(0, -1),
            ...(last
              ? [{ from, terms: { ...last.terms, addOns: [...last.terms.addOns, one] } }]
              : []),
          ],
    );
  }
  return found;
}

type PaidRow = Awaited<ReturnType<typeof listPaidOfRunningPeriod>>[number];

/** The paid invoices from the newest period on, oldest first: what was paid before is used. */
async function listPaidOfRunningPeriod(ids: readonly string[]) {
  const newest = db()
    .selectDistinctOn([invoices.subscriptionId], {
      subscriptionId: invoices.subscriptionId,
      issuedAt: invoices.issuedAt,
    })
    .from(invoices)
    .where(
      and(
        anyOf(invoices.subscriptionId, ids),
        eq(invoices.status, "paid"),
        eq(invoices.kind, "period"),
      ),
    )
    .orderBy(invoices.subscriptionId, desc(invoices.issuedAt))
    .as("newest");
  return db()
    .select({ invoice: invoices })
    .from(invoices)
    .innerJoin(newest, eq(newest.subscriptionId, invoices.subscriptionId))
    .where(and(eq(invoices.status, "paid"), gte(invoices.issuedAt, newest.issuedAt)))
    .orderBy(asc(invoices.issuedAt), asc(invoices.id));
}

function eventOf({ invoice }: PaidRow, entries: readonly Entry[]): HistoryEvent {
  const { kind, cycle, n, periodStartsOn: startsOn, periodEndsOn: endsOn, closedAt } = invoice;
  const opens =
    cycle === null || n === null || startsOn === null || endsOn === null
      ? null
      : { cycle, n, period: { startsOn, endsOn } };
  const on = opens?.period.startsOn ?? seoulDayOf(invoice.issuedAt);
  const terms = termsOn(entries, on);
  if (kind === "once" || closedAt === null || terms === null)
    throw new Error(`Invoice ${invoice.id} is no part of a contract`);
  return {
    kind: "paid",
    invoice: {
      kind,
      on,
      lines: invoice.lines.filter(isOfContract),
      due: dueSaidBy(invoice),
      opens,
      terms,
    },
    paidOn: seoulDayOf(closedAt),
  };
}

function isOfContract(line: InvoiceLine): line is Extract<InvoiceLine, Line> {
  return line.kind !== "once" && line.kind !== "set-up";
}
