import { findCardLabel } from "@/db/card";
import { listConsents } from "@/db/consent";
import { listOpenInvoices } from "@/db/invoice";
import { listSubscribers, lockSubscriptionsToRemind, saveReminders } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { isConsentFor } from "@/lib/billing/consent/rise";
import type { Notice } from "@/lib/billing/message/message";
import { decideReminder, nextReminderAt } from "@/lib/billing/message/reminder";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import type { BookedNotice } from "./book";

/** Books the reminders of up to `limit` subscriptions whose day has come, each once; returns how many it looked at. */
export async function bookReminders(deps: ClockAndIds, limit: number): Promise<number> {
  return inTransaction(deps, JOB, async (work) => {
    const { tx, now } = work;
    const today = seoulDayOf(now);
    const due = await lockSubscriptionsToRemind(tx, now, limit);
    const users = await listSubscribers(
      tx,
      due.map(({ subscription }) => subscription.id),
    );
    const booked: BookedNotice[] = [];
    for (const stored of due) {
      const { id: subscriptionId } = stored.subscription;
      const notice = await noticeOf(work, stored);
      const userId = users.get(subscriptionId);
      if (notice && userId)
        booked.push({ userId, about: `${subscriptionId}:${today}`, subscriptionId, notice });
    }
    await work.notify(...booked);
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
  work: Work,
  { subscription, planName }: { subscription: Subscription; planName: string },
): Promise<Notice | null> {
  const { tx, now } = work;
  const today = seoulDayOf(now);
  const { id, paymentMethodId } = subscription;
  const amountWon = nextTotalWon(subscription);
  const kind = decideReminder(subscription, today);
  if (kind === "trial-ends") {
    const consents = await listConsents(tx, [id]);
    return {
      kind,
      planName,
      amountWon,
      chargeOn: subscription.paidTo,
      hasConsent: consents.some((consent) => isConsentFor(subscription, consent)),
      card: paymentMethodId ? await findCardLabel(tx, paymentMethodId) : null,
    };
  }
  if (kind === "access-stopped" && subscription.status === "past-due") {
    const { nextTryOn, endsUnpaidOn: endsOn } = subscription;
    const [invoice] = await listOpenInvoices(tx, [id]);
    const owedWon = invoice?.dueWon ?? amountWon;
    return { kind, planName, amountWon: owedWon, stoppedOn: today, nextTryOn, endsOn };
  }
  return null;
}
