import { describe, expect, it } from "vitest";
import { type Period, seoulInstant } from "@/lib/billing/calendar";
import type { GivenConsent } from "@/lib/billing/consent/rise";
import { isSameExpected } from "@/lib/billing/subscription/expectation";
import { NO_CREDIT } from "@/lib/billing/subscription/order";
import { nextPeriod, type Subscription } from "@/lib/billing/subscription/subscription";
import { active, day, ended, incomplete, pastDue, trialing, won } from "@/lib/testing/billing";
import { walletOf } from "@/lib/testing/contract";
import { askedNext, decideRenewal, expectedOf, nextChargeOn, type Renewal } from "./renewal";

/** What was decided, told by days and won. */
type Told =
  | Exclude<Renewal, { kind: "charge" }>
  | { readonly kind: "charge"; readonly period: Period | undefined; readonly amountWon: number };

/** What today asks, of a customer without credit who agreed to the end of the free days, or did not. */
function decided(subscription: Subscription, today: string, hasConsent: boolean): Told {
  const consents = hasConsent ? [agreed] : [];
  const facts = { today: day(today), wallet: NO_CREDIT, consents };
  const renewal = decideRenewal(subscription, facts);
  if (renewal.kind !== "charge") return renewal;
  const { opens, due } = renewal.order;
  expect(due.dueWon).toBe(due.totalWon);
  return { kind: "charge", period: opens?.period, amountWon: due.totalWon };
}

const agreed: GivenConsent = {
  changesOn: day("2027-01-31"),
  fromWon: won(0),
  toWon: won(9_900),
  agreedAt: new Date("2027-01-20T12:00:00+09:00"),
  voidedAt: null,
};
const notDue = (dueOn: string | null): Told => ({
  kind: "not-due",
  dueOn: dueOn === null ? null : day(dueOn),
});
const ends = (reason: "canceled" | "unpaid" | "no-consent"): Told => ({ kind: "end", reason });
const february = { startsOn: day("2027-02-28"), endsOn: day("2027-03-31") };
const january = { startsOn: day("2027-01-31"), endsOn: day("2027-02-28") };
const charges = (period: Period): Told => ({ kind: "charge", period, amountWon: 9_900 });

describe("today asks of", () => {
  it.for<[what: string, subscription: Subscription, today: string, renewal: Told]>([
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
    expect(decided(subscription, today, true)).toEqual(renewal);
  });
});

describe("free days that are over", () => {
  it.each<[consent: boolean, today: string, renewal: Told]>([
    [true, "2027-01-30", notDue("2027-01-31")],
    [false, "2027-01-30", notDue("2027-01-31")],
    [true, "2027-01-31", charges(january)],
    [false, "2027-01-31", ends("no-consent")],
    [false, "2027-02-03", ends("no-consent")],
  ])("with consent %s on %s", (hasConsent, today, renewal) => {
    expect(decided(trialing(), today, hasConsent)).toEqual(renewal);
  });
});

it("a paid contract needs no consent to go on at its price", () => {
  expect(decided(active(), "2027-02-28", false)).toEqual(charges(february));
  expect(decided(pastDue(), "2027-03-01", false)).toEqual(charges(february));
});

it("the amount and days a customer reads are those that are charged", () => {
  const yearly = active({ interval: "year", anchorOn: day("2028-02-29"), n: 1 });
  const renewal = decided(yearly, "2029-02-28", false);
  expect(renewal).toEqual({ kind: "charge", period: nextPeriod(yearly), amountWon: 9_900 });
  expect(nextPeriod(yearly)).toEqual({ startsOn: "2029-02-28", endsOn: "2030-02-28" });
});

it("a paid contract that costs more than was agreed to ends without consent, and goes on with it", () => {
  const dearer = { ...active(), nextPrices: { basic: won(12_900) } };
  expect(decided(dearer, "2027-02-28", false)).toEqual(ends("no-consent"));
  const facts = { today: day("2027-02-28"), wallet: NO_CREDIT };
  const yes = { ...agreed, changesOn: day("2027-02-28"), toWon: won(12_900) };
  const inTime = { ...yes, agreedAt: new Date("2027-02-20T12:00:00+09:00") };
  expect(decideRenewal(dearer, { ...facts, consents: [inTime] })).toMatchObject({
    kind: "charge",
    order: { due: { totalWon: 12_900 } },
  });
});

describe("credit pays first, and decides nothing", () => {
  it.for<[string, Subscription, string]>([
    ["a renewal", active(), "2027-02-28"],
    ["a try", pastDue(), "2027-03-01"],
    ["the end of free days", trialing(), "2027-01-31"],
  ])("of %s", ([, subscription, today]) => {
    const facts = { today: day(today), wallet: walletOf(4_000, 900), consents: [agreed] };
    const renewal = decideRenewal(subscription, facts);
    expect(renewal).toMatchObject({
      kind: "charge",
      order: { due: { totalWon: 9_900, dueWon: 5_000 } },
    });
    const saved = { expects: "charge", expectedWon: won(9_900) } as const;
    expect(renewal.kind === "charge" && isSameExpected(saved, expectedOf(renewal))).toBe(true);
  });
});

describe("what was decided is what was saved", () => {
  const facts = { wallet: NO_CREDIT, consents: [] };
  const charge = decideRenewal(active(), { ...facts, today: day("2027-02-28") });
  const end = decideRenewal(trialing(), { ...facts, today: day("2027-01-31") });
  it.for([
    ["a charge of that total", charge, "charge", 9_900, true],
    ["a charge of a won more", charge, "charge", 9_899, false],
    ["a charge of a won less", charge, "charge", 9_901, false],
    ["a charge where an end was expected", charge, "end", 0, false],
    ["a charge where nothing was", charge, null, 0, false],
    ["an end", end, "end", 0, true],
    ["an end where a charge was expected", end, "charge", 9_900, false],
    ["an end where a charge of nothing was", end, "charge", 0, false],
    ["an end where nothing was", end, null, 0, false],
  ] as const)("%s", ([, renewal, expects, expectedWon, is]) => {
    if (renewal.kind === "not-due") throw new Error("Nothing is due");
    expect(isSameExpected({ expects, expectedWon: won(expectedWon) }, expectedOf(renewal))).toBe(
      is,
    );
  });

  it("also where an operator gives the period: nothing is due, and a charge is expected", () => {
    const given = { ...active(), freePeriods: 1 };
    const renewal = decideRenewal(given, { ...facts, today: day("2027-02-28") });
    if (renewal.kind !== "charge") throw new Error(renewal.kind);
    expect(isSameExpected({ expects: "charge", expectedWon: won(0) }, expectedOf(renewal))).toBe(
      true,
    );
    expect(
      isSameExpected({ expects: "charge", expectedWon: won(9_900) }, expectedOf(renewal)),
    ).toBe(false);
  });
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

describe("what a card is asked for next", () => {
  const gift = (grantedWon: number) => ({
    credit: { grantedWon: won(grantedWon), paidWon: won(0) },
    minimumWon: won(100),
  });

  it.for([
    ["without credit, all of it", 0, 9_900, 0],
    ["after a gift, the rest", 3_000, 6_900, 3_000],
    ["after a large gift, nothing", 20_000, 0, 9_900],
    ["what is too little for a card is not asked", 9_850, 0, 9_850],
  ] as const)("%s", ([, grantedWon, dueWon, creditWon]) => {
    expect(askedNext(active(), null, gift(grantedWon))).toEqual({ dueWon, creditWon });
  });

  it("what was invoiced asks what its attempt asked, whatever credit came since", () => {
    const declined = { status: "declined", amountWon: won(6_900) } as const;
    expect(askedNext(pastDue(), declined, gift(5_000))).toEqual({ dueWon: 6_900, creditWon: 0 });
    const open = { status: "unknown", amountWon: won(6_900) } as const;
    expect(askedNext(active(), open, gift(5_000))).toEqual({ dueWon: 6_900, creditWon: 0 });
  });
});
