import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PriceCampaign, PriceConsent } from "@/lib/billing/consent/price-rise";
import { afterQuote, quoteChange } from "@/lib/billing/subscription/change";
import { type Contract, withoutWorth } from "@/lib/billing/subscription/contract";
import { pause, resume } from "@/lib/billing/subscription/pause";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import type { Wish } from "@/lib/billing/subscription/wish";
import { active, day, ended, incomplete, pastDue, trialing, won } from "@/lib/testing/billing";
import {
  addOnWish,
  moveWish,
  percentOff,
  runningContract,
  seatsWish,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { type ConsentFacts, consentFactsOf, decideNextPeriod } from "./next-period";

const paid9900: ConsentFacts = {
  agreed: { lastWon: won(9_900), orderedWon: null },
  isAfterTrial: false,
  consents: [],
  campaigns: [],
  priceConsents: [],
};

/** What is charged next, or what consent is missing. */
function next(contract: Contract, facts: Partial<ConsentFacts> = {}): number | string {
  const step = decideNextPeriod(contract, walletOf(), { ...paid9900, ...facts });
  return step.kind === "charge" ? step.order.due.totalWon : step.lacks;
}

const running = runningContract();

function changed(contract: Contract, wish: Wish): Contract {
  return afterQuote(
    contract,
    quoteChange(contract, wish, { today: day("2027-03-11"), wallet: walletOf() }),
  );
}

function agreedTo(toWon: number, changesOn = "2027-04-01") {
  return {
    changesOn: day(changesOn),
    fromWon: won(0),
    toWon: won(toWon),
    agreedAt: new Date("2027-03-20T12:00:00+09:00"),
    voidedAt: null,
  };
}

describe("a rise the customer did not order needs consent", () => {
  test("as much as before needs none", () => {
    expect(next(running)).toBe(9_900);
  });

  test("what was ordered with the next amount on the quote is no rise", () => {
    const three = changed(running, seatsWish(3));
    expect(next(three)).toBe("rise");
    expect(next(three, { agreed: { lastWon: won(9_900), orderedWon: won(29_700) } })).toBe(29_700);
  });

  test("it is measured before credit", () => {
    const agreed = { lastWon: won(9_900), orderedWon: null };
    const step = decideNextPeriod(running, walletOf(9_900), { ...paid9900, agreed });
    expect(step).toMatchObject({ kind: "charge", order: { due: { totalWon: 9_900, dueWon: 0 } } });
  });

  test("the end of a discount is the same gate, and the contract ends without consent", () => {
    const half = runningContract({ coupon: percentOff(50, 1) });
    const agreed = { lastWon: won(4_950), orderedWon: null };
    expect(next(half, { agreed })).toBe("discount-end");
    expect(next(half, { agreed, consents: [agreedTo(9_899)] })).toBe("discount-end");
    expect(next(half, { agreed, consents: [agreedTo(9_900)] })).toBe(9_900);
    const longer = runningContract({ coupon: percentOff(50, 2) });
    expect(next(longer, { agreed })).toBe(4_950);
  });

  test("the end of a trial needs consent, whatever was ordered", () => {
    const trial = unpaidContract({ startsOn: day("2027-04-01") });
    const facts = { isAfterTrial: true, agreed: { lastWon: won(0), orderedWon: won(9_900) } };
    expect(next(trial, facts)).toBe("trial-end");
    expect(next(trial, { ...facts, consents: [agreedTo(9_900)] })).toBe(9_900);
  });

  test("a first order is what its customer ordered", () => {
    expect(next(unpaidContract(), { agreed: { lastWon: won(0), orderedWon: null } })).toBe(9_900);
  });

  test("a consent for another day is void after a pause", () => {
    const half = runningContract({ coupon: percentOff(50, 1) });
    const agreed = { lastWon: won(4_950), orderedWon: null };
    const paused = pause(half, day("2027-03-11"));
    if ("code" in paused) throw new Error(paused.code);
    const resumed = resume(paused, day("2027-03-21"));
    if ("code" in resumed) throw new Error(resumed.code);
    expect(next(resumed, { agreed, consents: [agreedTo(9_900)] })).toBe("discount-end");
    expect(next(resumed, { agreed, consents: [agreedTo(9_900, "2027-04-11")] })).toBe(9_900);
  });

  test("no history of amounts and consents charges more than was agreed to", () => {
    const amount = fc.integer({ min: 100, max: 300 });
    fc.assert(
      fc.property(
        fc.record({ unit: amount, last: amount, ordered: fc.option(amount) }),
        fc.array(fc.tuple(amount, fc.constantFrom("2027-04-01", "2027-04-02")), { maxLength: 3 }),
        ({ unit, last, ordered }, given) => {
          const charged = next(runningContract({ unitWon: unit }), {
            agreed: { lastWon: won(last), orderedWon: ordered === null ? null : won(ordered) },
            consents: given.map(([toWon, on]) => agreedTo(toWon, on)),
          });
          const most = Math.max(
            last,
            ordered ?? 0,
            ...given.map(([toWon, on]) => (on === "2027-04-01" ? toWon : 0)),
          );
          expect(charged).toBe(unit <= most ? unit : "rise");
        },
      ),
      { seed: 20 },
    );
  });
});

describe("a subscription and the consents on record for it say", () => {
  const consents = [agreedTo(9_900, "2027-01-31")];

  test.for([
    ["free days: whatever was ordered, their end is asked for", trialing(), 0, true],
    ["paid: as much as the last period is no rise", active(), 9_900, false],
    ["paid less: no more than that", active({ amountWon: won(4_900) }), 4_900, false],
    ["overdue: as much as the last period", pastDue(), 9_900, false],
    ["overdue from the end of free days: nothing was paid", pastDue({ n: 0 }), 0, false],
    ["an order: what was ordered is no trial", incomplete(), 0, false],
    ["over: what it was", ended(), 9_900, false],
  ] as const)("%s", ([, subscription, lastWon, isAfterTrial]) => {
    expect(consentFactsOf(subscription, consents)).toEqual({
      agreed: { lastWon, orderedWon: null },
      isAfterTrial,
      consents,
      campaigns: [],
      priceConsents: [],
    });
  });

  test("what the rules make of it: free days end without consent, all else goes on at its price", () => {
    const nextOf = (subscription: Subscription, given: ConsentFacts["consents"] = []) => {
      const facts = consentFactsOf(subscription, given);
      return next(withoutWorth(subscription), facts);
    };
    const inTime = { ...agreedTo(9_900, "2027-01-31"), agreedAt: new Date("2027-01-20T12:00:00Z") };
    expect(nextOf(trialing())).toBe("trial-end");
    expect(nextOf(trialing(), [inTime])).toBe(9_900);
    expect(nextOf(trialing(), [{ ...inTime, toWon: won(9_899) }])).toBe("trial-end");
    for (const other of [active(), pastDue(), incomplete()]) expect(nextOf(other)).toBe(9_900);
    // Consent was given to the end of the free days, and what is overdue since is what was agreed to.
    expect(nextOf(pastDue({ n: 0 }))).toBe(9_900);
    expect(nextOf({ ...active(), nextPrices: { basic: won(9_901) } })).toBe("rise");
    expect(nextOf({ ...active(), nextPrices: { basic: won(9_899) } })).toBe(9_899);
  });
});

describe("a price rise by the seller", () => {
  const campaign: PriceCampaign = {
    key: "basic",
    fromUnitWon: won(9_900),
    toUnitWon: won(12_900),
    startsOn: day("2027-04-01"),
    withoutConsent: "old-price",
    soldUntil: null,
  };
  const consent: PriceConsent = {
    key: "basic",
    toUnitWon: won(12_900),
    changesOn: day("2027-04-01"),
    agreedAt: new Date("2027-03-20T12:00:00+09:00"),
    voidedAt: null,
  };
  const asked = { campaigns: [campaign] };
  const agreed = { campaigns: [campaign], priceConsents: [consent] };

  test.for([
    ["with consent the price is the new one", running, agreed, 12_900],
    ["without it the old price stays", running, asked, 9_900],
    [
      "as long as it is sold",
      running,
      { campaigns: [{ ...campaign, soldUntil: day("2027-04-02") }] },
      9_900,
    ],
    [
      "and then the contract ends",
      running,
      { campaigns: [{ ...campaign, soldUntil: day("2027-04-01") }] },
      "price-rise",
    ],
    [
      "or it ends, as the campaign says",
      running,
      { campaigns: [{ ...campaign, withoutConsent: "end" }] },
      "price-rise",
    ],
    [
      "with consent it goes on",
      running,
      { campaigns: [{ ...campaign, withoutConsent: "end" }], priceConsents: [consent] },
      12_900,
    ],
    [
      "before its day nothing is asked",
      running,
      { campaigns: [{ ...campaign, withoutConsent: "end", startsOn: day("2027-04-02") }] },
      9_900,
    ],
  ] as const)("%s", ([, contract, facts, outcome]) => {
    expect(next(contract, facts)).toBe(outcome);
  });

  test.each([
    ["given 31 days before", { agreedAt: new Date("2027-03-01T12:00:00+09:00") }],
    ["for another period", { changesOn: day("2027-05-01") }],
    ["to another price", { toUnitWon: won(11_900) }],
    ["for another item", { key: "storage" }],
    ["that was taken back", { voidedAt: new Date("2027-03-21T00:00:00Z") }],
  ])("a consent %s is none", (_, change) => {
    expect(
      next(running, { campaigns: [campaign], priceConsents: [{ ...consent, ...change }] }),
    ).toBe(9_900);
  });

  test("consent is to the unit price: seats keep it", () => {
    const facts = { ...agreed, agreed: { lastWon: won(9_900), orderedWon: won(29_700) } };
    expect(next(changed(running, seatsWish(3)), facts)).toBe(38_700);
  });

  test("another plan makes it void", () => {
    const ordered = (orderedWon: number) => ({ lastWon: won(9_900), orderedWon: won(orderedWon) });
    const dearer = changed(running, moveWish(29_000));
    expect(next(dearer, { ...agreed, agreed: ordered(29_000) })).toBe(29_000);
    expect(next(changed(running, moveWish(4_900)), agreed)).toBe(4_900);
    const other = changed(running, moveWish(9_900, "month", { plan: "light" }));
    expect(next(other, agreed)).toBe(9_900);
  });

  test("an add-on's price rises by a campaign of its own, and a dropped one is not asked for", () => {
    const held = changed(running, addOnWish(2));
    const ofStorage = {
      ...campaign,
      key: "storage",
      fromUnitWon: won(3_000),
      toUnitWon: won(4_000),
      withoutConsent: "end",
    } as const;
    const facts = {
      campaigns: [ofStorage],
      agreed: { lastWon: won(9_900), orderedWon: won(15_900) },
    };
    expect(next(held, facts)).toBe("price-rise");
    const yes = { ...consent, key: "storage", toUnitWon: won(4_000) };
    expect(next(held, { ...facts, priceConsents: [yes] })).toBe(17_900);
    expect(next(changed(held, addOnWish(0)), facts)).toBe(9_900);
    expect(next(running, facts)).toBe(9_900);
  });

  test("consent to the price hides no other rise", () => {
    const half = runningContract({ coupon: percentOff(50, 1) });
    expect(next(half, { ...agreed, agreed: { lastWon: won(4_950), orderedWon: null } })).toBe(
      "discount-end",
    );
  });
});
