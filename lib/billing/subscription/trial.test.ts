/** Free days before the first payment: every change holds at once, costs nothing and keeps the trial's end. */
import { describe, expect, test } from "vitest";
import { isConsentTo } from "@/lib/billing/consent/rise";
import { day, won } from "@/lib/testing/billing";
import {
  addOnWish,
  moveWish,
  percentOff,
  seatsWish,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { afterQuote, quoteChange } from "./change";
import { type Contract, nextDueOn } from "./contract";
import { cancelAtEnd, pause, undoEnd } from "./pause";
import { nextChargeOf } from "./quote";
import type { Wish } from "./wish";

/** Free until 15 March, then 2 seats at 9,900 won a month. */
const trial = unpaidContract({ startsOn: day("2027-03-15"), quantity: 2 });
const facts = { today: day("2027-03-05"), wallet: walletOf(5_000) };

function changed(contract: Contract, ...wishes: readonly Wish[]): Contract {
  return wishes.reduce((now, wish) => afterQuote(now, quoteChange(now, wish, facts)), contract);
}

describe("every change holds at once", () => {
  test.each([
    ["a dearer plan", [moveWish(29_000)], 58_000],
    ["a cheaper plan", [moveWish(4_900)], 9_800],
    ["more seats", [seatsWish(5)], 49_500],
    ["fewer seats", [seatsWish(1)], 9_900],
    ["an add-on", [addOnWish(2)], 25_800],
    ["an add-on dropped again", [addOnWish(2), addOnWish(0)], 19_800],
    ["fewer of an add-on", [addOnWish(3), addOnWish(1)], 22_800],
    ["a longer interval", [moveWish(99_000, "year")], 198_000],
    ["a shorter interval", [moveWish(99_000, "year"), moveWish(9_900)], 19_800],
    [
      "an add-on goes along",
      [addOnWish(1), moveWish(99_000, "year", { storageWon: 30_000 })],
      228_000,
    ],
  ] as const)("%s", (_, wishes, totalWon) => {
    const after = changed(trial, ...wishes);
    expect(nextChargeOf(after)).toEqual({ on: "2027-03-15", totalWon });
    expect(after.booked).toEqual({ move: null, seats: null, addOns: {} });
    expect(after).toMatchObject({
      terms: { anchorOn: "2027-03-15" },
      cycle: 0,
      n: 0,
      segments: [],
    });
  });
});

test("it costs nothing: there is no order", () => {
  expect(quoteChange(trial, moveWish(29_000), facts).kind).toBe("at-once");
  expect(quoteChange(trial, moveWish(9_900), facts).kind).toBe("undone");
});

test("a wish that cannot be is refused as ever", () => {
  expect(quoteChange(trial, seatsWish(0), facts).kind).toBe("refused");
  expect(quoteChange(changed(trial, addOnWish(1)), moveWish(99_000, "year"), facts).kind).toBe(
    "refused",
  );
});

test("a coupon is taken at once, one at a time, and ends with the interval", () => {
  const wish: Wish = { kind: "coupon", coupon: percentOff(50, 3) };
  const half = changed(trial, wish);
  expect(nextChargeOf(half)?.totalWon).toBe(9_900);
  expect(quoteChange(half, wish, facts)).toMatchObject({ refusal: { code: "coupon-in-use" } });
  expect(nextChargeOf(changed(half, moveWish(99_000, "year")))?.totalWon).toBe(198_000);
});

test("on the day of its end the change goes first, and the period is billed once", () => {
  const quote = quoteChange(trial, moveWish(29_000), { ...facts, today: day("2027-03-15") });
  expect(quote).toMatchObject({
    kind: "now",
    order: { kind: "period", due: { totalWon: 58_000 } },
  });
});

test("it cannot be paused", () => {
  expect(pause(trial, day("2027-03-05"))).toEqual({ code: "trial" });
});

test("cancelled, it ends with its free days, and the cancel can be undone until then", () => {
  const canceled = cancelAtEnd(trial, day("2027-03-05"));
  expect([canceled.cancelsOn, nextDueOn(canceled)]).toEqual(["2027-03-15", null]);
  expect(undoEnd(canceled, day("2027-03-14"))).toEqual(trial);
  expect(undoEnd(canceled, day("2027-03-15"))).toEqual({ code: "no-end-booked" });
  expect(undoEnd(trial, day("2027-03-05"))).toEqual({ code: "no-end-booked" });
});

test.each([
  ["fewer seats keep it", [seatsWish(1)], true],
  ["the same amount keeps it", [moveWish(9_900)], true],
  ["a higher amount makes it void", [seatsWish(3)], false],
  ["up and down again keeps it", [seatsWish(3), seatsWish(2)], true],
] as const)("an earlier consent: %s", (_, wishes, isKept) => {
  const consent = {
    changesOn: day("2027-03-15"),
    fromWon: won(0),
    toWon: won(19_800),
    agreedAt: new Date("2027-03-04T12:00:00+09:00"),
    voidedAt: null,
  };
  const next = nextChargeOf(changed(trial, ...wishes));
  if (next === null) throw new Error("No charge is coming");
  expect(isConsentTo(consent, next)).toBe(isKept);
});
