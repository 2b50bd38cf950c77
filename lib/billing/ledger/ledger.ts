/**
 * Double entry: each fact about money is a set of postings that sums to 0. A debit is positive, a credit negative.
 *
 * Toss splits the VAT off a charge, and it stays in the quarter in which the money came in. Paid credit holds a share of
 * it: of each amount that becomes credit or stops being credit, `floor(won / 11)`. What rounding leaves stays in
 * `vat-of-credit`, less than 1 won an amount: 100 won of credit hold 9 won of VAT, and used as 50 and 50 they take out
 * 4 and 4. Granted credit bears no VAT: what it pays is revenue, and what it cost stands in `promotion`.
 */
import type { Approval } from "@/lib/billing/charge/charge";
import type { Credit, Due } from "@/lib/billing/invoice/due";
import type { Won } from "@/lib/billing/money";
import type { LeaveQuote } from "@/lib/billing/subscription/leave";
import type { Order } from "@/lib/billing/subscription/order";

export const LEDGER_ACCOUNTS = [
  /** Debit: what charges are to collect for open invoices. */
  "receivable",
  /** Debit: money that came in through the payment provider, less the money that went back. */
  "pg-clearing",
  /** Credit: what open invoices are for; with VAT where a charge is to bring it, without where credit holds it. */
  "unearned",
  /** Credit: what paid invoices are for, without VAT, less what became credit or a penalty. */
  "revenue",
  /** Credit: VAT of the money that came in, as Toss split it, less the VAT of the money that went back. */
  "vat-payable",
  /** Debit: money that went back, without VAT. */
  "refunds",
  /** Credit: the customers' own money, kept for coming invoices; VAT inside. Of each payer at least 0. */
  "credit-paid",
  /** Debit: the VAT that was paid on what is now credit. */
  "vat-of-credit",
  /** Credit: gifts that are not used yet. Of each payer at least 0. */
  "credit-granted",
  /** Debit: gifts given, less those that were given up unused. */
  "promotion",
  /** Debit: what was left of a period and is too small for a charge. */
  "forgiven",
  /** Credit: kept of unused days when a contract is left. Damages are no supply, so they bear no VAT of their own. */
  "penalty",
] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

/** Whether entries of it name a payer, whose balance is their sum. */
export function isCreditAccount(account: LedgerAccount): boolean {
  return account === "credit-paid" || account === "credit-granted";
}

/** An amount with VAT, and its two parts. */
type Split = Pick<Approval, "amountWon" | "suppliedWon" | "vatWon">;

export type Posting = { readonly account: LedgerAccount; readonly amountWon: number };

/** `receivable` holds exactly what a charge is to collect; the credit that pays the rest is reserved. */
export function invoiceOpened({ dueWon, used }: Pick<Due, "dueWon" | "used">): readonly Posting[] {
  return balanced([
    { account: "receivable", amountWon: dueWon },
    { account: "unearned", amountWon: -dueWon - unearnedByCredit(used) },
    { account: "credit-granted", amountWon: used.grantedWon },
    ...paidCredit(used.paidWon),
  ]);
}

/** The invoice is void or uncollectible: nothing is owed any more, and reserved credit comes back whole. */
export function invoiceClosedUnpaid(due: Pick<Due, "dueWon" | "used">): readonly Posting[] {
  return invoiceOpened(due).map(({ account, amountWon }) => ({ account, amountWon: -amountWon }));
}

/** Money came in for an open invoice. */
export function chargeApproved(approval: Split): readonly Posting[] {
  return balanced([
    { account: "pg-clearing", amountWon: approval.amountWon },
    { account: "receivable", amountWon: -approval.amountWon },
    { account: "unearned", amountWon: approval.amountWon },
    { account: "revenue", amountWon: -approval.suppliedWon },
    { account: "vat-payable", amountWon: -approval.vatWon },
  ]);
}

/**
 * All that becomes of a paid invoice beside its charge: credit that was reserved is earned, and lines below zero or a
 * topped-up charge become credit. Nothing where a charge paid all of it.
 */
export function invoicePaid({
  due,
  giftLeftWon,
}: Pick<Order, "due" | "giftLeftWon">): readonly Posting[] {
  const becomesPaidCredit = due.creditGrantedWon - giftLeftWon + due.topUpWon;
  return againstRevenue([
    { account: "unearned", amountWon: unearnedByCredit(due.used) },
    { account: "credit-granted", amountWon: -giftLeftWon },
    { account: "forgiven", amountWon: due.forgivenWon },
    ...paidCredit(-becomesPaidCredit),
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

/** An operator gives an account credit. */
export function creditGranted(won: Won): readonly Posting[] {
  return balanced([
    { account: "promotion", amountWon: won },
    { account: "credit-granted", amountWon: -won },
  ]);
}

/** A gift that nobody will use any more. Paid credit is the customer's money and is never given up. */
export function giftGivenUp(won: Won): readonly Posting[] {
  return balanced([
    { account: "credit-granted", amountWon: won },
    { account: "promotion", amountWon: -won },
  ]);
}

/** Paid credit is no longer owned here: its money goes back, which is booked when each refund is done. */
export function paidCreditReturned(won: Won): readonly Posting[] {
  return againstRevenue(paidCredit(won));
}

/**
 * A contract is left today (중도해지), by a quote that was made of this credit. All paid credit goes back. Granted credit
 * becomes what the quote leaves: gift parts of unused days, and what withdrawn orders had used, are credit again. Money
 * that goes back is booked when each refund is done.
 */
export function contractLeft(
  quote: Pick<LeaveQuote, "penaltyWon" | "grantedCreditWon"> & {
    readonly withdrawn: readonly Pick<Order, "due">[];
  },
  credit: Credit,
): readonly Posting[] {
  const forgivenWon = quote.withdrawn.reduce((sum, { due }) => sum + due.forgivenWon, 0);
  return againstRevenue([
    { account: "credit-granted", amountWon: credit.grantedWon - quote.grantedCreditWon },
    { account: "forgiven", amountWon: -forgivenWon },
    { account: "penalty", amountWon: -quote.penaltyWon },
    ...paidCredit(credit.paidWon),
  ]);
}

/** An amount of paid credit that is used (above 0) or made (below 0), and the VAT that goes along. */
function paidCredit(won: number): readonly Posting[] {
  if (won === 0) return [];
  return [
    { account: "credit-paid", amountWon: won },
    { account: "vat-of-credit", amountWon: -vatShare(won) },
  ];
}

function vatShare(won: number): number {
  return Math.trunc(won / 11);
}

function unearnedByCredit({ grantedWon, paidWon }: Credit): number {
  return grantedWon + paidWon - vatShare(paidWon);
}

/** Posts to `revenue` what the others leave. */
function againstRevenue(postings: readonly Posting[]): readonly Posting[] {
  let sum = 0;
  for (const { amountWon } of postings) sum += amountWon;
  return balanced([...postings, { account: "revenue", amountWon: -sum }]);
}

/** Leaves out what moves nothing. Plain loops: every renewal comes by here. */
function balanced(postings: readonly Posting[]): readonly Posting[] {
  const moving: Posting[] = [];
  let sum = 0;
  for (const posting of postings) {
    if (posting.amountWon === 0) continue;
    moving.push(posting);
    sum += posting.amountWon;
  }
  if (sum !== 0) throw new Error(`Postings sum to ${sum} won instead of 0`);
  return moving;
}
