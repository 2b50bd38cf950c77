/**
 * Where money back goes: to the charges it came in by, newest first, up to what each still holds. What a charge cannot
 * take back any more stays owed as a manual payout, in sight.
 *
 * 30,000 won back on charges of 12,938 and 99,000: 12,938 go to the first and 17,062 to the second.
 */

import type { Credit } from "@/lib/billing/invoice/due";
import { parseWon, type Won } from "@/lib/billing/money";

export type PaybackCharge = {
  readonly id: string;
  /** What it came to, and what was not given back yet. */
  readonly amountWon: Won;
  readonly heldWon: Won;
  /** What the provider still takes back of it: any part, only all of it at once, or nothing. */
  readonly takesBack: "any" | "whole" | "nothing";
};

export type Payback = {
  readonly refunds: readonly { readonly chargeId: string; readonly won: Won }[];
  /** To be paid out by hand, with the charge that could not take it; null for what no charge holds. */
  readonly manual: readonly { readonly chargeId: string | null; readonly won: Won }[];
};

/** `charges`: newest first. The parts sum to `backWon`. */
export function sharePayback(backWon: Won, charges: readonly PaybackCharge[]): Payback {
  const refunds: { chargeId: string; won: Won }[] = [];
  const manual: { chargeId: string | null; won: Won }[] = [];
  let left: number = backWon;
  for (const charge of charges) {
    const won = parseWon(Math.min(left, charge.heldWon));
    if (won === 0) continue;
    left -= won;
    (canTakeBack(charge, won) ? refunds : manual).push({ chargeId: charge.id, won });
  }
  if (left > 0) manual.push({ chargeId: null, won: parseWon(left) });
  return { refunds, manual };
}

function canTakeBack({ takesBack, amountWon }: PaybackCharge, won: Won): boolean {
  return takesBack === "any" || (takesBack === "whole" && won === amountWon);
}

/**
 * Paid credit that goes back when a contract ends otherwise than by 중도해지, which always pays it: once no other
 * contract of the account can use it, or the customer asks.
 */
export function paidCreditBack(
  credit: Credit,
  { hasOtherContract, isAsked }: { readonly hasOtherContract: boolean; readonly isAsked: boolean },
): Won {
  return hasOtherContract && !isAsked ? parseWon(0) : credit.paidWon;
}
