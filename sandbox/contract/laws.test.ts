/**
 * The laws of the contract's money, over random lives. What was used is added up here day by day, from prices and
 * quantities alone, and held against what the rules charged, gave back and kept.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type CalendarDate } from "@/lib/billing/calendar";
import { afterOrder, agreementAfter, withoutWorth } from "@/lib/billing/subscription/contract";
import { nextTotalWon, orderNextPeriod } from "@/lib/billing/subscription/order";
import { itemsOf } from "@/lib/billing/subscription/terms";
import { day, won } from "@/lib/testing/billing";
import type { Step } from "./case";
import {
  anyCoupon,
  anyLife,
  LEAVES,
  type LifeCoupon,
  live,
  lives,
  noCoupon,
  percentCoupon,
  someGrant,
  sum,
} from "./lives";
import { type Life, type Played, play } from "./play";

// A failure prints its seed and path; another seed tries other lives.
fc.configureGlobal({ seed: 20_270_301 });

/** All that came in, as money or as a gift, less all that went back or is still owned here. */
function keptWon({ orders, refunds, credit }: Played, life: Life): number {
  const moneyIn = sum(orders.map(({ order }) => order.due.dueWon));
  const back = sum(refunds.map(({ refundWon }) => refundWon));
  return moneyIn + life.grantedCreditWon - back - credit.grantedWon - credit.paidWon;
}

test("what is kept at the end is what was used, added up day by day", () => {
  const lifeWithoutWonCoupon = lives(fc.oneof(noCoupon, percentCoupon), someGrant);
  fc.assert(
    fc.property(lifeWithoutWonCoupon, fc.integer({ min: 0, max: 40 }), (life, daysMore) => {
      let used = 0;
      const played = live(life, { daysMore }, (at) => {
        used += worthOfDay(at);
      });
      const forgiven = sum(played.orders.map(({ order }) => order.due.forgivenWon));
      // An order, a pause and the end each round an item once, and a discount once more.
      const roundings = 4 * (played.orders.length + life.steps.length + 1);
      const difference = keptWon(played, life) - used;
      expect(difference).toBeLessThanOrEqual(roundings);
      expect(difference + forgiven).toBeGreaterThanOrEqual(-roundings);
    }),
    { numRuns: 300 },
  );
});

/** What one day of use costs: the price of each item over the days of the running period, after a percentage. */
function worthOfDay({ contract, endedOn }: Played): number {
  if (endedOn !== null || contract.pausedOn !== null) return 0;
  const { coupon, periodDays, terms } = contract;
  const isDiscounted = coupon?.isRunning === true && coupon.off.kind === "percent";
  const left = isDiscounted && coupon.off.kind === "percent" ? 1 - coupon.off.percent / 100 : 1;
  const full = sum(itemsOf(terms).map((item) => item.unitWon * item.quantity));
  return (full / periodDays) * left;
}

test("segments end where the paid days end, and periods follow each other without a gap", () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      const played = live(life, { daysMore: 3 }, ({ contract }) => {
        if (contract.pausedOn !== null) return;
        for (const { startsOn, days } of contract.segments) {
          expect(addDays(startsOn, days)).toBe(contract.paidTo);
        }
      });
      for (const { order, before } of played.orders) {
        if (order.opens === null) continue;
        expect(order.opens.period.startsOn).toBe(
          order.kind === "period" ? before.paidTo : order.on,
        );
      }
    }),
    { numRuns: 200 },
  );
});

test("a next period is the same with and without what the running one is worth", () => {
  let renewals = 0;
  fc.assert(
    fc.property(anyLife, (life) => {
      const { orders } = live(life, { daysMore: 40 }, ({ contract, credit }) => {
        const wallet = { credit, minimumWon: won(100) };
        // On any day it is the same total, and the same days.
        const [known, asked] = [contract, withoutWorth(contract)].map((of) => {
          const { due, lines, opens, on } = orderNextPeriod(of, wallet);
          return { due, lines, opens, on };
        });
        expect(asked).toEqual(known);
        expect(nextTotalWon(contract)).toBe(known?.due.totalWon);
      });
      for (const { order, before } of orders) {
        if (order.kind !== "period") continue;
        renewals += before.segments.length > 0 ? 1 : 0;
        const { grantedWon, paidWon } = order.due.used;
        const wallet = { credit: { grantedWon, paidWon }, minimumWon: won(100) };
        // On its first day nothing is left of what it replaces, so no gift of it is either.
        expect(order.giftLeftWon).toBe(0);
        const asked = orderNextPeriod(withoutWorth(before), wallet);
        expect({ ...asked, replaces: order.replaces }).toEqual(order);
        const { segments: _, base: __, periodDays: ___, ...after } = afterOrder(before, order);
        const { segments, base, periodDays, ...agreement } = withoutWorth(before);
        expect(agreementAfter(agreement, asked)).toEqual(after);
        expect([segments, base, periodDays]).toEqual([[], [], 0]);
      }
    }),
    { numRuns: 200 },
  );
  expect(renewals).toBeGreaterThan(100);
});

test("the gift part of a segment is never more than its value, and no credit is below zero", () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      live(life, { daysMore: 3 }, ({ contract, credit }) => {
        for (const { giftWon, valueWon } of contract.segments) {
          expect(giftWon).toBeLessThanOrEqual(valueWon);
        }
        expect(Math.min(credit.grantedWon, credit.paidWon)).toBeGreaterThanOrEqual(0);
      });
    }),
    { numRuns: 200 },
  );
});

test("no gift becomes money: who paid nothing gets nothing back", () => {
  const giftedLife = lives(anyCoupon, fc.constant(1e12));
  fc.assert(
    fc.property(giftedLife, fc.boolean(), (life, used) => {
      const steps = [...life.steps];
      const leavesOn = steps.at(-1)?.on ?? life.startsOn;
      steps.push({ on: leavesOn, ...LEAVES, used });
      const { refunds, paidCreditWon } = play({ ...life, steps });
      expect([refunds, paidCreditWon]).toEqual([[], 0]);
    }),
    { numRuns: 200 },
  );
});

test("no money becomes only credit: a contract that has ended keeps no paid credit", () => {
  fc.assert(
    fc.property(anyLife, fc.integer({ min: 0, max: 40 }), (life, daysMore) => {
      expect(live(life, { daysMore }, () => undefined).credit.paidWon).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test("withdrawing pays back at least what leaving without it does, and never more than came in", () => {
  fc.assert(
    fc.property(anyLife, fc.integer({ min: 0, max: 9 }), (life, daysMore) => {
      const leavesOn = addDays(life.steps.at(-1)?.on ?? life.startsOn, daysMore);
      const backOf = (used: boolean) => {
        const steps = [...life.steps, { on: leavesOn, ...LEAVES, used }];
        const outcome = play({ ...life, steps });
        const moneyIn = sum(outcome.invoices.map(({ dueWon }) => dueWon));
        return { back: sum(outcome.refunds.map(({ refundWon }) => refundWon)), moneyIn };
      };
      expect(backOf(false).back).toBeGreaterThanOrEqual(backOf(true).back);
      expect(backOf(false).back).toBeLessThanOrEqual(backOf(false).moneyIn);
    }),
    { numRuns: 200 },
  );
});

describe("changes on one day", () => {
  /** 9,900 won a month from 1 March, and one or more changes of the plan's price on a day of it. */
  function linesOf(
    on: CalendarDate,
    prices: readonly number[],
    coupon: LifeCoupon,
  ): readonly number[] {
    const steps = prices.map((unitWon): Step => ({ on, do: "change", unitWon: won(unitWon) }));
    const start = { startsOn: day("2027-03-01"), interval: "month", unitWon: won(9_900) } as const;
    const { invoices } = play({
      ...start,
      quantity: 1,
      grantedCreditWon: won(0),
      ...(coupon && { coupon }),
      steps,
    });
    return invoices.slice(1).map(({ lines }) => sum(lines.map((line) => line.won)));
  }
  const anyDayOfMarch = fc.integer({ min: 0, max: 30 }).map((at) => addDays(day("2027-03-01"), at));
  const twoDearer = fc.tuple(
    fc.integer({ min: 9_901, max: 100_000 }),
    fc.integer({ min: 100_001, max: 400_000 }),
  );

  test("two upgrades come to what the second alone comes to", () => {
    fc.assert(
      fc.property(
        anyDayOfMarch,
        twoDearer,
        fc.oneof(noCoupon, percentCoupon),
        (on, [one, two], coupon) => {
          expect(sum(linesOf(on, [one, two], coupon))).toBe(sum(linesOf(on, [two], coupon)));
        },
      ),
    );
  });

  /** What a wish for so many costs on a day: wished for at once, and in several steps. */
  function totalOf(on: CalendarDate, steps: readonly Step[], coupon: LifeCoupon): number {
    const invoices = play({
      startsOn: day("2027-03-01"),
      interval: "month",
      unitWon: won(9_900),
      quantity: 1,
      grantedCreditWon: won(10_000_000),
      ...(coupon && { coupon }),
      steps: [{ on, do: "look" }, ...steps],
    }).invoices.slice(1);
    return sum(invoices.map(({ totalWon }) => totalWon));
  }

  const anyPercent = fc.integer({ min: 1, max: 99 }).map((percent) => ({ percent, cycles: 1 }));
  const counts = fc.uniqueArray(fc.integer({ min: 2, max: 40 }), { minLength: 2, maxLength: 8 });

  test.each([
    ["1 won each", noCoupon, 1],
    ["2 won each under a percent coupon", anyPercent, 2],
  ] as const)("splitting seats or add-ons into many gains at most %s", (_, coupons, most) => {
    fc.assert(
      fc.property(
        fc.tuple(anyDayOfMarch, coupons),
        counts,
        fc.boolean(),
        ([on, coupon], drawn, areSeats) => {
          const wanted = drawn.toSorted((a, b) => a - b);
          const wish = (count: number): Step =>
            areSeats
              ? { on, do: "change", quantity: count }
              : { on, do: "change", addOnQuantity: count, addOnUnitWon: won(3_333) };
          const atOnce = totalOf(on, wanted.slice(-1).map(wish), coupon);
          const split = totalOf(on, wanted.map(wish), coupon);
          expect(atOnce - split).toBeLessThanOrEqual(most * wanted.length);
          expect(split - atOnce).toBeLessThanOrEqual(most * wanted.length);
        },
      ),
    );
  });

  test("seats added one by one cost at most a won less for each", () => {
    const seats = (on: CalendarDate, wanted: readonly number[]) =>
      sum(
        play({
          startsOn: day("2027-03-01"),
          interval: "month",
          unitWon: won(9_900),
          quantity: 1,
          grantedCreditWon: won(1_000_000),
          steps: wanted.map((count): Step => ({ on, do: "change", quantity: count })),
        })
          .invoices.slice(1)
          .map(({ totalWon }) => totalWon),
      );
    fc.assert(
      fc.property(anyDayOfMarch, fc.integer({ min: 2, max: 12 }), (on, count) => {
        const oneByOne = Array.from({ length: count - 1 }, (_, at) => at + 2);
        const saved = seats(on, [count]) - seats(on, oneByOne);
        expect(saved).toBeGreaterThanOrEqual(0);
        expect(saved).toBeLessThanOrEqual(count - 1);
      }),
    );
  });
});
