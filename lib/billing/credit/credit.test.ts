import fc from "fast-check";
import { expect, test } from "vitest";
import { day, won } from "@/lib/testing/billing";
import { mayBegin, type OpenInvoice, releaseCredit, shareCredit } from "./credit";

const invoice = (id: string, dueOn: string, sumOfLines: number): OpenInvoice => ({
  id,
  kind: "period",
  dueOn: day(dueOn),
  sumOfLines,
  minimumWon: won(100),
});

test("the oldest due invoice of the account is paid from credit first, granted before paid", () => {
  const shared = shareCredit(
    [
      invoice("young", "2027-03-05", 9_900),
      invoice("old", "2027-03-01", 4_900),
      invoice("mid", "2027-03-04", 29_000),
    ],
    { grantedWon: won(6_000), paidWon: won(3_000) },
  );
  expect(shared.map(({ id, due }) => [id, due.used, due.dueWon])).toEqual([
    ["old", { grantedWon: 4_900, paidWon: 0 }, 0],
    ["mid", { grantedWon: 1_100, paidWon: 3_000 }, 24_900],
    ["young", { grantedWon: 0, paidWon: 0 }, 9_900],
  ]);
});

test.each([
  ["period", { forgivenWon: 50, topUpWon: 0, dueWon: 0 }],
  ["change", { forgivenWon: 0, topUpWon: 50, dueWon: 100 }],
  ["once", { forgivenWon: 0, topUpWon: 50, dueWon: 100 }],
] as const)("a %s of which 50 won are left", (kind, due) => {
  const credit = { grantedWon: won(0), paidWon: won(9_850) };
  expect(shareCredit([{ ...invoice("only", "2027-03-01", 9_900), kind }], credit)).toMatchObject([
    { due },
  ]);
});

test("no won of credit is used twice, and a void invoice gives all of it back", () => {
  const anyInvoice = fc.tuple(
    fc.integer({ min: 0, max: 27 }),
    fc.integer({ min: -5_000, max: 50_000 }),
  );
  const amount = fc.integer({ min: 0, max: 60_000 }).map(won);
  fc.assert(
    fc.property(
      fc.array(anyInvoice, { maxLength: 6 }),
      amount,
      amount,
      (drawn, grantedWon, paidWon) => {
        const credit = { grantedWon, paidWon };
        const open = drawn.map(([at, sum], id) =>
          invoice(`i${id}`, `2027-03-${String(at + 1).padStart(2, "0")}`, sum),
        );
        const shared = shareCredit(open, credit);
        const used = (kind: "grantedWon" | "paidWon") =>
          shared.reduce((sum, { due }) => sum + due.used[kind], 0);
        expect(used("grantedWon")).toBeLessThanOrEqual(grantedWon);
        expect(used("paidWon")).toBeLessThanOrEqual(paidWon);
        const left = {
          grantedWon: won(grantedWon - used("grantedWon")),
          paidWon: won(paidWon - used("paidWon")),
        };
        expect(shared.reduce((sum, { due }) => releaseCredit(sum, due), left)).toEqual(credit);
      },
    ),
    { seed: 8 },
  );
});

test("contracts of one account stand beside each other, one live one for each product", () => {
  const live = [{ product: "mail" }, { product: "wiki" }];
  expect(mayBegin("wiki", live)).toBe(false);
  expect(mayBegin("board", live)).toBe(true);
  expect(mayBegin("board", [])).toBe(true);
});
