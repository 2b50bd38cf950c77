/**
 * At any instant, to the won: money in + granted credit = money back + used + unused + penalties + credit − what was
 * given back beyond what was unused. Used days are added up here one by one, from what was charged for them.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineSentence } from "@/components/text/invoice-line";
import { addDays, type CalendarDate, daysBetween, nthPeriod } from "@/lib/billing/calendar";
import { explainLine } from "@/lib/billing/invoice/explain";
import type { Segment } from "@/lib/billing/subscription/segment";
import { anyLife, live, sum, wonOfDay } from "./lives";
import type { Played } from "./play";

fc.configureGlobal({ seed: 20_270_311 });

function unusedAfter({ contract }: Played, usedOf: ReadonlyMap<string, number>): number {
  return sum(
    contract.segments.map((segment) => segment.valueWon - (usedOf.get(idOf(segment)) ?? 0)),
  );
}

function idOf({ key, startsOn, days, valueWon }: Segment): string {
  return [key, startsOn, days, valueWon].join("/");
}

test("at the end of every day, to the won", () => {
  fc.assert(
    fc.property(anyLife, fc.integer({ min: 0, max: 40 }), (life, daysMore) => {
      let used = 0;
      let moneyIn = 0;
      let orders = 0;
      live(life, { daysMore }, (played, today) => {
        const { contract, credit } = played;
        moneyIn += sum(
          played.orders
            .slice(0, played.orders.length - orders)
            .map(({ order }) => order.due.dueWon),
        );
        orders = played.orders.length;
        const usedOf = new Map<string, number>();
        if (contract.pausedOn === null) {
          for (const segment of contract.segments) {
            const all = Array.from({ length: daysBetween(segment.startsOn, today) + 1 }, (_, at) =>
              wonOfDay(segment, addDays(segment.startsOn, at)),
            );
            used += all.at(-1) ?? 0;
            usedOf.set(idOf(segment), sum(all));
          }
        }
        const unused = unusedAfter(played, usedOf);
        expect(moneyIn + life.grantedCreditWon).toBe(
          used + unused + credit.grantedWon + credit.paidWon,
        );
      });
    }),
    { numRuns: 120 },
  );
});

test("leaving costs what was used and the penalty, and no gift is paid out", () => {
  const percents = fc.integer({ min: 0, max: 10 });
  fc.assert(
    fc.property(anyLife, fc.integer({ min: 0, max: 40 }), percents, (life, daysMore, percent) => {
      let used = 0;
      let left = 0;
      let gift = 0;
      const see = ({ contract, credit }: Played, today: CalendarDate) => {
        const unused = contract.segments.map((segment) => {
          if (contract.pausedOn !== null) return [segment.valueWon, segment.giftWon] as const;
          const passed = Array.from({ length: daysBetween(segment.startsOn, today) + 1 }, (_, at) =>
            wonOfDay(segment, addDays(segment.startsOn, at)),
          );
          used += passed.at(-1) ?? 0;
          const won = segment.valueWon - sum(passed);
          return [won, Math.floor((won * segment.giftWon) / (segment.valueWon || 1))] as const;
        });
        left = sum(unused.map(([won, ofGift]) => won - ofGift));
        gift = credit.grantedWon + sum(unused.map(([, ofGift]) => ofGift));
      };
      const played = live(life, { daysMore, penaltyPercent: percent }, see);
      const base = sum(played.contract.base.map(({ won }) => won));
      const penalty = Math.min(Math.floor((base * percent) / 100), left);
      const moneyIn = sum(played.orders.map(({ order }) => order.due.dueWon));
      const back = sum(played.refunds.map(({ refundWon }) => refundWon));
      expect(back).toBe(moneyIn + life.grantedCreditWon - used - penalty - gift);
      expect(played.credit).toEqual({ grantedWon: gift, paidWon: 0 });
    }),
    { numRuns: 120 },
  );
});

test("no two orders open the same period, and each is paid to the end of its own", () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      const played = live(life, { daysMore: 3 }, () => undefined);
      const opened = played.orders.flatMap(({ order }) => (order.opens ? [order] : []));
      const keys = opened.map(({ opens }) => `${opens?.cycle}/${opens?.n}`);
      expect(new Set(keys).size).toBe(keys.length);
      for (const { opens, terms } of opened)
        expect(opens?.period).toEqual(nthPeriod(terms.anchorOn, terms.interval, opens?.n ?? -1));
    }),
    { numRuns: 120 },
  );
});

test("each line is told with numbers that come to its won, in both languages", () => {
  const numbers = (text: string) =>
    [...text.matchAll(/\d[\d,]*/g)].map(([digits]) => Number(digits.replaceAll(",", "")));
  fc.assert(
    fc.property(anyLife, (life) => {
      for (const { order } of live(life, { daysMore: 3 }, () => undefined).orders) {
        for (const line of order.lines) {
          const korean = lineSentence(explainLine(line), "BASIC", "ko");
          const english = lineSentence(explainLine(line), "BASIC", "en");
          expect(numbers(korean).at(-1)).toBe(Math.abs(line.won));
          expect(numbers(english).at(-1)).toBe(Math.abs(line.won));
          expect(numbers(korean).toSorted((a, b) => a - b)).toEqual(
            numbers(english).toSorted((a, b) => a - b),
          );
        }
      }
    }),
    { numRuns: 100 },
  );
});
