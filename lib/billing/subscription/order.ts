/**
 * An order is an invoice before it is written: lines, what is due of them, and what becomes of the contract when it is
 * paid. The page, the confirmation, the invoice and the charge read the same order, so none can differ.
 */
import { type CalendarDate, daysBetween, type Interval, type Period } from "@/lib/billing/calendar";
import {
  type Coupon,
  discountsChange,
  discountsNextPeriod,
  discountWon,
  shareDiscount,
} from "@/lib/billing/coupon/coupon";
import { type Due, dueOf, type Wallet } from "@/lib/billing/invoice/due";
import { parseWon, type Won } from "@/lib/billing/money";
import {
  type Agreement,
  type Contract,
  isNextPeriodFree,
  nextPeriodOf,
  openSegments,
  paidDaysFrom,
  withoutWorth,
} from "./contract";
import { floorShare, restBefore } from "./segment";
import {
  type BookedTerms,
  fullPriceWon,
  type Item,
  itemsOf,
  NOTHING_BOOKED,
  type Terms,
} from "./terms";

/** `won` is signed. `days` of `ofDays`: the part of a period that a charge is for, or of a segment that is unused. */
export type Line =
  | {
      readonly kind: "plan" | "add-on";
      readonly key: string;
      readonly won: number;
      /** After its share of the discount. */
      readonly netWon: Won;
      readonly unitWon: Won;
      readonly quantity: number;
      readonly days: number;
      readonly ofDays: number;
    }
  | {
      readonly kind: "unused";
      readonly key: string;
      readonly won: number;
      readonly valueWon: Won;
      readonly days: number;
      readonly ofDays: number;
    }
  | {
      readonly kind: "discount";
      readonly won: number;
      readonly off: Coupon["off"];
      /** What it is taken off: the charges of the same order. */
      readonly baseWon: Won;
    };

export type Order = {
  readonly kind: "period" | "change";
  readonly on: CalendarDate;
  readonly lines: readonly Line[];
  readonly due: Due;
  /** Gift of what is replaced that fits nowhere: granted credit again. */
  readonly giftLeftWon: Won;
  /** Keys of the items whose segments end. */
  readonly replaces: readonly string[];
  /** The period that begins with it; null for a change within the running one. */
  readonly opens: { readonly cycle: number; readonly n: number; readonly period: Period } | null;
  /** What is in force once it is paid, and what stays booked. */
  readonly terms: Terms;
  readonly booked: BookedTerms;
};

/** The next period of a contract, with everything that is booked for its first day. */
export function orderNextPeriod(contract: Contract, wallet: Wallet): Order {
  const { terms, cycle, n, period } = nextPeriodOf(contract);
  const coupon = isNextPeriodFree(contract)
    ? FREE_PERIOD
    : couponOfPeriod(contract, terms.interval);
  const days = daysBetween(period.startsOn, period.endsOn);
  const charges = itemsOf(terms).map((item) => charge(item, { days, ofDays: days }));
  return complete(contract, wallet, {
    kind: "period",
    on: period.startsOn,
    lines: discounted(charges, coupon),
    replaces: contract.segments.map(({ key }) => key),
    opens: { cycle, n, period },
    terms,
    booked: NOTHING_BOOKED,
  });
}

/** What the next period comes to before credit, at the terms in force by then. */
export function nextTotalWon(agreement: Agreement): Won {
  return orderNextPeriod(withoutWorth(agreement), NO_CREDIT).due.totalWon;
}

/** What is due of the next period once the account's credit has paid its part. */
export function nextDueOf(agreement: Agreement, wallet: Wallet): Due {
  return orderNextPeriod(withoutWorth(agreement), wallet).due;
}

/** For totals, which credit does not change. */
export const NO_CREDIT: Wallet = {
  credit: { grantedWon: parseWon(0), paidWon: parseWon(0) },
  minimumWon: parseWon(0),
};

/** What an operator gives costs nothing, whatever a coupon would take off. */
const FREE_PERIOD: Coupon = {
  off: { kind: "percent", percent: 100 },
  periodsLeft: null,
  isRunning: false,
};

/** A coupon ends with a change of interval. */
function couponOfPeriod({ terms, coupon }: Agreement, interval: Interval): Coupon | null {
  return interval === terms.interval && discountsNextPeriod(coupon) ? coupon : null;
}

/** A change that is paid for today: what it charges, and which segments it ends. */
export type Change = {
  readonly terms: Terms;
  readonly booked: BookedTerms;
  readonly charges: readonly { readonly item: Item; readonly quantity: number }[];
  readonly replaces: readonly string[];
  /** A longer interval begins a period of its own, and an upgrade where the policy says so. */
  readonly opens: Order["opens"];
};

export function orderChange(
  contract: Contract,
  change: Change,
  { today, wallet }: { readonly today: CalendarDate; readonly wallet: Wallet },
): Order {
  const { opens } = change;
  const restDays = opens ? daysBetween(today, opens.period.endsOn) : paidDaysFrom(contract, today);
  const ofDays = opens ? restDays : contract.periodDays;
  const unused = contract.segments.flatMap((segment): Line[] => {
    const rest = restBefore(segment, today);
    if (!change.replaces.includes(segment.key) || rest.unusedWon === 0) return [];
    return [
      {
        kind: "unused",
        key: segment.key,
        won: -rest.unusedWon,
        valueWon: segment.valueWon,
        days: rest.restDays,
        ofDays: segment.days,
      },
    ];
  });
  const charges = change.charges.map(({ item, quantity }) =>
    charge({ ...item, quantity }, { days: restDays, ofDays }),
  );
  const inPeriod = discountsChange(contract.coupon) ? contract.coupon : null;
  const coupon = opens ? couponOfPeriod(contract, change.terms.interval) : inPeriod;
  return complete(contract, wallet, {
    kind: "change",
    on: today,
    lines: [...unused, ...discounted(charges, coupon)],
    replaces: change.replaces,
    opens,
    terms: change.terms,
    booked: change.booked,
  });
}

type Charge = Extract<Line, { kind: "plan" | "add-on" }>;

function charge(item: Item, { days, ofDays }: Pick<Charge, "days" | "ofDays">): Charge {
  const won = floorShare(fullPriceWon(item), days, ofDays);
  const { kind, key, unitWon, quantity } = item;
  return { kind, key, won, netWon: won, unitWon, quantity, days, ofDays };
}

/** A line of 0 won says nothing and is left out, but for the plan's. */
function discounted(charges: readonly Charge[], coupon: Coupon | null): readonly Line[] {
  const amounts = charges.map(({ netWon }) => netWon);
  const baseWon = parseWon(amounts.reduce<number>((sum, won) => sum + won, 0));
  const discount = coupon ? discountWon(coupon, baseWon) : parseWon(0);
  const shares = shareDiscount(discount, amounts);
  const lines: Line[] = charges.flatMap((line, at) => {
    const netWon = parseWon(line.won - (shares[at] ?? 0));
    return line.kind === "plan" || line.won > 0 ? [{ ...line, netWon }] : [];
  });
  return coupon && discount > 0
    ? [...lines, { kind: "discount", won: -discount, off: coupon.off, baseWon }]
    : lines;
}

function complete(
  contract: Contract,
  wallet: Wallet,
  draft: Omit<Order, "due" | "giftLeftWon">,
): Order {
  const { kind, on, lines, replaces, opens, terms, booked } = draft;
  const sumOfLines = lines.reduce((sum, { won }) => sum + won, 0);
  const due = dueOf(kind, sumOfLines, wallet);
  const { giftLeftWon } = openSegments(contract, { on, lines, due, replaces, opens, terms });
  return { kind, on, lines, due, giftLeftWon, replaces, opens, terms, booked };
}
