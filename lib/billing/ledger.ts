/**
 * Double entry: each fact about money is a set of postings that sums to zero.
 * A debit is positive, a credit negative. `unearned` holds what is invoiced and not yet paid; it turns into revenue
 * and VAT payable with the split of Toss's answer.
 */
import type { Approval } from "./charge";
import type { Won } from "./money";

export const ACCOUNTS = [
  "receivable",
  "pg-clearing",
  "unearned",
  "revenue",
  "vat-payable",
] as const;
export type Account = (typeof ACCOUNTS)[number];

export type Posting = { readonly account: Account; readonly amountWon: number };

export function invoiceOpened(total: Won): readonly Posting[] {
  return balanced([
    { account: "receivable", amountWon: total },
    { account: "unearned", amountWon: -total },
  ]);
}

/** The claim is given up: the period is not delivered, or not paid for. */
export function invoiceClosedUnpaid(total: Won): readonly Posting[] {
  return balanced([
    { account: "receivable", amountWon: -total },
    { account: "unearned", amountWon: total },
  ]);
}

export function chargeApproved(
  approval: Pick<Approval, "amountWon" | "suppliedWon" | "vatWon">,
): readonly Posting[] {
  return balanced([
    { account: "pg-clearing", amountWon: approval.amountWon },
    { account: "receivable", amountWon: -approval.amountWon },
    { account: "unearned", amountWon: approval.amountWon },
    { account: "revenue", amountWon: -approval.suppliedWon },
    { account: "vat-payable", amountWon: -approval.vatWon },
  ]);
}

function balanced(postings: readonly Posting[]): readonly Posting[] {
  const sum = postings.reduce((total, posting) => total + posting.amountWon, 0);
  if (sum !== 0) throw new Error(`Postings sum to ${sum} won instead of 0`);
  return postings;
}
