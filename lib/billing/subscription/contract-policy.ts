/**
 * Policies of contracts, each with the day from which it holds. A payment goes back under the policy of its day, so a
 * stricter one never reaches money that was paid before it.
 */
import { type CalendarDate, parseCalendarDate } from "@/lib/billing/calendar";
import { WITHDRAWAL_DAYS } from "@/lib/billing/policy";
import { DUNNING, type DunningPolicy } from "@/lib/billing/renewal/dunning";
import type { LeavePolicy } from "./leave";
import type { PauseLimits } from "./pause";
import type { UpgradePolicy } from "./wish";

export type ContractPolicy = LeavePolicy & {
  readonly holdsFrom: CalendarDate;
  readonly pause: PauseLimits;
  readonly dunning: DunningPolicy;
  readonly upgrade: UpgradePolicy;
};

/** What a cancellation costs at most: the standard for digital services takes a tenth of the fee. */
const MAXIMUM_PENALTY_PERCENT = 10;

/** Oldest first. */
export const CONTRACT_POLICIES: readonly ContractPolicy[] = parsePolicies([
  {
    holdsFrom: parseCalendarDate("2000-01-01"),
    penaltyPercent: 0,
    withdrawalDays: WITHDRAWAL_DAYS,
    pause: { maximumDays: null, perYear: null },
    dunning: DUNNING,
    upgrade: "keeps-day",
  },
]);

/** Checks a list of policies. Throws a RangeError for one that must not hold. */
export function parsePolicies(policies: readonly ContractPolicy[]): readonly ContractPolicy[] {
  if (policies.length === 0) throw new RangeError("There is no policy");
  for (const [at, policy] of policies.entries()) {
    const { holdsFrom, penaltyPercent, withdrawalDays } = policy;
    const before = policies[at - 1];
    if (before !== undefined && before.holdsFrom >= holdsFrom)
      throw new RangeError(
        `The policy of ${holdsFrom} does not follow that of ${before.holdsFrom}`,
      );
    if (!isWhole(penaltyPercent, 0, MAXIMUM_PENALTY_PERCENT))
      throw new RangeError(`The penalty of ${holdsFrom} is not 0 to 10 %: ${penaltyPercent}`);
    // The law's seven days may be lengthened only.
    if (!isWhole(withdrawalDays, WITHDRAWAL_DAYS, 365))
      throw new RangeError(
        `Withdrawal from ${holdsFrom} takes less than 7 days: ${withdrawalDays}`,
      );
    for (const limit of [policy.pause.maximumDays, policy.pause.perYear])
      if (limit !== null && !isWhole(limit, 1, 366))
        throw new RangeError(`A limit of pauses from ${holdsFrom} is not 1 or more: ${limit}`);
  }
  return policies;
}

/** The policy in force on a day. */
export function policyOn(
  day: CalendarDate,
  policies: readonly ContractPolicy[] = CONTRACT_POLICIES,
): ContractPolicy {
  const policy = policies.findLast(({ holdsFrom }) => holdsFrom <= day);
  if (policy === undefined) throw new Error(`No policy held on ${day}`);
  return policy;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
