import { listCardsOfCheckout, scheduleKeyDeletion } from "@/db/card";
import { findOpenCharge } from "@/db/charge";
import { lockExpiredCheckouts, expireCheckouts as markExpired } from "@/db/checkout";
import { type Tx, transaction } from "@/db/client";
import { findInvoiceOfCheckout, listOpenInvoices } from "@/db/invoice";
import { lockSubscriptionOfCheckout, saveSubscriptions } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { end, type Incomplete } from "@/lib/billing/subscription/subscription";
import { closeUnpaidInvoices } from "@/lib/operations/invoice/open";
import type { Deps } from "@/lib/runtime/deps";

type ExpireDeps = Pick<Deps, "clock" | "newId">;

/** Gives up to `limit` checkouts up whose time is over; returns how many. One whose money may be moving is left. */
export async function expireCheckouts(deps: ExpireDeps, limit: number): Promise<number> {
  return transaction(async (tx) => {
    const now = deps.clock.now();
    const expired = await lockExpiredCheckouts(tx, now, limit);
    for (const checkout of expired) await giveUp(deps, tx, checkout.id, now);
    return expired.length;
  });
}

/** Asks again for an open attempt: one may have been written while the row was waited for. */
async function giveUp(deps: ExpireDeps, tx: Tx, checkoutId: string, now: Date): Promise<void> {
  const subscription = await lockSubscriptionOfCheckout(tx, checkoutId);
  if (
    subscription?.status === "incomplete" &&
    !(await abandonIncomplete(deps, tx, subscription, now))
  )
    return;
  const invoice = await findInvoiceOfCheckout(tx, checkoutId);
  if (invoice && (await findOpenCharge(tx, invoice.id))) return;
  if (invoice) await closeUnpaidInvoices(deps, tx, [invoice.id], "void", now);
  await scheduleKeyDeletion(tx, await listCardsOfCheckout(tx, checkoutId), now);
  await markExpired(tx, [checkoutId]);
}

/**
 * Ends a subscription that was never paid for, with its invoice, its checkout and its billing key. False, with nothing
 * changed, while an attempt is open: its money may be moving.
 */
export async function abandonIncomplete(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  subscription: Incomplete,
  now: Date,
): Promise<boolean> {
  const invoices = await listOpenInvoices(tx, [subscription.id]);
  for (const invoice of invoices) if (await findOpenCharge(tx, invoice.id)) return false;
  await closeUnpaidInvoices(
    deps,
    tx,
    invoices.map((invoice) => invoice.id),
    "void",
    now,
  );
  const ended = end(subscription, seoulDayOf(now), "expired");
  await saveSubscriptions(tx, [{ subscription: ended, nextActionAt: null }], now);
  const cards = await listCardsOfCheckout(tx, subscription.checkoutId);
  await scheduleKeyDeletion(tx, [subscription.paymentMethodId, ...cards], now);
  await markExpired(tx, [subscription.checkoutId]);
  return true;
}
