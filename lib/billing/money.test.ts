import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyPrice, won } from "@/lib/testing/billing";
import { formatDigits, formatWon, parseWon, splitVat, sumWon } from "./money";

describe("won are whole", () => {
  it.each([0, 1, 99, 100, 9_900, Number.MAX_SAFE_INTEGER])("%d is an amount", (value) => {
    expect(parseWon(value)).toBe(value);
  });

  it.each([-1, 0.5, 9_900.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1])(
    "%d is none",
    (value) => {
      expect(() => parseWon(value)).toThrow(RangeError);
    },
  );
});

describe("the VAT in a total", () => {
  it.each([
    [15_000, 13_636, 1_364],
    [30_000, 27_273, 2_727],
    [9_026, 8_205, 821],
    [37_400, 34_000, 3_400],
    [9_900, 9_000, 900],
    [14_900, 13_545, 1_355],
    [100, 91, 9],
    [0, 0, 0],
    [5, 5, 0],
    [6, 5, 1],
  ])("of %d won: %d supplied and %d VAT", (total, suppliedWon, vatWon) => {
    expect(splitVat(won(total))).toEqual({ suppliedWon, vatWon });
  });

  it("and the supply sum to the total, and the VAT is the nearest whole won to an eleventh", () => {
    fc.assert(
      fc.property(anyPrice, (total) => {
        const { suppliedWon, vatWon } = splitVat(total);
        expect(suppliedWon + vatWon).toBe(total);
        expect(Math.abs(vatWon * 11 - total)).toBeLessThanOrEqual(5);
      }),
    );
  });
});

it("sums amounts, none giving nothing", () => {
  expect(sumWon([won(9_900), won(150_000)])).toBe(159_900);
  expect(sumWon([])).toBe(0);
});

it("refuses a sum too large to be exact", () => {
  expect(() => sumWon([won(Number.MAX_SAFE_INTEGER), won(1)])).toThrow(RangeError);
});

describe("an amount is written", () => {
  it.each([
    [0, "0원", "₩0"],
    [100, "100원", "₩100"],
    [9_900, "9,900원", "₩9,900"],
    [990_000, "990,000원", "₩990,000"],
    [1_234_567_890, "1,234,567,890원", "₩1,234,567,890"],
  ])("%d", (amount, korean, english) => {
    expect(formatWon(amount)).toBe(korean);
    expect(formatWon(amount, "en")).toBe(english);
  });

  it("with a sign where something is taken off", () => {
    expect(formatDigits(-19_800)).toBe("-19,800");
  });

  it("so that its digits are the amount again", () => {
    fc.assert(
      fc.property(anyPrice, (amount) => {
        expect(formatDigits(amount)).toMatch(/^\d{1,3}(,\d{3})*$/);
        expect(Number(formatDigits(amount).replaceAll(",", ""))).toBe(amount);
      }),
    );
  });
});
