/**
 * What an operator changes in a contract, each with a reason: free days, another day of payment, periods for nothing, an
 * open invoice that is let go, a lower price. A higher price is the customer's to agree to (`price-rise.ts`).
 *
 * Paid to 1 April and extended by 10 days, a contract is billed next on 11 April, and every month on the 11th. The free
 * days lie behind the paid ones and are worth nothing.
 */
import { addDays, type CalendarDate, partsOf } from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";
import { afterOrder, type Contract, isUnbegun, openSegments, type RenewalStage } from "./contract";
import { extendSegments } from "./history";
import type { Order } from "./order";
import { itemsOf } from "./terms";

export type OperatorChange = { readonly reason: string } & (
  | { readonly kind: "extend"; readonly days: number }
  /** At the next renewal; the days up to it are free. */
  | { readonly kind: "move-day"; readonly dayOfMonth: number }
  | { readonly kind: "comp"; readonly periods: number }
  /** The open invoice of the next period. */
  | { readonly kind: "waive"; readonly order: Order }
  /** From the next period on. */
  | { readonly kind: "price"; readonly key: string; readonly unitWon: Won }
);

export type OperatorRefusal = {
  readonly code:
    | "no-reason"
    | "paused"
    | "end-booked"
    /** The next period is being collected or is past due: it comes first. */
    | "due"
    /** Not a number of days, periods, or a day that every month has. */
    | "out-of-range"
    | "no-such-item"
    | "needs-consent"
    | "nothing-due";
};

export type OperatorOutcome =
  /** `order` is the invoice that was waived, as it is paid now. */
  | { readonly kind: "changed"; readonly contract: Contract; readonly order: Order | null }
  | { readonly kind: "refused"; readonly refusal: OperatorRefusal };

export function changeByOperator(
  contract: Contract,
  change: OperatorChange,
  { today, renewal }: { readonly today: CalendarDate; readonly renewal: RenewalStage },
): OperatorOutcome {
  if (change.reason.trim() === "") return refusedBy("no-reason");
  if (contract.pausedOn !== null) return refusedBy("paused");
  if (contract.cancelsOn !== null) return refusedBy("end-booked");
  if (change.kind === "waive") return waive(contract, change.order, today);
  if (renewal !== "not-begun" || contract.paidTo < today) return refusedBy("due");
  switch (change.kind) {
    case "extend":
      return isCount(change.days)
        ? changed(extend(contract, change.days))
        : refusedBy("out-of-range");
    case "move-day": {
      const days = daysToDayOfMonth(contract.paidTo, change.dayOfMonth);
      return days === null ? refusedBy("out-of-range") : changed(extend(contract, days));
    }
    case "comp":
      return isCount(change.periods)
        ? changed({ ...contract, freePeriods: contract.freePeriods + change.periods })
        : refusedBy("out-of-range");
    case "price":
      return setPrice(contract, change);
    default:
      return change satisfies never;
  }
}

function extend(contract: Contract, days: number): Contract {
  if (days === 0) return contract;
  const anchorOn = addDays(contract.paidTo, days);
  const added = { startsOn: contract.paidTo, days };
  return {
    ...contract,
    terms: { ...contract.terms, anchorOn },
    cycle: contract.cycle + 1,
    n: 0,
    paidTo: anchorOn,
    // The free days before a first payment are a trial, and no part of a period.
    segments: isUnbegun(contract) ? [] : extendSegments(contract.segments, added),
  };
}

/** 0 on the day itself; null for a day that some months lack. */
function daysToDayOfMonth(from: CalendarDate, dayOfMonth: number): number | null {
  if (!isCount(dayOfMonth) || dayOfMonth > 28) return null;
  let days = 0;
  while (partsOf(addDays(from, days)).dayOfMonth !== dayOfMonth) days += 1;
  return days;
}

/** What was due is forgiven: the period begins, and is worth what credit paid for it. */
function waive(contract: Contract, order: Order, today: CalendarDate): OperatorOutcome {
  if (order.kind !== "period" || order.due.dueWon === 0) return refusedBy("nothing-due");
  const forgivenWon = parseWon(order.due.forgivenWon + order.due.dueWon);
  const due = { ...order.due, forgivenWon, dueWon: parseWon(0) };
  const { giftLeftWon } = openSegments(contract, { ...order, due });
  const waived = { ...order, due, giftLeftWon };
  return { kind: "changed", contract: afterOrder(contract, waived, today), order: waived };
}

function setPrice(
  contract: Contract,
  { key, unitWon }: Extract<OperatorChange, { kind: "price" }>,
): OperatorOutcome {
  const item = itemsOf(contract.terms).find((one) => one.key === key);
  if (item === undefined) return refusedBy("no-such-item");
  if (unitWon > item.unitWon) return refusedBy("needs-consent");
  return changed({ ...contract, nextPrices: { ...contract.nextPrices, [key]: unitWon } });
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function changed(contract: Contract): OperatorOutcome {
  return { kind: "changed", contract, order: null };
}

function refusedBy(code: OperatorRefusal["code"]): OperatorOutcome {
  return { kind: "refused", refusal: { code } };
}
