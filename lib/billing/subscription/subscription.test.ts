import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { addDays } from "@/lib/billing/calendar";
import { DUNNING, type Failure } from "@/lib/billing/renewal/dunning";
import { active, day, ended, incomplete, pastDue, trialing, won } from "@/lib/testing/billing";
import { isUnbegun } from "./contract";
import { expectationOfSubscription } from "./expectation";
import { nextTotalWon } from "./order";
import {
  afterApproval,
  afterDecline,
  cancel,
  END_REASONS,
  end,
  endNow,
  hasAccess,
  isRefusal,
  newOrder,
  nextPeriod,
  paidPeriod,
  type Subscription,
  type SubscriptionRefusal,
  uncancel,
} from "./subscription";

const soft: Failure = { reason: "insufficient-funds", declineClass: "soft", sameReasonInARow: 1 };
const hard: Failure = { reason: "stopped-card", declineClass: "hard", sameReasonInARow: 1 };
const config: Failure = { reason: "merchant-fault", declineClass: "config", sameReasonInARow: 1 };

describe("periods are counted from the anchor", () => {
  it("one paid, the second to bill", () => {
    expect(paidPeriod(active())).toEqual({ startsOn: "2027-01-31", endsOn: "2027-02-28" });
    expect(nextPeriod(active())).toEqual({ startsOn: "2027-02-28", endsOn: "2027-03-31" });
  });

  it("none paid in the free days", () => {
    expect(paidPeriod(trialing())).toBeNull();
    expect(nextPeriod(trialing()).startsOn).toBe("2027-01-31");
  });
});

test("an order for a plan is one of it at its price, from its first day on, and nothing of it is agreed or paid", () => {
  const of = {
    ...{ id: "sub_2", accountId: "acc_2", checkoutId: "chk_2", product: "workspace" },
    paymentMethodId: null,
  };
  const price = { planId: "pro", amountWon: won(290_000), interval: "year" } as const;
  const order = newOrder(of, price, day("2028-02-29"));
  expect(order).toMatchObject({
    ...of,
    status: "incomplete",
    terms: {
      ...{ interval: "year", anchorOn: "2028-02-29", addOns: [] },
      plan: { key: "pro", kind: "plan", unitWon: 290_000, quantity: 1 },
    },
    ...{ termsSeq: 0, cycle: 0, n: 0, paidTo: "2028-02-29", agreedWon: 0, freePeriods: 0 },
    ...{ coupon: null, nextPrices: {}, pausedOn: null, cancelsOn: null },
  });
  expect(isUnbegun(order)).toBe(true);
  expect(nextPeriod(order)).toEqual({ startsOn: "2028-02-29", endsOn: "2029-02-28" });
  expect(nextTotalWon(order)).toBe(290_000);
  // Paid, it may cost as much again; leap days count from the anchor.
  const paid = afterApproval(order);
  expect(paid).toMatchObject({ n: 1, paidTo: "2029-02-28", agreedWon: 290_000 });
  const third = { ...paid, n: 3, paidTo: day("2031-02-28") } as const;
  expect(afterApproval({ ...third, status: "active" })).toMatchObject({
    n: 4,
    paidTo: "2032-02-29",
  });
});

describe("a customer who leaves", () => {
  const outcome = (of: Subscription, today: string, isChargeAtToss = false) =>
    cancel(of, day(today), isChargeAtToss);

  it("in a paid month keeps it to its end", () => {
    expect(outcome(active(), "2027-02-10")).toEqual(active({ cancelsOn: day("2027-02-28") }));
  });

  it("on the day of the renewal leaves that day", () => {
    const leaving = outcome(active(), "2027-02-28", true);
    expect(leaving).toEqual(active({ cancelsOn: day("2027-02-28") }));
  });

  it("while the jobs stand still leaves at once, and owes nothing", () => {
    expect(outcome(active(), "2027-04-10")).toEqual(active({ cancelsOn: day("2027-04-10") }));
  });

  it("in the free days keeps them to their end", () => {
    expect(outcome(trialing(), "2027-01-20")).toEqual(trialing({ cancelsOn: day("2027-01-31") }));
  });

  it("with an unpaid charge leaves at once", () => {
    expect(outcome(pastDue(), "2027-03-02")).toMatchObject({
      status: "ended",
      endedOn: "2027-03-02",
      endReason: "canceled",
    });
  });

  it("while a try is at Toss leaves with what becomes of it", () => {
    expect(outcome(pastDue(), "2027-03-01", true)).toEqual(
      pastDue({ cancelsOn: day("2027-03-01") }),
    );
  });

  it("before the first payment leaves at once", () => {
    expect(outcome(incomplete(), "2027-01-31")).toMatchObject({ endReason: "canceled" });
  });

  it("is let go in the middle of the paid days when the money goes back", () => {
    for (const running of [active(), active({ cancelsOn: day("2027-02-28") }), trialing()])
      expect(endNow(running, day("2027-02-10"))).toMatchObject({
        ...{ status: "ended", endedOn: "2027-02-10", endReason: "canceled-with-refund" },
      });
    expect(endNow(ended(), day("2027-03-01"))).toMatchObject({ code: "already-ended" });
  });

  it("gives up an order while its payment is at Toss, with what becomes of it", () => {
    expect(outcome(incomplete(), "2027-01-31", true)).toEqual(
      incomplete({ cancelsOn: day("2027-01-31") }),
    );
  });

  it("cannot leave twice", () => {
    expect(outcome(ended(), "2027-06-01")).toEqual({
      code: "already-ended",
      endedOn: "2027-02-28",
    });
  });
});

describe("a booked end is taken back", () => {
  const leaving = active({ cancelsOn: day("2027-02-28") });

  it("until the last day is over, and everything is as before", () => {
    expect(uncancel(leaving, day("2027-02-27"))).toEqual(active());
    expect(uncancel(trialing({ cancelsOn: day("2027-01-31") }), day("2027-01-30"))).toEqual(
      trialing(),
    );
  });

  it.for<[string, Subscription, string, SubscriptionRefusal]>([
    ["on the day it ends", leaving, "2027-02-28", { code: "nothing-to-undo" }],
    ["when none is booked", active(), "2027-02-10", { code: "nothing-to-undo" }],
    ["before the first payment", incomplete(), "2027-02-10", { code: "nothing-to-undo" }],
    [
      "while the charge that decides it is at Toss",
      pastDue({ cancelsOn: day("2027-03-01") }),
      "2027-03-01",
      { code: "nothing-to-undo" },
    ],
    [
      "after it took effect",
      ended(),
      "2027-03-01",
      { code: "already-ended", endedOn: day("2027-02-28") },
    ],
  ])("not %s", ([, subscription, today, refusal]) => {
    expect(uncancel(subscription, day(today))).toEqual(refusal);
  });
});

describe("an approval", () => {
  it.each([
    ["begins the contract", incomplete(), 1],
    ["turns free days into paid ones", trialing(), 1],
    ["renews", active(), 2],
    ["makes good what was overdue, and the anchor stays", pastDue(), 2],
  ])("%s", (_, before, n) => {
    expect(afterApproval(before)).toEqual(active({ n }));
  });

  it("of a charge that was at Toss when the customer left is used to its end", () => {
    const left = pastDue({ cancelsOn: day("2027-03-01") });
    expect(afterApproval(left)).toEqual(active({ n: 2, cancelsOn: day("2027-03-31") }));
    expect(afterApproval(active({ cancelsOn: day("2027-02-28") }))).toEqual(
      active({ n: 2, cancelsOn: day("2027-03-31") }),
    );
  });

  it("of an order that was cancelled meanwhile begins nothing: it ends, to be refunded", () => {
    const left = incomplete({ cancelsOn: day("2027-01-31") });
    expect(afterApproval(left)).toEqual(
      ended({ endedOn: day("2027-01-31"), endReason: "canceled-with-refund" }),
    );
  });
});

describe("a decline on 28 February 2027", () => {
  const today = day("2027-02-28");

  it("waits for another card before the first payment", () => {
    expect(afterDecline(incomplete(), hard, { today })).toEqual(incomplete());
  });

  it("for want of balance is tried again tomorrow", () => {
    expect(afterDecline(active(), soft, { today })).toEqual(pastDue());
  });

  it("of a stopped card waits for another one until 14 March", () => {
    expect(afterDecline(active(), hard, { today })).toEqual(pastDue({ nextTryOn: null }));
  });

  it("of a card that another has replaced is no word about the other: that one is tried tomorrow", () => {
    for (const failure of [soft, hard]) {
      const after = afterDecline(active(), { ...failure, isReplaced: true }, { today });
      expect(after).toEqual(pastDue({ nextTryOn: day("2027-03-01") }));
    }
    const last = day("2027-03-14");
    const lastTry = pastDue({ nextTryOn: last });
    expect(afterDecline(lastTry, { ...soft, isReplaced: true }, { today: last })).toEqual(
      pastDue({ nextTryOn: day("2027-03-15"), endsUnpaidOn: day("2027-03-15") }),
    );
  });

  it("of a later try moves the next one, and neither the due day nor the last one", () => {
    const after = afterDecline(pastDue({ nextTryOn: day("2027-03-03") }), soft, {
      today: day("2027-03-03"),
    });
    expect(after).toEqual(pastDue({ nextTryOn: day("2027-03-05") }));
  });

  it("of a try that a standstill of ours made two days late moves all that follows by two days", () => {
    const after = afterDecline(pastDue(), soft, { today: day("2027-03-03") });
    expect(after).toEqual(
      pastDue({
        dueOn: day("2027-03-02"),
        nextTryOn: day("2027-03-05"),
        endsUnpaidOn: day("2027-03-16"),
      }),
    );
  });

  it("is followed by five more tries, whatever standstills lie between them", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 5, maxLength: 5 }), (standstills) => {
        let subscription = afterDecline(active(), soft, { today });
        const lengths = [...standstills];
        while (subscription.status === "past-due" && subscription.nextTryOn) {
          const triedOn = addDays(subscription.nextTryOn, lengths.shift() ?? 0);
          subscription = afterDecline(subscription, soft, { today: triedOn });
        }
        expect([subscription.status, lengths]).toEqual(["ended", []]);
      }),
    );
  });

  it("at the end of free days is tried again like any other", () => {
    expect(afterDecline(trialing(), soft, { today: day("2027-01-31") })).toMatchObject({
      status: "past-due",
      dueOn: "2027-01-31",
      nextTryOn: "2027-02-01",
      endsUnpaidOn: "2027-02-14",
    });
  });

  it("through our own fault changes nothing for the customer", () => {
    for (const before of [active(), trialing(), pastDue()]) {
      expect(afterDecline(before, config, { today })).toBe(before);
    }
  });

  it("ends what the customer wanted to leave, whoever is at fault", () => {
    for (const failure of [soft, hard, config]) {
      for (const left of [pastDue({ cancelsOn: today }), incomplete({ cancelsOn: today })]) {
        const after = afterDecline(left, failure, { today });
        expect(after).toMatchObject({ status: "ended", endReason: "canceled", endedOn: today });
      }
    }
  });

  it("of the last try ends the contract unpaid, as it would under a policy without tries", () => {
    const last = day("2027-03-14");
    expect(afterDecline(pastDue({ nextTryOn: last }), soft, { today: last })).toMatchObject({
      status: "ended",
      endReason: "unpaid",
      endedOn: "2027-03-14",
    });
    const strict = { ...DUNNING, retryDays: [] };
    expect(afterDecline(active(), soft, { today, policy: strict })).toMatchObject({
      endReason: "unpaid",
    });
  });
});

describe("access", () => {
  const TRIED_LATER = { nextTryOn: day("2027-03-10") };
  it.for<[string, Subscription, string, boolean]>([
    ["in a paid month", active(), "2027-02-27", true],
    ["while the renewal is late", active(), "2027-03-05", true],
    ["when the renewal is late through our own fault, however long", active(), "2027-03-20", true],
    ["on the last day of grace after a decline", pastDue(TRIED_LATER), "2027-03-05", true],
    ["after the grace days, though still tried", pastDue(TRIED_LATER), "2027-03-06", false],
    ["when the next try is late through our own fault", pastDue(), "2027-03-20", true],
    ["in the free days", trialing(), "2027-01-30", true],
    ["on the last day after leaving", active({ cancelsOn: day("2027-02-28") }), "2027-02-27", true],
    [
      "on the day the booked end comes",
      active({ cancelsOn: day("2027-02-28") }),
      "2027-02-28",
      false,
    ],
    ["before the first payment", incomplete(), "2027-01-31", false],
    ["when it is over", ended(), "2027-02-01", false],
  ])("%s, on %s", ([, subscription, today, has]) => {
    expect(hasAccess(subscription, day(today))).toBe(has);
  });
});

describe("an unknown state", () => {
  const strange: Subscription = JSON.parse(JSON.stringify({ ...active(), status: "suspended" }));
  const facts = { consents: [], isCollecting: false, notBefore: null, lookAt: null };

  it("is refused loudly by whatever depends on states", () => {
    expect(() => expectationOfSubscription(strange, facts)).toThrow("suspended");
    expect(() => cancel(strange, day("2027-02-28"), false)).toThrow("suspended");
    expect(() => hasAccess(strange, day("2027-02-28"))).toThrow("suspended");
  });
});

it("whoever ends a contract, its terms stand and its reason is kept", () => {
  for (const reason of END_REASONS) {
    expect(end(pastDue(), day("2027-03-02"), reason)).toEqual(
      ended({ endedOn: day("2027-03-02"), endReason: reason }),
    );
  }
});

it("tells a contract from a refusal", () => {
  expect(isRefusal({ code: "nothing-to-undo" })).toBe(true);
  expect(isRefusal(ended())).toBe(false);
});
