import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { charges, invoices, paymentMethods } from "@/db/schema";
import type { InvoiceStatus } from "@/lib/billing/invoice";

export type Invoice = typeof invoices.$inferSelect;
export type NewInvoice = typeof invoices.$inferInsert;

export type Payment = {
  readonly invoice: Invoice;
  /** The newest attempt; null while none was made. */
  readonly charge: typeof charges.$inferSelect | null;
  readonly card: {
    readonly issuerCode: string | null;
    readonly maskedNumber: string | null;
  } | null;
};

/** The customer's invoices with their newest attempt, newest first. Invoices never tried and then voided are left out. */
export async function listPayments(customerId: string, limit = 200): Promise<readonly Payment[]> {
  const newest = db()
    .selectDistinctOn([charges.invoiceId])
    .from(charges)
    .where(eq(charges.customerId, customerId))
    .orderBy(charges.invoiceId, desc(charges.createdAt), desc(charges.id))
    .as("newest");
  const rows = await db()
    .select({ invoice: invoices, chargeId: newest.id })
    .from(invoices)
    .innerJoin(newest, eq(newest.invoiceId, invoices.id))
    .where(eq(invoices.customerId, customerId))
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
      inArray(
        charges.id,
        rows.map((row) => row.chargeId),
      ),
    );
  const byId = new Map(details.map((detail) => [detail.charge.id, detail]));
  return rows.map(({ invoice, chargeId }) => {
    const detail = byId.get(chargeId);
    const card = detail?.charge.paymentMethodId
      ? { issuerCode: detail.issuerCode, maskedNumber: detail.maskedNumber }
      : null;
    return { invoice, charge: detail?.charge ?? null, card };
  });
}

/** Inserts what is not there yet (one per subscription and period) and returns all of them, old and new, by period. */
export async function ensureInvoices(
  tx: Tx,
  wanted: readonly NewInvoice[],
): Promise<{ inserted: readonly Invoice[]; all: readonly Invoice[] }> {
  if (wanted.length === 0) return { inserted: [], all: [] };
  const inserted = await tx
    .insert(invoices)
    .values([...wanted])
    .onConflictDoNothing()
    .returning();
  if (inserted.length === wanted.length) return { inserted, all: inserted };
  const known = new Set(inserted.map(periodKey));
  const missing = wanted.filter((invoice) => !known.has(periodKey(invoice)));
  const existing = await tx
    .select()
    .from(invoices)
    .where(
      sql`(coalesce(${invoices.subscriptionId}, ${invoices.checkoutId}), coalesce(${invoices.periodStartsOn}, 'epoch')) in (${sql.join(
        missing.map(
          (invoice) =>
            sql`(${invoice.subscriptionId ?? invoice.checkoutId}, coalesce(${invoice.periodStartsOn ?? null}::date, 'epoch'))`,
        ),
        sql`, `,
      )})`,
    );
  return { inserted, all: [...inserted, ...existing] };
}

function periodKey(
  invoice: Pick<NewInvoice, "subscriptionId" | "checkoutId" | "periodStartsOn">,
): string {
  return `${invoice.subscriptionId ?? invoice.checkoutId} ${invoice.periodStartsOn ?? ""}`;
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
    .where(
      and(inArray(invoices.subscriptionId, [...subscriptionIds]), eq(invoices.status, "open")),
    );
}

/** Closes invoices that are still open; returns those it closed. */
export async function closeInvoices(
  tx: Tx,
  ids: readonly string[],
  status: Exclude<InvoiceStatus, "open">,
  now: Date,
): Promise<readonly Invoice[]> {
  if (ids.length === 0) return [];
  return tx
    .update(invoices)
    .set({ status, closedAt: now })
    .where(and(inArray(invoices.id, [...ids]), eq(invoices.status, "open")))
    .returning();
}
