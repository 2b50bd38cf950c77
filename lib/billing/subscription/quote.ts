/**
 * A quote is the charge. It is stored, holds for 10 minutes or to the end of its Seoul day, whichever comes first, and
 * is confirmed by id. If anything it rests on has changed, the new one is shown and must be confirmed again.
 */
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { Due } from "@/lib/billing/invoice/due";
import type { Won } from "@/lib/billing/money";
import { QUOTE_MINUTES } from "@/lib/billing/policy";
import { afterQuote, type ChangeFacts, type ChangeQuote, quoteChange } from "./change";
import { type Contract, nextDueOn } from "./contract";
import { type Line, NO_CREDIT, orderNextPeriod } from "./order";
import type { Wish } from "./wish";

/** An answer, and the values it was made of. */
export type HeldQuote<Answer, Basis> = {
  readonly answer: Answer;
  readonly restsOn: Basis;
  /** The first instant at which it no longer holds. */
  readonly holdsUntil: Date;
};

/** The next period as it will be billed, before credit. */
export type NextCharge = { readonly on: CalendarDate; readonly totalWon: Won };

export type ChangeOffer = {
  readonly quote: ChangeQuote;
  /** What is paid today; no lines and null when nothing is. */
  readonly lines: readonly Line[];
  readonly due: Due | null;
  readonly takesEffectOn: CalendarDate;
  /** Null when none is coming. */
  readonly next: NextCharge | null;
};

export type ChangeBasis = {
  readonly contract: Contract;
  readonly wish: Wish;
  readonly facts: ChangeFacts;
};

/** Offers a change for confirmation; a wish that is refused or waits has nothing to confirm. */
export function offerChange(
  basis: ChangeBasis,
): ChangeOffer | Extract<ChangeQuote, { kind: "refused" | "waits" }> {
  const { contract, wish, facts } = basis;
  const quote = quoteChange(contract, wish, facts);
  if (quote.kind === "refused" || quote.kind === "waits") return quote;
  const order = quote.kind === "now" ? quote.order : null;
  return {
    quote,
    lines: order?.lines ?? [],
    due: order?.due ?? null,
    takesEffectOn: quote.kind === "booked" ? contract.paidTo : facts.today,
    next: nextChargeOf(afterQuote(contract, quote)),
  };
}

/** What will be billed next as the contract stands; null while it is paused or its end is booked. */
export function nextChargeOf(contract: Contract): NextCharge | null {
  const on = nextDueOn(contract);
  return on === null ? null : { on, totalWon: orderNextPeriod(contract, NO_CREDIT).due.totalWon };
}

export function holdQuote<Answer, Basis>(
  answer: Answer,
  restsOn: Basis,
  now: Date,
): HeldQuote<Answer, Basis> {
  const endOfDay = seoulInstant(addDays(seoulDayOf(now), 1), 0).getTime();
  const holdsUntil = new Date(Math.min(now.getTime() + QUOTE_MINUTES * 60_000, endOfDay));
  return { answer, restsOn, holdsUntil };
}

/** Whether a quote may be confirmed: in time, and resting on what is there now. */
export function isQuoteStillTrue<Answer, Basis>(
  { restsOn, holdsUntil }: HeldQuote<Answer, Basis>,
  restsOnNow: Basis,
  now: Date,
): boolean {
  return now < holdsUntil && isSameValue(restsOn, restsOnNow);
}

/** A field that is missing equals one that is undefined, as in what a database gives back. */
function isSameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isSameValue(a[key], b[key]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
