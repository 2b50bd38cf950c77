import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysBetween } from "@/lib/billing/calendar";
import { DECLINE_REASONS } from "@/lib/billing/charge/decline";
import { anyAnchor, day } from "@/lib/testing/billing";
import {
  accessEndsOn,
  DUNNING,
  type DunningPolicy,
  type DunningStep,
  type Failure,
  nextDunningStep,
} from "./dunning";

const dueOn = day("2026-12-09");
const soft: Failure = { reason: "insufficient-funds", declineClass: "soft", sameReasonInARow: 1 };
const hard: Failure = { reason: "stopped-card", declineClass: "hard", sameReasonInARow: 1 };
const config: Failure = { reason: "merchant-fault", declineClass: "config", sameReasonInARow: 1 };
const refusedTimes = (sameReasonInARow: number): Failure => ({
  reason: "refused",
  declineClass: "soft",
  sameReasonInARow,
});

const retry = (on: string): DunningStep => ({ kind: "retry", on: day(on) });
const waitForCard: DunningStep = { kind: "wait-for-card", until: day("2026-12-23") };
const end: DunningStep = { kind: "end" };

describe("a charge due on 9 December 2026", () => {
  it.for<[string, Failure, string, DunningStep]>([
    ["short of balance on the day", soft, "2026-12-09", retry("2026-12-10")],
    ["short on D+1", soft, "2026-12-10", retry("2026-12-12")],
    ["short on D+2, heard late", soft, "2026-12-11", retry("2026-12-12")],
    ["short on D+3", soft, "2026-12-12", retry("2026-12-14")],
    ["short on D+5", soft, "2026-12-14", retry("2026-12-19")],
    ["short on D+10", soft, "2026-12-19", retry("2026-12-23")],
    ["short on D+13", soft, "2026-12-22", retry("2026-12-23")],
    ["short on D+14", soft, "2026-12-23", end],
    ["short after all", soft, "2027-01-05", end],
    ["on a stopped card", hard, "2026-12-09", waitForCard],
    ["on a stopped card on D+5", hard, "2026-12-14", waitForCard],
    ["on a stopped card on D+14", hard, "2026-12-23", end],
    ["refused by the issuer once", refusedTimes(1), "2026-12-09", retry("2026-12-10")],
    ["refused by the issuer twice", refusedTimes(2), "2026-12-10", retry("2026-12-12")],
    ["refused by the issuer three times", refusedTimes(3), "2026-12-12", waitForCard],
    ["refused by the issuer four times", refusedTimes(4), "2026-12-14", waitForCard],
    ["short three times", { ...soft, sameReasonInARow: 3 }, "2026-12-12", retry("2026-12-14")],
    ["under a wrong secret key", config, "2026-12-09", retry("2026-12-10")],
    ["under a wrong secret key for weeks", config, "2026-12-30", retry("2026-12-31")],
  ])("%s", ([, failure, today, step]) => {
    expect(nextDunningStep(DUNNING, failure, { dueOn, today: day(today) })).toEqual(step);
  });

  it("keeps access through the 14th", () => {
    expect(accessEndsOn(DUNNING, dueOn)).toBe("2026-12-15");
  });
});

it("is tried on D0, D+1, D+3, D+5, D+10 and D+14, and then no more", () => {
  expect(triesOf(DUNNING, dueOn)).toEqual([0, 1, 3, 5, 10, 14]);
});

it("is not tried again at all when the policy knows no retries", () => {
  const strict: DunningPolicy = { ...DUNNING, retryDays: [] };
  expect(triesOf(strict, dueOn)).toEqual([0]);
});

describe("for any policy and any day it is due", () => {
  const anyPolicy: fc.Arbitrary<DunningPolicy> = fc.record({
    retryDays: fc
      .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 8 })
      .map((days) => days.sort((a, b) => a - b)),
    graceDays: fc.nat(20),
    endsAfterDays: fc.nat(40),
    hardAfter: fc.constant(DUNNING.hardAfter),
    configAfter: fc.constant(DUNNING.configAfter),
  });
  const anyFailure = fc.record({
    reason: fc.constantFrom(...DECLINE_REASONS),
    declineClass: fc.constantFrom("soft" as const, "hard" as const, "config" as const),
    sameReasonInARow: fc.integer({ min: 1, max: 6 }),
  });

  const anyDays = fc.record({ dueOn: anyAnchor, lateDays: fc.nat(60) });

  it("a retry always lies after today", () => {
    fc.assert(
      fc.property(anyPolicy, anyFailure, anyDays, (policy, failure, { dueOn, lateDays }) => {
        const today = addDays(dueOn, lateDays);
        const step = nextDunningStep(policy, failure, { dueOn, today });
        if (step.kind === "retry") expect(step.on > today).toBe(true);
        if (step.kind === "wait-for-card") expect(step.until > today).toBe(true);
      }),
    );
  });

  it("failures of the customer stop: no more tries than the policy has days, and one", () => {
    fc.assert(
      fc.property(anyPolicy, anyAnchor, (policy, due) => {
        const tries = triesOf(policy, due);
        expect(tries.length).toBeLessThanOrEqual(policy.retryDays.length + 1);
        expect(new Set(tries).size).toBe(tries.length);
      }),
    );
  });
});

/** The days after the due day on which a card that is always short of balance is tried. */
function triesOf(policy: DunningPolicy, due: typeof dueOn): readonly number[] {
  const tries = [0];
  for (let today = due; ; ) {
    const step = nextDunningStep(policy, soft, { dueOn: due, today });
    if (step.kind !== "retry") return tries;
    today = step.on;
    tries.push(daysBetween(due, today));
  }
}
