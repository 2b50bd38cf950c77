/** Random lives of a contract for the laws: wishes some days apart, with or without a coupon and a gift. */
import fc from "fast-check";
import { addDays, type CalendarDate, daysBetween, INTERVALS } from "@/lib/billing/calendar";
import type { Segment } from "@/lib/billing/subscription/segment";
import { day, won } from "@/lib/testing/billing";
import type { Step } from "./case";
import { begin, type Life, type Played, passTo, take } from "./play";

// Low prices as often as high ones: a longer interval is then often cheaper than what is left of a shorter one.
const price = fc
  .oneof(fc.integer({ min: 100, max: 400_000 }), fc.integer({ min: 100, max: 5_000 }))
  .map(won);
const quantity = fc.integer({ min: 1, max: 12 });

/** A wish, some days after the one before. */
const anyStep = fc.tuple(
  fc.integer({ min: 0, max: 45 }),
  fc.oneof(
    price.map((unitWon) => ({ do: "change" as const, unitWon })),
    fc
      .tuple(fc.constantFrom(...INTERVALS), price, price)
      .map(([interval, unitWon, addOnUnitWon]) => ({
        do: "change" as const,
        interval,
        unitWon,
        addOnUnitWon,
      })),
    quantity.map((wanted) => ({ do: "change" as const, quantity: wanted })),
    fc.tuple(fc.integer({ min: 0, max: 5 }), price).map(([addOnQuantity, addOnUnitWon]) => ({
      do: "change" as const,
      addOnQuantity,
      addOnUnitWon,
    })),
    fc.constant({ do: "pause" as const }),
    fc.constant({ do: "resume" as const }),
    fc.constant({ do: "look" as const }),
  ),
);

export type LifeCoupon = Life["coupon"];

const periodsOfCoupon = fc.constantFrom(-1, 1, 2, 3);
export const noCoupon: fc.Arbitrary<LifeCoupon> = fc.constant(undefined);
export const percentCoupon: fc.Arbitrary<LifeCoupon> = fc.record({
  percent: fc.integer({ min: 1, max: 100 }),
  cycles: periodsOfCoupon,
});
const wonCoupon: fc.Arbitrary<LifeCoupon> = fc.record({ won: price, cycles: periodsOfCoupon });

export function lives(
  coupons: fc.Arbitrary<LifeCoupon>,
  grants: fc.Arbitrary<number>,
): fc.Arbitrary<Life> {
  return fc
    .record({
      start: fc.integer({ min: 0, max: 800 }),
      interval: fc.constantFrom(...INTERVALS),
      unitWon: price,
      quantity,
      coupon: coupons,
      granted: grants,
      drawn: fc.array(anyStep, { maxLength: 8 }),
    })
    .map(({ start, interval, unitWon, quantity: seats, coupon, granted, drawn }) => {
      const startsOn = addDays(day("2027-01-01"), start);
      let on = startsOn;
      const steps = drawn.map(([later, step]): Step => {
        on = addDays(on, later);
        return { on, ...step };
      });
      return {
        startsOn,
        interval,
        unitWon,
        quantity: seats,
        ...(coupon && { coupon }),
        grantedCreditWon: won(granted),
        steps,
      };
    });
}

export const someGrant = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300_000 }));
export const anyCoupon = fc.oneof(noCoupon, percentCoupon, wonCoupon);
export const anyLife = lives(anyCoupon, someGrant);

export const LEAVES = { do: "cancel-now", penaltyPercent: 0, used: true } as const;

/** The whole life, then 중도해지 some days after the last step; calls `see` at the end of each day of use. */
export function live(
  life: Life,
  { daysMore, penaltyPercent = 0 }: { readonly daysMore: number; readonly penaltyPercent?: number },
  see: (played: Played, today: CalendarDate) => void,
): Played {
  const { steps, ...start } = life;
  const leavesOn = addDays(steps.at(-1)?.on ?? life.startsOn, daysMore);
  let played = begin(start);
  for (let today = life.startsOn; today <= leavesOn; today = addDays(today, 1)) {
    played = passTo(played, today);
    for (const step of steps) if (step.on === today) played = take(played, step);
    see(played, today);
  }
  return take(played, { on: leavesOn, ...LEAVES, penaltyPercent });
}

export const sum = (amounts: readonly number[]) => amounts.reduce((all, one) => all + one, 0);

/** What the day `on` of a segment costs: its days are floored together, so a day is the step between two floors. */
export function wonOfDay({ startsOn, days, valueWon }: Segment, on: Segment["startsOn"]): number {
  const at = daysBetween(startsOn, on);
  if (at < 0 || at >= days) return 0;
  const upTo = (count: number) => Math.floor((valueWon * count) / days);
  return upTo(at + 1) - upTo(at);
}
