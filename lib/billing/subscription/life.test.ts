import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  type CalendarDate,
  daysBetween,
  nthPeriod,
  seoulInstant,
} from "@/lib/billing/calendar";
import type { Failure } from "@/lib/billing/renewal/dunning";
import { decideRenewal } from "@/lib/billing/renewal/renewal";
import { anyAnchor, anyInterval, day, incomplete, trialing } from "@/lib/testing/billing";
import {
  afterApproval,
  afterDecline,
  cancel,
  END_REASONS,
  end,
  isRefusal,
  nextActionAt,
  nextPeriod,
  SUBSCRIPTION_STATUSES,
  type Subscription,
  type SubscriptionRefusal,
  uncancel,
} from "./subscription";

/** What happens to a contract on one day, besides the sweep that does what is due. */
type DayOfLife = {
  readonly skipped: boolean;
  readonly consents: boolean;
  readonly cancels: boolean;
  readonly undoes: boolean;
  /** The customer leaves between the call to Toss and its answer. */
  readonly leavesMeanwhile: boolean;
  readonly answer: "approved" | "soft" | "hard" | "config";
};

type Life = {
  readonly states: readonly Subscription[];
  readonly charged: readonly { readonly on: CalendarDate; readonly periodStartsOn: CalendarDate }[];
  readonly paid: readonly CalendarDate[];
};

const failures: Readonly<Record<"soft" | "hard" | "config", Failure>> = {
  soft: { reason: "insufficient-funds", declineClass: "soft", sameReasonInARow: 1 },
  hard: { reason: "stopped-card", declineClass: "hard", sameReasonInARow: 1 },
  config: { reason: "merchant-fault", declineClass: "config", sameReasonInARow: 1 },
};

/** The life of a contract under a daily sweep, as the jobs would lead it. */
function live(born: Subscription, startsOn: CalendarDate, days: readonly DayOfLife[]): Life {
  let now = born;
  let hasConsent = false;
  const states = [now];
  const charged = [];
  const paid = [];
  const become = (next: Subscription | SubscriptionRefusal) => {
    if (isRefusal(next)) return;
    now = next;
    states.push(now);
  };
  for (const [at, happens] of days.entries()) {
    const today = addDays(startsOn, at);
    hasConsent ||= happens.consents;
    if (happens.cancels) become(cancel(now, today, false));
    if (happens.undoes) become(uncancel(now, today));
    const due = nextActionAt(now);
    const isFirst = now.status === "incomplete";
    if (happens.skipped || (!isFirst && (due === null || due > seoulInstant(today, 10)))) continue;
    const renewal = isFirst
      ? ({ kind: "charge", period: nextPeriod(now) } as const)
      : decideRenewal(now, today, hasConsent);
    if (renewal.kind === "not-due" || now.status === "ended") continue;
    if (renewal.kind === "end") {
      become(end(now, today, renewal.reason));
      continue;
    }
    if (now.status === "trialing" && !hasConsent) throw new Error("Charged without consent");
    charged.push({ on: today, periodStartsOn: renewal.period.startsOn });
    if (happens.leavesMeanwhile) become(cancel(now, today, true));
    if (happens.answer === "approved") {
      paid.push(renewal.period.startsOn);
      become(afterApproval(now));
    } else become(afterDecline(now, failures[happens.answer], { today }));
  }
  return { states, charged, paid };
}

describe("whatever happens in the life of a contract", () => {
  const rarely = fc.nat(19).map((n) => n === 0);
  const anyDayOfLife: fc.Arbitrary<DayOfLife> = fc.record({
    skipped: rarely,
    consents: rarely,
    cancels: rarely,
    undoes: rarely,
    leavesMeanwhile: rarely,
    answer: fc.constantFrom("approved", "approved", "approved", "soft", "hard", "config"),
  });
  const anyLife = fc
    .tuple(
      anyAnchor,
      anyInterval,
      fc.constantFrom(incomplete, trialing),
      fc.nat(30),
      fc.array(anyDayOfLife, { minLength: 60, maxLength: 200 }),
    )
    .map(([startsOn, interval, born, trialDays, days]) => {
      const anchorOn = born === trialing ? addDays(startsOn, trialDays) : startsOn;
      return { anchorOn, interval, life: live(born({ anchorOn, interval }), startsOn, days) };
    });

  it("nothing leaves the end, the terms stay, and paid periods tile from the anchor", () => {
    fc.assert(
      fc.property(anyLife, ({ anchorOn, interval, life }) => {
        const firstEnd = life.states.findIndex((state) => state.status === "ended");
        if (firstEnd !== -1) expect(firstEnd).toBe(life.states.length - 1);
        for (const state of life.states) {
          expect(state).toMatchObject({ anchorOn, interval, id: "sub_1", amountWon: 9_900 });
        }
        const tiles = life.paid.map((_, n) => nthPeriod(anchorOn, interval, n).startsOn);
        expect(life.paid).toEqual(tiles);
        expect(life.states.at(-1)?.periodsPaid).toBe(life.paid.length);
      }),
    );
  });

  it("an unpaid contract is tried once a day at most, and a card that always fails is given up", () => {
    const alwaysDeclined = fc.constantFrom("soft" as const, "hard" as const);
    fc.assert(
      fc.property(anyAnchor, anyInterval, alwaysDeclined, (anchorOn, interval, answer) => {
        const quiet = { skipped: false, consents: true, cancels: false, undoes: false };
        const days = Array.from({ length: 40 }, () => ({
          ...quiet,
          leavesMeanwhile: false,
          answer,
        }));
        const { states, charged } = live(trialing({ anchorOn, interval }), anchorOn, days);
        expect(states.at(-1)).toMatchObject({
          status: "ended",
          endReason: "unpaid",
          endedOn: addDays(anchorOn, 14),
        });
        expect(charged.map((charge) => daysBetween(anchorOn, charge.on))).toEqual(
          answer === "soft" ? [0, 1, 3, 5, 10, 14] : [0],
        );
      }),
    );
  });

  it("no charge begins after the customer left, until they take it back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), anyInterval, (leavesAt, interval) => {
        const quiet = { skipped: false, consents: true, undoes: false, leavesMeanwhile: false };
        const days = Array.from({ length: 200 }, (_, at) => ({
          ...quiet,
          cancels: at === leavesAt,
          answer: "approved" as const,
        }));
        const startsOn = day("2027-01-31");
        const { states, charged } = live(incomplete({ interval }), startsOn, days);
        const leftOn = addDays(startsOn, leavesAt);
        for (const charge of charged) expect(charge.on < leftOn).toBe(true);
        if (interval !== "year") expect(states.at(-1)?.status).toBe("ended");
      }),
    );
  });

  it("every state and every way to end that the rules know is reached", () => {
    const seen = new Set<string>();
    const lives = fc.sample(anyLife, { numRuns: 400, seed: 1 });
    for (const { life } of lives) {
      for (const state of life.states) {
        seen.add(state.status);
        if (state.status === "ended") seen.add(state.endReason);
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining([...SUBSCRIPTION_STATUSES]));
    const byOthers = ["canceled-with-refund", "expired", "operator"];
    const byRules = END_REASONS.filter((reason) => !byOthers.includes(reason));
    expect([...seen]).toEqual(expect.arrayContaining(byRules));
  });
});
