/**
 * A coupon takes percent or won off paid periods of the interval it was taken in, for a number of them or for ever.
 *
 * 33 % of 9,990 won are rounded up for the customer: 3,297. Over several items the discount is shared by running sums,
 * so that the shares sum to it: 1,043 won over 9,900 and 4,990 are 693 and 350.
 */
import { parseWon, type Won } from "@/lib/billing/money";
import { floorShare } from "@/lib/billing/subscription/segment";

export type Coupon = {
  readonly off:
    | { readonly kind: "percent"; readonly percent: number }
    | { readonly kind: "won"; readonly won: Won };
  /** Periods it still discounts; null for ever. */
  readonly periodsLeft: number | null;
  /** Whether it discounted the running period: then a percentage also discounts what a change charges in it. */
  readonly isRunning: boolean;
};

export function discountsNextPeriod(coupon: Coupon | null): coupon is Coupon {
  return coupon !== null && coupon.periodsLeft !== 0;
}

export function discountsChange(coupon: Coupon | null): coupon is Coupon {
  return coupon?.isRunning === true && coupon.off.kind === "percent";
}

/** At most the base itself. */
export function discountWon({ off }: Pick<Coupon, "off">, baseWon: Won): Won {
  if (off.kind === "won") return parseWon(Math.min(off.won, baseWon));
  return parseWon(baseWon - floorShare(baseWon, 100 - off.percent, 100));
}

/** What each item bears of a discount, in the order of the items. */
export function shareDiscount(discount: Won, charges: readonly Won[]): readonly Won[] {
  const baseWon = charges.reduce<number>((sum, won) => sum + won, 0);
  let before = 0;
  let sum = 0;
  return charges.map((won) => {
    sum += won;
    const upTo = floorShare(discount, sum, baseWon);
    const share = parseWon(upTo - before);
    before = upTo;
    return share;
  });
}

/** The coupon after a paid period; null once it is used up and that period is over. */
export function afterPeriod(coupon: Coupon | null): Coupon | null {
  if (!discountsNextPeriod(coupon)) return null;
  const { periodsLeft } = coupon;
  return {
    ...coupon,
    isRunning: true,
    periodsLeft: periodsLeft === null ? null : periodsLeft - 1,
  };
}

/** The coupon in a period that is given for nothing: it counts paid periods only, and rests. */
export function restingCoupon(coupon: Coupon | null): Coupon | null {
  return discountsNextPeriod(coupon) ? { ...coupon, isRunning: false } : null;
}
