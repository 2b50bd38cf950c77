/**
 * The terms, the privacy policy and the refund policy. Numbers come from the rules that act on them, so that what is
 * promised and what is done cannot part. A change takes a new version and 7 days' notice, 30 when it is to anybody's
 * disadvantage.
 */
import { parseCalendarDate } from "@/lib/billing/calendar";

/** What is stored with a consent: which texts were agreed to. */
export const TERMS_VERSION = "1.0";
export const TERMS_EFFECTIVE_ON = parseCalendarDate("2026-11-22");

/** Refunds are made within this many working days of the request (E-Commerce Act §18②). */
export const REFUND_WORKING_DAYS = 3;

export type Seller = {
  readonly name: string;
  readonly representative: string;
  readonly email: string;
  readonly phone: string;
  readonly hosting: string;
};

export type PolicyBlock =
  | string
  | { readonly list: readonly string[] }
  | {
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export type Policy = {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly {
    readonly heading: string;
    readonly blocks: readonly PolicyBlock[];
  }[];
};

export type Policies = Readonly<Record<"terms" | "privacy" | "refund", (seller: Seller) => Policy>>;
