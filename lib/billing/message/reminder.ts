/**
 * What a customer is reminded of by mail because a day has come, and not because something happened.
 *
 * Free days that end on 3 February: on the day consent opens, 7 days and 1 day before, at 9:00, with or without consent.
 * A payment overdue since 9 December: on 15 December, the first day without access.
 * Source: E-Commerce Act §13⑥ and its decree §20-2 (notice before a free trial turns into a paid contract).
 */
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { CONSENT_WINDOW_DAYS, NOTICE_HOURS, TRIAL_REMINDER_DAYS } from "@/lib/billing/policy";
import { accessEndsOn, DUNNING } from "@/lib/billing/renewal/dunning";
import {
  hasAccess,
  isToBeCharged,
  nextPeriod,
  overdueSince,
  type Subscription,
} from "@/lib/billing/subscription/subscription";

export type ReminderKind = "trial-ends" | "access-stopped";

/** What is to be told today, whenever it was booked for; null when the state has nothing to be reminded of. */
export function decideReminder(
  subscription: Subscription,
  today: CalendarDate,
): ReminderKind | null {
  if (!isToBeCharged(subscription)) return null;
  if (subscription.status === "past-due")
    return hasAccess(subscription, today) ? null : "access-stopped";
  const isTrial = subscription.status === "trialing";
  return isTrial && today < nextPeriod(subscription).startsOn ? "trial-ends" : null;
}

/** The instant of the next reminder after `after`; null when none is to come. */
export function nextReminderAt(subscription: Subscription, after: Date): Date | null {
  const next = reminderDays(subscription, seoulDayOf(after))
    .map((day) => seoulInstant(day, NOTICE_HOURS.from))
    .find((at) => at > after);
  return next ?? null;
}

function reminderDays(subscription: Subscription, today: CalendarDate): readonly CalendarDate[] {
  if (!isToBeCharged(subscription)) return [];
  if (subscription.status === "past-due")
    return [accessEndsOn(DUNNING, overdueSince(subscription, today))];
  if (subscription.status !== "trialing") return [];
  const { startsOn } = nextPeriod(subscription);
  return [CONSENT_WINDOW_DAYS, ...TRIAL_REMINDER_DAYS].map((days) => addDays(startsOn, -days));
}
