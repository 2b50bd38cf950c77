/** What is booked in a contract, as it is listed: the day from which it holds, and what is billed on that day. */
import type { CalendarDate } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import type { Contract } from "./contract";
import { nextChargeOf } from "./quote";
import type { Move } from "./terms";

export type BookedEntry = {
  readonly what:
    | { readonly kind: "move"; readonly to: Move }
    | { readonly kind: "seats"; readonly quantity: number }
    | { readonly kind: "add-on"; readonly key: string; readonly quantity: number }
    | { readonly kind: "price"; readonly key: string; readonly unitWon: Won }
    | { readonly kind: "end" };
  /** Null in a pause: the day moves with it. */
  readonly on: CalendarDate | null;
  /** The whole next period, with all that is booked; null where none is coming. */
  readonly totalWon: Won | null;
};

export function bookedEntries(contract: Contract): readonly BookedEntry[] {
  const { booked, nextPrices, endsOn } = contract;
  if (endsOn !== null) return [{ what: { kind: "end" }, on: endsOn, totalWon: null }];
  const whats: BookedEntry["what"][] = [
    ...(booked.move ? [{ kind: "move" as const, to: booked.move }] : []),
    ...(booked.seats === null ? [] : [{ kind: "seats" as const, quantity: booked.seats }]),
    ...Object.entries(booked.addOns).map(([key, quantity]) => ({
      kind: "add-on" as const,
      key,
      quantity,
    })),
    ...Object.entries(nextPrices).map(([key, unitWon]) => ({
      kind: "price" as const,
      key,
      unitWon,
    })),
  ];
  const next = nextChargeOf(contract);
  return whats.map((what) => ({ what, on: next?.on ?? null, totalWon: next?.totalWon ?? null }));
}
