import { writeAudit } from "@/db/audit";
import { transaction } from "@/db/client";
import { findAttemptedLoad, findDueLoad, findForecast } from "@/db/forecasts";
import { insertStop } from "@/db/pacing";
import { wasBrakeReleased } from "@/db/stops";
import { decideBrake } from "@/lib/billing/brake";
import { seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import type { Deps } from "@/lib/deps";
import { log } from "@/lib/log";

/**
 * Before a sweep charges what is due `now`: stops all automatic charging when what is due today jumps beyond what
 * yesterday predicted. Once an operator has released the brake, the rest of that Seoul day is not stopped again.
 * Returns whether it struck.
 */
export async function checkBrake(deps: Pick<Deps, "newId">, now: Date): Promise<boolean> {
  return transaction(async (tx) => {
    const due = await findDueLoad(tx, new Date(now.getTime() + 1));
    if (due.count === 0) return false;
    const today = seoulDayOf(now);
    const midnight = seoulInstant(today, 0);
    if (await wasBrakeReleased(tx, midnight)) return false;
    const forecast = await findForecast(tx, today);
    if (forecast === null) {
      log("warn", "brake.no-forecast", { day: today, count: due.count });
      return false;
    }
    const attempted = await findAttemptedLoad(tx, today, midnight);
    const load = {
      count: due.count + attempted.count,
      amountWon: parseWon(due.amountWon + attempted.amountWon),
    };
    const stop = decideBrake(load, forecast);
    if (stop === null || !(await insertStop(tx, deps.newId("stop"), stop, now))) return false;
    log("error", "charging.stopped", stop);
    const details = { kind: stop.kind, reason: stop.reason, resumesAt: stop.resumesAt };
    await writeAudit(
      tx,
      [{ actor: "system", action: "charging.stopped", subjectId: stop.kind, details }],
      now,
    );
    return true;
  });
}
