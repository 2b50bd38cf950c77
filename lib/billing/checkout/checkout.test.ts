import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  active,
  anyAnchor,
  anyInterval,
  anyPrice,
  day,
  ended,
  incomplete,
  pastDue,
  trialing,
  won,
} from "@/lib/testing/billing";
import { checkoutProgress, isUnpaid, quoteCheckout, standingOf } from "./checkout";

const basic = { interval: "month", amountWon: won(9_900), trialDays: 0 } as const;
const premium = { interval: "year", amountWon: won(290_000), trialDays: 14 } as const;

describe("an order page says", () => {
  it("9,900 won today and again on 28 February for a month bought on 31 January", () => {
    expect(quoteCheckout(basic, day("2027-01-31"), false)).toEqual({
      kind: "subscription",
      todayWon: 9_900,
      suppliedWon: 9_000,
      vatWon: 900,
      trial: null,
      firstPaidPeriod: { startsOn: "2027-01-31", endsOn: "2027-02-28" },
      nextChargeOn: "2027-02-28",
      nextChargeWon: 9_900,
    });
  });

  it("nothing today, and the whole year on the day after 14 free ones", () => {
    expect(quoteCheckout(premium, day("2026-12-20"), false)).toEqual({
      kind: "subscription",
      todayWon: 0,
      suppliedWon: 0,
      vatWon: 0,
      trial: { startsOn: "2026-12-20", endsOn: "2027-01-03" },
      firstPaidPeriod: { startsOn: "2027-01-03", endsOn: "2028-01-03" },
      nextChargeOn: "2027-01-03",
      nextChargeWon: 290_000,
    });
  });

  it("the whole price at once to those who had their free days before", () => {
    expect(quoteCheckout(premium, day("2026-12-20"), true)).toMatchObject({
      todayWon: 290_000,
      vatWon: 26_364,
      trial: null,
      nextChargeOn: "2027-12-20",
    });
  });

  it("one amount for what is sold once", () => {
    const once = { interval: null, amountWon: won(150_000), trialDays: 0 };
    expect(quoteCheckout(once, day("2027-01-31"), false)).toEqual({
      kind: "one-time",
      todayWon: 150_000,
      suppliedWon: 136_364,
      vatWon: 13_636,
    });
  });

  it("parts that sum to what is paid today, and days without a gap, for any price on any day", () => {
    fc.assert(
      fc.property(
        fc.record({ interval: anyInterval, amountWon: anyPrice, trialDays: fc.nat(60) }),
        anyAnchor,
        fc.boolean(),
        (offer, today, trialUsed) => {
          const quote = quoteCheckout(offer, today, trialUsed);
          expect(quote.suppliedWon + quote.vatWon).toBe(quote.todayWon);
          if (quote.kind === "one-time") throw new Error("A subscription was quoted as a thing");
          expect(quote.trial?.endsOn ?? today).toBe(quote.firstPaidPeriod.startsOn);
          expect(quote.todayWon).toBe(quote.trial ? 0 : offer.amountWon);
          expect(quote.nextChargeOn > today).toBe(true);
        },
      ),
    );
  });
});

describe("a checkout has come so far:", () => {
  const registration = { status: "issued", failureReason: null, paymentMethodId: "pm_1" } as const;
  const charge = {
    status: "declined",
    declineReason: "insufficient-funds",
    declineClass: "soft",
  } as const;
  const declined = { ...charge, paymentMethodId: "pm_1" } as const;
  const facts = { status: "open", registration: null, charge: null } as const;

  it.each([
    ["nothing came back from the window", facts, { kind: "needs-card" }],
    [
      "the card came back and Toss is asked for its key",
      { ...facts, registration: { ...registration, status: "pending", paymentMethodId: null } },
      { kind: "checking" },
    ],
    [
      "the card was refused",
      {
        ...facts,
        registration: {
          status: "failed",
          failureReason: "unsupported-card",
          paymentMethodId: null,
        },
      },
      { kind: "card-refused", reason: "unsupported-card" },
    ],
    [
      "the card was refused without a reason",
      {
        ...facts,
        registration: { status: "failed", failureReason: null, paymentMethodId: null },
      },
      { kind: "card-refused", reason: "unknown" },
    ],
    ["the key is there and nothing charged yet", { ...facts, registration }, { kind: "checking" }],
    [
      "the charge is under way",
      { ...facts, registration, charge: { ...declined, status: "pending", declineReason: null } },
      { kind: "checking" },
    ],
    [
      "the answer of the charge was lost",
      { ...facts, registration, charge: { ...declined, status: "unknown", declineReason: null } },
      { kind: "checking" },
    ],
    [
      "the charge was declined",
      { ...facts, registration, charge: declined },
      { kind: "declined", reason: "insufficient-funds", mayRetry: true },
    ],
    [
      "the charge was declined without a reason",
      { ...facts, registration, charge: { ...declined, declineReason: null } },
      { kind: "declined", reason: "unknown", mayRetry: true },
    ],
    [
      "the card was declined for good",
      { ...facts, registration, charge: { ...declined, declineClass: "hard" } },
      { kind: "declined", reason: "insufficient-funds", mayRetry: false },
    ],
    [
      "another card came back after a decline",
      { ...facts, registration: { ...registration, paymentMethodId: "pm_2" }, charge: declined },
      { kind: "checking" },
    ],
    [
      "another card was refused after a decline",
      {
        ...facts,
        registration: {
          status: "failed",
          failureReason: "stopped-card",
          paymentMethodId: null,
        },
        charge: declined,
      },
      { kind: "card-refused", reason: "stopped-card" },
    ],
    [
      "a one-time payment was declined",
      { ...facts, charge: { ...declined, paymentMethodId: null } },
      { kind: "declined", reason: "insufficient-funds", mayRetry: true },
    ],
    [
      "it is paid",
      { status: "completed", registration, charge: { ...declined, status: "approved" } },
      { kind: "done" },
    ],
    ["it ran out", { ...facts, status: "expired" }, { kind: "expired" }],
    [
      "it was cancelled, and had been paid",
      { status: "expired", registration, charge: { ...declined, status: "approved" } },
      { kind: "refunded" },
    ],
    [
      "it ran out while money may be moving",
      { status: "expired", registration, charge: { ...declined, status: "unknown" } },
      { kind: "checking" },
    ],
  ] as const)("%s", (_, known, progress) => {
    expect(checkoutProgress(known)).toEqual(progress);
  });
});

it("says that nothing was paid only while no payment was made or is open", () => {
  const paid = ["checking", "done", "refunded"] as const;
  const unpaid = ["needs-card", "expired"] as const;
  expect(paid.map((kind) => isUnpaid({ kind }))).toEqual([false, false, false]);
  expect(unpaid.map((kind) => isUnpaid({ kind }))).toEqual([true, true]);
  expect(isUnpaid({ kind: "declined", reason: "unknown", mayRetry: true })).toBe(true);
});

describe("a price on the list is", () => {
  const { plan, interval } = active().terms;
  const planId = plan.key;
  const otherInterval = interval === "month" ? "year" : "month";
  const prices = [
    { planId, interval },
    { planId, interval: otherInterval },
    { planId: "another", interval },
    { planId: "training", interval: null },
  ] as const;
  it.each([
    ["trialing", trialing()],
    ["active", active()],
    ["past due", pastDue()],
    ["cancelled and not over", { ...active(), cancelsOn: day("2027-03-31") }],
  ] as const)("the holder's own, or waits, while a subscription is %s", (_state, held) => {
    expect(prices.map((price) => standingOf(price, held))).toEqual([
      "mine",
      "waits",
      "waits",
      "free",
    ]);
  });
  it.each([
    ["nobody's yet", null],
    ["only ordered", incomplete()],
    ["over", ended()],
  ] as const)("free while the product is %s", (_state, held) => {
    expect(prices.map((price) => standingOf(price, held))).toEqual([
      "free",
      "free",
      "free",
      "free",
    ]);
  });
});
