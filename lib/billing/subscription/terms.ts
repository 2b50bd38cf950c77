/**
 * What a contract consists of: items at an interval, counted from an anchor day; and what is booked for the end of the
 * running period. Terms are replaced as a whole and never overwritten.
 */
import { type CalendarDate, type Interval, MONTHS_IN } from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";

/** A price and a quantity. The plan stands first and its quantity is the seats; add-ons follow. */
export type Item = {
  readonly key: string;
  readonly kind: "plan" | "add-on";
  readonly unitWon: Won;
  readonly quantity: number;
};

export type Terms = {
  readonly plan: Item;
  /** Each with a quantity of 1 or more. */
  readonly addOns: readonly Item[];
  readonly interval: Interval;
  readonly anchorOn: CalendarDate;
};

/** Another price, or another interval with a price for every item. */
export type Move = {
  /** The key of another plan; the plan stays where it is left out. */
  readonly plan?: string;
  readonly interval: Interval;
  readonly unitWon: Won;
  /** What an add-on costs there, by its key; the ones that are not named have no price for the interval. */
  readonly addOnUnitWon: Readonly<Record<string, Won>>;
};

/** What is wanted from the end of the running period on. Each wish replaces what was booked for its own field. */
export type BookedTerms = {
  readonly move: Move | null;
  readonly seats: number | null;
  /** Quantities by the add-on's key; 0 drops it. */
  readonly addOns: Readonly<Record<string, number>>;
};

export const NOTHING_BOOKED: BookedTerms = { move: null, seats: null, addOns: {} };

export function itemsOf(terms: Terms): readonly Item[] {
  return [terms.plan, ...terms.addOns];
}

export function isLonger(a: Interval, b: Interval): boolean {
  return MONTHS_IN[a] > MONTHS_IN[b];
}

/** What an item costs for one whole period. */
export function fullPriceWon(item: Item): Won {
  return parseWon(item.unitWon * item.quantity);
}

/**
 * The terms once everything booked is in force. The anchor stays: a shorter interval keeps its day of the month, so
 * that a year from 29 February 2028 goes on monthly on 28 February 2029 and 29 March.
 */
export function withBooked(terms: Terms, booked: BookedTerms): Terms {
  const { move } = booked;
  const isOtherInterval = move !== null && move.interval !== terms.interval;
  const addOns = terms.addOns.flatMap((item) => {
    const quantity = booked.addOns[item.key] ?? item.quantity;
    const unitWon = isOtherInterval ? move.addOnUnitWon[item.key] : item.unitWon;
    if (quantity === 0) return [];
    if (unitWon === undefined)
      throw new Error(`Add-on ${item.key} has no price for a ${move?.interval}`);
    return [{ ...item, quantity, unitWon }];
  });
  const plan = {
    ...terms.plan,
    key: move?.plan ?? terms.plan.key,
    unitWon: move?.unitWon ?? terms.plan.unitWon,
    quantity: booked.seats ?? terms.plan.quantity,
  };
  return { ...terms, plan, addOns, interval: move?.interval ?? terms.interval };
}
