import { seoulDayOf, seoulMinuteOf } from "@/lib/billing/calendar";
import { formatLongDate } from "@/lib/billing/format";
import type { Locale } from "@/lib/http/locale";

/** "2026년 12월 9일 (수) 10:00", as clocks in Seoul show it. */
export function formatInstant(at: Date, locale: Locale): string {
  const minute = seoulMinuteOf(at);
  const clock = [Math.floor(minute / 60), minute % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  return `${formatLongDate(seoulDayOf(at), locale)} ${clock}`;
}
