/**
 * What a wish about a contract means. Longer and dearer is now, shorter and cheaper at the end of the period; more seats
 * or add-ons now, fewer at the end. A wish equal to what is there undoes what is booked for it.
 */
import { type CalendarDate, nthPeriod } from "@/lib/billing/calendar";
import type { Coupon } from "@/lib/billing/coupon/coupon";
import type { Won } from "@/lib/billing/money";
import type { Contract } from "./contract";
import type { Change } from "./order";
import {
  type BookedTerms,
  type Item,
  isLonger,
  itemsOf,
  type Move,
  NOTHING_BOOKED,
  withBooked,
} from "./terms";

export type Wish =
  | { readonly kind: "move"; readonly to: Move }
  | { readonly kind: "seats"; readonly quantity: number; readonly maximum: number }
  /** `unitWon` is what it costs where the contract has none yet; null when it is not sold at this interval. */
  | {
      readonly kind: "add-on";
      readonly key: string;
      readonly quantity: number;
      readonly unitWon: Won | null;
    }
  /** Discounts from the next period on. */
  | { readonly kind: "coupon"; readonly coupon: Omit<Coupon, "isRunning"> };

export type WishRefusal = {
  readonly code:
    | "paused"
    | "end-booked"
    | "past-due"
    /** One coupon at a time. */
    | "coupon-in-use"
    /** Seats below 1 or above the maximum, or a negative number of add-ons. */
    | "quantity"
    /** An add-on has no price at the interval: it must be dropped before the move, or waits until after it. */
    | "add-on-without-price";
};

/** Whether an upgrade keeps the days of the running period, or begins one. */
export type UpgradePolicy = "keeps-day" | "begins-period";

export type WishDecision =
  | { readonly kind: "now"; readonly change: Change }
  | { readonly kind: "booked"; readonly booked: BookedTerms }
  | { readonly kind: "undone"; readonly booked: BookedTerms }
  | { readonly kind: "coupon"; readonly coupon: Coupon }
  | { readonly kind: "refused"; readonly refusal: WishRefusal };

export function decideWish(
  contract: Contract,
  wish: Wish,
  { today, upgrade }: { readonly today: CalendarDate; readonly upgrade: UpgradePolicy },
): WishDecision {
  switch (wish.kind) {
    case "move":
      return decideMove(contract, wish.to, { today, upgrade });
    case "seats":
      return decideSeats(contract, wish);
    case "add-on":
      return decideAddOn(contract, wish);
    case "coupon":
      return contract.coupon
        ? refuseWish("coupon-in-use")
        : { kind: "coupon", coupon: { ...wish.coupon, isRunning: false } };
    default:
      return wish satisfies never;
  }
}

/** Interval first; at the same interval the list price of the plan decides, at equal quantity. */
function decideMove(
  contract: Contract,
  to: Move,
  { today, upgrade }: { readonly today: CalendarDate; readonly upgrade: UpgradePolicy },
): WishDecision {
  const { terms, booked } = contract;
  if (to.interval !== terms.interval && !arePriced(contract, to))
    return refuseWish("add-on-without-price");
  const isDearer = to.interval === terms.interval && to.unitWon > terms.plan.unitWon;
  if (isLonger(to.interval, terms.interval) || (isDearer && upgrade === "begins-period"))
    return beginPeriod(contract, to, today);
  if (isDearer) {
    const plan = { ...terms.plan, key: to.plan ?? terms.plan.key, unitWon: to.unitWon };
    return {
      kind: "now",
      change: {
        terms: { ...terms, plan },
        booked: { ...booked, move: null },
        charges: [{ item: plan, quantity: plan.quantity }],
        replaces: [terms.plan.key],
        opens: null,
      },
    };
  }
  const isSame =
    (to.plan ?? terms.plan.key) === terms.plan.key &&
    to.interval === terms.interval &&
    to.unitWon === terms.plan.unitWon;
  return book({ ...booked, move: isSame ? null : to }, isSame);
}

/** A new period begins today, today is the new anchor, and what was booked for the end takes effect now. */
function beginPeriod(contract: Contract, to: Move, today: CalendarDate): WishDecision {
  const moved = withBooked(contract.terms, { ...contract.booked, move: to });
  const terms = { ...moved, anchorOn: today };
  return {
    kind: "now",
    change: {
      terms,
      booked: NOTHING_BOOKED,
      charges: itemsOf(terms).map((item) => ({ item, quantity: item.quantity })),
      replaces: contract.segments.map(({ key }) => key),
      opens: { cycle: contract.cycle + 1, n: 0, period: nthPeriod(today, to.interval, 0) },
    },
  };
}

function decideSeats(
  { terms, booked }: Contract,
  { quantity, maximum }: Extract<Wish, { kind: "seats" }>,
): WishDecision {
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > maximum)
    return refuseWish("quantity");
  const added = quantity - terms.plan.quantity;
  if (added <= 0) return book({ ...booked, seats: added === 0 ? null : quantity }, added === 0);
  const plan = { ...terms.plan, quantity };
  return {
    kind: "now",
    change: {
      terms: { ...terms, plan },
      booked: { ...booked, seats: null },
      charges: [{ item: plan, quantity: added }],
      replaces: [],
      opens: null,
    },
  };
}

function decideAddOn(
  contract: Contract,
  { key, quantity, unitWon }: Extract<Wish, { kind: "add-on" }>,
): WishDecision {
  const { terms, booked } = contract;
  if (!Number.isSafeInteger(quantity) || quantity < 0) return refuseWish("quantity");
  const held = terms.addOns.find((item) => item.key === key);
  const added = quantity - (held?.quantity ?? 0);
  const { [key]: _, ...others } = booked.addOns;
  // A move that is booked takes along what is held by then, so that must have a price there.
  if (quantity > 0 && !isPricedIn(booked.move, terms.interval, key))
    return refuseWish("add-on-without-price");
  if (added === 0) return book({ ...booked, addOns: others }, true);
  if (added < 0) return book({ ...booked, addOns: { ...others, [key]: quantity } }, false);
  const price = held?.unitWon ?? unitWon;
  if (price === null) return refuseWish("add-on-without-price");
  const item: Item = { key, kind: "add-on", unitWon: price, quantity };
  const addOns = held
    ? terms.addOns.map((other) => (other.key === key ? item : other))
    : [...terms.addOns, item];
  return {
    kind: "now",
    change: {
      terms: { ...terms, addOns },
      booked: { ...booked, addOns: others },
      charges: [{ item, quantity: added }],
      replaces: [],
      opens: null,
    },
  };
}

/** Whether each add-on that goes along has a price at the interval. */
function arePriced({ terms, booked }: Contract, to: Move): boolean {
  return terms.addOns.every(
    ({ key, quantity }) =>
      (booked.addOns[key] ?? quantity) === 0 || to.addOnUnitWon[key] !== undefined,
  );
}

function isPricedIn(move: Move | null, interval: Move["interval"], key: string): boolean {
  return move === null || move.interval === interval || move.addOnUnitWon[key] !== undefined;
}

function book(booked: BookedTerms, isUndone: boolean): WishDecision {
  return { kind: isUndone ? "undone" : "booked", booked };
}

export function refuseWish(code: WishRefusal["code"]): {
  readonly kind: "refused";
  readonly refusal: WishRefusal;
} {
  return { kind: "refused", refusal: { code } };
}
