import { lockAccount } from "@/db/account";
import { findPlanName } from "@/db/catalogue";
import { lockSubscription, saveSubscriptions } from "@/db/subscription";
import { closeBookedChanges } from "@/db/subscription-change";
import { seoulDayOf } from "@/lib/billing/calendar";
import { needsConsent } from "@/lib/billing/consent/consent";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { isRefusal, type Subscription, uncancel } from "@/lib/billing/subscription/subscription";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import type { CancelRefusal } from "./cancel";

/** Takes a booked cancellation back. Nothing is charged by it; the next payment stays on its day. */
export async function undoCancel(
  deps: ClockAndIds,
  order: { accountId: string; actor: Actor; subscriptionId: string },
): Promise<Result<Subscription, CancelRefusal>> {
  return inTransaction(deps, order.actor, async (work) => {
    const { tx, now } = work;
    const account = await lockAccount(tx, order.accountId);
    if (!(await work.may(order.accountId, "pay"))) return refuse({ code: "unknown-subscription" });
    const before = await lockSubscription(tx, order.accountId, order.subscriptionId);
    if (!before) return refuse({ code: "unknown-subscription" });
    const after = uncancel(before, seoulDayOf(now));
    if (isRefusal(after)) return refuse(after);
    const expected = await saveSubscriptions(tx, [{ subscription: after }], now);
    await closeBookedChanges(tx, [after.id], { status: "undone", closedAt: now });
    const bookedAt = expected.get(after.id)?.nextActionAt;
    const notice = {
      kind: "cancel-undone" as const,
      planName: await findPlanName(tx, after.terms.plan.key),
      nextChargeOn: bookedAt ? seoulDayOf(bookedAt) : after.paidTo,
      // Before credit: what is left of that by then may have been spent on something else.
      amountWon: nextTotalWon(after),
      // The cancellation has made an earlier consent void.
      needsConsent: needsConsent(after),
    };
    await work.notify({
      userId: account.ownerId,
      about: `${after.id}:${now.getTime()}`,
      subscriptionId: after.id,
      notice,
    });
    await work.audit({
      action: "subscription.undo-cancel",
      subjectId: after.id,
      details: {},
    });
    return ok(after);
  });
}
