/** The one door from the app into the sandbox: moving its time. */
import { nextSubscriptionActionAt } from "@/db/subscription";
import { inngest } from "@/inngest/client";
import { JOBS } from "@/inngest/jobs";
import {
  addDays,
  addMonths,
  type CalendarDate,
  parseCalendarDate,
  seoulDayOf,
  seoulInstant,
  seoulMinuteOf,
} from "@/lib/billing/calendar";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";
import { createJobs, type Jobs } from "./time/jobs";
import { type ClockMove, moveClock } from "./time/move";

const HOUR_MS = 60 * 60 * 1000;
/** A day is entered no earlier than noon, when what was due that morning is done. */
const NOON = 12;

let jobs: Jobs | undefined;

/** Moves the sandbox's time forward to `to`, with the jobs of this app at work on the way. */
export function moveTime(
  deps: Deps,
  way: { readonly to: Date; readonly onStop?: (at: Date) => void },
): Promise<ClockMove> {
  jobs ??= createJobs(env().INNGEST_DEV ?? "", inngest.id, JOBS);
  return moveClock({ ...deps, jobs }, way);
}

/**
 * The instant a person names: "+1month", "+1week", "+2days", "+3h", a day such as "2027-01-31", or "next", the next
 * thing booked for any subscription, "mine" for one of `accountId`. Steps of days and longer keep the time of day, but
 * end at noon at the earliest. Null when it names none, or nothing is booked.
 */
export async function findClockTarget(
  text: string,
  now: Date,
  accountId: string | null = null,
): Promise<Date | null> {
  if (text === "next") return nextSubscriptionActionAt(now);
  if (text === "mine") return accountId ? nextSubscriptionActionAt(now, accountId) : null;
  const step = /^\+(\d{1,3})(h|hours?|days?|weeks?|months?|years?)$/.exec(text);
  if (!step) return dayNamed(text);
  const [count, unit] = [Number(step[1]), step[2] ?? ""];
  if (unit.startsWith("h")) return new Date(now.getTime() + count * HOUR_MS);
  const today = seoulDayOf(now);
  const minute = Math.max(seoulMinuteOf(now), NOON * 60);
  return seoulInstant(dayAfterStep(today, count, unit), 0, minute);
}

function dayAfterStep(today: CalendarDate, count: number, unit: string): CalendarDate {
  if (unit.startsWith("day")) return addDays(today, count);
  if (unit.startsWith("week")) return addDays(today, 7 * count);
  return addMonths(today, unit.startsWith("year") ? 12 * count : count);
}

function dayNamed(text: string): Date | null {
  try {
    return seoulInstant(parseCalendarDate(text), NOON);
  } catch (fault) {
    if (fault instanceof RangeError) return null;
    throw fault;
  }
}
