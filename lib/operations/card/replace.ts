/**
 * Puts a newly registered card in the place of the old one. Past due, the new card first pays what is open, at once
 * (outside the nightly hours), and takes the old one's place when it has; a card that cannot pay is not kept.
 */

import { lockAccount } from "@/db/account";
import { findCardLabel, scheduleKeyDeletion } from "@/db/card";
import { hasNewerCard, lockRegistration } from "@/db/card-registration";
import {
  findOpenCharge,
  hastenSettlement,
  insertPendingCharges,
  listCharges,
  withdrawUncalledCharges,
} from "@/db/charge";
import type { Tx } from "@/db/client";
import { listOpenInvoices } from "@/db/invoice";
import { lockLiveSubscriptions, saveSubscriptions } from "@/db/subscription";
import { addDays, type CalendarDate, laterOf, seoulDayOf } from "@/lib/billing/calendar";
import { blackoutEndsAt, isBlackout, SETTLE_AFTER_MS } from "@/lib/billing/charge/charge";
import { leaseFrom } from "@/lib/billing/lease";
import type { Won } from "@/lib/billing/money";
import type { PastDue, Subscription } from "@/lib/billing/subscription/subscription";
import { collectCharges } from "@/lib/operations/charge/collect";
import { settleCharge } from "@/lib/operations/charge/settle";
import { draftCharge } from "@/lib/operations/invoice/open";
import { inTransaction, JOB, member, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { issueBillingKey, type RegistrationState } from "./issue-key";

/** Goes as far as it can; called again it does nothing twice. Answers what became of the registration. */
export async function replaceCard(deps: Deps, registrationId: string): Promise<RegistrationState> {
  const { provider } = deps.gateway;
  const given: { chargeIds?: readonly string[] } = {};
  const state = await issueBillingKey(deps, registrationId, async (work, methodId) => {
    given.chargeIds = await giveCard(work, registrationId, { provider, methodId });
  });
  if (state.kind !== "issued") return state;
  const chargeIds =
    given.chargeIds ??
    (await inTransaction(deps, JOB, (work) =>
      giveCard(work, registrationId, { provider, methodId: state.paymentMethodId }),
    ));
  if (chargeIds.length > 0 && !isBlackout(deps.clock.now())) {
    await collectCharges(deps, chargeIds);
    for (const chargeId of chargeIds) await settleCharge(deps, chargeId, "customer");
  }
  return state;
}

type NewCard = { readonly provider: string; readonly methodId: string };

/** Gives the card to the running subscriptions it was brought for; returns the attempts it has to pay first. */
async function giveCard(
  work: Work,
  registrationId: string,
  { provider, methodId }: NewCard,
): Promise<readonly string[]> {
  const { tx, now } = work;
  const registration = await lockRegistration(tx, registrationId);
  const { accountId, subscriptionId } = registration;
  const account = await lockAccount(tx, accountId);
  const live = (await lockLiveSubscriptions(tx, accountId)).filter(
    ({ subscription: { id, status } }) =>
      status !== "incomplete" && (subscriptionId === null || id === subscriptionId),
  );
  const card = await findCardLabel(tx, methodId);
  // A window finished before another comes to its end after it: the later card stays.
  if (card === null || live.length === 0 || (await hasNewerCard(tx, registration))) {
    await scheduleKeyDeletion(tx, [methodId], now);
    return [];
  }
  const chargeIds: string[] = [];
  let pendingWon: Won | null = null;
  for (const stored of live) {
    const { subscription } = stored;
    if (subscription.paymentMethodId === methodId) continue;
    const chargeId =
      subscription.status === "past-due"
        ? await chargeOverdue(work, subscription, { provider, methodId })
        : null;
    if (chargeId) chargeIds.push(chargeId);
    else if (!(await hasTried(tx, subscription, methodId)))
      pendingWon = (await swap(work, stored, methodId)) ?? pendingWon;
  }
  await work.audit({
    by: member(registration.userId ?? account.ownerId),
    action: "card.registered",
    subjectId: accountId,
    details: { paymentMethodId: methodId },
  });
  const swapped =
    live.some((row) => row.subscription.paymentMethodId !== methodId) && chargeIds.length === 0;
  if (swapped) {
    const notice = { kind: "card-changed", card, pendingWon } as const;
    const booked = live.map(({ subscription: { id } }) => ({
      userId: account.ownerId,
      about: methodId,
      subscriptionId: id,
      notice,
    }));
    await work.notify(...booked);
  }
  return chargeIds;
}

/** One attempt with the new card at what is open; null when nothing is, an attempt is open, or it was made already. */
async function chargeOverdue(
  work: Work,
  subscription: PastDue,
  { provider, methodId }: NewCard,
): Promise<string | null> {
  const { tx, now } = work;
  const [invoice] = await listOpenInvoices(tx, [subscription.id]);
  if (!invoice) return null;
  const open = await findOpenCharge(tx, invoice.id);
  if (open?.paymentMethodId === methodId) return open.id;
  if (open && !(await withdraw(work, invoice.id))) return null;
  if (await hasTried(tx, subscription, methodId)) return null;
  const settleAt = isBlackout(now) ? blackoutEndsAt(now) : leaseFrom(now).leasedUntil;
  const [charge] = await insertPendingCharges(tx, [
    draftCharge(work, invoice, {
      provider,
      paymentMethodId: methodId,
      trigger: "customer",
      settleAt,
    }),
  ]);
  // While it is open nothing else is booked; its outcome books what comes next.
  await saveSubscriptions(tx, [{ subscription, isCollecting: true }], now);
  return charge?.id ?? null;
}

async function hasTried(tx: Tx, subscription: Subscription, methodId: string): Promise<boolean> {
  if (subscription.status !== "past-due") return false;
  const [invoice] = await listOpenInvoices(tx, [subscription.id]);
  return (
    invoice !== undefined &&
    (await listCharges(tx, invoice.id)).some((charge) => charge.paymentMethodId === methodId)
  );
}

/** Returns what is at Toss with the card used so far; null when nothing is. */
async function swap(
  work: Work,
  { subscription, nextActionAt: booked }: { subscription: Subscription; nextActionAt: Date | null },
  methodId: string,
): Promise<Won | null> {
  const { tx, now } = work;
  const today = seoulDayOf(now);
  const [invoice] = await listOpenInvoices(tx, [subscription.id]);
  const isWithdrawn = invoice !== undefined && (await withdraw(work, invoice.id));
  const atToss = invoice ? await findOpenCharge(tx, invoice.id) : null;
  // What was sent with the old card is not sent again: the sooner it is settled, the sooner this one pays.
  if (invoice && atToss)
    await hastenSettlement(tx, [invoice.id], new Date(now.getTime() + SETTLE_AFTER_MS));
  const withCard = { ...subscription, paymentMethodId: methodId };
  const after = atToss && withCard.status === "past-due" ? tryTomorrow(withCard, today) : withCard;
  // Otherwise the day stays: a charge at Toss leaves nothing booked, and after downtime one cycle a day is charged.
  const toSave = isWithdrawn
    ? { subscription: after, notBefore: addDays(today, 1) }
    : { subscription: after, isCollecting: booked === null, lookAt: booked };
  await saveSubscriptions(tx, [toSave], now);
  await scheduleKeyDeletion(tx, [subscription.paymentMethodId], now);
  return atToss?.amountWon ?? null;
}

/** Another card is being asked right now; should it not pay, this one is asked the day after. */
function tryTomorrow(subscription: PastDue, today: CalendarDate): PastDue {
  const tomorrow = addDays(today, 1);
  const endsUnpaidOn = laterOf(subscription.endsUnpaidOn, tomorrow);
  return { ...subscription, nextTryOn: tomorrow, endsUnpaidOn };
}

/** Takes back an attempt with another card that has not left for Toss; its card is kept only where it is in use. */
async function withdraw(work: Work, invoiceId: string): Promise<boolean> {
  const { tx, now } = work;
  const withdrawn = await withdrawUncalledCharges(tx, [invoiceId], now);
  await scheduleKeyDeletion(
    tx,
    withdrawn.map((charge) => charge.paymentMethodId),
    now,
  );
  return withdrawn.length > 0;
}
