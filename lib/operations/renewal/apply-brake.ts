import { findLastBrakeRelease, insertStop } from "@/db/charging-stop";
import {
  findAttemptedLoad,
  findDueLoad,
  findForecast,
  findOverLoad,
  wasForecastBefore,
} from "@/db/renewal-forecast";
import { seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import { decideBrake } from "@/lib/billing/renewal/brake";
import { inTransaction, JOB } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";

/**
 * Before a sweep charges what is due `now`: stops all automatic charging when what is due today jumps beyond what
 * yesterday predicted, when there is no prediction though there should be, or when many periods are already over. Once
 * an operator has released the brake, the rest of that Seoul day is not stopped again, and neither are the periods that
 * were over by then: they are caught up with on the days that follow. Returns whether it struck.
 */
export async function applyBrake(deps: ClockAndIds): Promise<boolean> {
  return inTransaction(deps, JOB, async (work) => {
    const { tx, now } = work;
    const end = new Date(now.getTime() + 1);
    const dueNow = await findDueLoad(tx, end);
    if (dueNow.count === 0) return false;
    const today = seoulDayOf(now);
    const midnight = seoulInstant(today, 0);
    const released = await findLastBrakeRelease(tx);
    if (released && released.startedAt >= midnight) return false;
    const predicted = await findForecast(tx, today);
    const isForecastExpected =
      (await findDueLoad(tx, midnight)).count > 0 || (await wasForecastBefore(tx, today));
    const after = released && seoulDayOf(released.releasedAt);
    const over = await findOverLoad(tx, end, { after, by: today });
    const attempted = await findAttemptedLoad(tx, today, midnight);
    const due = {
      count: dueNow.count + attempted.count,
      amountWon: parseWon(dueNow.amountWon + attempted.amountWon),
    };
    const stop = decideBrake({ due, predicted, isForecastExpected, over });
    if (predicted === null && stop === null)
      log("warn", "brake.no-forecast", { day: today, count: due.count });
    if (stop === null || !(await insertStop(tx, { id: work.newId("stop"), ...stop }, now)))
      return false;
    log("error", "charging.stopped", stop);
    const details = { kind: stop.kind, reason: stop.reason, resumesAt: stop.resumesAt };
    await work.audit({
      action: "charging.stopped",
      subjectId: stop.kind,
      details,
    });
    return true;
  });
}
