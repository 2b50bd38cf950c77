/** What is booked in a contract, as it is listed: the day from which it holds, and what is billed on that day. */
import type { CalendarDate } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import type { Contract } from "./contract";
import { nextChargeOf } from "./quote";
import type { Move } from "./terms";
import type { Wish } from "./wish";

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
  const { booked, nextPrices, cancelsOn } = contract;
  if (cancelsOn !== null) return [{ what: { kind: "end" }, on: cancelsOn, totalWon: null }];
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

/** The wish for what is there already, which undoes an entry; null for what is undone otherwise, or by nobody. */
export function wishToUndo({ terms }: Contract, { what }: BookedEntry): Wish | null {
  switch (what.kind) {
    case "move": {
      const { interval, plan } = terms;
      return {
        kind: "move",
        to: { plan: plan.key, interval, unitWon: plan.unitWon, addOnUnitWon: {} },
      };
    }
    case "seats": {
      const { quantity } = terms.plan;
      return { kind: "seats", quantity, maximum: quantity };
    }
    case "add-on": {
      const held = terms.addOns.find(({ key }) => key === what.key);
      const quantity = held?.quantity ?? 0;
      return { kind: "add-on", key: what.key, quantity, unitWon: held?.unitWon ?? null };
    }
    case "price":
    case "end":
      return null;
    default:
      return what satisfies never;
  }
}
