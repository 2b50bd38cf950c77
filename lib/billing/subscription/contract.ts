/**
 * A running contract and what moves it: a paid order, a pause, an end. `paidTo` is the first day that is not paid for;
 * `n` counts the periods of the cycle from the anchor, and a cycle ends when anchor or interval move.
 *
 * Nothing here knows a clock: whoever calls collects first what is due before the day of the wish.
 */
import {
  addDays,
  type CalendarDate,
  daysBetween,
  laterOf,
  MONTHS_IN,
  nthPeriod,
  type Period,
} from "@/lib/billing/calendar";
import { afterPeriod, type Coupon, restingCoupon } from "@/lib/billing/coupon/coupon";
import type { Credit } from "@/lib/billing/invoice/due";
import { parseWon, type Won } from "@/lib/billing/money";
import type { Line, Order } from "./order";
import { restBefore, type Segment } from "./segment";
import {
  type BookedTerms,
  type Item,
  itemsOf,
  NOTHING_BOOKED,
  type Terms,
  withBooked,
} from "./terms";

/** What is kept of a contract, and decides its next period. */
export type Agreement = {
  readonly terms: Terms;
  readonly booked: BookedTerms;
  readonly cycle: number;
  /** The next period to be billed, counted from the anchor in periods of the interval. */
  readonly n: number;
  readonly paidTo: CalendarDate;
  readonly coupon: Coupon | null;
  /** Unit prices from the next period on, by the item's key. A higher one is agreed to by the customer first. */
  readonly nextPrices: Readonly<Record<string, Won>>;
  /** Coming periods that an operator gives for nothing. */
  readonly freePeriods: number;
  /** The first day without use. */
  readonly pausedOn: CalendarDate | null;
  /** The day of a booked end. */
  readonly cancelsOn: CalendarDate | null;
};

/** What the rest of the running period is worth: folded from paid invoices and pauses, and not kept. */
export type Worth = {
  /** Days of the running period, without those of a pause; 0 before the first. */
  readonly periodDays: number;
  /** Plan first, then the add-ons in the order of the terms. */
  readonly segments: readonly Segment[];
  /** What the running period's charges came to after discount and forgiving, by the day of payment: a penalty's base. */
  readonly base: readonly BasePart[];
};

export type Contract = Agreement & Worth;

/** How far the next period has come: its invoice is open while it is collected, and after its charge was declined. */
export type RenewalStage = "not-begun" | "collecting" | "past-due";

export type BasePart = { readonly paidOn: CalendarDate; readonly won: number };

/** The key of the segment of days that nobody pays for. It belongs to no item and lies behind the paid days. */
export const FREE_DAYS = "free-days";

/** How a contract stands before its first order is paid. */
export function newAgreement(terms: Terms, coupon: Coupon | null): Agreement {
  return {
    terms,
    booked: NOTHING_BOOKED,
    cycle: 0,
    n: 0,
    paidTo: terms.anchorOn,
    coupon,
    nextPrices: {},
    freePeriods: 0,
    pausedOn: null,
    cancelsOn: null,
  };
}

/**
 * A contract of which nothing is left to use: before its first order, and on the day its next period begins. What is
 * due of a next period can be asked of it, whatever the running one is worth.
 */
export function withoutWorth(agreement: Agreement): Contract {
  return { ...agreement, segments: [], base: [], periodDays: 0 };
}

/** The period that is to be billed next, at the terms in force by then. */
export function nextPeriodOf(contract: Agreement): {
  readonly terms: Terms;
  readonly cycle: number;
  readonly n: number;
  readonly period: Period;
} {
  const terms = withBooked(withPrices(contract.terms, contract.nextPrices), contract.booked);
  const isOtherInterval = terms.interval !== contract.terms.interval;
  const months = contract.n * MONTHS_IN[contract.terms.interval];
  const n = isOtherInterval ? months / MONTHS_IN[terms.interval] : contract.n;
  const cycle = isOtherInterval ? contract.cycle + 1 : contract.cycle;
  return { terms, cycle, n, period: nthPeriod(terms.anchorOn, terms.interval, n) };
}

/** The day of the next charge; null while paused and where an end is booked. */
export function nextDueOn(contract: Agreement): CalendarDate | null {
  return contract.pausedOn === null && contract.cancelsOn === null ? contract.paidTo : null;
}

/** Whether nothing was ever paid: before its first order, or in the free days before it. */
export function isUnbegun({ cycle, n }: Agreement): boolean {
  return cycle === 0 && n === 0;
}

/** The paid days that are left from a day on, without the free days behind them. */
export function paidDaysFrom({ segments }: Pick<Contract, "segments">, day: CalendarDate): number {
  const ends = segments.flatMap(({ key, startsOn, days }) =>
    key === FREE_DAYS ? [] : [daysBetween(day, addDays(startsOn, days))],
  );
  return Math.max(0, ...ends);
}

/**
 * The contract once an order is paid, or has nothing due. The days of a period begin when it is paid: days of grace
 * are free. A change keeps the day of its quote, however late its outcome is known.
 */
export function afterOrder(
  contract: Contract,
  order: Order,
  paidOn: CalendarDate = order.on,
): Contract {
  const { opens } = order;
  const on = firstDayOf(order, paidOn);
  const part = { paidOn, won: baseOf(order) };
  return {
    ...agreementAfter(contract, order),
    segments: openSegments(contract, { ...order, on }).segments,
    base: opens ? [part] : [...contract.base, part],
    periodDays: opens
      ? daysBetween(opens.period.startsOn, opens.period.endsOn)
      : contract.periodDays,
  };
}

/** How a contract stands once an order is paid, or has nothing due. */
export function agreementAfter(agreement: Agreement, order: Order): Agreement {
  const { opens } = order;
  const next: Agreement = {
    ...agreement,
    terms: order.terms,
    booked: order.booked,
    nextPrices: pricesKept(agreement, order),
  };
  if (!opens) return next;
  const isOtherInterval = order.terms.interval !== agreement.terms.interval;
  const isGiven = isNextPeriodFree(agreement) && order.kind === "period";
  return {
    ...next,
    cycle: opens.cycle,
    n: opens.n + 1,
    paidTo: opens.period.endsOn,
    coupon: isOtherInterval
      ? null
      : isGiven
        ? restingCoupon(agreement.coupon)
        : afterPeriod(agreement.coupon),
    freePeriods: agreement.freePeriods - (isGiven ? 1 : 0),
    // Cancelled while the money moved: what was paid is used to its end.
    cancelsOn: agreement.cancelsOn === null ? null : opens.period.endsOn,
  };
}

/** The first day of what an order pays for. A period that is over when it is paid was used, and keeps its days. */
export function firstDayOf(
  { kind, on, opens }: Pick<Order, "kind" | "on" | "opens">,
  paidOn: CalendarDate,
): CalendarDate {
  const isLate = kind === "period" && opens !== null && paidOn < opens.period.endsOn;
  return isLate ? laterOf(on, paidOn) : on;
}

export function isNextPeriodFree({ freePeriods }: Agreement): boolean {
  return freePeriods > 0;
}

function withPrices(terms: Terms, prices: Contract["nextPrices"]): Terms {
  const priced = (item: Item) => ({ ...item, unitWon: prices[item.key] ?? item.unitWon });
  return { ...terms, plan: priced(terms.plan), addOns: terms.addOns.map(priced) };
}

/** An agreed price is for the plan it was agreed for, until it is in force. */
export function pricesKept(
  { nextPrices }: Agreement,
  { replaces, opens }: Pick<Order, "replaces" | "opens">,
): Contract["nextPrices"] {
  if (opens) return {};
  return Object.fromEntries(Object.entries(nextPrices).filter(([key]) => !replaces.includes(key)));
}

/** A longer interval begins a new base with its full prices; what it replaced is not taken off. */
export function baseOf({ lines, due, opens }: Pick<Order, "lines" | "due" | "opens">): number {
  const counted = lines.filter((line) => line.kind !== "unused" || opens === null);
  return counted.reduce((sum, line) => sum + line.won, 0) - due.forgivenWon;
}

/**
 * The segments once an order is paid. Gift that was used, and the gift parts of what is replaced, become gift of what
 * is opened, plan first; what does not fit is granted credit again.
 */
export function openSegments(
  contract: Pick<Contract, "segments">,
  order: Pick<Order, "on" | "lines" | "due" | "replaces" | "opens" | "terms">,
): { readonly segments: readonly Segment[]; readonly giftLeftWon: Won } {
  const { on, due, replaces } = order;
  const restDays = order.opens
    ? daysBetween(on, order.opens.period.endsOn)
    : paidDaysFrom(contract, on);
  const charged = order.lines.filter(isCharge);
  let gift: number = due.used.grantedWon;
  let forgiven: number = due.forgivenWon;
  for (const segment of contract.segments) {
    const isTouched =
      replaces.includes(segment.key) || charged.some(({ key }) => key === segment.key);
    if (isTouched) gift += restBefore(segment, on).giftWon;
  }
  const opened = charged.map(({ key, netWon }) => {
    const grown = contract.segments.find(
      (segment) => segment.key === key && !replaces.includes(key),
    );
    const worth = netWon + (grown ? restBefore(grown, on).unusedWon : 0);
    const off = Math.min(forgiven, worth);
    forgiven -= off;
    const giftWon = Math.min(gift, worth - off);
    gift -= giftWon;
    return {
      key,
      startsOn: on,
      days: restDays,
      valueWon: parseWon(worth - off),
      giftWon: parseWon(giftWon),
    };
  });
  const kept = contract.segments.filter(
    ({ key }) => !replaces.includes(key) && !opened.some((segment) => segment.key === key),
  );
  const all = [...kept, ...opened];
  const keys = [...itemsOf(order.terms).map(({ key }) => key), FREE_DAYS];
  const segments = keys.flatMap((key) => all.filter((segment) => segment.key === key));
  return { segments, giftLeftWon: parseWon(gift) };
}

function isCharge(line: Line): line is Extract<Line, { kind: "plan" | "add-on" }> {
  return line.kind === "plan" || line.kind === "add-on";
}

/** What an account owns once an order is paid. */
export function creditAfter(credit: Credit, { due, giftLeftWon }: Order): Credit {
  return {
    grantedWon: parseWon(credit.grantedWon - due.used.grantedWon + giftLeftWon),
    paidWon: parseWon(
      credit.paidWon - due.used.paidWon + due.creditGrantedWon - giftLeftWon + due.topUpWon,
    ),
  };
}
