import fc from "fast-check";
import { expect, it } from "vitest";
import { splitVat } from "@/lib/billing/money";
import { anyPrice, won } from "@/lib/testing/billing";
import {
  ACCOUNTS,
  chargeApproved,
  creditGranted,
  creditUsed,
  invoiceClosedUnpaid,
  invoiceOpened,
  type Posting,
  refundDone,
} from "./ledger";

it("a paid period leaves cash, revenue and VAT, and no claim", () => {
  const approval = { amountWon: won(9_900), suppliedWon: won(9_000), vatWon: won(900) };
  expect(sums([...invoiceOpened(won(9_900)), ...chargeApproved(approval)])).toEqual({
    "pg-clearing": 9_900,
    receivable: 0,
    unearned: 0,
    revenue: -9_000,
    "vat-payable": -900,
  });
});

it("an unpaid period leaves nothing", () => {
  const postings = [...invoiceOpened(won(9_900)), ...invoiceClosedUnpaid(won(9_900))];
  expect(sums(postings)).toEqual({ receivable: 0, unearned: 0 });
});

it("Toss's split is booked as it came, not computed anew", () => {
  const floored = { amountWon: won(15_000), suppliedWon: won(13_637), vatWon: won(1_363) };
  expect(sums(chargeApproved(floored))).toMatchObject({ revenue: -13_637, "vat-payable": -1_363 });
});

it("a period given back leaves no cash and no VAT, and says so beside the revenue", () => {
  const split = { amountWon: won(9_900), suppliedWon: won(9_000), vatWon: won(900) };
  const postings = [...invoiceOpened(won(9_900)), ...chargeApproved(split), ...refundDone(split)];
  expect(sums(postings)).toEqual({
    "pg-clearing": 0,
    receivable: 0,
    unearned: 0,
    revenue: -9_000,
    refunds: 9_000,
    "vat-payable": 0,
  });
});

it("credit kept for a customer pays the next invoice, and nothing of it is left", () => {
  const split = { amountWon: won(9_900), suppliedWon: won(9_000), vatWon: won(900) };
  const postings = [...creditGranted(split), ...invoiceOpened(won(9_900)), ...creditUsed(split)];
  expect(sums(postings)).toEqual({
    credit: 0,
    refunds: 9_000,
    receivable: 0,
    unearned: 0,
    revenue: -9_000,
    "vat-payable": 0,
  });
});

it("every set of postings sums to zero and names known accounts", () => {
  fc.assert(
    fc.property(anyPrice, (total) => {
      const sets = [
        invoiceOpened(total),
        invoiceClosedUnpaid(total),
        ...[chargeApproved, refundDone, creditGranted, creditUsed].map((post) =>
          post({ amountWon: total, ...splitVat(total) }),
        ),
      ];
      for (const postings of sets) {
        expect(postings.reduce((sum, posting) => sum + posting.amountWon, 0)).toBe(0);
        for (const { account } of postings) expect(ACCOUNTS).toContain(account);
      }
    }),
  );
});

it("a split that does not sum to the amount is not booked", () => {
  const torn = { amountWon: won(9_900), suppliedWon: won(9_000), vatWon: won(901) };
  expect(() => chargeApproved(torn)).toThrow("Postings sum to -1 won instead of 0");
});

function sums(postings: readonly Posting[]): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { account, amountWon } of postings) {
    totals[account] = (totals[account] ?? 0) + amountWon;
  }
  return totals;
}
