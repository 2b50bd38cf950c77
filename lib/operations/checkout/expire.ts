import { listCardsOfCheckout, scheduleKeyDeletion } from "@/db/card";
import { findOpenCharge } from "@/db/charge";
import { lockExpiredCheckouts, markCheckoutsExpired } from "@/db/checkout";
import { findInvoiceOfCheckout, listOpenInvoices } from "@/db/invoice";
import { lockSubscriptionOfCheckout, saveSubscriptions } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { end, type Incomplete } from "@/lib/billing/subscription/subscription";
import { closeUnpaidInvoices } from "@/lib/operations/invoice/open";
import { recordEnds } from "@/lib/operations/subscription/record-ends";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";

/** Gives up to `limit` checkouts up whose time is over; returns how many. One whose money may be moving is left. */
export async function expireCheckouts(deps: ClockAndIds, limit: number): Promise<number> {
  return inTransaction(deps, JOB, async (work) => {
    const { tx, now } = work;
    const expired = await lockExpiredCheckouts(tx, now, limit);
    for (const checkout of expired) await giveUpCheckout(work, checkout.id);
    return expired.length;
  });
}

/** Asks again for an open attempt: one may have been written while the row was waited for. */
async function giveUpCheckout(work: Work, checkoutId: string): Promise<void> {
  const { tx, now } = work;
  const subscription = await lockSubscriptionOfCheckout(tx, checkoutId);
  if (subscription?.status === "incomplete" && !(await abandonIncomplete(work, subscription)))
    return;
  const invoice = await findInvoiceOfCheckout(tx, checkoutId);
  if (invoice && (await findOpenCharge(tx, invoice.id))) return;
  if (invoice) await closeUnpaidInvoices(work, [invoice.id], "void");
  await scheduleKeyDeletion(tx, await listCardsOfCheckout(tx, checkoutId), now);
  await markCheckoutsExpired(tx, [checkoutId]);
  await work.audit({ action: "checkout.expired", subjectId: checkoutId, details: {} });
}

/**
 * Ends a subscription that was never paid for, with its invoice, its checkout and its billing key. False, with nothing
 * changed, while an attempt is open: its money may be moving.
 */
export async function abandonIncomplete(work: Work, subscription: Incomplete): Promise<boolean> {
  const { tx, now } = work;
  const invoices = await listOpenInvoices(tx, [subscription.id]);
  for (const invoice of invoices) if (await findOpenCharge(tx, invoice.id)) return false;
  await closeUnpaidInvoices(
    work,
    invoices.map((invoice) => invoice.id),
    "void",
  );
  const ended = end(subscription, seoulDayOf(now), "expired");
  await saveSubscriptions(tx, [{ subscription: ended }], now);
  const cards = await listCardsOfCheckout(tx, subscription.checkoutId);
  await scheduleKeyDeletion(tx, [subscription.paymentMethodId, ...cards], now);
  await markCheckoutsExpired(tx, [subscription.checkoutId]);
  await recordEnds(work, [ended]);
  return true;
}
