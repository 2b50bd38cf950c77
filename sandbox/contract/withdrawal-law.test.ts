/**
 * Leaving within seven days of an order. Each way is worked out here from the money that came in and the days that were
 * used, one by one, as if the withdrawn orders had not been made; the rules must find the best of them.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, type CalendarDate, daysBetween } from "@/lib/billing/calendar";
import { type Contract, creditAfter } from "@/lib/billing/subscription/contract";
import { won } from "@/lib/testing/billing";
import type { Step } from "./case";
import { anyLife, LEAVES, live, sum, wonOfDay } from "./lives";
import { type Life, type Played, take } from "./play";

fc.configureGlobal({ seed: 20_270_317 });

type Lived = {
  readonly played: Played;
  /** What was used before a day. */
  readonly usedBefore: ReadonlyMap<CalendarDate, number>;
  readonly today: CalendarDate;
};

type Way = { readonly back: number; readonly granted: number };

/** The ways to leave on a day when nothing was used since any order. */
function waysOf(life: Life, { played, usedBefore, today }: Lived, percent: number): readonly Way[] {
  const moneyIn = sum(played.orders.map(({ order }) => order.due.dueWon));
  const recent = played.orders.filter(({ paidOn }) => daysBetween(paidOn, today) <= 7);
  const worlds = [
    { contract: played.contract, on: addDays(today, 1), older: played.orders },
    ...recent.map(({ before, order }, at) => ({
      contract: before,
      on: order.on,
      older: played.orders.slice(at + 1),
    })),
  ];
  return worlds.map(({ contract, on, older }) => {
    const credit = older.reduceRight((owned, { order }) => creditAfter(owned, order), {
      grantedWon: life.grantedCreditWon,
      paidWon: won(0),
    });
    const used = (usedBefore.get(on) ?? 0) + usedOf(contract, on, today);
    const rests = contract.segments.map((segment) => {
      const passed = contract.pausedOn === null ? daysBetween(segment.startsOn, today) + 1 : 0;
      const days = Array.from({ length: Math.max(0, passed) }, (_, at) =>
        wonOfDay(segment, addDays(segment.startsOn, at)),
      );
      const unused = segment.valueWon - sum(days);
      const gift =
        segment.valueWon === 0 ? 0 : Math.floor((unused * segment.giftWon) / segment.valueWon);
      return { unused, gift };
    });
    const gift = sum(rests.map((rest) => rest.gift));
    const left = sum(rests.map((rest) => rest.unused)) - gift;
    const base = sum(contract.base.map((part) => part.won));
    const penalty = Math.min(Math.floor((base * percent) / 100), left);
    const granted = credit.grantedWon + gift;
    return { back: moneyIn + life.grantedCreditWon - used - penalty - granted, granted };
  });
}

function usedOf(contract: Contract, from: CalendarDate, to: CalendarDate): number {
  let used = 0;
  for (let day = from; day <= to; day = addDays(day, 1))
    used += sum(contract.segments.map((segment) => wonOfDay(segment, day)));
  return used;
}

test("the best of all ways is done, and of equals the one that leaves most credit", () => {
  let withdrawals = 0;
  fc.assert(
    fc.property(
      anyLife,
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 10 }),
      (life, daysMore, percent) => {
        const today = addDays(life.steps.at(-1)?.on ?? life.startsOn, daysMore);
        const usedBefore = new Map<CalendarDate, number>();
        let used = 0;
        let last: Played | null = null;
        live(life, { daysMore }, (played, day) => {
          usedBefore.set(day, used);
          if (played.contract.pausedOn === null)
            used += sum(played.contract.segments.map((segment) => wonOfDay(segment, day)));
          usedBefore.set(addDays(day, 1), used);
          last = played;
        });
        if (last === null) throw new Error("Nothing was lived");
        const ways = waysOf(life, { played: last, usedBefore, today }, percent);
        const best = ways.reduce((one, other) =>
          other.back > one.back || (other.back === one.back && other.granted > one.granted)
            ? other
            : one,
        );
        if (best !== ways[0]) withdrawals += 1;
        const leaves: Step = { on: today, ...LEAVES, used: false, penaltyPercent: percent };
        const left = take(last, leaves);
        expect(sum(left.refunds.map(({ refundWon }) => refundWon))).toBe(best.back);
        expect(left.credit).toEqual({ grantedWon: best.granted, paidWon: 0 });
      },
    ),
    { numRuns: 300 },
  );
  expect(withdrawals).toBeGreaterThan(50);
});
