/** What a period, a change or a thing sold once costs: lines that sum to a total. `open → paid | void | uncollectible`. */
import { addDays, type CalendarDate, type Interval, type Period } from "@/lib/billing/calendar";
import { formatPeriod } from "@/lib/billing/format";
import { sumWon, type Won } from "@/lib/billing/money";
import type { Line, Order } from "@/lib/billing/subscription/order";
import type { Due } from "./due";
import type { OnceLine } from "./explain";

export const INVOICE_STATUSES = ["open", "paid", "void", "uncollectible"] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** `period`: one for each period of a subscription; `change`: one for each change that costs; `once`: one for each order. */
export type InvoiceKind = Order["kind"] | "once";

type Dated<L> = L & {
  /** The first day it is for. */
  readonly from: CalendarDate;
  /** The day after the last. */
  readonly to: CalendarDate;
};

/** A line as an invoice keeps it, with all that is needed to say it in words. */
export type InvoiceLine =
  | Dated<Exclude<Line, { kind: "discount" }>>
  | Extract<Line, { kind: "discount" }>
  | OnceLine;

/** The lines of an order with the days they are for. */
export function linesOf({ on, lines }: Pick<Order, "on" | "lines">): readonly InvoiceLine[] {
  return lines.map((line) =>
    line.kind === "discount" ? line : { ...line, from: on, to: addDays(on, line.days) },
  );
}

/** What is due of an invoice and how it came to that, as its columns. */
export type InvoiceAmounts = Omit<Due, "used"> & {
  readonly creditUsedGrantedWon: Won;
  readonly creditUsedPaidWon: Won;
};

export function amountsOf(due: Due): InvoiceAmounts {
  return {
    totalWon: due.totalWon,
    creditGrantedWon: due.creditGrantedWon,
    creditUsedGrantedWon: due.used.grantedWon,
    creditUsedPaidWon: due.used.paidWon,
    forgivenWon: due.forgivenWon,
    topUpWon: due.topUpWon,
    dueWon: due.dueWon,
  };
}

/** What an invoice says is due of it, as it was computed when it was written. */
export function dueSaidBy(said: InvoiceAmounts): Due {
  return {
    totalWon: said.totalWon,
    creditGrantedWon: said.creditGrantedWon,
    used: { grantedWon: said.creditUsedGrantedWon, paidWon: said.creditUsedPaidWon },
    forgivenWon: said.forgivenWon,
    topUpWon: said.topUpWon,
    dueWon: said.dueWon,
  };
}

/** What credit pays of an invoice. */
export function creditUsedBy({
  creditUsedGrantedWon,
  creditUsedPaidWon,
}: Pick<InvoiceAmounts, "creditUsedGrantedWon" | "creditUsedPaidWon">): Won {
  return sumWon([creditUsedGrantedWon, creditUsedPaidWon]);
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
