import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "@/lib/billing/calendar";
import {
  active,
  anyAnchor,
  day,
  ended,
  incomplete,
  pastDue,
  trialing,
} from "@/lib/testing/billing";
import { consentWindow, isInConsentWindow, needsConsent } from "./consent";

describe("consent to a change on 15 December 2026", () => {
  it.each([
    ["2026-11-14T23:59:59+09:00", false],
    ["2026-11-14T23:59:59.999+09:00", false],
    ["2026-11-15T00:00:00+09:00", true],
    ["2026-11-14T15:00:00Z", true],
    ["2026-12-08T12:00:00+09:00", true],
    ["2026-12-15T09:59:59.999+09:00", true],
    ["2026-12-15T10:00:00+09:00", false],
    ["2026-12-16T00:00:00+09:00", false],
  ])("given at %s counts: %s", (at, counts) => {
    expect(isInConsentWindow(day("2026-12-15"), new Date(at))).toBe(counts);
  });

  it("can be given for 30 days and ten hours", () => {
    expect(consentWindow(day("2026-12-15"))).toEqual({
      opensAt: new Date("2026-11-14T15:00:00Z"),
      closesAt: new Date("2026-12-15T01:00:00Z"),
    });
  });
});

it("for a trial of 14 days the window is open from its first moment", () => {
  fc.assert(
    fc.property(anyAnchor, fc.integer({ min: 0, max: 30 }), (startsOn, trialDays) => {
      const { opensAt } = consentWindow(addDays(startsOn, trialDays));
      expect(opensAt.getTime()).toBeLessThanOrEqual(
        new Date(`${startsOn}T00:00:00+09:00`).getTime(),
      );
    }),
  );
});

it("only the end of free days needs it: everything else was ordered at that price", () => {
  expect(needsConsent(trialing())).toBe(true);
  const leaving = trialing({ cancelsOn: day("2027-01-31") });
  for (const other of [incomplete(), leaving, active(), pastDue(), ended()]) {
    expect(needsConsent(other)).toBe(false);
  }
});
