import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  type CalendarDate,
  daysBetween,
  nthPeriod,
  seoulInstant,
} from "@/lib/billing/calendar";
import type { GivenConsent } from "@/lib/billing/consent/rise";
import type { Failure } from "@/lib/billing/renewal/dunning";
import { decideRenewal, expectedOf } from "@/lib/billing/renewal/renewal";
import { anyAnchor, anyInterval, day, incomplete, trialing, won } from "@/lib/testing/billing";
import { withoutWorth } from "./contract";
import { expectationOfSubscription, isSameExpected } from "./expectation";
import { NO_CREDIT, orderNextPeriod } from "./order";
import {
  afterApproval,
  afterDecline,
  cancel,
  END_REASONS,
  end,
  isRefusal,
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

/** The life of a contract under a daily sweep, as the jobs would lead it. What was saved with it is always what is done. */
function live(born: Subscription, startsOn: CalendarDate, days: readonly DayOfLife[]): Life {
  let now = born;
  let consents: readonly GivenConsent[] = [];
  const states = [now];
  const charged = [];
  const paid = [];
  const expectationFrom = (notBefore: CalendarDate | null) =>
    expectationOfSubscription(now, { consents, isCollecting: false, notBefore, lookAt: null });
  let saved = expectationFrom(null);
  const become = (
    next: Subscription | SubscriptionRefusal,
    notBefore: CalendarDate | null = null,
  ) => {
    if (isRefusal(next)) return;
    now = next;
    states.push(now);
    saved = expectationFrom(notBefore);
  };
  for (const [at, happens] of days.entries()) {
    const today = addDays(startsOn, at);
    if (happens.consents && now.status === "trialing") {
      consents = [consentTo(now.paidTo, seoulInstant(today, 9))];
      saved = expectationFrom(null);
    }
    if (happens.cancels) become(cancel(now, today, false));
    if (happens.undoes) become(uncancel(now, today));
    const due = saved.nextActionAt;
    const isFirst = now.status === "incomplete";
    if (happens.skipped || (!isFirst && (due === null || due > seoulInstant(today, 10)))) continue;
    const renewal = isFirst
      ? ({ kind: "charge", order: orderNextPeriod(withoutWorth(now), NO_CREDIT) } as const)
      : decideRenewal(now, { today, wallet: NO_CREDIT, consents });
    if (renewal.kind === "not-due" || now.status === "ended") continue;
    if (!isFirst && !isSameExpected(saved, expectedOf(renewal)))
      throw new Error(`${renewal.kind} on ${today}, and ${saved.expects} was expected`);
    if (renewal.kind === "end") {
      become(end(now, today, renewal.reason));
      continue;
    }
    if (now.status === "trialing" && consents.length === 0)
      throw new Error("Charged without consent");
    const { on: periodStartsOn, opens } = renewal.order;
    if (!isFirst && saved.paysTo !== opens?.period.endsOn)
      throw new Error(`Pays to ${opens?.period.endsOn}, and ${saved.paysTo} was expected`);
    charged.push({ on: today, periodStartsOn });
    if (happens.leavesMeanwhile) become(cancel(now, today, true));
    const tomorrow = addDays(today, 1);
    if (happens.answer === "approved") {
      paid.push(periodStartsOn);
      become(afterApproval(now), tomorrow);
    } else become(afterDecline(now, failures[happens.answer], { today }), tomorrow);
  }
  return { states, charged, paid };
}

function consentTo(changesOn: CalendarDate, agreedAt: Date): GivenConsent {
  return { changesOn, fromWon: won(0), toWon: won(9_900), agreedAt, voidedAt: null };
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
          const terms = { anchorOn, interval, plan: { unitWon: 9_900, quantity: 1 } };
          expect(state).toMatchObject({ terms, id: "sub_1", cycle: 0, termsSeq: 0 });
          // What is paid reaches to where the periods that were counted end.
          expect(state.paidTo).toBe(nthPeriod(anchorOn, interval, state.n).startsOn);
          expect(state.agreedWon).toBe(state.n > 0 ? 9_900 : 0);
        }
        const tiles = life.paid.map((_, n) => nthPeriod(anchorOn, interval, n).startsOn);
        expect(life.paid).toEqual(tiles);
        expect(life.states.at(-1)?.n).toBe(life.paid.length);
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
