/**
 * Days in Korea.
 *
 * All due dates are Seoul calendar days. The nth period is counted from the anchor day, never from the previous
 * period, so that 31 January gives 28 February and then 31 March, and late payment moves nothing.
 * Korea has no daylight saving: Seoul is UTC+09:00 all year (Asia/Seoul since 1988).
 */

declare const brand: unique symbol;

/** A day in Korea, "YYYY-MM-DD". Sorts as text; carries no clock time and no zone. */
export type CalendarDate = string & { readonly [brand]: "CalendarDate" };

/** Half-open: `startsOn` is the first day of use, `endsOn` the first day that is no longer paid for. */
export type Period = { readonly startsOn: CalendarDate; readonly endsOn: CalendarDate };

export const INTERVALS = ["month", "quarter", "year"] as const;
export type Interval = (typeof INTERVALS)[number];

/** Months in one period of an interval. */
export const MONTHS_IN: Readonly<Record<Interval, number>> = { month: 1, quarter: 3, year: 12 };
const SEOUL_OFFSET_MS = 9 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a day of a text. Throws a RangeError when the text is no day of the Gregorian calendar. */
export function parseCalendarDate(text: string): CalendarDate {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match) {
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))
      return text as CalendarDate;
  }
  throw new RangeError(`Not a day: ${text}`);
}

/** The day on Korean calendars at an instant. */
export function seoulDayOf(instant: Date): CalendarDate {
  return dayOfEpoch(Math.floor((instant.getTime() + SEOUL_OFFSET_MS) / DAY_MS));
}

/** The instant at which clocks in Seoul show `hour`:`minute` on that day. */
export function seoulInstant(day: CalendarDate, hour: number, minute = 0): Date {
  return new Date(epochDay(day) * DAY_MS - SEOUL_OFFSET_MS + (hour * 60 + minute) * 60_000);
}

/** Minutes since Seoul's midnight, 0-1439. */
export function seoulMinuteOf(instant: Date): number {
  const sinceMidnight = (instant.getTime() + SEOUL_OFFSET_MS) % DAY_MS;
  return Math.floor(sinceMidnight / 60_000);
}

/** 0 = Sunday … 6 = Saturday. */
export function weekdayOf(day: CalendarDate): number {
  return (epochDay(day) + 4) % 7;
}

export function addDays(day: CalendarDate, days: number): CalendarDate {
  return dayOfEpoch(epochDay(day) + days);
}

/** The number of days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return epochDay(to) - epochDay(from);
}

/** The same day `months` later, or that month's last day where it has no such day. */
export function addMonths(day: CalendarDate, months: number): CalendarDate {
  const { year, month, dayOfMonth } = partsOf(day);
  const monthsSinceZero = year * 12 + (month - 1) + months;
  const toYear = Math.floor(monthsSinceZero / 12);
  const toMonth = (monthsSinceZero % 12) + 1;
  return format(toYear, toMonth, Math.min(dayOfMonth, daysInMonth(toYear, toMonth)));
}

/**
 * The nth period counted from the anchor day, n from 0. Both edges are counted from the anchor:
 * monthly from 31 January 2027 gives [01-31, 02-28), [02-28, 03-31), [03-31, 04-30).
 */
export function nthPeriod(anchorOn: CalendarDate, interval: Interval, n: number): Period {
  const months = MONTHS_IN[interval];
  return {
    startsOn: addMonths(anchorOn, n * months),
    endsOn: addMonths(anchorOn, (n + 1) * months),
  };
}

/** The later of two days. */
export function laterOf(a: CalendarDate, b: CalendarDate): CalendarDate {
  return a > b ? a : b;
}

/** Year, month 1-12 and day of month, for people's eyes. */
export function partsOf(day: CalendarDate): { year: number; month: number; dayOfMonth: number } {
  return {
    year: Number(day.slice(0, 4)),
    month: Number(day.slice(5, 7)),
    dayOfMonth: Number(day.slice(8, 10)),
  };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function epochDay(day: CalendarDate): number {
  const { year, month, dayOfMonth } = partsOf(day);
  return Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;
}

function dayOfEpoch(days: number): CalendarDate {
  const date = new Date(days * DAY_MS);
  return format(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

function format(year: number, month: number, dayOfMonth: number): CalendarDate {
  return parseCalendarDate(`${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
