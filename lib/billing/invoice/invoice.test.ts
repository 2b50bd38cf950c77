import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nthPeriod } from "@/lib/billing/calendar";
import { anyPrice, day, won } from "@/lib/testing/billing";
import { periodTitle, totalOf } from "./invoice";

it("lines sum to the total, whatever the lines", () => {
  const lines = fc.array(fc.record({ description: fc.string(), amountWon: anyPrice }));
  fc.assert(
    fc.property(lines, (some) => {
      let sum = 0;
      for (const line of some) sum += line.amountWon;
      expect(totalOf(some)).toBe(sum);
    }),
  );
  expect(totalOf([{ description: "도입 교육", amountWon: won(150_000) }])).toBe(150_000);
});

describe("a period is printed with its last day of use", () => {
  it.for([
    ["BASIC", "month", "2026-12-09", "BASIC 월간 (2026.12.09 ~ 2027.01.08)"],
    ["BASIC", "month", "2027-01-31", "BASIC 월간 (2027.01.31 ~ 2027.02.27)"],
    ["PREMIUM", "quarter", "2027-11-30", "PREMIUM 분기 (2027.11.30 ~ 2028.02.28)"],
    ["ENTERPRISE", "year", "2028-02-29", "ENTERPRISE 연간 (2028.02.29 ~ 2029.02.27)"],
  ] as const)("%s by the %s from %s", ([planName, interval, startsOn, title]) => {
    const period = nthPeriod(day(startsOn), interval, 0);
    expect(periodTitle({ planName, interval }, period)).toBe(title);
  });

  it("in English with English words", () => {
    const period = nthPeriod(day("2028-02-29"), "year", 0);
    expect(periodTitle({ planName: "BASIC", interval: "year" }, period, "en")).toBe(
      "BASIC yearly (2028.02.29 ~ 2029.02.27)",
    );
  });
});
