/**
 * What is due of an invoice: `due = total − credit used − forgiven + top-up`.
 *
 * Lines that sum to less than zero become credit, and the total is 0. Credit pays first, granted before paid. What is
 * then left below the payment method's minimum cannot be charged: a period's is forgiven; a change, or a thing sold once,
 * is charged the minimum and the difference is paid credit.
 */
import { parseWon, type Won } from "@/lib/billing/money";

/** Won an account owns here: gifts of the operator, never paid out, and the customer's own money. */
export type Credit = { readonly grantedWon: Won; readonly paidWon: Won };

/** What pays an invoice: the account's credit, and a payment method that takes no less than its minimum. */
export type Wallet = { readonly credit: Credit; readonly minimumWon: Won };

export type Due = {
  readonly totalWon: Won;
  /** What the lines are below zero. */
  readonly creditGrantedWon: Won;
  readonly used: Credit;
  readonly forgivenWon: Won;
  readonly topUpWon: Won;
  readonly dueWon: Won;
};

export function dueOf(
  kind: "period" | "change" | "once",
  sumOfLines: number,
  { credit, minimumWon }: Wallet,
): Due {
  const total = Math.max(0, sumOfLines);
  const granted = Math.min(total, credit.grantedWon);
  const paid = Math.min(total - granted, credit.paidWon);
  const left = total - granted - paid;
  const isTooSmall = left > 0 && left < minimumWon;
  const forgiven = isTooSmall && kind === "period" ? left : 0;
  const topUp = isTooSmall && kind !== "period" ? minimumWon - left : 0;
  return {
    totalWon: parseWon(total),
    creditGrantedWon: parseWon(Math.max(0, -sumOfLines)),
    used: { grantedWon: parseWon(granted), paidWon: parseWon(paid) },
    forgivenWon: parseWon(forgiven),
    topUpWon: parseWon(topUp),
    dueWon: parseWon(left - forgiven + topUp),
  };
}
