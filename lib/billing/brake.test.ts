import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { won } from "@/lib/testing/billing";
import { decideBrake } from "./brake";

const load = (count: number, amountWon = count * 9_900) => ({ count, amountWon: won(amountWon) });

describe("charging is stopped", () => {
  it("when more than twice the predicted renewals fall due", () => {
    expect(decideBrake(load(2_000), load(1_000))).toBeNull();
    expect(decideBrake(load(2_001), load(1_000))).toEqual({
      kind: "brake",
      reason: "due today 2,001 (₩19,809,900), predicted 1,000 (₩9,900,000)",
      resumesAt: null,
    });
  });

  it("when as many renewals ask for far more money", () => {
    expect(decideBrake(load(1_000, 20_000_000), load(1_000, 9_900_000))?.kind).toBe("brake");
  });

  it("when nothing was predicted to be due, and much is", () => {
    expect(decideBrake(load(101), load(0))?.kind).toBe("brake");
  });
});

describe("charging goes on", () => {
  it("on small days, whatever was predicted", () => {
    expect(decideBrake(load(100), load(0))).toBeNull();
  });

  it("where nothing is predicted, since there is nothing to compare with", () => {
    expect(decideBrake(load(1_000_000), null)).toBeNull();
  });

  it("on every day that is no larger than predicted", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(1_000_000_000), fc.nat(), (count, amountWon, less) => {
        const predicted = load(count, amountWon);
        const today = load(Math.max(0, count - less), Math.max(0, amountWon - less));
        expect(decideBrake(today, predicted)).toBeNull();
      }),
    );
  });
});
