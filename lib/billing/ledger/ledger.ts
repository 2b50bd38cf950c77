/**
 * Double entry: each fact about money is a set of postings that sums to zero.
 * A debit is positive, a credit negative. `unearned` holds what is invoiced and not yet paid; it turns into revenue
 * and VAT payable with the split of Toss's answer. `refunds` is what was earned and given back; `credit` what is owed
 * to customers and will pay their coming invoices.
 */
import type { Approval } from "@/lib/billing/charge/charge";
import type { Won } from "@/lib/billing/money";

export const ACCOUNTS = [
  "receivable",
  "pg-clearing",
  "unearned",
  "revenue",
  "vat-payable",
  "refunds",
  "credit",
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** An amount with VAT, and its two parts. */
type Split = Pick<Approval, "amountWon" | "suppliedWon" | "vatWon">;

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

export function chargeApproved(approval: Split): readonly Posting[] {
  return balanced([
    { account: "pg-clearing", amountWon: approval.amountWon },
    { account: "receivable", amountWon: -approval.amountWon },
    { account: "unearned", amountWon: approval.amountWon },
    { account: "revenue", amountWon: -approval.suppliedWon },
    { account: "vat-payable", amountWon: -approval.vatWon },
  ]);
}

/** Money went back to the card; the split is the change Toss made to the VAT of the payment. */
export function refundDone(refund: Split): readonly Posting[] {
  return balanced([
    { account: "pg-clearing", amountWon: -refund.amountWon },
    { account: "refunds", amountWon: refund.suppliedWon },
    { account: "vat-payable", amountWon: refund.vatWon },
  ]);
}

/** Part of what was paid is kept for the customer instead of being given back. */
export function creditGranted(credit: Split): readonly Posting[] {
  return balanced([
    { account: "credit", amountWon: -credit.amountWon },
    { account: "refunds", amountWon: credit.suppliedWon },
    { account: "vat-payable", amountWon: credit.vatWon },
  ]);
}

/** Credit pays an invoice, or part of one, as a card would. */
export function creditUsed(credit: Split): readonly Posting[] {
  return balanced([
    { account: "credit", amountWon: credit.amountWon },
    { account: "receivable", amountWon: -credit.amountWon },
    { account: "unearned", amountWon: credit.amountWon },
    { account: "revenue", amountWon: -credit.suppliedWon },
    { account: "vat-payable", amountWon: -credit.vatWon },
  ]);
}

function balanced(postings: readonly Posting[]): readonly Posting[] {
  const sum = postings.reduce((total, posting) => total + posting.amountWon, 0);
  if (sum !== 0) throw new Error(`Postings sum to ${sum} won instead of 0`);
  return postings;
}
