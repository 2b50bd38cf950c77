/** What a period, or a thing sold once, costs: lines that sum to a total. `open → paid | void | uncollectible`. */
import type { Interval, Period } from "@/lib/billing/calendar";
import { formatPeriod } from "@/lib/billing/format";
import { sumWon, type Won } from "@/lib/billing/money";

export const INVOICE_STATUSES = ["open", "paid", "void", "uncollectible"] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export type InvoiceLine = { readonly description: string; readonly amountWon: Won };

/** The total is computed from the lines, so the two cannot disagree. */
export function totalOf(lines: readonly InvoiceLine[]): Won {
  return sumWon(lines.map((line) => line.amountWon));
}

const INTERVAL_WORDS = {
  ko: { month: "월간", quarter: "분기", year: "연간" },
  en: { month: "monthly", quarter: "quarterly", year: "yearly" },
} as const;

/** "BASIC 월간 (2026.12.09 ~ 2027.01.08)": people read the last day included; printed on the card slip too. */
export function periodTitle(
  { planName, interval }: { readonly planName: string; readonly interval: Interval },
  period: Period,
  locale: "ko" | "en" = "ko",
): string {
  return `${planName} ${INTERVAL_WORDS[locale][interval]} (${formatPeriod(period)})`;
}
