/** Leaving one of several contracts: credit that came from it may be spent on another by now. */
import { expect, test } from "vitest";
import { day, won } from "@/lib/testing/billing";
import { moveWish, runningContract, unpaidContract, walletOf } from "@/lib/testing/contract";
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
