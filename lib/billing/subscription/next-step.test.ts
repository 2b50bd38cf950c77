import { describe, expect, it } from "vitest";
import { active, day, ended, incomplete, pastDue, trialing } from "@/lib/testing/billing";
import { type NextStepFacts, nextStep, whyNoRetry } from "./next-step";

const noon = new Date("2027-03-01T12:00:00+09:00");
const night = new Date("2027-03-01T23:30:00+09:00");
const calm = { now: noon, isCharging: false, hasCard: true, awaitsConsent: false };
const canceled = { cancelsOn: day("2027-03-20") };

describe("what a subscription asks of its holder", () => {
  it.each<[string, Partial<NextStepFacts> & Pick<NextStepFacts, "subscription">, string | null]>([
    ["an order begun", { subscription: incomplete() }, "finish-order"],
    ["an order at Toss", { subscription: incomplete(), isCharging: true }, "watch-order"],
    ["a trial", { subscription: trialing(), awaitsConsent: true }, "decide-consent"],
    ["a trial agreed to", { subscription: trialing() }, null],
    ["a trial without a card", { subscription: trialing(), hasCard: false }, "add-card"],
    ["a trial cancelled", { subscription: trialing(canceled), awaitsConsent: true }, null],
    ["in use", { subscription: active() }, null],
    ["in use, the card gone", { subscription: active(), hasCard: false }, "add-card"],
    ["cancelled, the card gone", { subscription: active(canceled), hasCard: false }, null],
    ["being charged", { subscription: active(), isCharging: true, hasCard: false }, null],
    ["overdue", { subscription: pastDue() }, "pay-now"],
    ["overdue at night", { subscription: pastDue(), now: night }, "pay-later"],
    ["overdue, refused for good", { subscription: pastDue({ nextTryOn: null }) }, "use-other-card"],
    [
      "overdue and refused, at night",
      { subscription: pastDue({ nextTryOn: null }), now: night },
      "use-other-card",
    ],
    ["overdue, the card gone", { subscription: pastDue(), hasCard: false }, "add-card"],
    ["overdue, being charged", { subscription: pastDue(), isCharging: true }, null],
    ["overdue, being left", { subscription: pastDue(canceled) }, null],
    ["ended", { subscription: ended() }, "start-again"],
  ])("%s", (_, facts, step) => {
    expect(nextStep({ ...calm, ...facts })).toBe(step);
  });
});

it.each([
  ["2027-03-01T23:29:59+09:00", null],
  ["2027-03-01T23:30:00+09:00", "blackout"],
  ["2027-03-02T00:59:59+09:00", "blackout"],
  ["2027-03-02T01:00:00+09:00", null],
])("the card on file may be tried again at %s: %s", (now, refusal) => {
  const facts = { subscription: pastDue(), hasCard: true, now: new Date(now) };
  expect(whyNoRetry(facts)).toBe(refusal);
});
