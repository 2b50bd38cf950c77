/** What comes first on the day of a renewal, and while a period is past due. */
import { describe, expect, test } from "vitest";
import { day, won } from "@/lib/testing/billing";
import {
  addOnWish,
  moveWish,
  percentOff,
  renewed,
  runningContract,
  seatsWish,
  walletOf,
} from "@/lib/testing/contract";
import { afterQuote, quoteChange } from "./change";
import { afterOrder, nextDueOn, type RenewalStage } from "./contract";
import { orderNextPeriod } from "./order";
import { cancelAtEnd, pause } from "./pause";
import { restBefore } from "./segment";

const RENEWAL = day("2027-04-01");
const running = runningContract();

function on(today: string, renewal: RenewalStage = "not-begun") {
  return { today: day(today), renewal, wallet: walletOf() };
}

describe("not yet begun, the change goes first and the period is billed once", () => {
  test.for([
    ["a dearer plan", moveWish(29_000), [["plan", 29_000]], "2027-05-01"],
    ["more seats", seatsWish(3), [["plan", 29_700]], "2027-05-01"],
    [
      "an add-on",
      addOnWish(2),
      [
        ["plan", 9_900],
        ["add-on", 6_000],
      ],
      "2027-05-01",
    ],
    ["a longer interval", moveWish(99_000, "year"), [["plan", 99_000]], "2028-04-01"],
  ] as const)("%s", ([, wish, lines, paidTo]) => {
    const quote = quoteChange(running, wish, on("2027-04-01"));
    if (quote.kind !== "now") throw new Error(quote.kind);
    expect(quote.order).toMatchObject({ kind: "period", on: RENEWAL });
    expect(quote.order.lines.map((line) => [line.kind, line.won])).toEqual(lines);
    expect(afterOrder(running, quote.order)).toMatchObject({
      paidTo,
      periodDays: paidTo === "2028-04-01" ? 366 : 30,
    });
  });

  test("a cheaper plan is booked, and is in force in the period of that day", () => {
    const quote = quoteChange(running, moveWish(4_900), on("2027-04-01"));
    expect(quote.kind).toBe("booked");
    expect(orderNextPeriod(afterQuote(running, quote), walletOf())).toMatchObject({
      on: RENEWAL,
      due: { dueWon: 4_900 },
    });
  });

  test("a coupon goes on with the interval, and ends with another", () => {
    const half = runningContract({ coupon: percentOff(50, 3) });
    const dueWon = (wish: ReturnType<typeof moveWish>) => {
      const quote = quoteChange(half, wish, on("2027-04-01"));
      return quote.kind === "now" ? quote.order.due.dueWon : quote.kind;
    };
    expect(dueWon(moveWish(29_000))).toBe(14_500);
    expect(dueWon(moveWish(99_000, "year"))).toBe(99_000);
  });

  test("declined, nothing has changed: the renewal goes on at the old terms", () => {
    quoteChange(running, moveWish(29_000), on("2027-04-01"));
    expect(orderNextPeriod(running, walletOf())).toMatchObject({ due: { dueWon: 9_900 } });
  });
});

describe("a period that is due comes first", () => {
  test.for([
    ["the day before, nothing is due", "2027-03-31", "not-begun", "now"],
    ["while it is being collected, a change waits", "2027-04-01", "collecting", "waits"],
    ["days late, a change waits", "2027-04-03", "not-begun", "waits"],
    ["past due, it is refused", "2027-04-03", "past-due", "refused"],
  ] as const)("%s", ([, today, renewal, kind]) => {
    expect(quoteChange(running, seatsWish(2), on(today, renewal)).kind).toBe(kind);
  });

  test("one change in money at a time", () => {
    const facts = { ...on("2027-03-11"), isChangeOpen: true };
    expect(quoteChange(running, seatsWish(2), facts)).toEqual({ kind: "waits" });
  });

  test.each(["collecting", "past-due"] as const)("no pause while it is %s", (renewal) => {
    const limits = { maximumDays: null, perYear: null };
    expect(pause(running, RENEWAL, { renewal, limits, earlier: [] })).toEqual({ code: "due" });
  });

  test("no pause days late", () => {
    expect(pause(running, day("2027-04-02"))).toEqual({ code: "due" });
  });
});

describe("before it is collected, no period begins and nothing is owed", () => {
  test("a cancel ends the contract on its renewal day", () => {
    const canceled = cancelAtEnd(running, RENEWAL);
    expect([canceled.cancelsOn, nextDueOn(canceled)]).toEqual([RENEWAL, null]);
  });

  test("a cancel days late ends it on the day of the cancel", () => {
    expect(cancelAtEnd(running, day("2027-04-04")).cancelsOn).toBe("2027-04-04");
  });

  test("a pause begins with no day left, and the period with its end", () => {
    const paused = pause(running, RENEWAL);
    if ("code" in paused) throw new Error(paused.code);
    expect(nextDueOn(paused)).toBeNull();
    expect(cancelAtEnd(paused, day("2027-06-10")).cancelsOn).toBe("2027-06-10");
  });
});

describe("past due", () => {
  test("days of grace are free: the segment begins when it is paid", () => {
    const order = orderNextPeriod(running, walletOf());
    const late = afterOrder(running, order, day("2027-04-06"));
    expect(late.segments).toEqual([
      { key: "basic", startsOn: "2027-04-06", days: 25, valueWon: 9_900, giftWon: 0 },
    ]);
    expect(late).toMatchObject({ paidTo: "2027-05-01", periodDays: 30 });
    // 10 of 25 days are used on 16 April: floor(9,900 × 10 / 25) = 3,960.
    expect(
      late.segments.map((segment) => restBefore(segment, day("2027-04-16")).unusedWon),
    ).toEqual([5_940]);
  });

  test("a period that is over when it is paid is used up", () => {
    const late = afterOrder(running, orderNextPeriod(running, walletOf()), day("2027-05-03"));
    expect(
      late.segments.map((segment) => restBefore(segment, day("2027-05-03")).unusedWon),
    ).toEqual([0]);
  });

  test("cancelled while its charge is at Toss, it is used to the end of what is paid", () => {
    const canceled = cancelAtEnd(running, RENEWAL);
    expect(renewed(canceled)).toMatchObject({ paidTo: "2027-05-01", cancelsOn: "2027-05-01" });
  });
});

test("a change keeps the day of its quote, however late it is paid", () => {
  const quote = quoteChange(running, moveWish(29_000), on("2027-03-11"));
  if (quote.kind !== "now") throw new Error(quote.kind);
  expect(afterOrder(running, quote.order, day("2027-03-14")).segments).toEqual([
    { key: "basic", startsOn: "2027-03-11", days: 21, valueWon: won(19_645), giftWon: 0 },
  ]);
});
