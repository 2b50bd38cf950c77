import { describe, expect, test } from "vitest";
import { day, won } from "@/lib/testing/billing";
import {
  moveWish,
  percentOff,
  renewed,
  runningContract,
  seatsWish,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { afterQuote, quoteChange } from "./change";
import { type Contract, nextPeriodOf } from "./contract";
import { quoteLeave } from "./leave";
import { changeByOperator, type OperatorChange } from "./operator-change";
import { orderNextPeriod } from "./order";
import { cancelAtEnd, pause, resume } from "./pause";
import { nextChargeOf } from "./quote";

const TODAY = day("2027-03-11");
const facts = { today: TODAY, renewal: "not-begun" } as const;
const reason = "장애 보상";
const running = runningContract();

function done(contract: Contract, change: OperatorChange): Contract {
  const outcome = changeByOperator(contract, change, facts);
  if (outcome.kind === "refused") throw new Error(outcome.refusal.code);
  return outcome.contract;
}

describe("extend: free days behind the paid ones", () => {
  const extended = done(running, { kind: "extend", days: 10, reason });

  test("the next period begins after them, and every later one on that day", () => {
    expect(nextChargeOf(extended)).toEqual({ on: "2027-04-11", totalWon: 9_900 });
    expect(nextPeriodOf(renewed(extended)).period.startsOn).toBe("2027-05-11");
  });

  test("they are a segment worth nothing", () => {
    expect(extended.segments).toEqual([
      { key: "basic", startsOn: "2027-03-01", days: 31, valueWon: 9_900, giftWon: 0 },
      { key: "free-days", startsOn: "2027-04-01", days: 10, valueWon: 0, giftWon: 0 },
    ]);
    expect(done(extended, { kind: "extend", days: 5, reason }).segments[1]).toMatchObject({
      startsOn: "2027-04-01",
      days: 15,
    });
  });

  test("a change charges nothing for them, and they stay", () => {
    const quote = quoteChange(extended, moveWish(29_000), { today: TODAY, wallet: walletOf() });
    expect(quote).toMatchObject({ order: { due: { totalWon: 12_938 } } });
    expect(afterQuote(extended, quote)).toMatchObject({
      paidTo: "2027-04-11",
      segments: [
        { key: "basic", days: 21 },
        { key: "free-days", startsOn: "2027-04-01", days: 10 },
      ],
    });
    const inFreeDays = quoteChange(extended, seatsWish(2), {
      today: day("2027-04-05"),
      wallet: walletOf(),
    });
    expect(inFreeDays).toMatchObject({ order: { due: { totalWon: 0 } } });
  });

  test("they are no money when the contract ends", () => {
    const leave = (on: string) =>
      quoteLeave(
        extended,
        { today: day(on), usedOn: day(on), orders: [], credit: walletOf().credit },
        () => ({ withdrawalDays: 7, penaltyPercent: 10 }),
      ).refundWon;
    // 20 of 31 days used leave 3,513, less a penalty of 990; in the free days nothing is left.
    expect([leave("2027-03-20"), leave("2027-04-02")]).toEqual([2_523, 0]);
  });

  test("a pause keeps them", () => {
    const paused = pause(extended, day("2027-03-21"));
    if ("code" in paused) throw new Error(paused.code);
    const resumed = resume(paused, day("2027-04-21"));
    // 11 paid days are left, and 10 free ones.
    expect(resumed).toMatchObject({
      paidTo: "2027-05-12",
      segments: [
        { startsOn: "2027-04-21", days: 11 },
        { startsOn: "2027-05-02", days: 10 },
      ],
    });
  });

  test("a trial is longer by them", () => {
    const trial = unpaidContract({ startsOn: day("2027-03-15") });
    expect(done(trial, { kind: "extend", days: 7, reason })).toMatchObject({
      paidTo: "2027-03-22",
      terms: { anchorOn: "2027-03-22" },
      segments: [],
    });
  });
});

test.each([
  [25, "2027-04-25"],
  [1, "2027-04-01"],
  [28, "2027-04-28"],
])(
  "move-day: on the %s the next payment is on %s, and the days before it are free",
  (dayOfMonth, on) => {
    const moved = done(running, { kind: "move-day", dayOfMonth, reason });
    expect(nextChargeOf(moved)).toEqual({ on, totalWon: 9_900 });
  },
);

describe("comp: coming periods for nothing", () => {
  const half = runningContract({ coupon: percentOff(50, 3) });
  const given = done(half, { kind: "comp", periods: 2, reason });

  test("as many as are given, and then the price again", () => {
    const free = orderNextPeriod(given, walletOf());
    expect(free).toMatchObject({
      lines: [
        { kind: "plan", won: 9_900 },
        { kind: "discount", won: -9_900 },
      ],
      due: { totalWon: 0, dueWon: 0 },
    });
    const later = renewed(renewed(given));
    expect(nextChargeOf(later)?.totalWon).toBe(4_950);
  });

  test("a coupon counts paid periods only, and one that is used up is over", () => {
    expect(renewed(given).coupon).toMatchObject({ periodsLeft: 2, isRunning: false });
    const once = done(runningContract({ coupon: percentOff(50, 1) }), {
      kind: "comp",
      periods: 1,
      reason,
    });
    expect(renewed(once).coupon).toBeNull();
  });

  test("given days are no money", () => {
    const leave = quoteLeave(
      renewed(given),
      { today: day("2027-04-05"), usedOn: TODAY, orders: [], credit: walletOf().credit },
      () => ({ withdrawalDays: 7, penaltyPercent: 0 }),
    );
    expect(leave.refundWon).toBe(0);
  });
});

describe("waive: what is due of an open invoice is let go", () => {
  test("the period begins, worth what credit paid for it", () => {
    const order = orderNextPeriod(running, walletOf(4_000));
    const outcome = changeByOperator(
      running,
      { kind: "waive", order, reason },
      { today: day("2027-04-03"), renewal: "past-due" },
    );
    expect(outcome).toMatchObject({
      order: { due: { totalWon: 9_900, forgivenWon: 5_900, dueWon: 0 } },
      contract: {
        paidTo: "2027-05-01",
        segments: [{ startsOn: "2027-04-03", valueWon: 4_000, giftWon: 4_000 }],
      },
    });
  });

  test("where nothing is due, nothing is waived", () => {
    const order = orderNextPeriod(running, walletOf(9_900));
    expect(changeByOperator(running, { kind: "waive", order, reason }, facts)).toMatchObject({
      refusal: { code: "nothing-due" },
    });
  });
});

describe("price: a lower one from the next period on", () => {
  test("the running period stays as it is", () => {
    const cheaper = done(running, { kind: "price", key: "basic", unitWon: won(7_000), reason });
    expect(cheaper.segments).toEqual(running.segments);
    expect(nextChargeOf(cheaper)?.totalWon).toBe(7_000);
    expect(nextChargeOf(renewed(cheaper))?.totalWon).toBe(7_000);
    expect(renewed(cheaper).nextPrices).toEqual({});
  });

  test("another plan has its own", () => {
    const cheaper = done(running, { kind: "price", key: "basic", unitWon: won(7_000), reason });
    const dearer = afterQuote(
      cheaper,
      quoteChange(cheaper, moveWish(29_000), { today: TODAY, wallet: walletOf() }),
    );
    expect(nextChargeOf(dearer)?.totalWon).toBe(29_000);
    const onTheDay = quoteChange(cheaper, moveWish(29_000), {
      today: day("2027-04-01"),
      wallet: walletOf(),
    });
    expect(onTheDay).toMatchObject({ order: { due: { totalWon: 29_000 } } });
  });
});

describe("refused", () => {
  const paused = pause(running, TODAY);
  if ("code" in paused) throw new Error(paused.code);
  test.for([
    ["without a reason", running, { kind: "extend", days: 1, reason: " " }, "no-reason"],
    ["in a pause", paused, { kind: "extend", days: 1, reason }, "paused"],
    [
      "with an end booked",
      cancelAtEnd(running, TODAY),
      { kind: "comp", periods: 1, reason },
      "end-booked",
    ],
    ["no days", running, { kind: "extend", days: 0, reason }, "out-of-range"],
    ["half a day", running, { kind: "extend", days: 0.5, reason }, "out-of-range"],
    [
      "a day that some months lack",
      running,
      { kind: "move-day", dayOfMonth: 29, reason },
      "out-of-range",
    ],
    ["no period", running, { kind: "comp", periods: 0, reason }, "out-of-range"],
    [
      "an item that is not there",
      running,
      { kind: "price", key: "storage", unitWon: won(1), reason },
      "no-such-item",
    ],
    [
      "a higher price, which is the customer's to agree to",
      running,
      { kind: "price", key: "basic", unitWon: won(9_901), reason },
      "needs-consent",
    ],
  ] as const)("%s", ([, contract, change, code]) => {
    expect(changeByOperator(contract, change, facts)).toEqual({
      kind: "refused",
      refusal: { code },
    });
  });

  test.each([
    ["2027-04-01", "collecting"],
    ["2027-04-03", "past-due"],
    ["2027-04-03", "not-begun"],
  ] as const)("on %s, while the renewal is %s", (today, renewal) => {
    const change = { kind: "extend", days: 3, reason } as const;
    expect(changeByOperator(running, change, { today: day(today), renewal })).toMatchObject({
      refusal: { code: "due" },
    });
  });
});
