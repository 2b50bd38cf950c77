/**
 * What stops a contract: a pause, and an end booked for the day up to which it is paid.
 */
import { addDays, type CalendarDate, daysBetween } from "@/lib/billing/calendar";
import type { Contract } from "./contract";
import { cutBefore } from "./segment";

export type PauseRefusal = { readonly code: "paused" | "end-booked" | "not-paused" };

/** `day` is the first day without use. Each segment keeps what it is worth and the rest of its days. */
export function pause(contract: Contract, day: CalendarDate): Contract | PauseRefusal {
  if (contract.pausedOn !== null) return { code: "paused" };
  if (contract.endsOn !== null) return { code: "end-booked" };
  const segments = contract.segments.map((segment) => cutBefore(segment, day));
  return { ...contract, segments, pausedOn: day };
}

/**
 * `day` is the first day of use again. With 18 days left when it began, a pause until 5 April moves the end, and with
 * it the anchor, to 23 April. A pause that ends on the day it began moves nothing.
 */
export function resume(contract: Contract, day: CalendarDate): Contract | PauseRefusal {
  if (contract.pausedOn === null) return { code: "not-paused" };
  const paidTo = addDays(day, daysBetween(contract.pausedOn, contract.paidTo));
  const segments = contract.segments.map((segment) => ({ ...segment, startsOn: day }));
  const resumed = { ...contract, segments, pausedOn: null };
  if (paidTo === contract.paidTo) return resumed;
  return {
    ...resumed,
    paidTo,
    terms: { ...contract.terms, anchorOn: paidTo },
    cycle: contract.cycle + 1,
    n: 0,
  };
}

/** Books the end of what is paid for. A paused contract resumes on the day of the cancel and uses the rest of its days. */
export function cancelAtEnd(contract: Contract, day: CalendarDate): Contract {
  const running = contract.pausedOn === null ? contract : resume(contract, day);
  if ("code" in running) return contract;
  return { ...running, endsOn: running.paidTo };
}
