import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConsentFacts, decideNextPeriod } from "@/lib/billing/renewal/next-period";
import { day, won } from "@/lib/testing/billing";
import {
  percentOff,
  renewed,
  runningContract,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { type ExpectationFacts, expectationOf, periodKey } from "./expectation";
import { cancelAtEnd, pause, undoEnd } from "./pause";

const consent: ConsentFacts = {
  agreed: { lastWon: won(9_900), orderedWon: null },
  isAfterTrial: false,
  consents: [],
  campaigns: [],
  priceConsents: [],
};
const facts: ExpectationFacts = {
  collection: { stage: "not-begun" },
  consent,
  limits: { maximumDays: null, perYear: null },
  notBefore: null,
};
const running = runningContract();
const paused = pause(running, day("2027-03-11"));
if ("code" in paused) throw new Error(paused.code);
const pastDue = {
  stage: "past-due",
  totalWon: won(9_900),
  endsUnpaidOn: day("2027-04-15"),
} as const;
const trial = unpaidContract({ startsOn: day("2027-04-01") });
const afterTrial = { ...consent, isAfterTrial: true };
const yes = {
  changesOn: day("2027-04-01"),
  fromWon: won(0),
  toWon: won(9_900),
  agreedAt: new Date("2027-03-20T12:00:00+09:00"),
  voidedAt: null,
};

describe("what is saved with a contract", () => {
  test.for([
    ["running: its next period", running, {}, "2027-04-01T10:00", "charge", 9_900],
    [
      "an end that is booked",
      cancelAtEnd(running, day("2027-03-11")),
      {},
      "2027-04-01T00:00",
      "end",
      0,
    ],
    ["paused without a limit", paused, {}, null, null, 0],
    [
      "paused, to be resumed",
      paused,
      { limits: { maximumDays: 30, perYear: null } },
      "2027-04-10T00:00",
      null,
      0,
    ],
    [
      "being collected",
      running,
      { collection: { stage: "collecting", totalWon: won(9_900) } },
      null,
      "charge",
      9_900,
    ],
    [
      "behind a change that waits for its money",
      running,
      { collection: { stage: "waits-for-change" } },
      null,
      "charge",
      9_900,
    ],
    [
      "past due, with a next try",
      running,
      { collection: { ...pastDue, nextTryOn: day("2027-04-04") } },
      "2027-04-04T10:00",
      "charge",
      9_900,
    ],
    [
      "past due, waiting for a card",
      running,
      { collection: { ...pastDue, nextTryOn: null } },
      "2027-04-15T10:00",
      "end",
      0,
    ],
    [
      "past due and cancelled",
      cancelAtEnd(running, day("2027-04-03")),
      { collection: { ...pastDue, nextTryOn: day("2027-04-04") } },
      "2027-04-03T00:00",
      "end",
      0,
    ],
    ["a trial without consent", trial, { consent: afterTrial }, "2027-04-01T10:00", "end", 0],
    [
      "a trial with consent",
      trial,
      { consent: { ...afterTrial, consents: [yes] } },
      "2027-04-01T10:00",
      "charge",
      9_900,
    ],
    [
      "a rise nobody agreed to",
      running,
      { consent: { ...consent, agreed: { lastWon: won(9_899), orderedWon: null } } },
      "2027-04-01T10:00",
      "end",
      0,
    ],
    [
      "after downtime, one period a day",
      running,
      { notBefore: day("2027-04-03") },
      "2027-04-03T10:00",
      "charge",
      9_900,
    ],
  ] as const)("%s", ([, contract, change, at, expects, expectedWon]) => {
    expect(expectationOf(contract, { ...facts, ...change })).toEqual({
      nextActionAt: at === null ? null : new Date(`${at}:00+09:00`),
      expects,
      expectedWon,
      // What is charged next is April, wherever a charge comes next.
      paysTo: expects === "charge" ? "2027-05-01" : null,
    });
  });

  test("a cancel that is undone leaves what was expected before", () => {
    const undone = undoEnd(cancelAtEnd(running, day("2027-03-11")), day("2027-03-12"));
    if ("code" in undone) throw new Error(undone.code);
    expect(expectationOf(undone, facts)).toEqual(expectationOf(running, facts));
  });
});

test("the claim bills what was expected, whatever the credit by then", () => {
  const amount = fc.integer({ min: 100, max: 400_000 });
  fc.assert(
    fc.property(
      fc.record({
        unitWon: amount,
        quantity: fc.integer({ min: 1, max: 9 }),
        coupon: fc
          .tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom(null, 1, 2))
          .map(([percent, periods]) => percentOff(percent, periods)),
      }),
      amount,
      amount,
      (terms, lastWon, granted) => {
        const contract = runningContract(terms);
        const agreed = { lastWon: won(lastWon), orderedWon: null };
        const { expects, expectedWon } = expectationOf(contract, {
          ...facts,
          consent: { ...consent, agreed },
        });
        const step = decideNextPeriod(contract, walletOf(granted), { ...consent, agreed });
        expect(expects).toBe(step.kind);
        expect(expectedWon).toBe(step.kind === "charge" ? step.order.due.totalWon : 0);
      },
    ),
    { seed: 3 },
  );
});

test("what opens a period is counted in its cycle", () => {
  expect(periodKey("sub_1", unpaidContract())).toBe("sub_1/0/0");
  expect(periodKey("sub_1", running)).toBe("sub_1/0/1");
  expect(periodKey("sub_1", renewed(running))).toBe("sub_1/0/2");
});
