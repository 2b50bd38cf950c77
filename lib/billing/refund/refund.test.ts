import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REPEATABLE_MS, SETTLE_AFTER_MS } from "@/lib/billing/charge/charge";
import { splitVat } from "@/lib/billing/money";
import { anyPrice, won } from "@/lib/testing/billing";
import {
  type Cancel,
  type ExecutedPayment,
  isSeenToday,
  nextRefundStep,
  ownCancel,
  paymentState,
  REFUND_STATUSES,
  refundableWon,
  vatOfCancels,
  whyNoRefund,
} from "./refund";

const now = new Date("2027-02-03T12:00:00+09:00");
const ago = (ms: number) => new Date(now.getTime() - ms);

function cancel(terms: Partial<Cancel> = {}): Cancel {
  return {
    transactionKey: "tx_1",
    amountWon: won(3_000),
    balanceAfterWon: won(6_900),
    canceledAt: now,
    reason: "청약철회",
    ...terms,
  };
}

/** 9,900 won, of which the cancels are gone. */
function payment(...cancels: readonly Cancel[]): ExecutedPayment {
  const balanceWon = won(9_900 - cancels.reduce((sum, { amountWon }) => sum + amountWon, 0));
  const { vatWon } = splitVat(balanceWon);
  return {
    paymentKey: "pay_1",
    orderId: "ord_1",
    totalWon: won(9_900),
    balanceWon,
    vatWon,
    cancels,
  };
}

const refund = {
  amountWon: won(3_000),
  reason: "청약철회",
  calledAt: ago(SETTLE_AFTER_MS),
  createdAt: ago(SETTLE_AFTER_MS),
  repeats: 0,
  keySpent: false,
  lockWon: won(9_900),
};
const nothing = new Set<string>();

const ANY_PART = { partialCancel: true };

describe("what may be asked back", () => {
  const charge = { status: "approved", amountWon: won(9_900), refundedWon: won(3_000) } as const;

  it("is what was paid, less what was given back or is reserved for it", () => {
    expect(refundableWon(charge)).toBe(6_900);
    expect(whyNoRefund(charge, won(6_900), ANY_PART)).toBeNull();
    expect(whyNoRefund(charge, won(6_901), ANY_PART)).toEqual({
      code: "exceeds-refundable",
      refundableWon: 6_900,
    });
    expect(whyNoRefund(charge, won(0), ANY_PART)).toMatchObject({ code: "exceeds-refundable" });
  });

  it("never adds up to more than was paid, whatever is asked in whatever order", () => {
    fc.assert(
      fc.property(anyPrice, fc.array(fc.nat(20_000)), (paid, asks) => {
        let refunded = won(0);
        for (const ask of asks.map(won)) {
          const terms = { status: "approved", amountWon: paid, refundedWon: refunded } as const;
          if (whyNoRefund(terms, ask, ANY_PART) === null) refunded = won(refunded + ask);
          expect(refundableWon({ ...terms, refundedWon: refunded })).toBe(paid - refunded);
        }
      }),
    );
  });

  it("is the whole or nothing where the provider gives back no part", () => {
    const whole = { ...charge, refundedWon: won(0) };
    const onlyWhole = { partialCancel: false };
    expect(whyNoRefund(whole, won(9_900), onlyWhole)).toBeNull();
    expect(whyNoRefund(whole, won(9_899), onlyWhole)).toEqual({ code: "whole-only" });
    expect(whyNoRefund(charge, won(6_900), onlyWhole)).toEqual({ code: "whole-only" });
  });

  it.each(["pending", "unknown", "declined"] as const)("is nothing while %s", (status) => {
    expect(refundableWon({ ...charge, status })).toBe(0);
    expect(whyNoRefund({ ...charge, status }, won(1), ANY_PART)).toEqual({ code: "not-approved" });
  });
});

describe("a refund whose answer was lost", () => {
  const stepOf = (
    asked: typeof refund,
    held: ExecutedPayment,
    claimed: ReadonlySet<string> = nothing,
  ) => nextRefundStep(asked, { payment: held, claimed }, now);

  it("is the cancel of its amount that no other refund owns", () => {
    const step = stepOf(refund, payment(cancel()));
    expect(step).toEqual({ kind: "record", cancel: cancel() });
  });

  it("is told from others by its reason, and from older ones by their owners", () => {
    const byHand = cancel({ transactionKey: "tx_0", reason: "고객 요청" });
    expect(ownCancel(payment(byHand, cancel()), refund, nothing)).toEqual(cancel());
    expect(ownCancel(payment(byHand, cancel()), refund, new Set(["tx_1"]))).toEqual(byHand);
    expect(ownCancel(payment(byHand), refund, new Set(["tx_0"]))).toBeNull();
  });

  it("was made by hand in the meantime: it is not given back twice", () => {
    const byHand = cancel({ reason: "고객 요청" });
    expect(stepOf(refund, payment(byHand))).toEqual({
      kind: "record",
      cancel: byHand,
    });
  });

  it("is waited for while Toss may still be at it", () => {
    const young = { ...refund, calledAt: ago(SETTLE_AFTER_MS - 1) };
    expect(stepOf(young, payment())).toEqual({ kind: "wait" });
  });

  it("is sent again once, then under fresh keys, and after fourteen days left to a person", () => {
    expect(stepOf(refund, payment())).toEqual({ kind: "repeat" });
    for (const spent of [{ keySpent: true }, { repeats: 1 }, { lockWon: won(6_900) }]) {
      expect(stepOf({ ...refund, ...spent }, payment())).toEqual({
        kind: "repeat-with-fresh-key",
      });
    }
    const old = { ...refund, createdAt: ago(REPEATABLE_MS + 1) };
    expect(stepOf(old, payment())).toEqual({ kind: "review" });
  });

  it("is given up when others left less than it asks for", () => {
    const other = cancel({ amountWon: won(8_000), balanceAfterWon: won(1_900) });
    expect(stepOf(refund, payment(other), new Set(["tx_1"]))).toEqual({
      kind: "refuse",
      code: "NOTHING_LEFT",
    });
  });
});

describe("the VAT of what was given back", () => {
  it("is the change Toss made: 3,300 of 9,900 won hold 300", () => {
    const part = { amountWon: won(3_300), balanceAfterWon: won(6_600) };
    expect(vatOfCancels({ beforeWon: won(900), nowWon: won(600) }, [part])).toEqual([300]);
  });

  it("follows Toss where it rounds otherwise than we would", () => {
    const part = { amountWon: won(3_300), balanceAfterWon: won(6_600) };
    expect(vatOfCancels({ beforeWon: won(900), nowWon: won(601) }, [part])).toEqual([299]);
  });

  it("of several at once sums to the whole change, and no part exceeds its cancel", () => {
    fc.assert(
      fc.property(
        anyPrice,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -2, max: 2 }),
        (total, shares, off) => {
          let balance: number = total;
          const cancels = shares.map((share) => {
            const amountWon = Math.max(balance > 0 ? 1 : 0, Math.floor(balance * share));
            balance -= amountWon;
            return { amountWon: won(amountWon), balanceAfterWon: won(balance) };
          });
          const beforeWon = splitVat(total).vatWon;
          const canceled = total - balance;
          const exact = splitVat(won(balance)).vatWon + (balance > 1_000 ? off : 0);
          const nowWon = won(Math.min(beforeWon, Math.max(exact, beforeWon - canceled)));
          const parts = vatOfCancels({ beforeWon, nowWon }, cancels);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(beforeWon - nowWon);
          for (const [at, part] of parts.entries())
            expect(part).toBeLessThanOrEqual(cancels[at]?.amountWon ?? 0);
        },
      ),
    );
  });
});

it("the money is seen the same day when a payment was cancelled whole on its own day", () => {
  const approvedAt = new Date("2027-01-31T10:00:00+09:00");
  const sameDay = new Date("2027-01-31T23:59:59+09:00");
  const nextDay = new Date("2027-02-01T00:00:00+09:00");
  expect(isSeenToday({ approvedAt, canceledAt: sameDay, isWhole: true, now: sameDay })).toBe(true);
  expect(isSeenToday({ approvedAt, canceledAt: sameDay, isWhole: false, now: sameDay })).toBe(
    false,
  );
  expect(isSeenToday({ approvedAt, canceledAt: nextDay, isWhole: true, now: nextDay })).toBe(false);
  expect(isSeenToday({ approvedAt, canceledAt: sameDay, isWhole: true, now: nextDay })).toBe(false);
});

it("knows its states", () => {
  expect(REFUND_STATUSES).toEqual(["pending", "done", "refused", "unknown"]);
});

it.each([
  ["approved", 0, "paid"],
  ["approved", 1, "partly-refunded"],
  ["approved", 9_899, "partly-refunded"],
  ["approved", 9_900, "refunded"],
  ["declined", 0, "failed"],
  ["pending", 0, "checking"],
  ["unknown", 0, "checking"],
] as const)("names a payment that is %s with %i won given back: %s", (status, returned, state) => {
  expect(paymentState({ status, amountWon: won(9_900) }, returned)).toBe(state);
});
