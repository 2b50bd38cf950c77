import { writeAudit } from "@/db/audit";
import { findPlanName } from "@/db/catalogue";
import { transaction } from "@/db/client";
import { lockSubscription, saveSubscriptions } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { needsConsent } from "@/lib/billing/consent/consent";
import {
  isRefusal,
  nextActionAt,
  nextPeriod,
  type Subscription,
  undoCancel as undo,
} from "@/lib/billing/subscription/subscription";
import { bookNotices } from "@/lib/operations/message/book";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import type { CancelRefusal } from "./cancel";

/** Takes a booked cancellation back. Nothing is charged by it; the next payment stays on its day. */
export async function undoCancel(
  deps: Pick<Deps, "clock" | "newId">,
  order: { customerId: string; userId: string; subscriptionId: string },
): Promise<Result<Subscription, CancelRefusal>> {
  return transaction(async (tx) => {
    const now = deps.clock.now();
    const before = await lockSubscription(tx, order.customerId, order.subscriptionId);
    if (!before) return refuse({ code: "unknown-subscription" });
    const after = undo(before, seoulDayOf(now));
    if (isRefusal(after)) return refuse(after);
    const bookedAt = nextActionAt(after);
    await saveSubscriptions(tx, [{ subscription: after, nextActionAt: bookedAt }], now);
    const notice = {
      kind: "cancel-undone" as const,
      planName: await findPlanName(tx, after.planId),
      nextChargeOn: bookedAt ? seoulDayOf(bookedAt) : nextPeriod(after).startsOn,
      amountWon: after.amountWon,
      // The cancellation has made an earlier consent void.
      needsConsent: needsConsent(after),
    };
    await bookNotices(
      deps,
      tx,
      [
        {
          userId: order.userId,
          about: `${after.id}:${now.getTime()}`,
          subscriptionId: after.id,
          notice,
        },
      ],
      now,
    );
    await writeAudit(
      tx,
      [
        {
          actor: order.userId,
          action: "subscription.undo-cancel",
          subjectId: after.id,
          details: {},
        },
      ],
      now,
    );
    return ok(after);
  });
}
