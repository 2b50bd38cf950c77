import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyPrice, won } from "@/lib/testing/billing";
import { isSellableAmount, monthlyEquivalent, yearlySaving } from "./plan";

describe("an amount in the price list", () => {
  it.each([100, 9_900, 990_000])("%d can be sold", (amount) => {
    expect(isSellableAmount(amount, won(100))).toBe(true);
  });

  it.each([99, 0, -9_900, 9_900.5, Number.NaN, Number.POSITIVE_INFINITY])("%d cannot", (amount) => {
    expect(isSellableAmount(amount, won(100))).toBe(false);
  });

  it("is at least what the gateway charges", () => {
    expect(isSellableAmount(199, won(200))).toBe(false);
    expect(isSellableAmount(200, won(200))).toBe(true);
  });
});

describe("beside 9,900 won a month", () => {
  it.each([
    ["year", 99_000, 19_800],
    ["year", 118_800, 0],
    ["year", 120_000, 0],
    ["quarter", 28_000, 6_800],
    ["month", 9_900, 0],
  ] as const)("a %s at %d saves %d won a year", (interval, amount, saving) => {
    expect(yearlySaving(won(9_900), { interval, amountWon: won(amount) })).toBe(saving);
  });
});

describe("one month of", () => {
  it.each([
    ["month", 9_900, 9_900],
    ["quarter", 28_000, 9_334],
    ["quarter", 27_000, 9_000],
    ["year", 99_000, 8_250],
    ["year", 100_000, 8_334],
  ] as const)("a %s at %d is %d won", (interval, amount, perMonth) => {
    expect(monthlyEquivalent({ interval, amountWon: won(amount) })).toBe(perMonth);
  });

  it("never promises less than is paid, nor a whole won a month too much", () => {
    const months = { month: 1, quarter: 3, year: 12 } as const;
    const interval = fc.constantFrom("month", "quarter", "year");
    fc.assert(
      fc.property(interval, anyPrice, (every, amountWon) => {
        const perMonth = monthlyEquivalent({ interval: every, amountWon });
        expect(perMonth * months[every]).toBeGreaterThanOrEqual(amountWon);
        expect((perMonth - 1) * months[every]).toBeLessThan(amountWon);
      }),
    );
  });
});
