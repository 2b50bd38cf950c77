/** Credit that an operator gives: a gift, with a reason that the customer may read. */
import { parseWon, type Won } from "@/lib/billing/money";
import { GRANT_LIMIT_WON } from "@/lib/billing/policy";

export type GrantRefusal =
  /** Not a whole amount of won from 1 to the limit. */
  { readonly code: "bad-amount"; readonly limitWon: Won } | { readonly code: "bad-reason" };

const MAX_REASON = 200;

/** Why this cannot be granted; null when it can. */
export function whyNoGrant(amountWon: number, reason: string): GrantRefusal | null {
  const isAmount = Number.isInteger(amountWon) && amountWon >= 1 && amountWon <= GRANT_LIMIT_WON;
  if (!isAmount) return { code: "bad-amount", limitWon: parseWon(GRANT_LIMIT_WON) };
  const words = reason.trim();
  return words === "" || words.length > MAX_REASON ? { code: "bad-reason" } : null;
}
