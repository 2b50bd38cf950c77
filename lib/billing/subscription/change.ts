/**
 * What a wish about a contract means today. Longer and dearer is now, shorter and cheaper at the end of the period;
 * more seats or add-ons now, fewer at the end. A wish equal to what is there undoes what is booked for it.
 */
import { type CalendarDate, nthPeriod } from "@/lib/billing/calendar";
import type { Wallet } from "@/lib/billing/invoice/due";
import type { Won } from "@/lib/billing/money";
import type { Contract } from "./contract";
import { type Change, type Order, orderChange } from "./order";
import { type Booked, type Item, isLonger, itemsOf, type Move, withBooked } from "./terms";

export type Wish =
  | { readonly kind: "move"; readonly to: Move }
  | { readonly kind: "seats"; readonly quantity: number; readonly maximum: number }
  /** `unitWon` is what it costs where the contract has none yet; null when it is not sold at this interval. */
  | {
      readonly kind: "add-on";
      readonly key: string;
      readonly quantity: number;
      readonly unitWon: Won | null;
    };

export type WishRefusal = {
  readonly code:
    | "paused"
    | "end-booked"
    /** Seats below 1 or above the maximum, or a negative number of add-ons. */
    | "quantity"
    /** An add-on has no price at the interval: it must be dropped before the move, or waits until after it. */
    | "add-on-without-price";
};

export type ChangeQuote =
  /** In force once its order is paid. */
  | { readonly kind: "now"; readonly order: Order }
  /** Nothing is paid today; `booked` is all that is booked from now on. */
  | { readonly kind: "booked" | "undone"; readonly booked: Booked }
  | { readonly kind: "refused"; readonly refusal: WishRefusal };

/** Quotes one wish on a day on which nothing is due any more. */
export function quoteChange(
  contract: Contract,
  wish: Wish,
  { today, wallet }: { readonly today: CalendarDate; readonly wallet: Wallet },
): ChangeQuote {
  if (contract.pausedOn !== null) return refused("paused");
  if (contract.endsOn !== null) return refused("end-booked");
  const decided = decide(contract, wish, today);
  if (decided.kind !== "now") return decided;
  return { kind: "now", order: orderChange(contract, decided.change, { today, wallet }) };
}

type Decision =
  | Exclude<ChangeQuote, { kind: "now" }>
  | { readonly kind: "now"; readonly change: Change };

function decide(contract: Contract, wish: Wish, today: CalendarDate): Decision {
  switch (wish.kind) {
    case "move":
      return decideMove(contract, wish.to, today);
    case "seats":
      return decideSeats(contract, wish);
    case "add-on":
      return decideAddOn(contract, wish);
    default:
      return wish satisfies never;
  }
}

/** Interval first; at the same interval the list price of the plan decides, at equal quantity. */
function decideMove(contract: Contract, to: Move, today: CalendarDate): Decision {
  const { terms, booked } = contract;
  if (to.interval !== terms.interval && !arePriced(contract, to))
    return refused("add-on-without-price");
  if (isLonger(to.interval, terms.interval)) return moveToLonger(contract, to, today);
  if (to.interval === terms.interval && to.unitWon > terms.plan.unitWon) {
    const plan = { ...terms.plan, unitWon: to.unitWon };
    return {
      kind: "now",
      change: {
        terms: { ...terms, plan },
        booked: { ...booked, move: null },
        charges: [{ item: plan, quantity: plan.quantity }],
        replaces: [plan.key],
        opens: null,
      },
    };
  }
  const isSame = to.interval === terms.interval && to.unitWon === terms.plan.unitWon;
  return book({ ...booked, move: isSame ? null : to }, isSame);
}

/** A new period begins today, today is the new anchor, and what was booked for the end takes effect now. */
function moveToLonger(contract: Contract, to: Move, today: CalendarDate): Decision {
  const moved = withBooked(contract.terms, { ...contract.booked, move: to });
  const terms = { ...moved, anchorOn: today };
  return {
    kind: "now",
    change: {
      terms,
      booked: { move: null, seats: null, addOns: {} },
      charges: itemsOf(terms).map((item) => ({ item, quantity: item.quantity })),
      replaces: contract.segments.map(({ key }) => key),
      opens: { cycle: contract.cycle + 1, n: 0, period: nthPeriod(today, to.interval, 0) },
    },
  };
}

function decideSeats(
  { terms, booked }: Contract,
  { quantity, maximum }: Extract<Wish, { kind: "seats" }>,
): Decision {
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > maximum)
    return refused("quantity");
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
): Decision {
  const { terms, booked } = contract;
  if (!Number.isSafeInteger(quantity) || quantity < 0) return refused("quantity");
  const held = terms.addOns.find((item) => item.key === key);
  const added = quantity - (held?.quantity ?? 0);
  const { [key]: _, ...others } = booked.addOns;
  // A move that is booked takes along what is held by then, so that must have a price there.
  if (quantity > 0 && !isPricedIn(booked.move, terms.interval, key))
    return refused("add-on-without-price");
  if (added === 0) return book({ ...booked, addOns: others }, true);
  if (added < 0) return book({ ...booked, addOns: { ...others, [key]: quantity } }, false);
  const price = held?.unitWon ?? unitWon;
  if (price === null) return refused("add-on-without-price");
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

function book(booked: Booked, isUndone: boolean): Decision {
  return { kind: isUndone ? "undone" : "booked", booked };
}

function refused(code: WishRefusal["code"]): { kind: "refused"; refusal: WishRefusal } {
  return { kind: "refused", refusal: { code } };
}
