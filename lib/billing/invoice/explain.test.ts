import { describe, expect, test } from "vitest";
import { lineSentence } from "@/components/text/invoice-line";
import type { Line } from "@/lib/billing/subscription/order";
import { won } from "@/lib/testing/billing";
import { explainLine, type OnceLine } from "./explain";

const charge = {
  kind: "plan",
  key: "basic",
  won: 19_645,
  netWon: won(19_645),
  unitWon: won(29_000),
  quantity: 1,
  days: 21,
  ofDays: 31,
} as const;
const unused: Line = {
  kind: "unused",
  key: "basic",
  won: -6_707,
  valueWon: won(9_900),
  days: 21,
  ofDays: 31,
};
const percent: Line = {
  kind: "discount",
  won: -3_297,
  off: { kind: "percent", percent: 33 },
  baseWon: won(9_990),
};
const fixed: Line = { ...percent, won: -3_000, off: { kind: "won", won: won(3_000) } };
const once: OnceLine = {
  kind: "once",
  key: "training",
  won: 300_000,
  unitWon: won(150_000),
  quantity: 2,
};

describe("a line says the numbers its won are made of", () => {
  test.each([
    [
      charge,
      "BASIC 29,000원 × 1, 31일 중 21일: 19,645원",
      "BASIC ₩29,000 × 1, 21 of 31 days: ₩19,645",
    ],
    [
      { ...charge, kind: "add-on", won: 87_000, quantity: 3, days: 31 },
      "BASIC 29,000원 × 3, 31일: 87,000원",
      "BASIC ₩29,000 × 3, 31 days: ₩87,000",
    ],
    [
      unused,
      "BASIC 남은 21일: 9,900원에서 31일 중 쓴 10일 3,193원을 뺀 금액 -6,707원",
      "BASIC, 21 days left: ₩9,900 less ₩3,193 for 10 of 31 days used, -₩6,707",
    ],
    [percent, "쿠폰 할인: 9,990원의 33%, -3,297원", "Coupon: 33% of ₩9,990, -₩3,297"],
    [
      fixed,
      "쿠폰 할인: 9,990원에서 최대 3,000원, -3,000원",
      "Coupon: up to ₩3,000 of ₩9,990, -₩3,000",
    ],
    [once, "BASIC 150,000원 × 2: 300,000원", "BASIC ₩150,000 × 2: ₩300,000"],
    [{ ...once, kind: "set-up" }, "BASIC 150,000원 × 2: 300,000원", "BASIC ₩150,000 × 2: ₩300,000"],
  ] as const)("%#", (line, korean, english) => {
    const told = explainLine(line);
    expect(lineSentence(told, "BASIC", "ko")).toBe(korean);
    expect(lineSentence(told, "BASIC", "en")).toBe(english);
  });
});

test("a line whose won are not those of its numbers is told to nobody", () => {
  for (const line of [charge, unused, percent, fixed, once])
    expect(() => explainLine({ ...line, won: line.won + 1 })).toThrow("is told as");
});
