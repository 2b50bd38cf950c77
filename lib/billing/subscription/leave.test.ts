/** 중도해지 of one contract, also where credit that came from it was spent on another. */
import { describe, expect, test } from "vitest";
import { day, won } from "@/lib/testing/billing";
import {
  moveWish,
  renewed,
  runningContract,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { quoteChange } from "./change";
import { afterOrder, creditAfter } from "./contract";
import { type PaidOrder, quoteLeave } from "./leave";
import { orderNextPeriod } from "./order";

const policy = () => ({ withdrawalDays: 7, penaltyPercent: 0 });
const TODAY = day("2027-03-11");

/** 99,000 won a month, moved on its first day to a year for 10,000: 89,000 won are credit. */
function movedToYear(grantedWon: number) {
  const wallet = walletOf(grantedWon);
  const start = unpaidContract({ unitWon: 99_000, startsOn: TODAY });
  const first = orderNextPeriod(start, wallet);
  const monthly = afterOrder(start, first);
  const quote = quoteChange(
    monthly,
    moveWish(10_000, "year"),
    // The day after: on the first day a renewal would come first.
    { today: day("2027-03-12"), wallet: { ...wallet, credit: creditAfter(wallet.credit, first) } },
  );
  if (quote.kind !== "now") throw new Error(quote.kind);
  const orders: PaidOrder[] = [
    { order: quote.order, before: monthly, paidOn: day("2027-03-12") },
    { order: first, before: start, paidOn: TODAY },
  ];
  const credit = creditAfter(creditAfter(wallet.credit, first), quote.order);
  return { contract: afterOrder(monthly, quote.order), orders, credit };
}

test("money that came back as credit and was spent elsewhere does not go back again", () => {
  const { contract, orders, credit } = movedToYear(0);
  // floor(99,000 × 1 / 31) = 3,193 are used on the first day.
  expect(credit).toEqual({ grantedWon: 0, paidWon: 85_807 });
  const facts = { today: day("2027-03-12"), usedOn: null, orders };
  expect(quoteLeave(contract, { ...facts, credit }, policy).refundWon).toBe(99_000);
  const spent = { grantedWon: won(0), paidWon: won(0) };
  expect(quoteLeave(contract, { ...facts, credit: spent }, policy)).toMatchObject({
    refundWon: 99_000 - 85_807,
    paidCreditWon: 0,
  });
});

test("a gift that came back and was spent elsewhere is paid out to nobody", () => {
  const { contract, orders, credit } = movedToYear(99_000);
  expect(credit).toEqual({ grantedWon: 85_807, paidWon: 0 });
  const spent = { grantedWon: won(0), paidWon: won(0) };
  const facts = { today: day("2027-03-12"), usedOn: null, orders, credit: spent };
  expect(quoteLeave(contract, facts, policy)).toMatchObject({ refundWon: 0 });
});

test("in the middle of a period the day itself counts as used", () => {
  const facts = {
    today: day("2027-03-20"),
    usedOn: day("2027-03-20"),
    orders: [],
    credit: walletOf().credit,
  };
  expect(quoteLeave(runningContract(), facts, policy).refundWon).toBe(3_513);
});

test("what was forgiven is no part of the base of a penalty", () => {
  const start = unpaidContract({ unitWon: 9_990 });
  const order = orderNextPeriod(start, walletOf(0, 9_900));
  expect(order.due).toMatchObject({ forgivenWon: 90, dueWon: 0 });
  const facts = {
    today: day("2027-03-01"),
    usedOn: day("2027-03-01"),
    orders: [],
    credit: walletOf().credit,
  };
  const tenth = () => ({ withdrawalDays: 7, penaltyPercent: 10 });
  expect(quoteLeave(afterOrder(start, order), facts, tenth).penaltyWon).toBe(990);
});

describe("the day of the end", () => {
  const start = unpaidContract();
  const first: PaidOrder = {
    order: orderNextPeriod(start, walletOf()),
    before: start,
    paidOn: day("2027-03-01"),
  };
  const running = runningContract();
  const renewal: PaidOrder = {
    order: orderNextPeriod(running, walletOf()),
    before: running,
    paidOn: day("2027-04-01"),
  };
  const leave = (
    contract: typeof running,
    orders: readonly PaidOrder[],
    { on, usedOn }: { readonly on: string; readonly usedOn: string | null },
  ) => {
    const used = usedOn === null ? null : day(usedOn);
    const facts = { today: day(on), usedOn: used, orders, credit: walletOf().credit };
    const { endsOn, refundWon } = quoteLeave(contract, facts, policy);
    return [endsOn, refundWon];
  };

  test("is the day of leaving", () => {
    const used = { on: "2027-03-20", usedOn: "2027-03-20" };
    expect(leave(running, [first], used)).toEqual(["2027-03-20", 3_513]);
  });

  test("is its first day for a first order that is withdrawn", () => {
    const unused = { on: "2027-03-05", usedOn: null };
    expect(leave(running, [first], unused)).toEqual(["2027-03-01", 9_900]);
  });

  test("is the first day of a renewal that is withdrawn", () => {
    const unused = { on: "2027-04-08", usedOn: "2027-03-31" };
    expect(leave(renewed(running), [renewal, first], unused)).toEqual(["2027-04-01", 9_900]);
  });

  test("is the day of leaving again once the seven days are over", () => {
    // 9 of 30 days used: floor(9,900 × 9 / 30) = 2,970.
    const late = { on: "2027-04-09", usedOn: "2027-03-31" };
    expect(leave(renewed(running), [renewal, first], late)).toEqual(["2027-04-09", 6_930]);
  });
});
