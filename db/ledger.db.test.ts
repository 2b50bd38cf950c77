import { beforeEach, expect, test } from "vitest";
import { findBalances } from "@/db/ledger";
import { refundCharge } from "@/lib/operations/refund/send";
import { operator } from "@/lib/operations/work";
import { won } from "@/lib/testing/billing";
import { type Story, startStory } from "@/lib/testing/story";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-31");
  return story.close;
});

test("the balance of each account can be asked for any past instant, and sums to zero at all of them", async () => {
  const before = new Date(story.now().getTime() - 1);
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const paid = story.now();
  story.at("2027-02-03");
  const [charge] = await story.chargesOf(person);
  const order = { chargeId: charge?.id ?? "", amountWon: won(3_300), reason: "중도해지" };
  await refundCharge(story.deps, { ...order, requestId: "r1", actor: operator("usr_operator") });
  const refunded = story.now();
  story.at("2027-02-28");
  await story.work();

  const nothing = {
    receivable: 0,
    "pg-clearing": 0,
    unearned: 0,
    revenue: 0,
    "vat-payable": 0,
    refunds: 0,
    "credit-paid": 0,
    "vat-of-credit": 0,
    "credit-granted": 0,
    promotion: 0,
    forgiven: 0,
    penalty: 0,
  };
  const afterPayment = {
    ...nothing,
    "pg-clearing": 9_900,
    revenue: -9_000,
    "vat-payable": -900,
  };
  const afterRefund = {
    ...afterPayment,
    "pg-clearing": 6_600,
    "vat-payable": -600,
    refunds: 3_000,
  };
  const expected: readonly (readonly [Date, Readonly<Record<string, number>>])[] = [
    [before, nothing],
    [paid, afterPayment],
    [new Date(refunded.getTime() - 1), afterPayment],
    [refunded, afterRefund],
    [
      story.now(),
      { ...afterRefund, "pg-clearing": 16_500, revenue: -18_000, "vat-payable": -1_500 },
    ],
  ];
  for (const [at, balances] of expected) {
    const found = await findBalances(at);
    expect(Object.fromEntries(found)).toEqual(balances);
    expect([...found.values()].reduce((sum, balance) => sum + balance, 0)).toBe(0);
  }
});
