import { describe, expect, it } from "vitest";
import { seoulInstant } from "@/lib/billing/calendar";
import { FIRST_CHARGE_MINUTES } from "@/lib/billing/policy";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import { active, day, ended, incomplete, pastDue, trialing, won } from "@/lib/testing/billing";
import { type Attempt, type Unwanted, whyUnwanted } from "./attempt";

const MINUTE = 60_000;
const createdAt = seoulInstant(day("2027-02-28"), 10);
const later = (minutes: number) => new Date(createdAt.getTime() + minutes * MINUTE);

/** At the renewal of 28 February 2027, made with the card of the contract. */
const renewal: Attempt = {
  totalWon: won(9_900),
  createdAt,
  paymentMethodId: "pm_1",
  periodStartsOn: day("2027-02-28"),
  isOfNewCard: false,
};
const firstOf = (on: string, hour = 10, minute = 0): Attempt => ({
  ...renewal,
  createdAt: seoulInstant(day(on), hour, minute),
  periodStartsOn: day(on),
});
const first = firstOf("2027-01-31");
const once: Attempt = { ...renewal, paymentMethodId: null, periodStartsOn: null };

describe("a renewal whose outcome is open", () => {
  const canceled = { cancelsOn: day("2027-02-28") };
  it.for<[string, Attempt, Subscription, Unwanted | null]>([
    ["is sent again while nothing has changed", renewal, active(), null],
    ["is sent again when it is overdue", renewal, pastDue(), null],
    ["is not once the customer has cancelled", renewal, active(canceled), "canceled"],
    ["is not once the customer left while overdue", renewal, pastDue(canceled), "canceled"],
    ["is not once the contract is over", renewal, ended(), "ended"],
    [
      "is not with a card that another has replaced",
      renewal,
      active({ paymentMethodId: "pm_2" }),
      "card-changed",
    ],
    [
      "is with a newer card that is to replace the other",
      { ...renewal, paymentMethodId: "pm_2", isOfNewCard: true },
      pastDue(),
      null,
    ],
    [
      "is not with that newer card once the customer left",
      { ...renewal, paymentMethodId: "pm_2", isOfNewCard: true },
      pastDue(canceled),
      "canceled",
    ],
    ["is not over another amount", renewal, active({ amountWon: won(12_000) }), "terms-changed"],
    ["is not once its period was paid", renewal, active({ n: 2 }), "terms-changed"],
    [
      "is at the end of free days",
      { ...renewal, periodStartsOn: day("2027-01-31") },
      trialing(),
      null,
    ],
    [
      "is not at the end of free days that were cancelled",
      { ...renewal, periodStartsOn: day("2027-01-31") },
      trialing({ cancelsOn: day("2027-01-31") }),
      "canceled",
    ],
  ])("%s", ([, attempt, contract, unwanted]) => {
    // Not even months later: whoever owes a renewal has had the product since.
    for (const minutes of [1, FIRST_CHARGE_MINUTES + 1, 90 * 24 * 60])
      expect(whyUnwanted(attempt, contract, later(minutes))).toBe(unwanted);
  });
});

describe("a first payment whose outcome is open", () => {
  const at = (on: string, hour: number, minute = 0) => seoulInstant(day(on), hour, minute);
  it.for<[string, Attempt, Subscription | null, Date, Unwanted | null]>([
    ["is repeated while the buyer waits", first, incomplete(), at("2027-01-31", 10, 10), null],
    ["is not repeated after that", first, incomplete(), at("2027-01-31", 10, 11), "too-late"],
    [
      "is not repeated on the next day: the period would begin before it was paid",
      firstOf("2027-01-31", 23, 59),
      incomplete(),
      at("2027-02-01", 0, 1),
      "too-late",
    ],
    [
      "is not repeated once the order is cancelled",
      first,
      incomplete({ cancelsOn: day("2027-01-31") }),
      at("2027-01-31", 10, 1),
      "canceled",
    ],
    [
      "is not repeated with a card that the buyer has replaced",
      first,
      incomplete({ paymentMethodId: "pm_2" }),
      at("2027-01-31", 10, 1),
      "card-changed",
    ],
    ["of a one-time order is repeated while the buyer waits", once, null, later(10), null],
    ["of a one-time order is not repeated after that", once, null, later(11), "too-late"],
  ])("%s", ([, attempt, contract, now, unwanted]) => {
    expect(whyUnwanted(attempt, contract, now)).toBe(unwanted);
  });
});
