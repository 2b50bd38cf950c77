import { describe, expect, test } from "vitest";
import { day, won } from "@/lib/testing/billing";
import { afterQuote, quoteChange } from "./change";
import { afterOrder, type Contract, newAgreement, withoutWorth } from "./contract";
import { orderNextPeriod } from "./order";
import { cancelAtEnd, pause, resume } from "./pause";
import type { Move } from "./terms";
import type { Wish } from "./wish";

const wallet = { credit: { grantedWon: won(0), paidWon: won(0) }, minimumWon: won(100) };
const TODAY = day("2027-03-11");

/** Two seats at 9,900 won a month, paid for March 2027. */
const running = paid(
  withoutWorth(
    newAgreement(
      {
        plan: { key: "basic", kind: "plan", unitWon: won(9_900), quantity: 2 },
        addOns: [],
        interval: "month",
        anchorOn: day("2027-03-01"),
      },
      null,
    ),
  ),
);

function paid(contract: Contract): Contract {
  return afterOrder(contract, orderNextPeriod(contract, wallet));
}

function quote(contract: Contract, wish: Wish) {
  return quoteChange(contract, wish, { today: TODAY, wallet });
}

/** The contract once a wish is paid for or booked. */
function fulfil(contract: Contract, wish: Wish): Contract {
  const quoted = quote(contract, wish);
  if (quoted.kind === "refused") throw new Error(`Refused: ${quoted.refusal.code}`);
  return afterQuote(contract, quoted);
}

const seats = (quantity: number): Wish => ({ kind: "seats", quantity, maximum: 10 });
const storage = (quantity: number, unitWon = 3_000): Wish => ({
  kind: "add-on",
  key: "storage",
  quantity,
  unitWon: won(unitWon),
});
const move = (interval: Move["interval"], unitWon: number, storageWon?: number): Wish => ({
  kind: "move",
  to: {
    interval,
    unitWon: won(unitWon),
    addOnUnitWon: storageWon === undefined ? {} : { storage: won(storageWon) },
  },
});

describe("what is now, what is later", () => {
  test.each([
    ["a dearer plan", move("month", 29_000), "now"],
    ["a cheaper plan", move("month", 4_900), "booked"],
    ["a longer interval, however cheap", move("year", 100), "now"],
    ["the same plan and interval", move("month", 9_900), "undone"],
    ["more seats", seats(3), "now"],
    ["fewer seats", seats(1), "booked"],
    ["as many seats", seats(2), "undone"],
    ["an add-on", storage(1), "now"],
    ["none of an add-on that is not there", storage(0), "undone"],
  ] as const)("%s", (_, wish, kind) => {
    expect(quote(running, wish).kind).toBe(kind);
  });

  test("a shorter interval waits for the end of the year", () => {
    expect(quote(fulfil(running, move("year", 99_000)), move("quarter", 900_000)).kind).toBe(
      "booked",
    );
  });
});

describe("a wish that cannot be", () => {
  const paused = pause(running, TODAY);
  if ("code" in paused) throw new Error(paused.code);
  const withStorage = fulfil(running, storage(2));

  test.for([
    ["in a pause", paused, seats(3), "paused"],
    ["with an end booked", cancelAtEnd(running, TODAY), seats(3), "end-booked"],
    ["no seat at all", running, seats(0), "quantity"],
    ["half a seat", running, seats(1.5), "quantity"],
    ["more seats than the plan has", running, seats(11), "quantity"],
    ["fewer add-ons than none", running, storage(-1), "quantity"],
    [
      "an add-on that is not sold by the month",
      running,
      { kind: "add-on", key: "storage", quantity: 1, unitWon: null },
      "add-on-without-price",
    ],
    ["into a year that has no add-ons", withStorage, move("year", 99_000), "add-on-without-price"],
    [
      "an add-on for a booked interval that has none",
      fulfil(fulfil(running, move("year", 99_000)), move("month", 9_900)),
      storage(1),
      "add-on-without-price",
    ],
  ] as const)("%s", ([, contract, wish, code]) => {
    expect(quote(contract, wish)).toEqual({ kind: "refused", refusal: { code } });
  });

  test("an add-on booked away must stay away from an interval that has none", () => {
    const year = fulfil(fulfil(running, move("year", 99_000)), storage(2, 30_000));
    const leaving = fulfil(fulfil(year, storage(0)), move("month", 9_900));
    expect(quote(leaving, storage(2))).toMatchObject({ kind: "refused" });
  });
});

describe("what is booked", () => {
  test("each wish replaces its own field and nothing else", () => {
    const cheaper = fulfil(running, move("month", 4_900));
    const fewer = fulfil(fulfil(cheaper, seats(1)), storage(1));
    expect(fewer.booked).toEqual({
      move: { interval: "month", unitWon: 4_900, addOnUnitWon: {} },
      seats: 1,
      addOns: {},
    });
    expect(fulfil(fewer, seats(2)).booked).toMatchObject({ seats: null, move: { unitWon: 4_900 } });
    expect(fulfil(fewer, move("month", 9_900)).booked).toMatchObject({ seats: 1, move: null });
  });

  test("more of an add-on keeps the price it was bought at", () => {
    const held = fulfil(running, storage(1, 3_000));
    const quoted = quote(held, storage(2, 5_000));
    expect(quoted.kind === "now" && quoted.order.lines).toMatchObject([
      { kind: "add-on", unitWon: 3_000, quantity: 1 },
    ]);
  });

  test("is in force with the next period, and counted on from the same anchor", () => {
    const cheaper = fulfil(fulfil(running, move("month", 4_900)), seats(1));
    expect(orderNextPeriod(cheaper, wallet)).toMatchObject({
      on: "2027-04-01",
      due: { dueWon: 4_900 },
      opens: { cycle: 0, n: 1 },
      terms: { plan: { unitWon: 4_900, quantity: 1 }, anchorOn: "2027-03-01" },
    });
  });

  test("an interval that is booked begins a cycle of its own, at its own count from the anchor", () => {
    const year = fulfil(running, move("year", 99_000));
    expect(orderNextPeriod(fulfil(year, move("month", 9_900)), wallet)).toMatchObject({
      on: "2028-03-11",
      opens: { cycle: 2, n: 12, period: { startsOn: "2028-03-11", endsOn: "2028-04-11" } },
    });
  });
});

describe("a pause", () => {
  test("cannot begin twice, with an end booked, or end without one", () => {
    const paused = pause(running, TODAY);
    if ("code" in paused) throw new Error(paused.code);
    expect(pause(paused, TODAY)).toEqual({ code: "paused" });
    expect(pause(cancelAtEnd(running, TODAY), TODAY)).toEqual({ code: "end-booked" });
    expect(resume(running, TODAY)).toEqual({ code: "not-paused" });
  });

  test("cancelled meanwhile, it ends after the days that were left", () => {
    const paused = pause(running, TODAY);
    if ("code" in paused) throw new Error(paused.code);
    // 21 days were left on 11 March.
    expect(cancelAtEnd(paused, day("2027-05-01"))).toMatchObject({
      pausedOn: null,
      cancelsOn: "2027-05-22",
    });
  });
});

describe("a coupon", () => {
  const coupon = { off: { kind: "percent", percent: 50 }, periodsLeft: 2 } as const;
  const half = fulfil(running, { kind: "coupon", coupon });

  test("discounts from the next period on, and nothing in the one it was taken in", () => {
    const quoted = quote(half, seats(3));
    expect(quoted.kind === "now" && quoted.order.lines).toMatchObject([
      { kind: "plan", won: 6_706 },
    ]);
    expect(orderNextPeriod(half, wallet).due.totalWon).toBe(9_900);
    expect(paid(half).coupon).toEqual({ ...coupon, periodsLeft: 1, isRunning: true });
  });

  test("is one at a time, until its last period is over", () => {
    const last = paid(paid(half));
    expect(last.coupon).toMatchObject({ periodsLeft: 0 });
    expect(quote(last, { kind: "coupon", coupon }).kind).toBe("refused");
    expect(quote(paid(last), { kind: "coupon", coupon }).kind).toBe("at-once");
  });
});
