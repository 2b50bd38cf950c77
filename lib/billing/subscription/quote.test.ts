import { describe, expect, test } from "vitest";
import { day, won } from "@/lib/testing/billing";
import {
  addOnWish,
  moveWish,
  runningContract,
  seatsWish,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { bookedEntries, wishToUndo } from "./booked";
import { afterQuote, quoteChange } from "./change";
import { quoteLeave } from "./leave";
import { cancelAtEnd, pause } from "./pause";
import { type ChangeBasis, holdQuote, isQuoteStillTrue, nextChargeOf, offerChange } from "./quote";

const running = runningContract();
const basis: ChangeBasis = {
  contract: running,
  wish: moveWish(29_000),
  facts: { today: day("2027-03-11"), wallet: walletOf() },
};

/** An instant of Seoul. */
const at = (text: string) => new Date(`${text}+09:00`);

test("an offer says the lines, what is due, from when it holds, and what comes next", () => {
  expect(offerChange(basis)).toMatchObject({
    lines: [
      { kind: "unused", won: -6_707, days: 21, ofDays: 31 },
      { kind: "plan", won: 19_645, days: 21, ofDays: 31 },
    ],
    due: { totalWon: 12_938, dueWon: 12_938 },
    takesEffectOn: "2027-03-11",
    next: { on: "2027-04-01", totalWon: 29_000 },
  });
});

test("what is booked costs nothing today and holds from the next period", () => {
  expect(offerChange({ ...basis, wish: seatsWish(2) })).toMatchObject({ due: { dueWon: 6_706 } });
  expect(offerChange({ ...basis, wish: moveWish(4_900) })).toMatchObject({
    lines: [],
    due: null,
    takesEffectOn: "2027-04-01",
    next: { on: "2027-04-01", totalWon: 4_900 },
  });
});

test("credit changes what is due, and not the next amount", () => {
  const facts = { ...basis.facts, wallet: walletOf(50_000) };
  expect(offerChange({ ...basis, facts })).toMatchObject({
    due: { totalWon: 12_938, dueWon: 0 },
    next: { totalWon: 29_000 },
  });
});

test("what is refused, or waits, is nothing to confirm", () => {
  expect(offerChange({ ...basis, wish: seatsWish(0) })).toEqual({
    kind: "refused",
    refusal: { code: "quantity" },
  });
  const facts = { ...basis.facts, renewal: "collecting" as const };
  expect(offerChange({ ...basis, facts })).toEqual({ kind: "waits" });
});

describe("a quote holds for 10 minutes, or to the end of its Seoul day", () => {
  test.each([
    ["2027-03-11T12:00:00", "2027-03-11T12:10:00"],
    ["2027-03-11T23:50:00", "2027-03-12T00:00:00"],
    ["2027-03-11T23:59:59.999", "2027-03-12T00:00:00"],
    ["2027-03-12T00:00:00", "2027-03-12T00:10:00"],
  ])("made at %s it holds until %s", (made, until) => {
    const { holdsUntil } = holdQuote(null, null, at(made));
    expect(holdsUntil).toEqual(at(until));
    const held = holdQuote(null, basis, at(made));
    expect(isQuoteStillTrue(held, basis, new Date(at(until).getTime() - 1))).toBe(true);
    expect(isQuoteStillTrue(held, basis, at(until))).toBe(false);
  });
});

describe("what it rests on", () => {
  const made = at("2027-03-11T12:00:00");
  const held = holdQuote(offerChange(basis), basis, made);

  test("stored and read again, it still holds", () => {
    const stored = JSON.parse(JSON.stringify(basis));
    expect(isQuoteStillTrue(holdQuote(held.answer, stored, made), basis, made)).toBe(true);
  });

  test.each([
    ["another wish", { wish: moveWish(29_001) }],
    ["credit that was spent meanwhile", { facts: { ...basis.facts, wallet: walletOf(1) } }],
    [
      "a payment method with another minimum",
      { facts: { ...basis.facts, wallet: { ...walletOf(), minimumWon: 200 } } },
    ],
    ["another day", { facts: { ...basis.facts, today: day("2027-03-12") } }],
    ["a renewal that has begun", { facts: { ...basis.facts, renewal: "collecting" } }],
    ["a booked end", { contract: cancelAtEnd(running, day("2027-03-11")) }],
    [
      "something else that was booked",
      { contract: { ...running, booked: { move: null, seats: null, addOns: { storage: 0 } } } },
    ],
    ["a segment that is worth less", { contract: { ...running, segments: [] } }],
  ])("%s must be confirmed again", (_, change) => {
    expect(isQuoteStillTrue(held, { ...basis, ...change } as ChangeBasis, made)).toBe(false);
  });
});

test("what leaving pays back is held in the same way: tomorrow it is another amount", () => {
  const policy = { withdrawalDays: 7, penaltyPercent: 0 };
  const leaving = (today: string) => ({
    contract: running,
    facts: { today: day(today), usedOn: null, orders: [], credit: walletOf().credit },
    policy,
  });
  const made = at("2027-03-20T23:55:00");
  const { contract, facts } = leaving("2027-03-20");
  const held = holdQuote(
    quoteLeave(contract, facts, () => policy),
    leaving("2027-03-20"),
    made,
  );
  expect(held.answer.refundWon).toBe(3_513);
  expect(isQuoteStillTrue(held, leaving("2027-03-20"), at("2027-03-20T23:59:00"))).toBe(true);
  expect(isQuoteStillTrue(held, leaving("2027-03-21"), at("2027-03-21T00:01:00"))).toBe(false);
});

describe("what is booked is listed", () => {
  const book = (wishes: readonly ReturnType<typeof moveWish>[]) =>
    wishes.reduce(
      (contract, wish) => afterQuote(contract, quoteChange(contract, wish, basis.facts)),
      runningContract({ quantity: 3 }),
    );

  test("each with the day and what is billed then", () => {
    expect(bookedEntries(book([moveWish(4_900), seatsWish(2)]))).toEqual([
      {
        what: { kind: "move", to: { interval: "month", unitWon: 4_900, addOnUnitWon: {} } },
        on: "2027-04-01",
        totalWon: 9_800,
      },
      { what: { kind: "seats", quantity: 2 }, on: "2027-04-01", totalWon: 9_800 },
    ]);
    expect(bookedEntries(book([addOnWish(1), addOnWish(0)]))).toMatchObject([
      { what: { kind: "add-on", key: "storage", quantity: 0 }, totalWon: 29_700 },
    ]);
  });

  test("each is undone by a wish of its own, and the others stay", () => {
    const booked = book([addOnWish(2), moveWish(4_900), seatsWish(2), addOnWish(1)]);
    const entries = bookedEntries(booked);
    expect(entries.map(({ what }) => what.kind)).toEqual(["move", "seats", "add-on"]);
    for (const entry of entries) {
      const wish = wishToUndo(booked, entry);
      if (wish === null) throw new Error(`${entry.what.kind} cannot be undone`);
      const quote = quoteChange(booked, wish, basis.facts);
      expect(quote.kind).toBe("undone");
      const left = bookedEntries(afterQuote(booked, quote)).map(({ what }) => what.kind);
      expect(left).toEqual(entries.flatMap(({ what }) => (what === entry.what ? [] : [what.kind])));
    }
    const [end] = bookedEntries(cancelAtEnd(booked, day("2027-03-11")));
    expect(end && wishToUndo(booked, end)).toBeNull();
  });

  test("an end is the only thing, and nothing is billed", () => {
    const canceled = cancelAtEnd(running, day("2027-03-11"));
    expect(bookedEntries(canceled)).toEqual([
      { what: { kind: "end" }, on: "2027-04-01", totalWon: null },
    ]);
    expect(nextChargeOf(canceled)).toBeNull();
  });

  test("in a pause it moves along, and has no day yet", () => {
    const paused = pause(book([moveWish(4_900)]), day("2027-03-11"));
    if ("code" in paused) throw new Error(paused.code);
    expect(bookedEntries(paused)).toMatchObject([{ on: null, totalWon: null }]);
  });

  test("a lower price that was agreed", () => {
    const agreed = { ...unpaidContract(), nextPrices: { basic: won(5_000) } };
    expect(bookedEntries(agreed)).toMatchObject([
      { what: { kind: "price", unitWon: 5_000 }, totalWon: 5_000 },
    ]);
  });
});

describe("another plan", () => {
  test("at the same price waits for the end of the period, and is no plan that is there", () => {
    const other = quoteChange(running, moveWish(9_900, "month", { plan: "light" }), basis.facts);
    expect(other.kind).toBe("booked");
    expect(
      quoteChange(running, moveWish(9_900, "month", { plan: "basic" }), basis.facts).kind,
    ).toBe("undone");
  });

  test("takes the place of the one before it, segment and all", () => {
    const quote = quoteChange(running, moveWish(29_000, "month", { plan: "premium" }), basis.facts);
    expect(afterQuote(running, quote)).toMatchObject({
      terms: { plan: { key: "premium" } },
      segments: [{ key: "premium", valueWon: 19_645 }],
    });
  });
});

test("a change that comes to nothing holds at once, without an invoice", () => {
  // One day of a year that costs 300 won: less than a won.
  const year = runningContract({ interval: "year", unitWon: 99_000 });
  const quote = quoteChange(year, addOnWish(1, 300), {
    today: day("2028-02-29"),
    wallet: walletOf(),
  });
  expect(quote).toMatchObject({
    kind: "at-once",
    contract: { terms: { addOns: [{ key: "storage", quantity: 1 }] } },
  });
});
