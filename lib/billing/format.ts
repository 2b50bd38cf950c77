/**
 * Days for people's eyes: long with its weekday in sentences, short in tables. A period is stored half-open and read
 * with its last day: [2026-11-10, 2026-12-10) is "2026.11.10 ~ 2026.12.09".
 *
 * Korean sets a particle right behind what it formats: "12월 9일 (수)에". After a letter or a digit no line breaks
 * there, but after ")" or "*" it may, and the next line begins with the particle. What is formatted for sentences
 * therefore ends in a letter, a digit or a word joiner.
 */
import { addDays, type CalendarDate, type Period, partsOf, weekdayOf } from "./calendar";

const WEEKDAYS = {
  ko: ["일", "월", "화", "수", "목", "금", "토"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
} as const;

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** Invisible; forbids a line break before and behind itself. */
export const WORD_JOINER = "\u2060";

/** "2026년 12월 9일 (수)" in Korean, "Wed, 9 December 2026" in English. */
export function formatLongDate(day: CalendarDate, locale: "ko" | "en" = "ko"): string {
  const { year, month, dayOfMonth } = partsOf(day);
  const weekday = WEEKDAYS[locale][weekdayOf(day)];
  return locale === "ko"
    ? `${year}년 ${month}월 ${dayOfMonth}일 (${weekday})${WORD_JOINER}`
    : `${weekday}, ${dayOfMonth} ${MONTHS[month - 1]} ${year}`;
}

/** "12월 9일 (수)" in Korean, "Wed, 9 December" in English: for days so near that nobody asks for the year. */
export function formatNearDate(day: CalendarDate, locale: "ko" | "en" = "ko"): string {
  const { month, dayOfMonth } = partsOf(day);
  const weekday = WEEKDAYS[locale][weekdayOf(day)];
  return locale === "ko"
    ? `${month}월 ${dayOfMonth}일 (${weekday})${WORD_JOINER}`
    : `${weekday}, ${dayOfMonth} ${MONTHS[month - 1]}`;
}

/** "2026.12.09" */
export function formatTableDate(day: CalendarDate): string {
  return day.replaceAll("-", ".");
}

/** "2026.11.10 ~ 2026.12.09": the last day is the last day of use. */
export function formatPeriod(period: Period): string {
  return `${formatTableDate(period.startsOn)} ~ ${formatTableDate(addDays(period.endsOn, -1))}`;
}
