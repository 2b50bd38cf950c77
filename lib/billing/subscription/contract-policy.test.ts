import { describe, expect, test } from "vitest";
import { day } from "@/lib/testing/billing";
import {
  moveWish,
  percentOff,
  runningContract,
  unpaidContract,
  walletOf,
} from "@/lib/testing/contract";
import { afterQuote, quoteChange } from "./change";
import { afterOrder } from "./contract";
import { CONTRACT_POLICIES, type ContractPolicy, parsePolicies, policyOn } from "./contract-policy";
import { quoteLeave } from "./leave";
import { orderNextPeriod } from "./order";
import { pause, resumesOn } from "./pause";

const [usual] = CONTRACT_POLICIES;
if (usual === undefined) throw new Error("There is no policy");
const from = (holdsFrom: string, change: Partial<ContractPolicy>): ContractPolicy => ({
  ...usual,
  holdsFrom: day(holdsFrom),
  ...change,
});

describe("a policy holds from its day until the next one", () => {
  const policies = parsePolicies([
    from("2027-01-01", {}),
    from("2027-03-11", { penaltyPercent: 10 }),
    from("2027-06-01", { penaltyPercent: 5 }),
  ]);
  test.each([
    ["2027-01-01", 0],
    ["2027-03-10", 0],
    ["2027-03-11", 10],
    ["2027-05-31", 10],
    ["2099-01-01", 5],
  ])("%s: a penalty of %s %%", (on, percent) => {
    expect(policyOn(day(on), policies).penaltyPercent).toBe(percent);
  });
  test("before the first there is none", () => {
    expect(() => policyOn(day("2026-12-31"), policies)).toThrow("No policy held on 2026-12-31");
  });
  test("the policies of the product hold today and from the first day on", () => {
    expect(policyOn(day("2026-11-27")).withdrawalDays).toBe(7);
  });
});

describe("a policy that must not hold is refused", () => {
  test.each([
    ["none at all", [], "no policy"],
    ["a penalty above 10 %", [from("2027-01-01", { penaltyPercent: 11 })], "0 to 10 %"],
    ["half a percent", [from("2027-01-01", { penaltyPercent: 0.5 })], "0 to 10 %"],
    ["less than seven days", [from("2027-01-01", { withdrawalDays: 6 })], "less than 7 days"],
    [
      "no pause at all",
      [from("2027-01-01", { pause: { maximumDays: 0, perYear: null } })],
      "limit of pauses",
    ],
    ["two of one day", [from("2027-01-01", {}), from("2027-01-01", {})], "does not follow"],
  ])("%s", (_, policies, words) => {
    expect(() => parsePolicies(policies)).toThrow(words);
  });
});

describe("a payment goes back under the policy of its day", () => {
  const policies = parsePolicies([
    from("2027-01-01", { penaltyPercent: 0 }),
    from("2027-03-11", { penaltyPercent: 10 }),
  ]);
  const credit = walletOf().credit;
  const first = orderNextPeriod(unpaidContract(), walletOf());
  const running = runningContract();
  const leave = (contract: typeof running, today: string) =>
    quoteLeave(contract, { today: day(today), usedOn: day(today), orders: [], credit }, (paidOn) =>
      policyOn(paidOn, policies),
    );

  test("a penalty that came later takes nothing of what was paid before", () => {
    // 20 of 31 days used: floor(9,900 × 20 / 31) = 6,387.
    expect(leave(running, "2027-03-20")).toMatchObject({ refundWon: 3_513, penaltyWon: 0 });
  });

  test("it takes its part of what was paid since", () => {
    const quote = quoteChange(running, moveWish(29_000), {
      today: day("2027-03-11"),
      wallet: walletOf(),
    });
    // 10 of 21 days used: 19,645 − floor(19,645 × 10 / 21) = 10,291; a tenth of the 12,938 paid on that day is 1,293.
    expect(leave(afterQuote(running, quote), "2027-03-20")).toMatchObject({
      penaltyWon: 1_293,
      refundWon: 8_998,
    });
  });

  test("it is the day of payment that counts, and not the first day of the period", () => {
    const late = afterOrder(unpaidContract(), first, day("2027-03-12"));
    expect(leave(late, "2027-03-12").penaltyWon).toBe(990);
  });

  test("so do the days of withdrawal", () => {
    const longer = parsePolicies([
      from("2027-01-01", { withdrawalDays: 14 }),
      from("2027-03-02", { withdrawalDays: 7 }),
    ]);
    const orders = [{ order: first, before: unpaidContract(), paidOn: day("2027-03-01") }];
    const back = (today: string) =>
      quoteLeave(running, { today: day(today), usedOn: null, orders, credit }, (paidOn) =>
        policyOn(paidOn, longer),
      ).refundWon;
    expect([back("2027-03-15"), back("2027-03-16")]).toEqual([9_900, 4_791]);
  });
});

describe("an upgrade begins a period where the policy says so", () => {
  const facts = { today: day("2027-03-11"), wallet: walletOf(), upgrade: "begins-period" } as const;

  test("today is the new anchor, and the full price is paid", () => {
    const quote = quoteChange(runningContract(), moveWish(29_000), facts);
    expect(quote).toMatchObject({
      order: {
        lines: [
          { kind: "unused", won: -6_707 },
          { kind: "plan", won: 29_000 },
        ],
        opens: { cycle: 1, n: 0, period: { startsOn: "2027-03-11", endsOn: "2027-04-11" } },
      },
    });
  });

  test("the period is one that a coupon counts", () => {
    const half = runningContract({ coupon: percentOff(50, 2) });
    const quote = quoteChange(half, moveWish(29_000), facts);
    expect(quote).toMatchObject({ order: { due: { totalWon: 14_500 - 3_354 } } });
    expect(afterQuote(half, quote).coupon).toMatchObject({ periodsLeft: 0, isRunning: true });
  });

  test("a cheaper plan waits all the same", () => {
    expect(quoteChange(runningContract(), moveWish(4_900), facts).kind).toBe("booked");
  });
});

describe("limits of pauses", () => {
  const limits = { maximumDays: 30, perYear: 2 };
  const running = runningContract();
  const pausedWith = (earlier: readonly string[]) =>
    pause(running, day("2027-03-11"), { renewal: "not-begun", limits, earlier: earlier.map(day) });

  test.each([
    ["none before", [], null],
    ["one in the last year", ["2026-05-01"], null],
    ["two in the last year", ["2026-05-01", "2026-12-01"], "pause-limit"],
    ["one of two a year ago to the day", ["2026-03-11", "2026-12-01"], null],
  ] as const)("%s", (_, earlier, code) => {
    const paused = pausedWith(earlier);
    expect("code" in paused ? paused.code : null).toBe(code);
  });

  test("a pause ends by itself after its days", () => {
    const paused = pausedWith([]);
    if ("code" in paused) throw new Error(paused.code);
    expect(resumesOn(paused, limits)).toBe("2027-04-10");
    expect(resumesOn(paused, { maximumDays: null, perYear: null })).toBeNull();
    expect(resumesOn(running, limits)).toBeNull();
  });
});
