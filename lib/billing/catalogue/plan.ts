/**
 * What is sold. A plan names features and entitlements; a price is a plan at an interval in whole won, VAT included.
 * Prices are versioned and never edited, so a running contract keeps the price it was made at.
 */
import type { Interval } from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";

export type PlanKind = "subscription" | "one-time";

/** Text in both languages of the product. */
export type Bilingual = { readonly ko: string; readonly en: string };

/** What a plan lets its holder do: a switch, or a limit (null = unlimited). */
export type Entitlements = Readonly<Record<string, boolean | number | null>>;

export type Plan = {
  readonly id: string;
  readonly kind: PlanKind;
  readonly product: string;
  readonly name: Bilingual;
  readonly description: Bilingual;
  readonly features: readonly Bilingual[];
  readonly entitlements: Entitlements;
  readonly active: boolean;
  readonly position: number;
};

/** `interval` is null for what is sold once. */
export type Price = {
  readonly id: string;
  readonly planId: string;
  readonly interval: Interval | null;
  readonly amountWon: Won;
  readonly trialDays: number;
  readonly version: number;
  readonly active: boolean;
};

/** Whether an amount may stand in the price list: whole won, at least what the gateway can charge. */
export function isSellableAmount(amount: number, minimumWon: Won): boolean {
  return Number.isSafeInteger(amount) && amount >= minimumWon;
}

/** What a year at the yearly price costs less than twelve months at the monthly one; 0 when it does not. */
export function yearlySaving(monthly: Won, other: { interval: Interval; amountWon: Won }): Won {
  const perYear = { month: 12, quarter: 4, year: 1 }[other.interval] * other.amountWon;
  return parseWon(Math.max(0, monthly * 12 - perYear));
}

/** The price of one month of a longer interval, rounded up so that it never promises too little. */
export function monthlyEquivalent(price: { interval: Interval; amountWon: Won }): Won {
  return parseWon(Math.ceil(price.amountWon / { month: 1, quarter: 3, year: 12 }[price.interval]));
}
