/** Days and sums as the comparison works them out: with Temporal, and not with the product's own calendar. */
import { Temporal } from "temporal-polyfill";

const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

/** The first day of the period `at`, counted from 0 and always from the anchor. */
export function periodEdge(
  anchor: string,
  { interval }: { readonly interval: string },
  at: number,
): string {
  const months = (MONTHS[interval] ?? 0) * at;
  return Temporal.PlainDate.from(anchor).add({ months }).toString();
}

export function seoulDay(instant: Date): string {
  return new Date(instant.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
}

/** An hour of a Seoul day. */
export function seoulHour(day: string, hour: number): Date {
  return new Date(new Date(`${day}T00:00:00Z`).getTime() + (hour - 9) * 3_600_000);
}

export function isNight(instant: Date): boolean {
  const time = new Date(instant.getTime() + 9 * 3_600_000).toISOString().slice(11, 16);
  return time >= "23:30" || time < "01:00";
}

export function sum(rows: readonly { amount_won: string }[]): number {
  return rows.reduce((total, row) => total + Number(row.amount_won), 0);
}

export function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = key(row);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}
