/** Days, amounts and contracts for tests of the rules: by hand, and drawn at random. */
import fc from "fast-check";
import { addDays, type CalendarDate, INTERVALS, parseCalendarDate } from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";
import type {
  Active,
  Ended,
  Incomplete,
  PastDue,
  Trialing,
} from "@/lib/billing/subscription/subscription";

export const day = parseCalendarDate;
export const won = parseWon;

/** 9,900 won a month, counted from 31 January 2027, not paid yet. */
const contract = {
  id: "sub_1",
  accountId: "cus_1",
  checkoutId: "chk_1",
  product: "workspace",
  planId: "basic",
  priceId: "basic-month-v1",
  amountWon: won(9_900),
  interval: "month",
  paymentMethodId: "pm_1",
  anchorOn: day("2027-01-31"),
  periodsPaid: 0,
} as const;

export function incomplete(terms: Partial<Incomplete> = {}): Incomplete {
  return { ...contract, status: "incomplete", cancelsOn: null, ...terms };
}

/** Free until its anchor day. */
export function trialing(terms: Partial<Trialing> = {}): Trialing {
  return { ...contract, status: "trialing", cancelsOn: null, ...terms };
}

/** Paid for [2027-01-31, 2027-02-28); the next charge is due on 28 February. */
export function active(terms: Partial<Active> = {}): Active {
  return { ...contract, periodsPaid: 1, status: "active", cancelsOn: null, ...terms };
}

/** The charge of 28 February 2027 was declined; the next try is on 1 March, the end on 14 March. */
export function pastDue(terms: Partial<PastDue> = {}): PastDue {
  return {
    ...contract,
    periodsPaid: 1,
    status: "past-due",
    dueOn: day("2027-02-28"),
    nextTryOn: day("2027-03-01"),
    endsUnpaidOn: day("2027-03-14"),
    cancelsOn: null,
    ...terms,
  };
}

export function ended(terms: Partial<Ended> = {}): Ended {
  const end = { endedOn: day("2027-02-28"), endReason: "canceled" } as const;
  return { ...contract, periodsPaid: 1, status: "ended", ...end, ...terms };
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
