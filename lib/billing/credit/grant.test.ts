import { expect, test } from "vitest";
import { whyNoGrant } from "./grant";

test.each([
  [1, "사과의 뜻"],
  [1_000_000, "x".repeat(200)],
])("%i won for a reason can be granted", (amountWon, reason) => {
  expect(whyNoGrant(amountWon, reason)).toBeNull();
});

test.each([0, -1, -5_000, 1_000_001, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
  "%d won cannot",
  (amountWon) => {
    expect(whyNoGrant(amountWon, "사과의 뜻")).toEqual({ code: "bad-amount", limitWon: 1_000_000 });
  },
);

test.each(["", "  ", "x".repeat(201)])("nothing is granted without a reason: '%s'", (reason) => {
  expect(whyNoGrant(5_000, reason)).toEqual({ code: "bad-reason" });
});
