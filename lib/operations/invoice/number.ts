import { transaction } from "@/db/client";
import { findOldestUnnumbered, numberBatch } from "@/db/invoice-number";
import { parseCalendarDate, partsOf, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";

/** So many invoices are numbered in one transaction; the counter is held no longer than that takes. */
const BATCH = 500;

/**
 * Gives each paid invoice its number, "2027-000001", counted without gaps within the Seoul year it was paid in.
 * A job of its own, so that the run that collects the money waits for no counter. Safe to run twice at once and to
 * kill; returns how many it numbered.
 */
export async function numberInvoices(): Promise<number> {
  let count = 0;
  for (;;) {
    const numbered = await transaction(async (tx) => {
      const paidAt = await findOldestUnnumbered(tx);
      return paidAt === null ? null : numberBatch(tx, yearOf(paidAt), BATCH);
    });
    if (numbered === null) return count;
    count += numbered;
  }
}

function yearOf(at: Date): { year: number; from: Date; to: Date } {
  const { year } = partsOf(seoulDayOf(at));
  const newYear = (of: number) => seoulInstant(parseCalendarDate(`${of}-01-01`), 0);
  return { year, from: newYear(year), to: newYear(year + 1) };
}
