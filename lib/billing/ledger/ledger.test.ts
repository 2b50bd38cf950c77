import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Credit, type Due, dueOf } from "@/lib/billing/invoice/due";
import { splitVat } from "@/lib/billing/money";
import { quoteChange } from "@/lib/billing/subscription/change";
import { anyPrice, won } from "@/lib/testing/billing";
import { runningContract, seatsWish, walletOf } from "@/lib/testing/contract";
import { sumPostings } from "@/lib/testing/ledger";
import {
  chargeApproved,
  contractLeft,
  creditGranted,
  giftGivenUp,
  invoiceClosedUnpaid,
  invoiceOpened,
  invoicePaid,
  LEDGER_ACCOUNTS,
  type Posting,
  paidCreditReturned,
  refundDone,
} from "./ledger";

const NOTHING = won(0);

/** 9,900 won, as a period that nothing but a charge pays. */
const plain = dueOf("period", 9_900, walletOf());

const creditOf = (grantedWon: number, paidWon: number): Credit =>
  walletOf(grantedWon, paidWon).credit;

/** A charge of exactly what is due, split as Toss does. */
const approvalOf = ({ dueWon }: Pick<Due, "dueWon">) => ({
  amountWon: dueWon,
  ...splitVat(dueWon),
});

it("a paid period leaves cash, revenue and VAT, and no claim", () => {
  const approval = { amountWon: won(9_900), suppliedWon: won(9_000), vatWon: won(900) };
  expect(sumPostings([...invoiceOpened(plain), ...chargeApproved(approval)])).toEqual({
    "pg-clearing": 9_900,
    receivable: 0,
    unearned: 0,
    revenue: -9_000,
    "vat-payable": -900,
  });
});

it("a charge that pays all of an invoice leaves nothing else to book", () => {
  expect(invoicePaid({ due: plain, giftLeftWon: NOTHING })).toEqual([]);
});

it("an unpaid period leaves nothing", () => {
  const postings = [...invoiceOpened(plain), ...invoiceClosedUnpaid(plain)];
  expect(sumPostings(postings)).toEqual({ receivable: 0, unearned: 0 });
});

it("Toss's split is booked as it came, not computed anew", () => {
  const floored = { amountWon: won(15_000), suppliedWon: won(13_637), vatWon: won(1_363) };
  expect(sumPostings(chargeApproved(floored))).toMatchObject({
    revenue: -13_637,
    "vat-payable": -1_363,
  });
});

it("a period given back leaves no cash and no VAT, and says so beside the revenue", () => {
  const split = { amountWon: won(9_900), suppliedWon: won(9_000), vatWon: won(900) };
  const postings = [...invoiceOpened(plain), ...chargeApproved(split), ...refundDone(split)];
  expect(sumPostings(postings)).toEqual({
    "pg-clearing": 0,
    receivable: 0,
    unearned: 0,
    revenue: -9_000,
    refunds: 9_000,
    "vat-payable": 0,
  });
});

/** Accounts that are not named do not move. */
describe("worked examples", () => {
  test.for<readonly [string, readonly Posting[], Readonly<Record<string, number>>]>([
    [
      "opened: 4,000 won of granted credit and 1,100 of paid pay before the charge",
      invoiceOpened(dueOf("period", 9_900, walletOf(4_000, 1_100))),
      {
        receivable: 4_800,
        unearned: -9_800,
        "credit-paid": 1_100,
        "vat-of-credit": -100,
        "credit-granted": 4_000,
      },
    ],
    [
      "closed unpaid: the same comes back whole",
      invoiceClosedUnpaid(dueOf("period", 9_900, walletOf(4_000, 1_100))),
      {
        receivable: -4_800,
        unearned: 9_800,
        "credit-paid": -1_100,
        "vat-of-credit": 100,
        "credit-granted": -4_000,
      },
    ],
    [
      "paid: reserved credit is earned beside the charge",
      paid(dueOf("period", 9_900, walletOf(4_000, 1_100))),
      { unearned: 5_000, revenue: -5_000 },
    ],
    [
      "paid by granted credit alone: revenue without VAT",
      settled(dueOf("period", 9_900, walletOf(15_000))),
      { revenue: -9_900, "credit-granted": 9_900 },
    ],
    [
      "paid by paid credit alone: its VAT was paid when the money came",
      settled(dueOf("period", 9_900, walletOf(0, 15_000))),
      { revenue: -9_000, "credit-paid": 9_900, "vat-of-credit": -900 },
    ],
    [
      "a period of which 50 won are left: forgiven",
      settled(dueOf("period", 9_900, walletOf(9_850))),
      { revenue: -9_900, "credit-granted": 9_850, forgiven: 50 },
    ],
    [
      "a change of 60 won is charged 100, and 40 become paid credit with 3 won of VAT",
      settled(dueOf("change", 60, walletOf())),
      {
        "pg-clearing": 100,
        revenue: -54,
        "vat-payable": -9,
        "credit-paid": -40,
        "vat-of-credit": 3,
      },
    ],
    [
      "lines of 3,000 won below zero become paid credit with 272 won of VAT",
      settled(dueOf("change", -3_000, walletOf(500))),
      { revenue: 2_728, "credit-paid": -3_000, "vat-of-credit": 272 },
    ],
    [
      "of the same, 1,000 won were a gift and are granted credit again",
      settled(dueOf("change", -3_000, walletOf(500)), 1_000),
      { revenue: 2_819, "credit-paid": -2_000, "vat-of-credit": 181, "credit-granted": -1_000 },
    ],
    ["nothing at all", settled(dueOf("period", 0, walletOf(500, 500))), {}],
    [
      "an operator's gift",
      creditGranted(won(5_000)),
      { promotion: 5_000, "credit-granted": -5_000 },
    ],
    [
      "what is left of it is given up",
      giftGivenUp(won(2_000)),
      { promotion: -2_000, "credit-granted": 2_000 },
    ],
    [
      "paid credit goes back: out of credit and out of revenue, before the refund is done",
      paidCreditReturned(won(1_100)),
      { revenue: -1_000, "credit-paid": 1_100, "vat-of-credit": -100 },
    ],
    [
      "left with nothing but a penalty of 990 won",
      contractLeft(leave({ penaltyWon: 990 }), creditOf(0, 0)),
      { revenue: 990, penalty: -990 },
    ],
    [
      "left: 6,388 won of gift are granted credit again, 1,100 of paid credit go back",
      contractLeft(leave({ grantedWon: 7_388 }), creditOf(1_000, 1_100)),
      { revenue: 5_388, "credit-paid": 1_100, "vat-of-credit": -100, "credit-granted": -6_388 },
    ],
    [
      "left, and an order withdrawn that had used 9,850 won of gift and was forgiven 50",
      contractLeft(
        leave({ grantedWon: 9_850, withdrawn: [dueOf("period", 9_900, walletOf(9_850))] }),
        creditOf(0, 0),
      ),
      { revenue: 9_900, "credit-granted": -9_850, forgiven: -50 },
    ],
    [
      "left, and gift of a withdrawn order was spent on another contract",
      contractLeft(leave({ grantedWon: 0 }), creditOf(300, 0)),
      { revenue: -300, "credit-granted": 300 },
    ],
  ])("%s", ([, postings, moves]) => {
    const moved = Object.entries(sumPostings(postings)).filter(([, amountWon]) => amountWon !== 0);
    expect(Object.fromEntries(moved)).toEqual(moves);
  });
});

it("an order's own words are enough to book it", () => {
  const quote = quoteChange(runningContract(), seatsWish(2), {
    today: runningContract().terms.anchorOn,
    wallet: walletOf(2_000, 3_300),
  });
  if (quote.kind !== "now") throw new Error(`Not to be paid now: ${quote.kind}`);
  const { due } = quote.order;
  expect(sumPostings([...invoiceOpened(due), ...invoicePaid(quote.order)])).toEqual({
    receivable: 4_600,
    unearned: -4_600,
    revenue: -5_000,
    "credit-paid": 3_300,
    "vat-of-credit": -300,
    "credit-granted": 2_000,
  });
});

it("the VAT share of many movements is off by less than a won each", () => {
  const movement = fc.integer({ min: -5_000, max: 5_000 });
  fc.assert(
    fc.property(fc.array(movement, { minLength: 1, maxLength: 40 }), (movements) => {
      const balances = sumPostings(
        movements.flatMap((amount) =>
          amount < 0
            ? settled(dueOf("change", amount, walletOf()))
            : paidCreditReturned(won(amount)),
        ),
      );
      const share = -(balances["credit-paid"] ?? 0) / 11;
      const difference = Math.abs((balances["vat-of-credit"] ?? 0) - share);
      expect(difference).toBeLessThan(movements.length);
    }),
  );
});

it("every set of postings sums to zero and names known accounts", () => {
  fc.assert(
    fc.property(anyPrice, anyPrice, anyPrice, (total, grantedWon, paidWon) => {
      const dues = (["period", "change", "once"] as const).flatMap((kind) =>
        [total, -total].map((sum) => dueOf(kind, sum, walletOf(grantedWon, paidWon))),
      );
      const sets = [
        ...dues.flatMap((due) => [invoiceOpened(due), invoiceClosedUnpaid(due), paid(due)]),
        ...[chargeApproved, refundDone].map((post) =>
          post({ amountWon: total, ...splitVat(total) }),
        ),
        ...[creditGranted, giftGivenUp, paidCreditReturned].map((post) => post(total)),
        contractLeft(
          leave({ penaltyWon: total, grantedWon, withdrawn: dues }),
          creditOf(0, paidWon),
        ),
      ];
      for (const postings of sets) {
        expect(postings.reduce((sum, posting) => sum + posting.amountWon, 0)).toBe(0);
        for (const { account } of postings) expect(LEDGER_ACCOUNTS).toContain(account);
        expect(new Set(postings.map(({ account }) => account)).size).toBe(postings.length);
        expect(postings.every(({ amountWon }) => amountWon !== 0)).toBe(true);
      }
    }),
  );
});

it("a split that does not sum to the amount is not booked", () => {
  const torn = { amountWon: won(9_900), suppliedWon: won(9_000), vatWon: won(901) };
  expect(() => chargeApproved(torn)).toThrow("Postings sum to -1 won instead of 0");
});

/** Paid beside its charge. */
function paid(due: Due, giftLeftWon = 0): readonly Posting[] {
  return invoicePaid({ due, giftLeftWon: won(giftLeftWon) });
}

/** Opened, charged where something is due, and paid. */
function settled(due: Due, giftLeftWon = 0): readonly Posting[] {
  const charged = due.dueWon > 0 ? chargeApproved(approvalOf(due)) : [];
  return [...invoiceOpened(due), ...charged, ...paid(due, giftLeftWon)];
}

function leave({
  penaltyWon = 0,
  grantedWon = 0,
  withdrawn = [],
}: {
  readonly penaltyWon?: number;
  readonly grantedWon?: number;
  readonly withdrawn?: readonly Due[];
}): Parameters<typeof contractLeft>[0] {
  return {
    penaltyWon: won(penaltyWon),
    grantedCreditWon: won(grantedWon),
    withdrawn: withdrawn.map((due) => ({ due })),
  };
}
