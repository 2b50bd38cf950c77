/**
 * Moves the sandbox's clock, stopping at each instant at which something is booked or a job of an hour or longer ticks,
 * and letting the real jobs work before time goes on: a year passes as it would have, in order. Shorter jobs run at each
 * stop, and once more after what was booked is done. Outside the sandbox it throws.
 */

import { nextKeyDeletionAt } from "@/db/card";
import { nextRegistrationTryAt } from "@/db/card-registration";
import { hasChargesInFlight, hasDueCharges, nextSettlementAt } from "@/db/charge";
import { hasExpiredCheckouts, nextCheckoutExpiryAt } from "@/db/checkout";
import { nextMessageAt } from "@/db/message";
import { hasDueRefunds, hasRefundsInFlight, nextRefundSettlementAt } from "@/db/refund";
import {
  hasDueSubscriptions,
  nextSubscriptionActionAt,
  nextSubscriptionReminderAt,
} from "@/db/subscription";
import { nextWebhookLookAt } from "@/db/webhook";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";
import { moveClockFile } from "@/packages/local-kit/clock-file";
import type { Jobs, TickSpan } from "./jobs";

export type ClockMove = {
  /** `stalled`: what was due is not being done, most likely because the job runner is not there; time stands there. */
  readonly kind: "arrived" | "stalled";
  /** The instants at which something was booked. */
  readonly stops: number;
};

type MoveDeps = Pick<Deps, "clock" | "hint"> & { readonly jobs: Jobs };

const POLL_MS = 50;
const HINT_AGAIN_MS = 3_000;
const STOP_LIMIT_MS = 75_000;

const HOUR_MS = 60 * 60 * 1000;

type Target = {
  readonly to: Date;
  /** Hears of each booked instant. */
  readonly onStop?: (at: Date) => void;
};

/** Moves forward to `to`; a target that is not ahead changes nothing. */
export async function moveClock(deps: MoveDeps, target: Target): Promise<ClockMove> {
  const file = clockFile();
  try {
    await deps.jobs.hold();
    return await passTo(deps, file, target);
  } finally {
    await deps.jobs.release();
  }
}

/**
 * Where nothing is booked only the long jobs run: the short ones would find nothing to do, thirty times a month. They
 * run for all the time passed at the next stop at which something is booked, and on arrival.
 */
async function passTo(deps: MoveDeps, file: string, { to, onStop }: Target): Promise<ClockMove> {
  let stops = 0;
  let from = deps.clock.now();
  let shortSince = from;
  let roundAt: Date | null = null;
  for (;;) {
    const bookedAt = await nextBookedAt(from);
    const choreAt = await nextChoreAt(from);
    const at = earliest([bookedAt, roundAt, deps.jobs.nextLongTick(from), choreAt]);
    if (at === null || at > to) break;
    await deps.jobs.hold();
    moveClockFile(file, at);
    if (bookedAt?.getTime() === at.getTime()) {
      onStop?.(at);
      stops += 1;
      roundAt = deps.jobs.nextShortRound(at);
    }
    const isWork = [bookedAt, roundAt, choreAt].some((one) => one?.getTime() === at.getTime());
    const span = { longSince: from, shortSince: isWork ? shortSince : null, until: at };
    if (!(await letJobsWork(deps, span))) return { kind: "stalled", stops };
    if (isWork) shortSince = at;
    from = at;
    if (roundAt !== null && roundAt <= at) roundAt = null;
  }
  moveClockFile(file, to);
  const rest = { longSince: from, shortSince, until: deps.clock.now() };
  return { kind: (await letJobsWork(deps, rest)) ? "arrived" : "stalled", stops };
}

function clockFile(): string {
  const { APP_ENV, SANDBOX_CLOCK_FILE } = env();
  if (APP_ENV !== "sandbox" || !SANDBOX_CLOCK_FILE)
    throw new Error("Only the sandbox has a clock that can be moved");
  return SANDBOX_CLOCK_FILE;
}

/** When the next thing after `after` is booked that money or a contract waits for. */
async function nextBookedAt(after: Date): Promise<Date | null> {
  return earliest(
    await Promise.all([
      nextSubscriptionActionAt(after),
      nextSettlementAt(after),
      nextRefundSettlementAt(after),
      nextCheckoutExpiryAt(after),
      nextRegistrationTryAt(after),
    ]),
  );
}

/** When the next letter, reminder, key or webhook is due, at least an hour on: one that fails again and again holds nobody up. */
async function nextChoreAt(after: Date): Promise<Date | null> {
  const due = earliest(
    await Promise.all([
      nextMessageAt(after),
      nextSubscriptionReminderAt(after),
      nextKeyDeletionAt(after),
      nextWebhookLookAt(after),
    ]),
  );
  return due && new Date(Math.max(due.getTime(), after.getTime() + HOUR_MS));
}

function earliest(instants: readonly (Date | null)[]): Date | null {
  const times = instants.flatMap((at) => (at ? [at.getTime()] : []));
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

/**
 * Lets the jobs run that ticked, and waits until they are at rest and nothing is due. What is due even then is hinted at
 * until it is done. False when that does not come about.
 */
async function letJobsWork({ clock, hint, jobs }: MoveDeps, span: TickSpan): Promise<boolean> {
  const startedAt = performance.now();
  const waitedMs = () => performance.now() - startedAt;
  let isAtRest = false;
  let hints = 0;
  while (waitedMs() < STOP_LIMIT_MS) {
    if (!isAtRest) isAtRest = await jobs.run(span, STOP_LIMIT_MS - waitedMs());
    if (isAtRest && !(await isAnythingDue(clock.now())) && !(await isMoneyInFlight(clock.now())))
      return true;
    if (isAtRest && waitedMs() >= hints * HINT_AGAIN_MS) {
      const id = `clock:${clock.now().getTime()}:${hints}`;
      await hint([{ name: "billing/sweep.requested", id, data: {} }]);
      hints += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // An attempt whose worker died is no reason to stand still: it is looked at again at a later stop.
  return isAtRest && !(await isAnythingDue(clock.now()));
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
