import { and, desc, eq, inArray, isNotNull, ne, or, type SQL, sql } from "drizzle-orm";
import { paymentMethods } from "@/db/schema/card";
import { plans } from "@/db/schema/catalogue";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { refunds } from "@/db/schema/refund";
import type { Interval } from "@/lib/billing/calendar";
import type { Bilingual } from "@/lib/billing/catalogue/plan";
import type { InvoiceStatus } from "@/lib/billing/invoice/invoice";
import { parseWon, type Won } from "@/lib/billing/money";
import { anyOf, insertNew } from "./bulk";
import { isOpenOrCalled } from "./charge";
import { db, type Tx } from "./client";

export type Invoice = typeof invoices.$inferSelect;
export type NewInvoice = Omit<Invoice, "closedAt" | "number">;

export type PaymentEntry = {
  readonly invoice: Invoice;
  /** What was bought, in both languages; the invoice's own title is Korean. */
  readonly bought: { readonly name: Bilingual; readonly interval: Interval | null } | null;
  /** The newest attempt; null when it was paid without one. */
  readonly charge: typeof charges.$inferSelect | null;
  readonly card: {
    readonly issuerCode: string | null;
    readonly maskedNumber: string | null;
  } | null;
  /** What was given back of the newest attempt. */
  readonly refundedWon: Won;
};

/**
 * The account's invoices with their newest attempt, newest first. One for which no request left is left out, unless it
 * was paid without a charge.
 */
export async function listPayments(
  accountId: string,
  limit = 200,
): Promise<readonly PaymentEntry[]> {
  // Found through the invoices: charges have no index by account.
  const newest = db()
    .selectDistinctOn([charges.invoiceId], { id: charges.id, invoiceId: charges.invoiceId })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .where(and(eq(invoices.accountId, accountId), isOpenOrCalled()))
    .orderBy(charges.invoiceId, desc(charges.createdAt), desc(charges.id))
    .as("newest");
  const rows = await db()
    .select({
      invoice: invoices,
      chargeId: newest.id,
      name: plans.name,
    })
    .from(invoices)
    .leftJoin(newest, eq(newest.invoiceId, invoices.id))
    .leftJoin(plans, eq(plans.id, firstItemOf(invoices.lines)))
    .where(
      and(eq(invoices.accountId, accountId), or(isNotNull(newest.id), eq(invoices.status, "paid"))),
    )
    .orderBy(desc(invoices.issuedAt), desc(invoices.id))
    .limit(limit);
  const details = await db()
    .select({
      charge: charges,
      issuerCode: paymentMethods.issuerCode,
      maskedNumber: paymentMethods.maskedNumber,
    })
    .from(charges)
    .leftJoin(paymentMethods, eq(paymentMethods.id, charges.paymentMethodId))
    .where(
      anyOf(
        charges.id,
        rows.flatMap((row) => row.chargeId ?? []),
      ),
    );
  const byId = new Map(details.map((detail) => [detail.charge.id, detail]));
  const given = await db()
    .select({ chargeId: refunds.chargeId, won: sql<string>`sum(${refunds.amountWon})` })
    .from(refunds)
    .where(and(inArray(refunds.chargeId, [...byId.keys()]), eq(refunds.status, "done")))
    .groupBy(refunds.chargeId);
  const refundedOf = new Map(given.map((row) => [row.chargeId, parseWon(Number(row.won))]));
  return rows.map(({ invoice, chargeId, name }) => {
    const detail = byId.get(chargeId ?? "");
    const card = detail?.charge.paymentMethodId
      ? { issuerCode: detail.issuerCode, maskedNumber: detail.maskedNumber }
      : null;
    const refundedWon = refundedOf.get(chargeId ?? "") ?? parseWon(0);
    const bought = name && { name, interval: invoice.interval };
    return { invoice, bought, charge: detail?.charge ?? null, card, refundedWon };
  });
}

/** The key of the first thing that the lines of an invoice charge for. */
function firstItemOf(lines: typeof invoices.lines): SQL {
  return sql`jsonb_path_query_first(${lines}, '$[*] ? (@.kind != "unused" && @.kind != "discount").key') #>> '{}'`;
}

/** Inserts what is not there yet (one for each period of a subscription that is not void) and returns all of them, old and new. */
export async function ensureInvoices(
  tx: Tx,
  wanted: readonly NewInvoice[],
): Promise<{ inserted: readonly Invoice[]; all: readonly Invoice[] }> {
  const rows = wanted.map((invoice): Invoice => ({ ...invoice, closedAt: null, number: null }));
  const inserted = await insertNew(tx, invoices, rows);
  if (inserted.length === rows.length) return { inserted, all: inserted };
  const isInserted = new Set(inserted.map((invoice) => invoice.id));
  const missing = new Map(
    rows.filter((row) => !isInserted.has(row.id)).map((row) => [row.subscriptionId, row]),
  );
  const ids = [...missing.keys()].filter((id) => id !== null);
  const there = await tx
    .select()
    .from(invoices)
    .where(and(anyOf(invoices.subscriptionId, ids), ne(invoices.status, "void")));
  const existing = there.filter(({ subscriptionId, cycle, n }) => {
    const row = missing.get(subscriptionId);
    return row?.cycle === cycle && row?.n === n;
  });
  return { inserted, all: [...inserted, ...existing] };
}

/** The invoice of a one-time checkout; null before its payment was begun. */
export async function findInvoiceOfCheckout(tx: Tx, checkoutId: string): Promise<Invoice | null> {
  const [row] = await tx.select().from(invoices).where(eq(invoices.checkoutId, checkoutId));
  return row ?? null;
}

export async function listOpenInvoices(
  tx: Tx,
  subscriptionIds: readonly string[],
): Promise<readonly Invoice[]> {
  if (subscriptionIds.length === 0) return [];
  return tx
    .select()
    .from(invoices)
    .where(and(anyOf(invoices.subscriptionId, subscriptionIds), eq(invoices.status, "open")));
}

/** Closes invoices that are still open; returns those it closed. */
export async function closeInvoices(
  tx: Tx,
  {
    ids,
    status,
  }: { readonly ids: readonly string[]; readonly status: Exclude<InvoiceStatus, "open"> },
  now: Date,
): Promise<readonly Invoice[]> {
  if (ids.length === 0) return [];
  return tx
    .update(invoices)
    .set({ status, closedAt: now })
    .where(and(anyOf(invoices.id, ids), eq(invoices.status, "open")))
    .returning();
}
