import { describe, expect, it } from "vitest";
import { seoulInstant } from "@/lib/billing/calendar";
import { nextPeriod, type Subscription } from "@/lib/billing/subscription/subscription";
import { active, day, ended, incomplete, pastDue, trialing } from "@/lib/testing/billing";
import { decideRenewal, nextChargeOn, type Renewal } from "./renewal";

const notDue = (dueOn: string | null): Renewal => ({
  kind: "not-due",
  dueOn: dueOn === null ? null : day(dueOn),
});
const ends = (reason: "canceled" | "unpaid" | "no-consent"): Renewal => ({ kind: "end", reason });
const february = { startsOn: day("2027-02-28"), endsOn: day("2027-03-31") };
const january = { startsOn: day("2027-01-31"), endsOn: day("2027-02-28") };
const charges = (period: typeof february): Renewal => ({
  kind: "charge",
  period,
  amountWon: active().amountWon,
});

describe("today asks of", () => {
  it.for<[what: string, subscription: Subscription, today: string, renewal: Renewal]>([
    ["a paid month, the day before: nothing", active(), "2027-02-27", notDue("2027-02-28")],
    ["a paid month, on the day: the next one", active(), "2027-02-28", charges(february)],
    ["a paid month, after a standstill: the oldest one", active(), "2027-06-01", charges(february)],
    [
      "a booked end, the day before: nothing",
      active({ cancelsOn: day("2027-02-28") }),
      "2027-02-27",
      notDue("2027-02-28"),
    ],
    [
      "a booked end, on the day: the end",
      active({ cancelsOn: day("2027-02-28") }),
      "2027-02-28",
      ends("canceled"),
    ],
    [
      "a booked end, after a standstill: the end",
      active({ cancelsOn: day("2027-02-28") }),
      "2027-05-01",
      ends("canceled"),
    ],
    [
      "free days with a booked end: the end, with or without consent",
      trialing({ cancelsOn: day("2027-01-31") }),
      "2027-01-31",
      ends("canceled"),
    ],
    [
      "a failed payment, before its next try: nothing",
      pastDue(),
      "2027-02-28",
      notDue("2027-03-01"),
    ],
    [
      "a failed payment, on the day of its next try: the try",
      pastDue(),
      "2027-03-01",
      charges(february),
    ],
    ["a failed payment, days after the try: the try", pastDue(), "2027-03-05", charges(february)],
    [
      "a failed payment on its last day: the last try",
      pastDue({ nextTryOn: day("2027-03-14") }),
      "2027-03-14",
      charges(february),
    ],
    [
      "a stopped card, meanwhile: nothing",
      pastDue({ nextTryOn: null }),
      "2027-03-13",
      notDue(null),
    ],
    [
      "a stopped card, on the last day: the end",
      pastDue({ nextTryOn: null }),
      "2027-03-14",
      ends("unpaid"),
    ],
    ["a contract not paid for yet: nothing", incomplete(), "2027-06-01", notDue(null)],
    ["a contract that is over: nothing", ended(), "2027-06-01", notDue(null)],
  ])("%s", ([, subscription, today, renewal]) => {
    expect(decideRenewal(subscription, day(today), true)).toEqual(renewal);
  });
});

describe("free days that are over", () => {
  it.each<[consent: boolean, today: string, renewal: Renewal]>([
    [true, "2027-01-30", notDue("2027-01-31")],
    [false, "2027-01-30", notDue("2027-01-31")],
    [true, "2027-01-31", charges(january)],
    [false, "2027-01-31", ends("no-consent")],
    [false, "2027-02-03", ends("no-consent")],
  ])("with consent %s on %s", (hasConsent, today, renewal) => {
    expect(decideRenewal(trialing(), day(today), hasConsent)).toEqual(renewal);
  });
});

it("a paid contract needs no consent to go on at its price", () => {
  expect(decideRenewal(active(), day("2027-02-28"), false)).toEqual(charges(february));
});

it("the amount and days a customer reads are those that are charged", () => {
  const yearly = active({ interval: "year", anchorOn: day("2028-02-29"), periodsPaid: 1 });
  const renewal = decideRenewal(yearly, day("2029-02-28"), false);
  expect(renewal).toEqual({
    kind: "charge",
    period: nextPeriod(yearly),
    amountWon: yearly.amountWon,
  });
  expect(nextPeriod(yearly)).toEqual({ startsOn: "2029-02-28", endsOn: "2030-02-28" });
});

describe("the day of the next charge", () => {
  const booked = seoulInstant(day("2027-03-12"), 10);
  it.for<[string, Subscription, Date | null, boolean, string | null]>([
    [
      "is the one booked, also when the period began before it",
      active(),
      booked,
      false,
      "2027-03-12",
    ],
    ["is not known while a charge is under way", active(), null, false, null],
    [
      "is none once an end is booked",
      active({ cancelsOn: day("2027-03-31") }),
      booked,
      false,
      null,
    ],
    ["is none in free days without consent", trialing(), booked, false, null],
    ["comes with consent", trialing(), booked, true, "2027-03-12"],
    ["is the next try of an overdue payment", pastDue(), booked, false, "2027-03-12"],
    ["is none while only another card can help", pastDue({ nextTryOn: null }), booked, false, null],
    ["is none for an order", incomplete(), booked, false, null],
    ["is none once it is over", ended(), booked, false, null],
  ])("%s", ([, subscription, bookedAt, hasConsent, on]) => {
    expect(nextChargeOn(subscription, bookedAt, hasConsent)).toBe(on);
  });
});
