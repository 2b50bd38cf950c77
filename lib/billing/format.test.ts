import { describe, expect, it } from "vitest";
import { nthPeriod, parseCalendarDate } from "./calendar";
import { formatLongDate, formatNearDate, formatPeriod, formatTableDate } from "./format";

const day = parseCalendarDate("2026-12-09");

describe("a day is written", () => {
  it("with its weekday in sentences", () => {
    expect(formatLongDate(day)).toBe("2026년 12월 9일 (수)");
    expect(formatLongDate(day, "en")).toBe("Wed, 9 December 2026");
    expect(formatLongDate(parseCalendarDate("2027-01-31"))).toBe("2027년 1월 31일 (일)");
  });

  it("without its year when it is near", () => {
    expect(formatNearDate(day)).toBe("12월 9일 (수)");
    expect(formatNearDate(day, "en")).toBe("Wed, 9 December");
  });

  it("short in tables", () => {
    expect(formatTableDate(day)).toBe("2026.12.09");
  });
});

it("writes a period with its last day of use", () => {
  expect(formatPeriod(nthPeriod(parseCalendarDate("2026-11-10"), "month", 0))).toBe(
    "2026.11.10 ~ 2026.12.09",
  );
  expect(formatPeriod(nthPeriod(parseCalendarDate("2028-01-31"), "month", 0))).toBe(
    "2028.01.31 ~ 2028.02.28",
  );
});
