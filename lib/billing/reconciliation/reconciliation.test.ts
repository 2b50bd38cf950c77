import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { day, won } from "@/lib/testing/billing";
import {
  type BookedCharge,
  type BookedRefund,
  compareBooks,
  FINDING_KINDS,
  type ListedTransaction,
} from "./reconciliation";

const today = day("2027-02-10");
const at = new Date("2027-02-10T10:00:00+09:00");

function approval(terms: Partial<ListedTransaction> = {}): ListedTransaction {
  return {
    transactionKey: "tx_1",
    paymentKey: "pay_1",
    orderId: "ord_1",
    kind: "approval",
    amountWon: won(9_900),
    at,
    ...terms,
  };
}
const cancel = (terms: Partial<ListedTransaction> = {}) =>
  approval({ kind: "cancel", transactionKey: "tx_2", amountWon: won(3_000), ...terms });

function charge(terms: Partial<BookedCharge> = {}): BookedCharge {
  return {
    id: "chg_1",
    orderId: "ord_1",
    paymentKey: "pay_1",
    status: "approved",
    amountWon: won(9_900),
    approvedAt: at,
    ...terms,
  };
}

function refund(terms: Partial<BookedRefund> = {}): BookedRefund {
  return {
    id: "rfd_1",
    chargeId: "chg_1",
    status: "done",
    transactionKey: "tx_2",
    amountWon: won(3_000),
    canceledAt: at,
    ...terms,
  };
}

const found = (
  transactions: readonly ListedTransaction[],
  charges: readonly BookedCharge[],
  refunds: readonly BookedRefund[] = [],
) =>
  compareBooks(today, transactions, { charges, refunds }).map(({ subject, unexplainedWon }) => [
    subject,
    unexplainedWon,
  ]);

describe("nothing is found", () => {
  it("where both books say the same", () => {
    expect(found([approval(), cancel()], [charge()], [refund()])).toEqual([]);
  });

  it("about what belongs to another day", () => {
    const other = new Date("2027-02-09T23:59:59+09:00");
    expect(found([], [charge({ approvedAt: other })], [refund({ canceledAt: other })])).toEqual([]);
  });

  it("about attempts that were declined", () => {
    const declined = charge({ status: "declined", paymentKey: null, approvedAt: null });
    expect(found([], [declined])).toEqual([]);
  });
});

describe("found is", () => {
  it("a payment that nobody here knows", () => {
    expect(found([approval()], [])).toEqual([["missing-here:pay_1", 9_900]]);
  });

  it.each(["pending", "unknown", "declined"] as const)(
    "a payment whose attempt is %s",
    (status) => {
      expect(found([approval()], [charge({ status, approvedAt: null })])).toEqual([
        ["missing-here:pay_1", 9_900],
      ]);
    },
  );

  it("a second payment for the same order", () => {
    expect(found([approval(), approval({ paymentKey: "pay_2" })], [charge()])).toEqual([
      ["missing-here:pay_2", 9_900],
    ]);
  });

  it("a charge that Toss does not list", () => {
    expect(found([], [charge()])).toEqual([["missing-there:chg_1", 9_900]]);
  });

  it("another amount, by its difference", () => {
    expect(found([approval({ amountWon: won(10_900) })], [charge()])).toEqual([
      ["amount-differs:tx_1", 1_000],
    ]);
    expect(found([approval(), cancel({ amountWon: won(2_000) })], [charge()], [refund()])).toEqual([
      ["amount-differs:tx_2", 1_000],
    ]);
  });

  it("a refund made at Toss by hand", () => {
    expect(found([approval(), cancel()], [charge()])).toEqual([
      ["cancel-missing-here:tx_2", 3_000],
    ]);
  });

  it("a refund that Toss does not list", () => {
    expect(found([approval()], [charge()], [refund()])).toEqual([
      ["cancel-missing-there:rfd_1", 3_000],
    ]);
  });

  it("a payment of others once, with its cancels", () => {
    const subjects = found([approval(), cancel()], []).map(([subject]) => subject);
    expect(new Set(subjects)).toEqual(new Set(["missing-here:pay_1"]));
  });
});

it("books that mirror Toss never differ, and each line left out of one of them is found", () => {
  const lines = fc.uniqueArray(
    fc.record({ id: fc.nat(), amount: fc.integer({ min: 100, max: 1e9 }) }),
    {
      selector: ({ id }) => id,
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(lines, fc.nat(), (payments, dropped) => {
      const listed = payments.map(({ id, amount }) =>
        approval({
          transactionKey: `tx_${id}`,
          paymentKey: `pay_${id}`,
          orderId: `ord_${id}`,
          amountWon: won(amount),
        }),
      );
      const booked = payments.map(({ id, amount }) =>
        charge({
          id: `chg_${id}`,
          paymentKey: `pay_${id}`,
          orderId: `ord_${id}`,
          amountWon: won(amount),
        }),
      );
      expect(found(listed, booked)).toEqual([]);
      if (payments.length === 0) return;
      const at = dropped % payments.length;
      const without = <T>(all: readonly T[]) => all.filter((_, index) => index !== at);
      const { id, amount } = payments[at] ?? { id: 0, amount: 0 };
      expect(found(listed, without(booked))).toEqual([[`missing-here:pay_${id}`, amount]]);
      expect(found(without(listed), booked)).toEqual([[`missing-there:chg_${id}`, amount]]);
    }),
  );
});

it("knows what can be found", () => {
  expect(FINDING_KINDS).toHaveLength(5);
});
