/** Opening and closing invoices together with what the ledger says of it, inside the transaction of the caller. */

import type { NewCharge } from "@/db/charge";
import { closeInvoices, ensureInvoices, type Invoice, type NewInvoice } from "@/db/invoice";
import { appendJournals } from "@/db/ledger";
import { type Period, seoulDayOf } from "@/lib/billing/calendar";
import { dueOf } from "@/lib/billing/invoice/due";
import { type InvoiceLine, totalOf } from "@/lib/billing/invoice/invoice";
import { leaseFrom } from "@/lib/billing/lease";
import { invoiceClosedUnpaid, invoiceOpened } from "@/lib/billing/ledger/ledger";
import type { Won } from "@/lib/billing/money";
import { NO_CREDIT } from "@/lib/billing/subscription/order";
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
    postings: invoiceOpened(dueOf("once", invoice.totalWon, NO_CREDIT)),
  }));
  await appendJournals(tx, journals, now);
  return all;
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
    postings: invoiceClosedUnpaid(dueOf("once", invoice.totalWon, NO_CREDIT)),
  }));
  await appendJournals(tx, journals, now);
}

/** An open invoice of one line, not yet inserted. */
export function draftInvoice(
  work: Work,
  what: {
    readonly accountId: string;
    readonly of:
      | { readonly subscriptionId: string; readonly period: Period }
      | { readonly checkoutId: string };
    readonly title: string;
    readonly amountWon: Won;
  },
): NewInvoice {
  const { now } = work;
  const { accountId, of, title, amountWon } = what;
  const lines: readonly InvoiceLine[] = [{ description: title, amountWon }];
  const isPeriod = "period" in of;
  return {
    id: work.newId("invoice"),
    accountId,
    subscriptionId: isPeriod ? of.subscriptionId : null,
    checkoutId: isPeriod ? null : of.checkoutId,
    status: "open",
    title,
    lines,
    totalWon: totalOf(lines),
    periodStartsOn: isPeriod ? of.period.startsOn : null,
    periodEndsOn: isPeriod ? of.period.endsOn : null,
    issuedAt: now,
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
    amountWon: invoice.totalWon,
    status: "pending",
    createdAt: now,
    settleAt: leaseFrom(now).leasedUntil,
    ...attempt,
  };
}
