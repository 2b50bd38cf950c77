import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seoulDayOf } from "@/lib/billing/calendar";
import { leaseFrom } from "@/lib/billing/lease";
import { REFUND_STATUSES, type RefundStatus } from "@/lib/billing/refund/refund";
import { anyInstant, won } from "@/lib/testing/billing";
import {
  blackoutEndsAt,
  CHARGE_LEASE_MS,
  CHARGE_STATUSES,
  CHARGE_TIMEOUT_MS,
  type ChargeStatus,
  isBlackout,
  isForReview,
  isOpen,
  isUnderWay,
  MAX_REPEATS,
  nextSettlementStep,
  OPEN_STATUSES,
  REPEATABLE_MS,
  SETTLE_AFTER_MS,
  type SettlementAnswer,
  type SettlementStep,
  STILL_RUNNING,
  settleAgainAt,
  withVat,
} from "./charge";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const now = new Date("2027-01-31T10:00:00+09:00");
const ago = (ms: number) => new Date(now.getTime() - ms);

const approved: SettlementAnswer = {
  kind: "approved",
  paymentKey: "pay_1",
  amountWon: won(9_900),
  suppliedWon: won(9_000),
  vatWon: won(900),
  approvedAt: now,
  receiptUrl: null,
};
const notFound: SettlementAnswer = { kind: "not-found" };
const inProgress: SettlementAnswer = { kind: "in-progress" };
const declined: SettlementAnswer = {
  kind: "declined",
  code: "SHORT",
  reason: "insufficient-funds",
  declineClass: "soft",
};
const lost: SettlementAnswer = {
  kind: "unknown",
  reason: "timeout",
  keySpent: false,
};
const wrong: SettlementAnswer = { ...lost, reason: "answer-differs", review: true };

describe("the VAT of an approval", () => {
  it("is what the provider told", () => {
    expect(withVat(approved)).toEqual(approved);
    expect(withVat(lost)).toEqual(lost);
  });

  it("is the split shown before the payment where the provider tells none", () => {
    const bare = { ...approved, suppliedWon: null, vatWon: null } as const;
    expect(withVat(bare)).toEqual({ ...approved, suppliedWon: 9_000, vatWon: 900 });
  });
});

describe("money may still move", () => {
  const all: readonly (ChargeStatus | RefundStatus)[] = [...CHARGE_STATUSES, ...REFUND_STATUSES];

  it("while a charge, or a refund, is pending or unknown", () => {
    expect(new Set(all.filter((status) => isOpen({ status })))).toEqual(new Set(OPEN_STATUSES));
    expect([null, undefined].map(isOpen)).toEqual([false, false]);
  });

  it("at Toss once its request has left, too", () => {
    const underWay = (calledAt: Date | null) =>
      all.filter((status) => isUnderWay({ status, calledAt }));
    expect(new Set(underWay(now))).toEqual(new Set(OPEN_STATUSES));
    expect(underWay(null)).toEqual([]);
    expect([null, undefined].map(isUnderWay)).toEqual([false, false]);
  });
});

describe("an attempt whose answer was lost", () => {
  const fresh = {
    calledAt: ago(5 * MINUTE),
    createdAt: ago(5 * MINUTE),
    repeats: 0,
    keySpent: false,
    unknownReason: null as string | null,
    idempotentReplay: true,
  };
  const called = (ms: number) => ({ ...fresh, calledAt: ago(ms), createdAt: ago(ms) });

  it.for<
    [
      string,
      SettlementAnswer,
      typeof fresh | (Omit<typeof fresh, "calledAt"> & { calledAt: null }),
      SettlementStep,
    ]
  >([
    ["was executed after all", approved, fresh, "record"],
    ["was declined after all", declined, fresh, "record"],
    ["cannot be asked about just now", lost, fresh, "wait"],
    ["moved other money than was asked for", wrong, fresh, "review"],
    ["never left for Toss", notFound, { ...fresh, calledAt: null }, "repeat"],
    ["left a moment ago", notFound, called(30 * SECOND), "wait"],
    ["left not quite two minutes ago", notFound, called(SETTLE_AFTER_MS - 1), "wait"],
    ["left two minutes ago", notFound, called(SETTLE_AFTER_MS), "repeat"],
    ["is still being worked on after two minutes", inProgress, called(SETTLE_AFTER_MS), "repeat"],
    ["is being worked on", inProgress, called(SECOND), "wait"],
    [
      "left an error behind under its key",
      notFound,
      { ...fresh, keySpent: true },
      "repeat-with-fresh-key",
    ],
    ["was repeated once already", notFound, { ...fresh, repeats: 1 }, "repeat-with-fresh-key"],
    [
      "was repeated at a provider that stores nothing under a key",
      notFound,
      { ...fresh, repeats: 1, keySpent: true, idempotentReplay: false },
      "repeat",
    ],
    [
      "was repeated twice already",
      notFound,
      { ...fresh, repeats: MAX_REPEATS - 1 },
      "repeat-with-fresh-key",
    ],
    [
      "was repeated and again never answered: the same key may still tell",
      notFound,
      { ...fresh, repeats: 1, unknownReason: "timeout" },
      "repeat",
    ],
    [
      "was repeated so often that a person is told of it",
      notFound,
      { ...fresh, repeats: MAX_REPEATS },
      "repeat-with-fresh-key",
    ],
    [
      "was repeated while the first call was still running at Toss",
      notFound,
      { ...fresh, repeats: 1, unknownReason: STILL_RUNNING },
      "repeat",
    ],
    ["is fourteen days old", notFound, called(REPEATABLE_MS), "repeat"],
    ["is older than a key lives", notFound, called(REPEATABLE_MS + 1), "review"],
    [
      "is older than a key lives, and was called anew a while ago",
      notFound,
      { ...fresh, createdAt: ago(15 * DAY) },
      "review",
    ],
  ])("%s", ([, answer, attempt, step]) => {
    expect(nextSettlementStep(answer, attempt, now)).toBe(step);
  });

  it("is never sent again while it may be running, nor under a key Toss may have forgotten", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(approved, declined, lost, wrong, notFound, inProgress),
        fc.record({
          sinceCall: fc.nat(20 * DAY),
          more: fc.nat(20 * DAY),
          repeats: fc.nat(5),
          keySpent: fc.boolean(),
        }),
        (answer, { sinceCall, more, repeats, keySpent }) => {
          const attempt = {
            calledAt: ago(sinceCall),
            createdAt: ago(sinceCall + more),
            repeats,
            keySpent,
            unknownReason: null,
            idempotentReplay: true,
          };
          const step = nextSettlementStep(answer, attempt, now);
          const isRepeat = step === "repeat" || step === "repeat-with-fresh-key";
          if (!isRepeat) return;
          expect(["not-found", "in-progress"]).toContain(answer.kind);
          expect(sinceCall).toBeGreaterThanOrEqual(SETTLE_AFTER_MS);
          expect(sinceCall + more).toBeLessThanOrEqual(REPEATABLE_MS);
          if (keySpent) expect(step).toBe("repeat-with-fresh-key");
        },
      ),
    );
  });
});

describe("a person is told of an attempt", () => {
  it.each([
    ["repeated three times without an outcome", { repeats: MAX_REPEATS }, true],
    ["called a day ago and still open", { createdAt: ago(DAY + 1) }, true],
    ["that is young and was repeated twice", { repeats: MAX_REPEATS - 1 }, false],
    ["that never left, however old", { calledAt: null, createdAt: ago(3 * DAY) }, false],
  ])("%s: %o is %s", (_, attempt, isTold) => {
    const young = { calledAt: ago(SETTLE_AFTER_MS), createdAt: ago(SETTLE_AFTER_MS), repeats: 0 };
    expect(isForReview({ ...young, ...attempt }, now)).toBe(isTold);
  });
});

it("asks again after 2, 4, 8 … minutes and at least every 6 hours", () => {
  const delay = (tries: number) => settleAgainAt(now, tries).getTime() - now.getTime();
  expect([0, 1, 2, 7, 8, 60, 2_000].map((tries) => delay(tries) / MINUTE)).toEqual([
    2, 4, 8, 256, 360, 360, 360,
  ]);
});

it("a worker owns a charge longer than the call and the question after it take", () => {
  expect(CHARGE_TIMEOUT_MS).toBeGreaterThanOrEqual(60_000);
  expect(CHARGE_LEASE_MS).toBeGreaterThanOrEqual(120_000);
  expect(CHARGE_LEASE_MS).toBeGreaterThan(CHARGE_TIMEOUT_MS + 30_000);
  expect(leaseFrom(now)).toEqual({ now, leasedUntil: ago(-CHARGE_LEASE_MS) });
});

describe("banks close their day", () => {
  it.each([
    ["2026-12-15T23:29:59.999+09:00", false],
    ["2026-12-15T23:30:00+09:00", true],
    ["2026-12-16T00:00:00+09:00", true],
    ["2026-12-16T00:59:59.999+09:00", true],
    ["2026-12-16T01:00:00+09:00", false],
    ["2026-12-16T10:00:00+09:00", false],
  ])("at %s: %s", (at, closed) => {
    expect(isBlackout(new Date(at))).toBe(closed);
  });

  it.each([
    ["2026-12-15T23:30:00+09:00", "2026-12-15T16:00:00.000Z"],
    ["2026-12-15T23:59:59+09:00", "2026-12-15T16:00:00.000Z"],
    ["2026-12-16T00:00:00+09:00", "2026-12-15T16:00:00.000Z"],
    ["2026-12-31T23:45:00+09:00", "2026-12-31T16:00:00.000Z"],
  ])("and what waits at %s waits until %s", (at, until) => {
    expect(blackoutEndsAt(new Date(at)).toISOString()).toBe(until);
  });

  it("never for longer than 90 minutes", () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        if (!isBlackout(instant)) return;
        const opens = blackoutEndsAt(instant);
        expect(opens.getTime() - instant.getTime()).toBeGreaterThan(0);
        expect(opens.getTime() - instant.getTime()).toBeLessThanOrEqual(90 * MINUTE);
        expect(isBlackout(opens)).toBe(false);
        expect(isBlackout(new Date(opens.getTime() - 1))).toBe(true);
        expect(seoulDayOf(opens) >= seoulDayOf(instant)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
