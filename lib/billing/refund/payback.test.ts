import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { won } from "@/lib/testing/billing";
import { type PaybackCharge, paidCreditBack, sharePayback } from "./payback";

function charge(id: string, heldWon: number, more: Partial<PaybackCharge> = {}): PaybackCharge {
  return { id, amountWon: won(heldWon), heldWon: won(heldWon), takesBack: "any", ...more };
}

describe("newest first, up to what each still holds", () => {
  test.for([
    ["one charge holds it all", 5_000, [["c3", 5_000]], []],
    ["exactly the newest", 12_938, [["c3", 12_938]], []],
    [
      "over two charges",
      30_000,
      [
        ["c3", 12_938],
        ["c1", 17_062],
      ],
      [],
    ],
    [
      "all there is",
      111_938,
      [
        ["c3", 12_938],
        ["c1", 99_000],
      ],
      [],
    ],
    [
      "more than any charge holds is owed",
      111_940,
      [
        ["c3", 12_938],
        ["c1", 99_000],
      ],
      [[null, 2]],
    ],
    ["nothing to pay back, no refund", 0, [], []],
  ] as const)("%s", ([, backWon, refunds, manual]) => {
    const charges = [
      charge("c3", 12_938),
      charge("c2", 0, { amountWon: won(7_000) }),
      charge("c1", 99_000),
    ];
    expect(sharePayback(won(backWon), charges)).toEqual({
      refunds: refunds.map(([chargeId, part]) => ({ chargeId, won: part })),
      manual: manual.map(([chargeId, part]) => ({ chargeId, won: part })),
    });
  });
});

describe("what a charge cannot take back stays owed, and moves to no other charge", () => {
  test.for([
    ["too old", { takesBack: "nothing" }, 15_000, [["c1", 2_062]], [["c3", 12_938]]],
    [
      "only whole, and asked for whole",
      { takesBack: "whole" },
      15_000,
      [
        ["c3", 12_938],
        ["c1", 2_062],
      ],
      [],
    ],
    ["only whole, and asked for in part", { takesBack: "whole" }, 5_000, [], [["c3", 5_000]]],
    [
      "only whole, and a part went back before",
      { takesBack: "whole", amountWon: won(20_000) },
      15_000,
      [["c1", 2_062]],
      [["c3", 12_938]],
    ],
  ] as const)("%s", ([, limits, backWon, refunds, manual]) => {
    const charges = [charge("c3", 12_938, limits), charge("c1", 99_000)];
    expect(sharePayback(won(backWon), charges)).toEqual({
      refunds: refunds.map(([chargeId, part]) => ({ chargeId, won: part })),
      manual: manual.map(([chargeId, part]) => ({ chargeId, won: part })),
    });
  });
});

test("whatever the charges, the parts sum to what goes back, and none holds less than it gives", () => {
  const anyCharge = fc
    .record({
      amount: fc.integer({ min: 100, max: 200_000 }),
      back: fc.integer({ min: 0, max: 200_000 }),
      takesBack: fc.constantFrom("any", "whole", "nothing"),
    })
    .map(
      ({ amount, back, takesBack }): Omit<PaybackCharge, "id"> => ({
        amountWon: won(amount),
        heldWon: won(Math.max(0, amount - back)),
        takesBack,
      }),
    );
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500_000 }),
      fc.array(anyCharge, { maxLength: 6 }),
      (back, drawn) => {
        const charges = drawn.map((one, at) => ({ id: `c${at}`, ...one }));
        const { refunds, manual } = sharePayback(won(back), charges);
        const parts = [...refunds, ...manual];
        expect(parts.reduce((sum, part) => sum + part.won, 0)).toBe(back);
        for (const { chargeId, won: part } of parts) {
          if (chargeId === null) continue;
          expect(part).toBeLessThanOrEqual(
            charges.find(({ id }) => id === chargeId)?.heldWon ?? -1,
          );
        }
        for (const { chargeId } of refunds)
          expect(charges.find(({ id }) => id === chargeId)?.takesBack).not.toBe("nothing");
      },
    ),
    { seed: 16 },
  );
});

test.for([
  ["no other contract can use it", false, false, 3_000],
  ["another can, and nobody asks", true, false, 0],
  ["another can, and the customer asks", true, true, 3_000],
] as const)("paid credit at the end of a contract: %s", ([, hasOtherContract, isAsked, back]) => {
  const credit = { grantedWon: won(9_000), paidWon: won(3_000) };
  expect(paidCreditBack(credit, { hasOtherContract, isAsked })).toBe(back);
});
