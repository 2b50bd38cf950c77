/**
 * What the rest of an item is worth. A segment begins when a period or a change is paid, worth what was paid for its
 * days after discount; credits and refunds come from segments, never from "the last charge".
 *
 * 9,900 won for the 31 days from 1 March: on 11 March 10 days are used, floor(9,900 × 10 / 31) = 3,193 won, and the
 * rest is worth 6,707. The odd won is the customer's.
 */
import { addDays, type CalendarDate, daysBetween } from "@/lib/billing/calendar";
import { parseWon, type Won } from "@/lib/billing/money";

export type Segment = {
  /** The item it belongs to. */
  readonly key: string;
  readonly startsOn: CalendarDate;
  readonly days: number;
  readonly valueWon: Won;
  /** The part of the value that was paid with granted credit. Never more than the value. */
  readonly giftWon: Won;
};

/** What is left of a segment; `giftWon` is part of `unusedWon`. */
export type Rest = {
  readonly unusedWon: Won;
  readonly giftWon: Won;
  readonly usedDays: number;
  readonly restDays: number;
};

/** What is left before `day` begins: the day itself belongs to what follows. A segment that is over has nothing left. */
export function restBefore(segment: Segment, day: CalendarDate): Rest {
  const passed = daysBetween(segment.startsOn, day);
  const usedDays = Math.min(Math.max(passed, 0), segment.days);
  const usedWon = floorShare(segment.valueWon, usedDays, segment.days);
  const unusedWon = parseWon(segment.valueWon - usedWon);
  const giftWon = floorShare(unusedWon, segment.giftWon, segment.valueWon);
  return { unusedWon, giftWon, usedDays, restDays: segment.days - usedDays };
}

/** What is left once `day` is over. */
export function restAfter(segment: Segment, day: CalendarDate): Rest {
  return restBefore(segment, addDays(day, 1));
}

/** The rest of a segment as a segment of its own, from `day` on. */
export function cutBefore(segment: Segment, day: CalendarDate): Segment {
  const { unusedWon, giftWon, restDays } = restBefore(segment, day);
  return { key: segment.key, startsOn: day, days: restDays, valueWon: unusedWon, giftWon };
}

/** `floor(won × part / whole)`, exact for amounts whose product would not be; 0 of nothing. */
export function floorShare(won: number, part: number, whole: number): Won {
  if (whole === 0) return parseWon(0);
  return parseWon(Number((BigInt(won) * BigInt(part)) / BigInt(whole)));
}
