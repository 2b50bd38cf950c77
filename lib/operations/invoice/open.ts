/** Opening and closing invoices together with what the ledger says of it, inside the transaction of the caller. */

import type { NewCharge } from "@/db/charge";
import { closeInvoices, ensureInvoices, type Invoice, type NewInvoice } from "@/db/invoice";
import { appendJournals } from "@/db/ledger";
import { seoulDayOf } from "@/lib/billing/calendar";
import { dueOf } from "@/lib/billing/invoice/due";
import type { OnceLine } from "@/lib/billing/invoice/explain";
import { amountsOf, dueSaidBy, type InvoiceAmounts, linesOf } from "@/lib/billing/invoice/invoice";
import { leaseFrom } from "@/lib/billing/lease";
import { invoiceClosedUnpaid, invoiceOpened, invoicePaid } from "@/lib/billing/ledger/ledger";
import { parseWon } from "@/lib/billing/money";
import { NO_CREDIT, type Order } from "@/lib/billing/subscription/order";
import type { Work } from "@/lib/operations/work";

/** Opens the invoices that are not there yet and returns all of them, old and new. */
export async function openInvoices(
  work: Work,
  wanted: readonly NewInvoice[],
): Promise<readonly Invoice[]> {
  const { tx, now } = work;
  const { inserted, all } = await ensureInvoices(tx, wanted);
  const journals = inserted.map((invoice) => ({
    journalId: work.newId("journal"),
    invoiceId: invoice.id,
    chargeId: null,
    accountId: invoice.accountId,
    postings: invoiceOpened(dueSaidBy(invoice)),
  }));
  await appendJournals(tx, journals, now);
  return all;
}

/** Closes invoices as paid, by a charge or because nothing is due, and books what credit paid of them. */
export async function closePaidInvoices(
  work: Work,
  paid: readonly (InvoiceAmounts & { readonly id: string; readonly accountId: string })[],
): Promise<void> {
  const { tx, now } = work;
  const ids = paid.map(({ id }) => id);
  await closeInvoices(tx, { ids, status: "paid" }, now);
  const journals = paid.flatMap((invoice) => {
    const postings = invoicePaid({ due: dueSaidBy(invoice), giftLeftWon: parseWon(0) });
    if (postings.length === 0) return [];
    const { id: invoiceId, accountId } = invoice;
    return [{ journalId: work.newId("journal"), invoiceId, chargeId: null, accountId, postings }];
  });
  await appendJournals(tx, journals, now);
}

/** Closes open invoices that will not be paid, and takes their claims out of the ledger. */
export async function closeUnpaidInvoices(
  work: Work,
  ids: readonly string[],
  status: "void" | "uncollectible",
): Promise<void> {
  const { tx, now } = work;
  const closed = await closeInvoices(tx, { ids, status }, now);
  const journals = closed.map((invoice) => ({
    journalId: work.newId("journal"),
    invoiceId: invoice.id,
    chargeId: null,
    accountId: invoice.accountId,
    postings: invoiceClosedUnpaid(dueSaidBy(invoice)),
  }));
  await appendJournals(tx, journals, now);
}

/** What an invoice is for: what a subscription owes as an order says, or a thing that a checkout sells once. */
type InvoicedFor =
  | { readonly subscriptionId: string; readonly order: Order }
  | { readonly checkoutId: string; readonly line: OnceLine };

/** An open invoice, not yet inserted. */
export function draftInvoice(
  work: Work,
  what: { readonly accountId: string; readonly title: string; readonly of: InvoicedFor },
): NewInvoice {
  const { accountId, title, of } = what;
  const order = "order" in of ? of.order : null;
  const opens = order?.opens ?? null;
  const due = "line" in of ? dueOf("once", of.line.won, NO_CREDIT) : of.order.due;
  return {
    id: work.newId("invoice"),
    accountId,
    title,
    issuedAt: work.now,
    status: "open",
    kind: order?.kind ?? "once",
    subscriptionId: "order" in of ? of.subscriptionId : null,
    checkoutId: "line" in of ? of.checkoutId : null,
    changeId: null,
    cycle: opens?.cycle ?? null,
    n: opens?.n ?? null,
    interval: order && opens ? order.terms.interval : null,
    periodStartsOn: opens?.period.startsOn ?? null,
    periodEndsOn: opens?.period.endsOn ?? null,
    lines: "line" in of ? [of.line] : linesOf(of.order),
    ...amountsOf(due),
  };
}

/**
 * A fresh attempt at an invoice, not yet inserted: an order id and an idempotency key of its own. If nobody sends it,
 * it is looked at again when a worker would long have finished.
 */
export function draftCharge(
  work: Work,
  invoice: Invoice,
  attempt: Pick<NewCharge, "provider" | "paymentMethodId" | "trigger"> &
    Partial<Pick<NewCharge, "orderId" | "paymentKey" | "settleAt">>,
): NewCharge {
  const { now } = work;
  return {
    id: work.newId("charge"),
    invoiceId: invoice.id,
    accountId: invoice.accountId,
    attemptedOn: seoulDayOf(now),
    orderId: work.newId("order"),
    idempotencyKey: work.newId("idempotencyKey"),
    amountWon: invoice.dueWon,
    status: "pending",
    createdAt: now,
    settleAt: leaseFrom(now).leasedUntil,
    ...attempt,
  };
}
