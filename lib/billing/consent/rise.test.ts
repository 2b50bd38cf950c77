import { describe, expect, test } from "vitest";
import { afterQuote, quoteChange } from "@/lib/billing/subscription/change";
import type { PaidOrder } from "@/lib/billing/subscription/leave";
import { orderNextPeriod } from "@/lib/billing/subscription/order";
import { active, day, trialing, won } from "@/lib/testing/billing";
import {
  moveWish,
  percentOff,
  renewed,
  runningContract,
  seatsWish,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { isConsentFor, isConsentTo, isRise, lastPeriodWon } from "./rise";

test.for([
  ["as much as before", 9_900, 9_900, null, false],
  ["a won more", 9_901, 9_900, null, true],
  ["less", 4_900, 9_900, null, false],
  ["what was ordered", 29_700, 9_900, 29_700, false],
  ["a won more than was ordered", 29_701, 9_900, 29_700, true],
  ["more than was ordered, and no more than was paid", 9_900, 9_900, 4_900, false],
  ["from nothing to something", 9_900, 0, null, true],
] as const)("%s", ([, next, last, ordered, is]) => {
  const agreed = { lastWon: won(last), orderedWon: ordered === null ? null : won(ordered) };
  expect(isRise(won(next), agreed)).toBe(is);
});

describe("a consent covers a period", () => {
  const consent = {
    changesOn: day("2027-04-01"),
    fromWon: won(4_950),
    toWon: won(9_900),
    agreedAt: new Date("2027-03-20T12:00:00+09:00"),
    voidedAt: null,
  };
  const next = { on: day("2027-04-01"), totalWon: won(9_900) };
  test.for([
    ["of its day and amount", {}, next, true],
    ["that costs less", {}, { ...next, totalWon: won(9_000) }, true],
    ["but none that costs more", {}, { ...next, totalWon: won(9_901) }, false],
    ["but none of another day, as after a pause", {}, { ...next, on: day("2027-04-11") }, false],
    ["unless it was voided", { voidedAt: new Date("2027-03-21T00:00:00Z") }, next, false],
    ["from 30 days before", { agreedAt: new Date("2027-03-02T00:00:00+09:00") }, next, true],
    ["and no earlier", { agreedAt: new Date("2027-03-01T23:59:59+09:00") }, next, false],
    [
      "and not on the day after the charge hour",
      { agreedAt: new Date("2027-04-01T10:00:00+09:00") },
      next,
      false,
    ],
  ] as const)("%s", ([, change, period, is]) => {
    expect(isConsentTo({ ...consent, ...change }, period)).toBe(is);
  });
});

describe("a consent on record", () => {
  const trial = trialing({ anchorOn: day("2026-12-15") });
  const consent = {
    changesOn: day("2026-12-15"),
    fromWon: won(0),
    toWon: won(9_900),
    agreedAt: new Date("2026-12-10T12:00:00+09:00"),
    voidedAt: null,
  };

  test.for([
    ["to exactly this charge covers it", {}, true],
    ["to more covers it", { toWon: won(10_000) }, true],
    ["to less does not", { toWon: won(9_899) }, false],
    ["to another day does not", { changesOn: day("2026-12-16") }, false],
    ["given too early does not", { agreedAt: new Date("2026-11-14T23:59:59+09:00") }, false],
    ["given too late does not", { agreedAt: new Date("2026-12-15T10:00:00+09:00") }, false],
    [
      "from before a cancellation does not",
      { voidedAt: new Date("2026-12-11T12:00:00+09:00") },
      false,
    ],
  ] as const)("%s", ([, change, covers]) => {
    expect(isConsentFor(trial, { ...consent, ...change })).toBe(covers);
  });

  test("covers what the contract costs by then, and not what it costs today", () => {
    const dearer = trialing({ anchorOn: day("2026-12-15"), amountWon: won(9_901) });
    expect(isConsentFor(dearer, consent)).toBe(false);
    const booked = { ...trial, nextPrices: { basic: won(9_901) } };
    expect(isConsentFor(booked, consent)).toBe(false);
    expect(isConsentFor({ ...trial, freePeriods: 1 }, { ...consent, toWon: won(0) })).toBe(true);
  });

  test("of the first paid day says nothing of a later period", () => {
    const renewing = active({ anchorOn: day("2026-12-15") });
    expect(isConsentFor(renewing, consent)).toBe(false);
    expect(isConsentFor(renewing, { ...consent, changesOn: day("2027-01-15") })).toBe(false);
  });
});

describe("what the last period came to, before credit", () => {
  const start = unpaidContract({ coupon: percentOff(50, 1) });
  const paid = (order: PaidOrder["order"], before: PaidOrder["before"]): PaidOrder => ({
    order,
    before,
    paidOn: order.on,
  });
  const first = paid(orderNextPeriod(start, walletOf(4_000)), start);

  test("credit makes it no less", () => {
    expect(lastPeriodWon([first])).toBe(4_950);
    expect(lastPeriodWon([])).toBe(0);
  });

  test("what was charged in a period tells nothing about its price", () => {
    const running = runningContract();
    const quote = quoteChange(running, seatsWish(3), {
      today: day("2027-03-31"),
      wallet: walletOf(),
    });
    if (quote.kind !== "now") throw new Error(quote.kind);
    expect(lastPeriodWon([paid(quote.order, running), first])).toBe(4_950);
  });

  test("a longer interval counts with its full prices", () => {
    const running = runningContract();
    const quote = quoteChange(running, moveWish(99_000, "year"), {
      today: day("2027-03-11"),
      wallet: walletOf(),
    });
    if (quote.kind !== "now") throw new Error(quote.kind);
    expect(lastPeriodWon([paid(quote.order, running), first])).toBe(99_000);
    expect(isRise(won(99_000), { lastWon: won(99_000), orderedWon: null })).toBe(false);
    expect(afterQuote(running, quote).paidTo).toBe("2028-03-11");
  });

  test("a period that was given is passed over", () => {
    const given = { ...renewed(start), freePeriods: 1 };
    const free = orderNextPeriod(given, walletOf());
    expect(free.due.totalWon).toBe(0);
    expect(lastPeriodWon([paid(free, given), first])).toBe(4_950);
  });
});
