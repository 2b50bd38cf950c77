/**
 * Brings a checkout to its end: card registered, first period charged (or trial begun), subscription running. Each
 * step finds what the one before left, so it can be called again by a reload, a second tab, a click, or a job after
 * the browser went away; whoever calls, the customer is charged once and no billing key is lost.
 */

import { lockAccount } from "@/db/account";
import { listCardsOfCheckout, scheduleKeyDeletion } from "@/db/card";
import { findLatestRegistrationOf } from "@/db/card-registration";
import { findOpenCharge, insertPendingCharges, listCharges } from "@/db/charge";
import {
  type CheckoutDetails,
  findCheckoutAccount,
  lockCheckout,
  markCheckoutsCompleted,
  markCheckoutsExpired,
} from "@/db/checkout";
import { findInvoiceOfCheckout, type Invoice, listOpenInvoices } from "@/db/invoice";
import {
  insertSubscriptions,
  lockLiveSubscription,
  lockSubscriptionOfCheckout,
  moveFirstDay,
  saveSubscriptions,
} from "@/db/subscription";
import { addDays, seoulDayOf } from "@/lib/billing/calendar";
import { isOpen } from "@/lib/billing/charge/charge";
import { consentOpensOn } from "@/lib/billing/consent/consent";
import { periodTitle } from "@/lib/billing/invoice/invoice";
import { withoutWorth } from "@/lib/billing/subscription/contract";
import { NO_CREDIT, nextTotalWon, orderNextPeriod } from "@/lib/billing/subscription/order";
import {
  type Incomplete,
  newOrder,
  nextPeriod,
  type Trialing,
} from "@/lib/billing/subscription/subscription";
import { issueBillingKey } from "@/lib/operations/card/issue-key";
import { collectCharges } from "@/lib/operations/charge/collect";
import { settleCharge } from "@/lib/operations/charge/settle";
import {
  closeUnpaidInvoices,
  draftCharge,
  draftInvoice,
  openInvoices,
} from "@/lib/operations/invoice/open";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { abandonIncomplete } from "./expire";

export type CompleteOptions = {
  /** Try the card that was just declined once more, because the customer asked for it. */
  readonly retryCard: boolean;
};

/** Goes as far as it can; what is reached is read from `findCheckoutProgress`. Unknown ids are faults. */
export async function completeCheckout(
  deps: Deps,
  checkoutId: string,
  options: CompleteOptions = { retryCard: false },
): Promise<void> {
  const registration = await findLatestRegistrationOf(checkoutId);
  if (registration?.status === "pending") {
    await finishCard(deps, checkoutId, registration.id);
  }
  const found = await pay(deps, checkoutId, options);
  // An attempt that was open before comes first. Once it is closed, what is asked for now gets one of its own.
  if (found === "open-before") await pay(deps, checkoutId, options);
}

async function pay(
  deps: Deps,
  checkoutId: string,
  options: CompleteOptions,
): Promise<"open-before" | "new" | "nothing"> {
  const payment = await inTransaction(deps, JOB, (work) =>
    beginPayment(work, checkoutId, { ...options, provider: deps.gateway.provider }),
  );
  if (payment === null) return "nothing";
  await collectCharges(deps, [payment.chargeId]);
  await settleCharge(deps, payment.chargeId, "customer");
  return payment.isNew ? "new" : "open-before";
}

type PaymentOptions = CompleteOptions & { readonly provider: string };
type Payment = { readonly chargeId: string; readonly isNew: boolean };

/**
 * Makes a billing key of a card registered for an order. Of several cards the newest counts: one that was registered
 * before it, or comes when the order is over, pays for nothing, and its key is booked for deletion as it is stored.
 */
export async function finishCard(
  deps: Deps,
  checkoutId: string,
  registrationId: string,
): Promise<void> {
  await issueBillingKey(deps, registrationId, async ({ tx, now }, method) => {
    const found = await lockCheckout(tx, checkoutId);
    const latest = await findLatestRegistrationOf(checkoutId, tx);
    if (found?.checkout.status !== "open" || latest?.id !== registrationId)
      await scheduleKeyDeletion(tx, [method], now);
  });
}

/** The open attempt of the checkout, written now if there is none and one is wanted; null when nothing is to be paid. */
async function beginPayment(
  work: Work,
  checkoutId: string,
  options: PaymentOptions,
): Promise<Payment | null> {
  const { tx, now } = work;
  const accountId = await findCheckoutAccount(tx, checkoutId);
  if (accountId === null) throw new Error(`No checkout ${checkoutId}`);
  const account = await lockAccount(tx, accountId);
  const found = await lockCheckout(tx, checkoutId);
  if (!found || found.checkout.status === "completed") return null;
  if (found.plan.kind === "one-time") {
    const invoice = await findInvoiceOfCheckout(tx, checkoutId);
    return openBefore(invoice && (await findOpenCharge(tx, invoice.id)));
  }

  const registration = await findLatestRegistrationOf(checkoutId, tx);
  const method = registration?.status === "issued" ? registration.paymentMethodId : null;
  const subscription = await lockSubscriptionOfCheckout(tx, checkoutId);
  const cards = await listCardsOfCheckout(tx, checkoutId);
  await scheduleKeyDeletion(
    tx,
    cards.filter((card) => card !== method),
    now,
  );
  if (method === null) return null;
  if (subscription === null) {
    const begun = await beginSubscription(work, found, { userId: account.ownerId, method });
    return begun
      ? chargeFirstPeriod(work, begun, { planName: found.plan.name.ko, ...options })
      : null;
  }
  if (subscription.status !== "incomplete" || subscription.cancelsOn !== null) {
    // Given up or running already: a card that came late is not kept.
    if (subscription.paymentMethodId !== method) await scheduleKeyDeletion(tx, [method], now);
    return null;
  }
  const withCard: Incomplete = { ...subscription, paymentMethodId: method };
  if (subscription.paymentMethodId !== method) {
    await saveSubscriptions(tx, [{ subscription: withCard }], now);
    await scheduleKeyDeletion(tx, [subscription.paymentMethodId], now);
  }
  return chargeFirstPeriod(work, withCard, { planName: found.plan.name.ko, ...options });
}

/** Null when nothing is to be charged: a trial began, or the account holds the product already. */
async function beginSubscription(
  work: Work,
  { checkout, price, plan }: CheckoutDetails,
  { userId, method }: { userId: string; method: string },
): Promise<Incomplete | null> {
  const { tx, now } = work;
  const live = await lockLiveSubscription(tx, checkout.accountId, plan.product);
  const isTaken =
    live !== null && (live.status !== "incomplete" || !(await abandonIncomplete(work, live)));
  if (isTaken || checkout.status !== "open" || price.interval === null) {
    await scheduleKeyDeletion(tx, [method], now);
    await markCheckoutsExpired(tx, [checkout.id]);
    return null;
  }
  const today = seoulDayOf(now);
  const firstPaidOn = addDays(today, checkout.trialDays);
  const { accountId, id: checkoutId } = checkout;
  const { product } = plan;
  const id = work.newId("subscription");
  const order = newOrder(
    { id, accountId, checkoutId, product, paymentMethodId: method },
    { ...price, interval: price.interval },
    firstPaidOn,
  );
  if (checkout.trialDays === 0) {
    await insertSubscriptions(tx, [{ subscription: order, priceId: price.id }], now);
    await auditBegun(work, order, price);
    return order;
  }
  const trialing: Trialing = { ...order, status: "trialing" };
  await insertSubscriptions(tx, [{ subscription: trialing, priceId: price.id }], now);
  await auditBegun(work, trialing, price);
  await markCheckoutsCompleted(tx, [checkout.id], now);
  await work.notify({
    userId,
    about: trialing.id,
    subscriptionId: trialing.id,
    notice: {
      kind: "trial-started",
      planName: plan.name.ko,
      chargeOn: trialing.paidTo,
      amountWon: nextTotalWon(trialing),
      consentFrom: consentOpensOn(trialing.paidTo, now),
    },
  });
  return null;
}

function auditBegun(
  work: Work,
  { id, status, checkoutId }: Incomplete | Trialing,
  { id: priceId, amountWon }: CheckoutDetails["price"],
): Promise<void> {
  const details = { status, checkoutId, priceId, amountWon };
  return work.audit({ action: "subscription.begun", subjectId: id, details });
}

/** The attempt at the first period. The period begins on the day of the attempt, not on the day of a failed one. */
async function chargeFirstPeriod(
  work: Work,
  subscription: Incomplete,
  { provider, planName, retryCard }: PaymentOptions & { readonly planName: string },
): Promise<Payment | null> {
  const { tx, now } = work;
  const today = seoulDayOf(now);
  const [earlier] = await listOpenInvoices(tx, [subscription.id]);
  const attempts = earlier ? await listCharges(tx, earlier.id) : [];
  const open = attempts.find(isOpen);
  if (open) return openBefore(open);
  const last = attempts.at(-1);
  // A card that was declined for good is not tried again, whoever asks.
  const isWanted = retryCard && last?.declineClass !== "hard";
  if (last && last.paymentMethodId === subscription.paymentMethodId && !isWanted) return null;

  const isCurrent = earlier?.periodStartsOn === today;
  if (earlier && !isCurrent) await closeUnpaidInvoices(work, [earlier.id], "void");
  const invoice =
    earlier && isCurrent ? earlier : await openFirstInvoice(work, subscription, planName);
  const { paymentMethodId } = subscription;
  const [charge] = await insertPendingCharges(tx, [
    draftCharge(work, invoice, { provider, paymentMethodId, trigger: "customer" }),
  ]);
  return charge ? { chargeId: charge.id, isNew: true } : null;
}

function openBefore(charge: { readonly id: string } | null): Payment | null {
  return charge && { chargeId: charge.id, isNew: false };
}

async function openFirstInvoice(
  work: Work,
  subscription: Incomplete,
  planName: string,
): Promise<Invoice> {
  const { tx, now } = work;
  const today = seoulDayOf(now);
  const anchored =
    subscription.paidTo === today ? subscription : await moveFirstDay(tx, subscription, today);
  const order = orderNextPeriod(withoutWorth(anchored), NO_CREDIT);
  const { accountId, id: subscriptionId } = anchored;
  const title = periodTitle({ planName, interval: anchored.terms.interval }, nextPeriod(anchored));
  const draft = draftInvoice(work, { accountId, of: { subscriptionId, order }, title });
  const [invoice] = await openInvoices(work, [draft]);
  if (invoice?.status !== "open")
    throw new Error(`Subscription ${anchored.id} has no open invoice for ${today}`);
  return invoice;
}
