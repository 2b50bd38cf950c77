/**
 * 중도해지: what goes back when a contract ends today. The day itself counts as used; of what is unused, the part that
 * was a gift becomes granted credit again, and the rest is money, less a penalty.
 *
 * Within seven days of an order, and unused since, the order can be withdrawn instead: its money goes back whole, its
 * credit is restored, and the contract stands as if it had not been made (E-Commerce Act §17). Each way is tried (none
 * withdrawn, the newest, the two newest …), and the one that pays back most is done.
 */
import { type CalendarDate, daysBetween } from "@/lib/billing/calendar";
import type { Credit } from "@/lib/billing/invoice/due";
import { parseWon, type Won } from "@/lib/billing/money";
import type { Contract } from "./contract";
import type { Order } from "./order";
import { floorShare, restAfter } from "./segment";

/** A paid order, with the contract as it stood before it. */
export type PaidOrder = {
  readonly order: Order;
  readonly before: Contract;
  readonly paidOn: CalendarDate;
};

export type LeavePolicy = { readonly withdrawalDays: number; readonly penaltyPercent: number };

export type LeaveQuote = {
  /** Money back, paid credit included. */
  readonly refundWon: Won;
  /** Of it, what the unused days are worth after the penalty. */
  readonly unusedWon: Won;
  readonly penaltyWon: Won;
  /** Withdrawn orders, newest first; each goes back whole. */
  readonly withdrawn: readonly Order[];
  readonly paidCreditWon: Won;
  /** What stays here: a gift is never paid out. */
  readonly grantedCreditWon: Won;
};

export type LeaveFacts = {
  readonly today: CalendarDate;
  /** The last known day of use, null when there was none. */
  readonly usedOn: CalendarDate | null;
  /** Newest first. */
  readonly orders: readonly PaidOrder[];
  readonly credit: Credit;
};

export function quoteLeave(
  contract: Contract,
  { today, usedOn, orders, credit }: LeaveFacts,
  policy: LeavePolicy,
): LeaveQuote {
  let best = quoteWay({ contract, withdrawn: [], credit }, today, policy);
  const withdrawn: Order[] = [];
  let restored = credit;
  for (const { order, before, paidOn } of orders) {
    const isUsed = usedOn !== null && usedOn >= paidOn;
    if (isUsed || daysBetween(paidOn, today) > policy.withdrawalDays) break;
    withdrawn.push(order);
    restored = restore(restored, order);
    const way = quoteWay(
      { contract: before, withdrawn: [...withdrawn], credit: restored },
      today,
      policy,
    );
    if (isBetter(way, best)) best = way;
  }
  return best;
}

function isBetter(way: LeaveQuote, best: LeaveQuote): boolean {
  if (way.refundWon !== best.refundWon) return way.refundWon > best.refundWon;
  return way.grantedCreditWon > best.grantedCreditWon;
}

/** A way to leave: what stands once the withdrawn orders are undone. */
type Way = {
  readonly contract: Contract;
  readonly withdrawn: readonly Order[];
  readonly credit: Credit;
};

function quoteWay(
  { contract, withdrawn, credit }: Way,
  today: CalendarDate,
  { penaltyPercent }: LeavePolicy,
): LeaveQuote {
  const rests = contract.segments.map((segment) =>
    contract.pausedOn === null
      ? restAfter(segment, today)
      : { unusedWon: segment.valueWon, giftWon: segment.giftWon },
  );
  const giftWon = rests.reduce((sum, rest) => sum + rest.giftWon, 0);
  const leftWon = rests.reduce((sum, rest) => sum + rest.unusedWon, 0) - giftWon;
  const penaltyWon = Math.min(floorShare(contract.baseWon, penaltyPercent, 100), leftWon);
  const backWon = withdrawn.reduce((sum, { due }) => sum + due.dueWon, 0);
  return {
    refundWon: parseWon(backWon + leftWon - penaltyWon + credit.paidWon),
    unusedWon: parseWon(leftWon - penaltyWon),
    penaltyWon: parseWon(penaltyWon),
    withdrawn,
    paidCreditWon: credit.paidWon,
    grantedCreditWon: parseWon(credit.grantedWon + giftWon),
  };
}

/** The account's credit as if the order had not been made. */
function restore(credit: Credit, { due, giftLeftWon }: Order): Credit {
  return {
    grantedWon: parseWon(credit.grantedWon + due.used.grantedWon - giftLeftWon),
    paidWon: parseWon(
      credit.paidWon + due.used.paidWon - (due.creditGrantedWon - giftLeftWon) - due.topUpWon,
    ),
  };
}
