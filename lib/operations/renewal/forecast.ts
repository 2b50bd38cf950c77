import { findDueLoad, saveForecasts } from "@/db/renewal-forecast";
import { addDays, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { FORECAST_DAYS } from "@/lib/billing/policy";
import { inTransaction, JOB } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";

/**
 * Writes down what is expected to be due by the end of tomorrow and of each day of the week after it, if nothing is
 * charged in between. The brake compares each day with the newest of these; a forecast of today is not touched.
 */
export async function forecastCharges(deps: ClockAndIds): Promise<number> {
  return inTransaction(deps, JOB, async (work) => {
    const { tx, now: madeAt } = work;
    const today = seoulDayOf(madeAt);
    const rows = [];
    for (let ahead = 1; ahead <= FORECAST_DAYS; ahead++) {
      const day = addDays(today, ahead);
      rows.push({ day, madeAt, ...(await findDueLoad(tx, seoulInstant(addDays(day, 1), 0))) });
    }
    await saveForecasts(tx, rows);
    return rows.length;
  });
}
