/**
 * What each line of an invoice says: the numbers its won are made of. The won are computed here again from the numbers
 * that are told, so that a sentence and its amount can never disagree.
 *
 * 29,000 won for 21 of 31 days are 19,645. 9,900 won of which 10 of 31 days are used leave 6,707.
 */
import type { Coupon } from "@/lib/billing/coupon/coupon";
import { discountWon } from "@/lib/billing/coupon/coupon";
import { parseWon, type Won } from "@/lib/billing/money";
import type { Line } from "@/lib/billing/subscription/order";
import { floorShare } from "@/lib/billing/subscription/segment";

/** A thing sold once: by itself, or to set a contract up. */
export type OnceLine = {
  readonly kind: "once" | "set-up";
  readonly key: string;
  readonly won: number;
  readonly unitWon: Won;
  readonly quantity: number;
};

export type Explanation =
  | {
      readonly kind: "plan" | "add-on";
      readonly key: string;
      readonly unitWon: Won;
      readonly quantity: number;
      /** Days it is for, of all days of the period. */
      readonly days: number;
      readonly ofDays: number;
      readonly won: number;
    }
  | {
      readonly kind: "unused";
      readonly key: string;
      /** What the days were worth, the used ones among them. */
      readonly valueWon: Won;
      readonly usedDays: number;
      readonly usedWon: Won;
      readonly days: number;
      readonly ofDays: number;
      readonly won: number;
    }
  | {
      readonly kind: "discount";
      readonly off: Coupon["off"];
      readonly baseWon: Won;
      readonly won: number;
    }
  | OnceLine;

/** Throws where the won of a line are not those of its numbers. */
export function explainLine(line: Line | OnceLine): Explanation {
  const told = tell(line);
  if (told.won !== line.won)
    throw new Error(`A line of ${line.won} won is told as ${told.won}: ${JSON.stringify(line)}`);
  return told;
}

function tell(line: Line | OnceLine): Explanation {
  switch (line.kind) {
    case "plan":
    case "add-on": {
      const { kind, key, unitWon, quantity, days, ofDays } = line;
      const won = floorShare(unitWon * quantity, days, ofDays);
      return { kind, key, unitWon, quantity, days, ofDays, won };
    }
    case "unused": {
      const { kind, key, valueWon, days, ofDays } = line;
      const usedDays = ofDays - days;
      const usedWon = floorShare(valueWon, usedDays, ofDays);
      return { kind, key, valueWon, usedDays, usedWon, days, ofDays, won: usedWon - valueWon };
    }
    case "discount": {
      const { kind, off, baseWon } = line;
      return { kind, off, baseWon, won: -discountWon({ off }, baseWon) };
    }
    case "once":
    case "set-up": {
      const { kind, key, unitWon, quantity } = line;
      return { kind, key, unitWon, quantity, won: parseWon(unitWon * quantity) };
    }
    default:
      return line satisfies never;
  }
}
