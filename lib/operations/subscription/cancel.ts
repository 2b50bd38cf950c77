import { lockAccount } from "@/db/account";
import { scheduleKeyDeletion } from "@/db/card";
import { findPlanName } from "@/db/catalogue";
import { hastenSettlement, listCharges, withdrawUncalledCharges } from "@/db/charge";
import { markCheckoutsExpired } from "@/db/checkout";
import { voidConsents } from "@/db/consent";
import { listOpenInvoices } from "@/db/invoice";
import { lockSubscription, saveSubscriptions } from "@/db/subscription";
import { closeBookedChanges, insertChange } from "@/db/subscription-change";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { isOpen, SETTLE_AFTER_MS } from "@/lib/billing/charge/charge";
import type { Notice } from "@/lib/billing/message/message";
import type { Won } from "@/lib/billing/money";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import {
  cancel,
  endNow,
  isRefusal,
  nextPeriod,
  type Subscription,
  type SubscriptionRefusal,
} from "@/lib/billing/subscription/subscription";
import { closeUnpaidInvoices } from "@/lib/operations/invoice/open";
import { type Actor, inTransaction, nameOf, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type CancelRefusal =
  | SubscriptionRefusal
  | { readonly code: "unknown-subscription" }
  /** It cannot be ended at once: what the open charge becomes decides how long it is paid for. */
  | { readonly code: "charge-at-toss" };

/**
 * Ends a subscription at the end of what is paid for, or at once where nothing is. All charges that have not left for
 * Toss are stopped in the same transaction; one that has left is not sent again. An order whose first charge is at Toss
 * is cancelled as well: if the charge is approved, all of it is refunded. With `endsNow` the paid days are given up too, because their money goes back.
 */
export async function cancelSubscription(
  deps: ClockAndIds,
  order: { accountId: string; actor: Actor; subscriptionId: string; endsNow?: boolean },
): Promise<Result<Subscription, CancelRefusal>> {
  return inTransaction(deps, order.actor, async (work) => {
    const { tx, now } = work;
    const account = await lockAccount(tx, order.accountId);
    if (!(await work.may(order.accountId, "pay"))) return refuse({ code: "unknown-subscription" });
    const before = await lockSubscription(tx, order.accountId, order.subscriptionId);
    if (!before) return refuse({ code: "unknown-subscription" });
    const open = await listOpenInvoices(tx, [before.id]);
    await withdrawUncalledCharges(
      tx,
      open.map((invoice) => invoice.id),
      now,
    );
    await hastenSettlement(
      tx,
      open.map((invoice) => invoice.id),
      new Date(now.getTime() + SETTLE_AFTER_MS),
    );
    const attempts = (await Promise.all(open.map((invoice) => listCharges(tx, invoice.id)))).flat();
    const isChargeAtToss = attempts.some(isOpen);

    if (order.endsNow && isChargeAtToss) return refuse({ code: "charge-at-toss" });
    const after = order.endsNow
      ? endNow(before, seoulDayOf(now))
      : cancel(before, seoulDayOf(now), isChargeAtToss);
    if (isRefusal(after)) return refuse(after);
    if (before.status === "trialing") await voidConsents(tx, before.id, now);
    // An end that fell due at midnight is due now, and not since then.
    const toSave = { subscription: after, isCollecting: isChargeAtToss, lookAt: now };
    await saveSubscriptions(tx, [toSave], now);
    if (!isChargeAtToss) {
      await closeUnpaidInvoices(
        work,
        open.map((invoice) => invoice.id),
        "void",
      );
    }
    if (before.status === "incomplete") await markCheckoutsExpired(tx, [before.checkoutId]);
    if (after.status === "ended") {
      const cards = attempts.map((charge) => charge.paymentMethodId);
      await scheduleKeyDeletion(tx, [after.paymentMethodId, ...cards], now);
    }
    // Cancelled before, to the same day: there is nothing new to tell.
    if (isSame(before, after)) return ok(after);
    await recordWish(work, after, seoulDayOf(now));
    const planName = await findPlanName(tx, after.terms.plan.key);
    const amountWon = attempts.find(isOpen)?.amountWon ?? nextTotalWon(before);
    const today = seoulDayOf(now);
    const notice = noticeOf({ before, after, planName, isChargeAtToss, amountWon, today });
    const about = `${after.id}:${now.getTime()}`;
    await work.notify({ userId: account.ownerId, about, subscriptionId: after.id, notice });
    await work.audit({
      action: "subscription.cancel",
      subjectId: after.id,
      details: { from: before.status, to: after.status },
    });
    return ok(after);
  });
}

/** What was wished before is taken back by what is wished now. */
async function recordWish(work: Work, after: Subscription, today: CalendarDate): Promise<void> {
  const { tx, now } = work;
  const isOver = after.status === "ended";
  await closeBookedChanges(tx, [after.id], { status: "undone", closedAt: now });
  await insertChange(tx, {
    id: work.newId("change"),
    subscriptionId: after.id,
    kind: "cancel",
    status: isOver ? "applied" : "booked",
    requestedAt: now,
    requestedBy: nameOf(work.actor),
    takesEffectOn: after.cancelsOn ?? today,
    closedAt: isOver ? now : null,
  });
}

function isSame(before: Subscription, after: Subscription): boolean {
  return before.status === after.status && before.cancelsOn === after.cancelsOn;
}

function noticeOf(cancelled: {
  before: Subscription;
  after: Subscription;
  planName: string;
  isChargeAtToss: boolean;
  amountWon: Won;
  today: CalendarDate;
}): Notice {
  const { before, after, planName, isChargeAtToss, amountWon, today } = cancelled;
  if (before.status === "incomplete") {
    const money = after.status === "ended" ? "none" : "asking";
    return { kind: "order-canceled", title: planName, amountWon, money };
  }
  if (isChargeAtToss) {
    const { endsOn } = nextPeriod(after);
    const lastDay = endsOn > today ? addDays(endsOn, -1) : null;
    return { kind: "cancel-pending", planName, amountWon, lastDay };
  }
  const { cancelsOn } = after;
  return cancelsOn !== null && cancelsOn > today
    ? { kind: "cancel-booked", planName, lastDay: addDays(cancelsOn, -1) }
    : { kind: "cancel-done", planName };
}
