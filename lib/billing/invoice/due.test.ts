import fc from "fast-check";
import { expect, test } from "vitest";
import { won } from "@/lib/testing/billing";
import { walletOf } from "@/lib/testing/contract";
import { dueOf } from "./due";

const nothing = { totalWon: 0, creditGrantedWon: 0, forgivenWon: 0, topUpWon: 0, dueWon: 0 };

test.for([
  ["all of it", "period", 9_900, walletOf(), { totalWon: 9_900, dueWon: 9_900 }],
  [
    "granted credit before paid",
    "period",
    9_900,
    walletOf(4_000, 3_000),
    { totalWon: 9_900, dueWon: 2_900 },
  ],
  ["credit for all of it: no charge", "period", 9_900, walletOf(9_000, 9_000), { totalWon: 9_900 }],
  ["nothing at all", "change", 0, walletOf(500), {}],
  ["below zero: credit", "change", -3_000, walletOf(500), { creditGrantedWon: 3_000 }],
  ["a period a won below the minimum", "period", 99, walletOf(), { totalWon: 99, forgivenWon: 99 }],
  ["a period at the minimum", "period", 100, walletOf(), { totalWon: 100, dueWon: 100 }],
  [
    "a change a won below the minimum",
    "change",
    99,
    walletOf(),
    { totalWon: 99, topUpWon: 1, dueWon: 100 },
  ],
  [
    "a thing sold once below it",
    "once",
    60,
    walletOf(),
    { totalWon: 60, topUpWon: 40, dueWon: 100 },
  ],
  [
    "the minimum is the payment method's: a period",
    "period",
    199,
    { ...walletOf(), minimumWon: won(200) },
    { totalWon: 199, forgivenWon: 199 },
  ],
  [
    "the minimum is the payment method's: a change",
    "change",
    150,
    { ...walletOf(), minimumWon: won(200) },
    { totalWon: 150, topUpWon: 50, dueWon: 200 },
  ],
] as const)("%s", ([, kind, sumOfLines, wallet, due]) => {
  expect(dueOf(kind, sumOfLines, wallet)).toMatchObject({ ...nothing, ...due });
});

test("due = total − credit used − forgiven + top-up, and is 0 or at least the minimum", () => {
  const amount = fc.integer({ min: 0, max: 20_000 });
  const small = fc.oneof(amount, fc.integer({ min: -300, max: 300 }));
  const kinds = fc.constantFrom("period", "change", "once");
  fc.assert(
    fc.property(fc.tuple(kinds, small), fc.tuple(amount, amount), (drawn, [granted, paid]) => {
      const [kind, sumOfLines] = drawn;
      const due = dueOf(kind, sumOfLines, walletOf(granted, paid));
      expect(due.totalWon - due.creditGrantedWon).toBe(sumOfLines);
      const used = due.used.grantedWon + due.used.paidWon;
      expect(due.dueWon).toBe(due.totalWon - used - due.forgivenWon + due.topUpWon);
      expect(due.dueWon === 0 || due.dueWon >= 100).toBe(true);
      expect(due.used.paidWon === 0 || due.used.grantedWon === granted).toBe(true);
    }),
    { seed: 7 },
  );
});
