import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nthPeriod } from "@/lib/billing/calendar";
import { quoteChange } from "@/lib/billing/subscription/change";
import { orderNextPeriod } from "@/lib/billing/subscription/order";
import { anyAnchor, anyInterval, anyPrice, day } from "@/lib/testing/billing";
import {
  moveWish,
  percentOff,
  renewed,
  runningContract,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { linesOf, periodTitle } from "./invoice";

describe("the lines of an order, with the days they are for", () => {
  const wallet = walletOf();
  const daysOf = (order: Parameters<typeof linesOf>[0]) =>
    linesOf(order).map((line) =>
      "from" in line ? [line.kind, line.won, line.from, line.to] : [line.kind, line.won],
    );

  it("of a period: from its first day to the first day of the next one", () => {
    const order = orderNextPeriod(unpaidContract({ startsOn: day("2027-01-31") }), wallet);
    expect(daysOf(order)).toEqual([["plan", 9_900, "2027-01-31", "2027-02-28"]]);
    expect(linesOf(order)).toEqual([
      {
        ...{ kind: "plan", key: "basic", won: 9_900, netWon: 9_900, unitWon: 9_900, quantity: 1 },
        ...{ days: 28, ofDays: 28, from: "2027-01-31", to: "2027-02-28" },
      },
    ]);
  });

  it("a discount is for no days of its own", () => {
    const order = orderNextPeriod(unpaidContract({ coupon: percentOff(50, 1) }), wallet);
    expect(daysOf(order)).toEqual([
      ["plan", 9_900, "2027-03-01", "2027-04-01"],
      ["discount", -4_950],
    ]);
  });

  it("of an upgrade: what is unused and what replaces it are for the same days", () => {
    const quote = quoteChange(runningContract(), moveWish(29_000), {
      today: day("2027-03-11"),
      wallet,
    });
    if (quote.kind !== "now") throw new Error(quote.kind);
    expect(daysOf(quote.order)).toEqual([
      ["unused", -6_707, "2027-03-11", "2027-04-01"],
      ["plan", 19_645, "2027-03-11", "2027-04-01"],
    ]);
  });

  it("of a longer interval: the new period begins today", () => {
    const quote = quoteChange(runningContract(), moveWish(99_000, "year"), {
      today: day("2027-03-11"),
      wallet,
    });
    if (quote.kind !== "now") throw new Error(quote.kind);
    expect(daysOf(quote.order)).toEqual([
      ["unused", -6_707, "2027-03-11", "2027-04-01"],
      ["plan", 99_000, "2027-03-11", "2028-03-11"],
    ]);
  });

  it("sum to the total and tile the periods, whatever the contract", () => {
    fc.assert(
      fc.property(
        fc.record({
          startsOn: anyAnchor,
          interval: anyInterval,
          unitWon: anyPrice,
          quantity: fc.integer({ min: 1, max: 9 }),
          coupon: fc.option(fc.integer({ min: 1, max: 100 }).map((off) => percentOff(off, null))),
        }),
        (start) => {
          let contract = unpaidContract(start);
          let from: string = start.startsOn;
          for (let n = 0; n < 4; n++) {
            const order = orderNextPeriod(contract, wallet);
            const lines = linesOf(order);
            const sum = lines.reduce((won, line) => won + line.won, 0);
            expect(sum).toBe(order.due.totalWon - order.due.creditGrantedWon);
            expect(lines[0]).toMatchObject({ kind: "plan", from });
            from = lines[0] && "to" in lines[0] ? lines[0].to : "";
            contract = renewed(contract);
          }
          expect(contract.paidTo).toBe(from);
        },
      ),
    );
  });
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
