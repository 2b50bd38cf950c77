import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardLabel } from "@/lib/billing/card/card";
import { anyDay, anyPrice } from "@/lib/testing/billing";
import { nthPeriod, parseCalendarDate } from "./calendar";
import { formatLongDate, formatNearDate, formatPeriod, formatTableDate } from "./format";
import { formatWon } from "./money";

const day = parseCalendarDate("2026-12-09");

describe("a day is written", () => {
  it("with its weekday in sentences", () => {
    expect(formatLongDate(day)).toBe("2026년 12월 9일 (수)\u2060");
    expect(formatLongDate(day, "en")).toBe("Wed, 9 December 2026");
    expect(formatLongDate(parseCalendarDate("2027-01-31"))).toBe("2027년 1월 31일 (일)\u2060");
  });

  it("without its year when it is near", () => {
    expect(formatNearDate(day)).toBe("12월 9일 (수)\u2060");
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

it("ends so that no line begins with the particle that follows", () => {
  const maskedNumber = "94100001****001*";
  fc.assert(
    fc.property(anyDay, anyPrice, (on, won) => {
      for (const shown of [
        formatLongDate(on),
        formatNearDate(on),
        formatTableDate(on),
        formatPeriod(nthPeriod(on, "month", 0)),
        formatWon(won),
        cardLabel({ issuerCode: "61", maskedNumber }),
        cardLabel({ issuerCode: null, maskedNumber: null }),
      ])
        expect(shown).toMatch(/[\p{L}\p{N}\u2060]$/u);
    }),
  );
});
