/** What is saved with a subscription in any state: when it is looked at, what is expected then, and how much. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, nthPeriod, seoulDayOf } from "@/lib/billing/calendar";
import { decideRenewal, expectedOf } from "@/lib/billing/renewal/renewal";
import {
  active,
  anyAnchor,
  anyInterval,
  day,
  ended,
  incomplete,
  pastDue as overdue,
  trialing,
  won,
} from "@/lib/testing/billing";
import { walletOf } from "@/lib/testing/contract";
import {
  expectationOfSubscription,
  isSameExpected,
  NOTHING_EXPECTED,
  type SaveFacts,
} from "./expectation";
import { afterApproval, type Subscription } from "./subscription";

describe("what is saved with a subscription", () => {
  const known: SaveFacts = { consents: [], isCollecting: false, notBefore: null, lookAt: null };
  const agreed = {
    changesOn: day("2027-01-31"),
    fromWon: won(0),
    toWon: won(9_900),
    agreedAt: new Date("2027-01-20T12:00:00+09:00"),
    voidedAt: null,
  };
  const isCollecting = true;
  const leaving = { cancelsOn: day("2027-02-28") };
  const lookAt = new Date("2027-06-01T10:05:00+09:00");
  /** Not before the day after, once the cycle of `today` is done. */
  const doneOn = (today: string) => ({ notBefore: addDays(day(today), 1) });

  test.for<
    [string, Subscription, Partial<SaveFacts>, at: string | null, ("charge" | "end" | null)?]
  >([
    ["at ten on the day of the next charge", active(), {}, "2027-02-28T10:00", "charge"],
    ["at ten on the first day to be paid for", trialing(), {}, "2027-01-31T10:00", "end"],
    [
      "the same, with consent to it",
      trialing(),
      { consents: [agreed] },
      "2027-01-31T10:00",
      "charge",
    ],
    [
      "the same, with a consent that is void",
      trialing(),
      { consents: [{ ...agreed, voidedAt: new Date("2027-01-21T12:00:00+09:00") }] },
      "2027-01-31T10:00",
      "end",
    ],
    ["at midnight of a booked end", active(leaving), {}, "2027-02-28T00:00", "end"],
    [
      "at midnight of a booked end of free days, with or without consent",
      trialing({ cancelsOn: day("2027-01-31") }),
      { consents: [agreed] },
      "2027-01-31T00:00",
      "end",
    ],
    ["at ten on the day of the next try", overdue(), {}, "2027-03-01T10:00", "charge"],
    [
      "at ten on the last day when no card can be tried",
      overdue({ nextTryOn: null }),
      {},
      "2027-03-14T10:00",
      "end",
    ],
    ["never while the first payment is awaited", incomplete(), {}, null],
    ["never again when it is over", ended(), {}, null],
    // After a cycle is done.
    ["tomorrow when months were missed", active(), doneOn("2027-06-01"), "2027-06-02T10:00"],
    ["on its day when nothing was missed", active(), doneOn("2027-01-31"), "2027-02-28T10:00"],
    [
      "at once when an end was missed",
      active(leaving),
      doneOn("2027-06-01"),
      "2027-02-28T00:00",
      "end",
    ],
    ["tomorrow when today's try is done", overdue(), doneOn("2027-03-01"), "2027-03-02T10:00"],
    ["never again when it is over, whatever day it is", ended(), doneOn("2027-06-01"), null],
    // While a charge is open its outcome books what comes next.
    ["by nobody while a renewal is collected", active(), { isCollecting }, null, "charge"],
    ["by nobody while a try is collected", overdue(), { isCollecting }, null, "charge"],
    ["by nobody while the first payment is", incomplete(), { isCollecting }, null],
    [
      "by nobody while it is collected, though the customer left",
      overdue(leaving),
      { isCollecting },
      null,
      "charge",
    ],
    ["not before charging goes on", active(), { lookAt }, "2027-06-01T10:05", "charge"],
    [
      "on its day where charging goes on before it",
      active({ n: 12 }),
      { lookAt },
      "2028-01-31T10:00",
      "charge",
    ],
    [
      "not before now, an end that was missed",
      active(leaving),
      { lookAt },
      "2027-06-01T10:05",
      "end",
    ],
    ["by nobody when nothing is booked, whatever time it is", ended(), { lookAt }, null],
    [
      "by nobody while it is collected, whatever time it is",
      active(),
      { lookAt, isCollecting },
      null,
      "charge",
    ],
  ])("is looked at %s", ([, subscription, change, at, given]) => {
    const expects = given ?? (at === null ? null : "charge");
    const { anchorOn, interval } = subscription.terms;
    const next = nthPeriod(anchorOn, interval, subscription.n);
    expect(expectationOfSubscription(subscription, { ...known, ...change })).toEqual({
      nextActionAt: at === null ? null : new Date(`${at}:00+09:00`),
      expects,
      expectedWon: expects === "charge" ? 9_900 : 0,
      paysTo: expects === "charge" ? next.endsOn : null,
    });
  });

  test("of what is over, or not begun, nothing is", () => {
    expect(expectationOfSubscription(ended(), known)).toEqual(NOTHING_EXPECTED);
    expect(expectationOfSubscription(incomplete(), known)).toEqual(NOTHING_EXPECTED);
  });

  test("is what today's rules decide on the day it is looked at, period after period", () => {
    const price = fc.integer({ min: 100, max: 400_000 }).map(won);
    fc.assert(
      fc.property(
        fc.record({ anchorOn: anyAnchor, interval: anyInterval, amountWon: price }),
        fc.constantFrom(active, trialing, overdue),
        fc.boolean(),
        (terms, born, hasConsent) => {
          let subscription: Subscription = born(terms);
          const { paidTo } = subscription;
          const agreedAt = new Date(`${addDays(paidTo, -1)}T12:00:00+09:00`);
          const consent = { ...agreed, changesOn: paidTo, toWon: terms.amountWon, agreedAt };
          const consents = hasConsent ? [consent] : [];
          for (let n = 0; n < 5 && subscription.status !== "ended"; n++) {
            const saved = expectationOfSubscription(subscription, { ...known, consents });
            if (saved.nextActionAt === null) throw new Error("Nothing is booked");
            const today = seoulDayOf(saved.nextActionAt);
            const renewal = decideRenewal(subscription, { today, wallet: walletOf(50), consents });
            if (renewal.kind === "not-due") throw new Error("Nothing is due");
            expect(isSameExpected(saved, expectedOf(renewal))).toBe(true);
            if (renewal.kind === "end") {
              expect([subscription.status, hasConsent]).toEqual(["trialing", false]);
              return;
            }
            expect(saved.paysTo).toBe(renewal.order.opens?.period.endsOn);
            subscription = afterApproval(subscription);
            expect(subscription.paidTo).toBe(saved.paysTo);
          }
        },
      ),
    );
  });
});
