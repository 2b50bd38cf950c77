/** Days, amounts and contracts for tests of the rules: by hand, and drawn at random. */
import fc from "fast-check";
import {
  addDays,
  type CalendarDate,
  INTERVALS,
  type Interval,
  nthPeriod,
  parseCalendarDate,
} from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";
import {
  type Active,
  type Ended,
  type Incomplete,
  newOrder,
  type PastDue,
  type Trialing,
} from "@/lib/billing/subscription/subscription";

export const day = parseCalendarDate;
export const won = parseWon;

/** What a test may say of a contract, beside its state. */
type Given = {
  readonly anchorOn?: CalendarDate;
  readonly interval?: Interval;
  readonly amountWon?: Won;
  /** Periods paid since the anchor day. */
  readonly n?: number;
};

/** 9,900 won a month, counted from 31 January 2027; with `n` periods paid. */
function contract(paid: number, given: Given): Incomplete {
  const { anchorOn = day("2027-01-31"), interval = "month", amountWon = won(9_900) } = given;
  const { n = paid } = given;
  const order = newOrder(
    {
      id: "sub_1",
      accountId: "acc_1",
      checkoutId: "chk_1",
      product: "workspace",
      paymentMethodId: "pm_1",
    },
    { planId: "basic", amountWon, interval },
    anchorOn,
  );
  const paidTo = nthPeriod(anchorOn, interval, n).startsOn;
  return { ...order, n, paidTo, agreedWon: n > 0 ? amountWon : won(0) };
}

/** What is given of a contract's own fields, and of its state. */
function splitGiven<S extends object>({ anchorOn, interval, amountWon, n, ...state }: Given & S) {
  return {
    given: {
      ...(anchorOn && { anchorOn }),
      ...(interval && { interval }),
      ...(amountWon && { amountWon }),
      ...(n !== undefined && { n }),
    },
    state,
  };
}

export function incomplete(terms: Given & Partial<Incomplete> = {}): Incomplete {
  const { given, state } = splitGiven(terms);
  return { ...contract(0, given), ...state };
}

/** Free until its anchor day. */
export function trialing(terms: Given & Partial<Trialing> = {}): Trialing {
  const { given, state } = splitGiven(terms);
  return { ...contract(0, given), status: "trialing", ...state };
}

/** Paid for [2027-01-31, 2027-02-28); the next charge is due on 28 February. */
export function active(terms: Given & Partial<Active> = {}): Active {
  const { given, state } = splitGiven(terms);
  return { ...contract(1, given), status: "active", ...state };
}

/** The charge of 28 February 2027 was declined; the next try is on 1 March, the end on 14 March. */
export function pastDue(terms: Given & Partial<PastDue> = {}): PastDue {
  const { given, state } = splitGiven(terms);
  return {
    ...contract(1, given),
    status: "past-due",
    dueOn: day("2027-02-28"),
    nextTryOn: day("2027-03-01"),
    endsUnpaidOn: day("2027-03-14"),
    ...state,
  };
}

export function ended(terms: Given & Partial<Ended> = {}): Ended {
  const { given, state } = splitGiven(terms);
  const end = { endedOn: day("2027-02-28"), endReason: "canceled" } as const;
  return { ...contract(1, given), status: "ended", ...end, ...state };
}

/** From 2000 to 2099. */
export const anyDay: fc.Arbitrary<CalendarDate> = fc
  .integer({ min: 0, max: 36_524 })
  .map((days) => addDays(day("2000-01-01"), days));

/** Leap days and ends of months, where calendars go wrong, as often as all other days. */
export const anyAnchor: fc.Arbitrary<CalendarDate> = fc.oneof(
  anyDay,
  fc.constantFrom(
    ...["2027-01-28", "2027-01-29", "2027-01-30", "2027-01-31", "2028-01-31", "2028-02-29"].map(
      day,
    ),
    ...["2027-02-28", "2027-03-31", "2027-04-30", "2027-08-31", "2027-11-30", "2027-12-31"].map(
      day,
    ),
  ),
);

export const anyInterval = fc.constantFrom(...INTERVALS);

/** What can be charged to a card: 100 won to 10 billion. */
export const anyPrice: fc.Arbitrary<Won> = fc.integer({ min: 100, max: 10_000_000_000 }).map(won);

export const anyInstant = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2099-12-31T00:00:00Z"),
  noInvalidDate: true,
});
