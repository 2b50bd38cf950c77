import type { CalendarDate } from "@/lib/billing/calendar";
import { formatLongDate, formatNearDate, formatTableDate } from "@/lib/billing/format";
import type { Locale } from "@/lib/http/locale";

/** A day: `long` with year and weekday, `near` without the year, `table` as 2026.12.09. */
export function Day({
  on,
  locale,
  form = "long",
}: {
  on: CalendarDate;
  locale: Locale;
  form?: "long" | "near" | "table";
}) {
  return (
    <time dateTime={on} className="whitespace-nowrap">
      {form === "long" ? formatLongDate(on, locale) : null}
      {form === "near" ? formatNearDate(on, locale) : null}
      {form === "table" ? formatTableDate(on) : null}
    </time>
  );
}
