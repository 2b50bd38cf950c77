import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { won } from "@/lib/testing/billing";
import { type DayToCharge, decideBrake, type Load } from "./brake";

const load = (count: number, amountWon = count * 9_900) => ({ count, amountWon: won(amountWon) });

/** A day on which the jobs have run before and no period is over, unless told otherwise. */
const decide = (due: Load, predicted: Load | null, rest: Partial<DayToCharge> = {}) =>
  decideBrake({ due, predicted, isForecastExpected: true, over: load(0), ...rest });

describe("charging is stopped", () => {
  it("when more than twice the predicted renewals fall due", () => {
    expect(decide(load(2_000), load(1_000))).toBeNull();
    expect(decide(load(2_001), load(1_000))).toEqual({
      kind: "brake",
      reason: "due today 2,001 (₩19,809,900), predicted 1,000 (₩9,900,000)",
      resumesAt: null,
    });
  });

  it("when as many renewals ask for far more money", () => {
    expect(decide(load(1_000, 20_000_000), load(1_000, 9_900_000))?.kind).toBe("brake");
  });

  it("when nothing was predicted to be due, and much is", () => {
    expect(decide(load(101), load(0))?.kind).toBe("brake");
  });

  it("when the jobs stood still for so long that nothing was predicted at all", () => {
    expect(decide(load(150), null)?.reason).toBe("due today 150 (₩1,485,000), no forecast");
    expect(decide(load(1, 12_000_000), null)?.kind).toBe("brake");
  });

  it("when many are due for periods that are already over, predicted or not", () => {
    const over = { over: load(11) };
    expect(decide(load(20), load(20), over)?.reason).toBe(
      "due today 20 (₩198,000), predicted 20 (₩198,000), for periods already over 11 (₩108,900)",
    );
    expect(decide(load(11), null, { ...over, isForecastExpected: false })?.kind).toBe("brake");
    expect(decide(load(1), null, { over: load(1, 1_000_001) })?.kind).toBe("brake");
  });
});

describe("charging goes on", () => {
  it("on small days, whatever was predicted", () => {
    expect(decide(load(100), load(0))).toBeNull();
  });

  it("on small days that nobody predicted", () => {
    expect(decide(load(100), null)).toBeNull();
  });

  it("on the first day of an installation, when there is nothing to compare with", () => {
    expect(decide(load(1_000_000), null, { isForecastExpected: false })).toBeNull();
  });

  it("when a few contracts were stuck until their period was over", () => {
    expect(decide(load(50), load(50), { over: load(10) })).toBeNull();
  });

  it("on every day that is no larger than predicted", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(1_000_000_000), fc.nat(), (count, amountWon, less) => {
        const predicted = load(count, amountWon);
        const today = load(Math.max(0, count - less), Math.max(0, amountWon - less));
        expect(decide(today, predicted)).toBeNull();
      }),
    );
  });
});
