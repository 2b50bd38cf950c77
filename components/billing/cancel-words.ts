/** What the page that cancels says before the button is pressed. */

import { nearOrLong } from "@/components/billing/subscription-view";
import { accountText } from "@/components/text/account";
import { addDays, type CalendarDate } from "@/lib/billing/calendar";
import { formatWon, type Won } from "@/lib/billing/money";
import { cancel, isRefusal, type Subscription } from "@/lib/billing/subscription/subscription";
import type { Locale } from "@/lib/http/locale";

type CancelWords = {
  readonly title: string;
  readonly use: string;
  readonly noMore: string;
  readonly undo: string;
  readonly button: string;
};

type CancelFacts = {
  readonly subscription: Subscription;
  readonly today: CalendarDate;
  readonly isChargeAtToss: boolean;
  /** What the newest charge asked for, or the first would. */
  readonly askedWon: Won;
};

/** The words follow what `cancel` would answer now; null when there is nothing to cancel. */
export function cancelWordsFor(
  { subscription, today, isChargeAtToss, askedWon }: CancelFacts,
  locale: Locale,
): CancelWords | null {
  const text = accountText[locale].cancel;
  if (subscription.status !== "ended" && subscription.cancelsOn !== null) return null;
  const after = cancel(subscription, today, isChargeAtToss);
  if (isRefusal(after)) return null;
  const won = formatWon(askedWon, locale);
  if (subscription.status === "incomplete") {
    return isChargeAtToss ? { ...text.order, noMore: text.order.atToss(won) } : text.order;
  }
  if (after.status === "ended") {
    const { title, use, noMore, undo, button } = text.atOnce;
    return { title, use, noMore: noMore(won), undo, button };
  }
  const endsOn = after.cancelsOn ?? today;
  const day = nearOrLong(addDays(endsOn, -1), today, locale);
  const { title, use, noMore, undo, button } = text.atEnd;
  if (isChargeAtToss) {
    return {
      title,
      use: text.atToss.noMore(won),
      noMore,
      undo: text.atOnce.undo,
      button: text.atToss.button,
    };
  }
  // The paid days are over, and the job that writes the end down has not run yet.
  if (endsOn <= today) return { ...text.atOnce, noMore };
  const words = { title, use: use(day), noMore, undo: undo(day), button: button(day) };
  return subscription.status === "trialing" ? { ...words, ...text.inTrial } : words;
}
