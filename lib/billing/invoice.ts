/** What a period, or a thing sold once, costs: lines that sum to a total. `open → paid | void | uncollectible`. */
import { sumWon, type Won } from "./money";

export const INVOICE_STATUSES = ["open", "paid", "void", "uncollectible"] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export type InvoiceLine = { readonly description: string; readonly amountWon: Won };

/** The total is computed from the lines, so the two cannot disagree. */
export function totalOf(lines: readonly InvoiceLine[]): Won {
  return sumWon(lines.map((line) => line.amountWon));
}
