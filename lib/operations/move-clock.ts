/**
 * Moves the sandbox's clock, stopping at each instant at which something is booked and letting the real jobs do it
 * before time goes on: a year passes as it would have, in order. Outside the sandbox it throws.
 */
import { nextRegistrationTryAt } from "@/db/card-registrations";
import { hasChargesInFlight, hasDueCharges, nextSettlementAt } from "@/db/charges";
import { hasExpiredCheckouts, nextCheckoutExpiryAt } from "@/db/checkouts";
import { hasDueRefunds, hasRefundsInFlight, nextRefundSettlementAt } from "@/db/refunds";
import { hasDueSubscriptions, nextSubscriptionActionAt } from "@/db/subscriptions";
import {
  addDays,
  addMonths,
  type CalendarDate,
  parseCalendarDate,
  seoulDayOf,
  seoulInstant,
  seoulMinuteOf,
} from "@/lib/billing/calendar";
import type { Deps } from "@/lib/deps";
import { env } from "@/lib/env";
import { moveSandboxClock } from "@/sandbox/clock";

export type ClockMove = {
  /** `stalled`: what was due is not being done, most likely because the job runner is not there; time stands there. */
  readonly kind: "arrived" | "stalled";
  readonly stops: number;
};

type MoveDeps = Pick<Deps, "clock" | "hint">;

const POLL_MS = 50;
const FIRST_HINT_AGAIN_MS = 400;
const HINT_AGAIN_MS = 3_000;
const STOP_LIMIT_MS = 75_000;

const HOUR_MS = 60 * 60 * 1000;
/** A day is entered no earlier than noon, when what was due that morning is done. */
const NOON = 12;

/** Moves forward to `to`; a target that is not ahead changes nothing. `onStop` hears of each instant stopped at. */
export async function moveClock(
  deps: MoveDeps,
  { to, onStop }: { to: Date; onStop?: (at: Date) => void },
): Promise<ClockMove> {
  const file = clockFile();
  let stops = 0;
  for (let at = await nextBookedAt(deps.clock.now()); at !== null && at <= to; ) {
    moveSandboxClock(file, at);
    onStop?.(at);
    stops += 1;
    if (!(await letJobsWork(deps))) return { kind: "stalled", stops };
    at = await nextBookedAt(at);
  }
  moveSandboxClock(file, to);
  return { kind: (await letJobsWork(deps)) ? "arrived" : "stalled", stops };
}

/**
 * The instant a person names: "+1month", "+1week", "+2days", "+3h", a day such as "2027-01-31", or "next", the next
 * thing booked for any subscription, "mine" for one of `customerId`. Steps of days and longer keep the time of day, but
 * end at noon at the earliest. Null when it names none, or nothing is booked.
 */
export async function findClockTarget(
  text: string,
  now: Date,
  customerId: string | null = null,
): Promise<Date | null> {
  if (text === "next") return nextSubscriptionActionAt(now);
  if (text === "mine") return customerId ? nextSubscriptionActionAt(now, customerId) : null;
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

function clockFile(): string {
  const { APP_ENV, SANDBOX_CLOCK_FILE } = env();
  if (APP_ENV !== "sandbox" || !SANDBOX_CLOCK_FILE)
    throw new Error("Only the sandbox has a clock that can be moved");
  return SANDBOX_CLOCK_FILE;
}

async function nextBookedAt(after: Date): Promise<Date | null> {
  const booked = await Promise.all([
    nextSubscriptionActionAt(after),
    nextSettlementAt(after),
    nextRefundSettlementAt(after),
    nextCheckoutExpiryAt(after),
    nextRegistrationTryAt(after),
  ]);
  const times = booked.flatMap((at) => (at ? [at.getTime()] : []));
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

/** Asks the job engine to look, and waits until nothing is due. False when that does not come about. */
async function letJobsWork({ clock, hint }: MoveDeps): Promise<boolean> {
  const askedAt = clock.now().getTime();
  let hints = 0;
  let hintAtMs = 0;
  for (let waitedMs = 0; waitedMs < STOP_LIMIT_MS; waitedMs += POLL_MS) {
    if (waitedMs >= hintAtMs) {
      await hint([{ name: "billing/sweep.requested", id: `clock:${askedAt}:${hints}`, data: {} }]);
      hintAtMs = waitedMs + (hints === 0 ? FIRST_HINT_AGAIN_MS : HINT_AGAIN_MS);
      hints += 1;
    }
    const now = clock.now();
    if (!(await isAnythingDue(now)) && !(await isMoneyInFlight(now))) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // An attempt whose worker died is no reason to stand still: it is looked at again at a later stop.
  return !(await isAnythingDue(clock.now()));
}

async function isMoneyInFlight(now: Date): Promise<boolean> {
  return (await hasChargesInFlight(now)) || (await hasRefundsInFlight(now));
}

async function isAnythingDue(now: Date): Promise<boolean> {
  const due = await Promise.all([
    hasDueSubscriptions(now),
    hasDueCharges(now),
    hasDueRefunds(now),
    hasExpiredCheckouts(now),
  ]);
  return due.includes(true);
}
