/**
 * A contract's worth, folded from what is kept of it: paid invoices, pauses, and the terms by the day. What an invoice
 * replaced is read from its lines, so a sum that is shown and a sum that is refunded have one source.
 */
import { type CalendarDate, daysBetween } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import {
  type BasePart,
  baseOf,
  type Contract,
  FREE_DAYS,
  firstDayOf,
  openSegments,
  type Worth,
} from "./contract";
import type { Order } from "./order";
import { pauseSegments, resumeSegments } from "./pause";
import type { Segment } from "./segment";
import type { Terms } from "./terms";

/** What an invoice says, with the terms that its payment put in force. */
export type PaidInvoice = Pick<Order, "kind" | "on" | "lines" | "due" | "opens" | "terms">;

/** In the order in which they happened. */
export type HistoryEvent =
  | { readonly kind: "paid"; readonly invoice: PaidInvoice; readonly paidOn: CalendarDate }
  | { readonly kind: "paused" | "resumed"; readonly on: CalendarDate }
  /** Free days behind what is paid. */
  | { readonly kind: "extended"; readonly startsOn: CalendarDate; readonly days: number };

type Folded = Worth & Pick<Contract, "pausedOn">;

/**
 * Folds events into what the rest of a contract is worth. A period begins with nothing left of the one before it, so the
 * events since the newest invoice of kind `period` are enough.
 */
export function foldHistory(events: readonly HistoryEvent[]): Folded {
  const nothing: Folded = { segments: [], base: [], periodDays: 0, pausedOn: null };
  return events.reduce(afterEvent, nothing);
}

function afterEvent(worth: Folded, event: HistoryEvent): Folded {
  switch (event.kind) {
    case "paid":
      return afterInvoice(worth, event.invoice, event.paidOn);
    case "paused":
      return { ...worth, segments: pauseSegments(worth.segments, event.on), pausedOn: event.on };
    case "resumed": {
      const pausedDays = worth.pausedOn === null ? 0 : daysBetween(worth.pausedOn, event.on);
      return { ...worth, segments: resumeSegments(worth.segments, pausedDays), pausedOn: null };
    }
    case "extended":
      return { ...worth, segments: extendSegments(worth.segments, event) };
    default:
      return event satisfies never;
  }
}

function afterInvoice(worth: Folded, invoice: PaidInvoice, paidOn: CalendarDate): Folded {
  const { opens } = invoice;
  const replaces = opens ? worth.segments.map(({ key }) => key) : keysReplacedBy(invoice);
  const on = firstDayOf(invoice, paidOn);
  const part: BasePart = { paidOn, won: baseOf(invoice) };
  return {
    ...worth,
    segments: openSegments(worth, { ...invoice, on, replaces }).segments,
    base: opens ? [part] : [...worth.base, part],
    periodDays: opens ? daysBetween(opens.period.startsOn, opens.period.endsOn) : worth.periodDays,
  };
}

/** An item whose rest was credited. One whose rest was worth nothing has no such line, and grows from nothing. */
function keysReplacedBy({ lines }: PaidInvoice): readonly string[] {
  return lines.flatMap((line) => (line.kind === "unused" ? [line.key] : []));
}

/** Adds free days behind the paid ones, or to those that are there. */
export function extendSegments(
  segments: readonly Segment[],
  { startsOn, days }: Pick<Segment, "startsOn" | "days">,
): readonly Segment[] {
  const free = segments.find(({ key }) => key === FREE_DAYS);
  const paid = segments.filter(({ key }) => key !== FREE_DAYS);
  const extended: Segment = {
    key: FREE_DAYS,
    startsOn: free?.startsOn ?? startsOn,
    days: (free?.days ?? 0) + days,
    valueWon: parseWon(0),
    giftWon: parseWon(0),
  };
  return [...paid, extended];
}

/** Terms are never overwritten: each entry holds from its day until the next. Null before the first. */
export function termsOn(
  entries: readonly { readonly from: CalendarDate; readonly terms: Terms }[],
  day: CalendarDate,
): Terms | null {
  return entries.findLast(({ from }) => from <= day)?.terms ?? null;
}
