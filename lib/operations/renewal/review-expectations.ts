/**
 * Computes anew what was saved with contracts: with all that fall due by the end of tomorrow, and with some taken at
 * random. One that differs waits as a finding before it is charged.
 */

import { listConsents } from "@/db/consent";
import { type DueSubscription, listSubscriptionsToCheck, lockBooked } from "@/db/subscription";
import { addDays, daysBetween, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { expectationOfSubscription, isSameExpected } from "@/lib/billing/subscription/expectation";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { reportSurprises, type Surprise } from "./report-surprises";

const BATCH = 200;
/** Of the contracts that are not due, about so many are looked at. */
const SAMPLE = 5_000;

/** Answers how many were looked at, and how many differed. */
export async function reviewExpectations(
  deps: ClockAndIds,
  sample = SAMPLE,
): Promise<{ readonly checked: number; readonly differ: number }> {
  const today = seoulDayOf(deps.clock.now());
  const dueBefore = seoulInstant(addDays(today, 2), 0);
  const seed = daysBetween(seoulDayOf(new Date(0)), today);
  const ids = await listSubscriptionsToCheck({ dueBefore, sample, seed });
  let differ = 0;
  for (let at = 0; at < ids.length; at += BATCH) {
    const batch = ids.slice(at, at + BATCH);
    differ += await inTransaction(deps, JOB, (work) => reviewBatch(work, batch));
  }
  return { checked: ids.length, differ };
}

async function reviewBatch(work: Work, ids: readonly string[]): Promise<number> {
  const { tx } = work;
  const booked = await lockBooked(tx, ids);
  const trials = booked.filter(({ subscription }) => subscription.status === "trialing");
  const consents = await listConsents(
    tx,
    trials.map(({ subscription }) => subscription.id),
  );
  const surprises = booked.flatMap(({ subscription, expectation }: DueSubscription): Surprise[] => {
    const own = consents.filter(({ subscriptionId }) => subscriptionId === subscription.id);
    const facts = { consents: own, isCollecting: false, notBefore: null, lookAt: null };
    const decided = expectationOfSubscription(subscription, facts);
    return isSameExpected(expectation, decided) && expectation.paysTo === decided.paysTo
      ? []
      : [{ subscription, saved: expectation, decided }];
  });
  await reportSurprises(work, surprises);
  return surprises.length;
}
