import { findCardLabel } from "@/db/card";
import type { Tx } from "@/db/client";
import { transaction } from "@/db/client";
import { listConsents } from "@/db/consent";
import { listSubscribers, lockSubscriptionsToRemind, saveReminders } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { isConsentFor } from "@/lib/billing/consent/consent";
import type { Notice } from "@/lib/billing/message/message";
import { decideReminder, nextReminderAt } from "@/lib/billing/message/reminder";
import { nextPeriod, type Subscription } from "@/lib/billing/subscription/subscription";
import type { Deps } from "@/lib/runtime/deps";
import { type BookedNotice, bookNotices } from "./book";

/** Books the reminders of up to `limit` subscriptions whose day has come, each once; returns how many it looked at. */
export async function bookReminders(
  deps: Pick<Deps, "clock" | "newId">,
  limit: number,
): Promise<number> {
  return transaction(async (tx) => {
    const now = deps.clock.now();
    const today = seoulDayOf(now);
    const due = await lockSubscriptionsToRemind(tx, now, limit);
    const users = await listSubscribers(
      tx,
      due.map(({ subscription }) => subscription.id),
    );
    const booked: BookedNotice[] = [];
    for (const stored of due) {
      const { id: subscriptionId } = stored.subscription;
      const notice = await noticeOf(tx, stored, now);
      const userId = users.get(subscriptionId);
      if (notice && userId)
        booked.push({ userId, about: `${subscriptionId}:${today}`, subscriptionId, notice });
    }
    await bookNotices(deps, tx, booked, now);
    await saveReminders(
      tx,
      due.map(({ subscription }) => ({
        id: subscription.id,
        nextReminderAt: nextReminderAt(subscription, now),
      })),
    );
    return due.length;
  });
}

async function noticeOf(
  tx: Tx,
  { subscription, planName }: { subscription: Subscription; planName: string },
  now: Date,
): Promise<Notice | null> {
  const today = seoulDayOf(now);
  const { id, amountWon, paymentMethodId } = subscription;
  const kind = decideReminder(subscription, today);
  if (kind === "trial-ends") {
    const consents = await listConsents(tx, [id]);
    return {
      kind,
      planName,
      amountWon,
      chargeOn: nextPeriod(subscription).startsOn,
      hasConsent: consents.some((consent) => isConsentFor(subscription, consent)),
      card: paymentMethodId ? await findCardLabel(tx, paymentMethodId) : null,
    };
  }
  if (kind === "access-stopped" && subscription.status === "past-due") {
    const { nextTryOn, endsUnpaidOn: endsOn } = subscription;
    return { kind, planName, amountWon, stoppedOn: today, nextTryOn, endsOn };
  }
  return null;
}
