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
import { parseWon, sumWon, type Won } from "@/lib/billing/money";
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

/** A payment goes back under the policy of its own day. */
export type LeavePolicyOn = (paidOn: CalendarDate) => LeavePolicy;

export type LeaveQuote = {
  /** The day of leaving; the first day of a period that is withdrawn, or the end of one that comes back over. */
  readonly endsOn: CalendarDate;
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
  policyOn: LeavePolicyOn,
): LeaveQuote {
  let best = quoteWay({ contract, withdrawn: [], credit }, today, policyOn);
  const withdrawn: Order[] = [];
  let restored: CreditLeft = credit;
  for (const { order, before, paidOn } of orders) {
    const isUsed = usedOn !== null && usedOn >= paidOn;
    if (isUsed || daysBetween(paidOn, today) > policyOn(paidOn).withdrawalDays) break;
    withdrawn.push(order);
    restored = restore(restored, order);
    const way = quoteWay(
      { contract: before, withdrawn: [...withdrawn], credit: restored },
      today,
      policyOn,
    );
    if (isBetter(way, best)) best = way;
  }
  return best;
}

/** What the rest is worth once `today` is over, before a penalty: money, and gift that is never paid out. */
export function unusedOf(
  { segments, pausedOn }: Pick<Contract, "segments" | "pausedOn">,
  today: CalendarDate,
): { readonly moneyWon: Won; readonly giftWon: Won } {
  const rests = segments.map((segment) =>
    pausedOn === null
      ? restAfter(segment, today)
      : { unusedWon: segment.valueWon, giftWon: segment.giftWon },
  );
  const giftWon = sumWon(rests.map((rest) => rest.giftWon));
  const unusedWon = sumWon(rests.map((rest) => rest.unusedWon));
  return { moneyWon: parseWon(unusedWon - giftWon), giftWon };
}

function isBetter(way: LeaveQuote, best: LeaveQuote): boolean {
  if (way.refundWon !== best.refundWon) return way.refundWon > best.refundWon;
  return way.grantedCreditWon > best.grantedCreditWon;
}

/** A way to leave: what stands once the withdrawn orders are undone. */
type Way = {
  readonly contract: Contract;
  readonly withdrawn: readonly Order[];
  readonly credit: CreditLeft;
};

/** Below zero where credit that an order gave was spent on another contract of the account since. */
type CreditLeft = { readonly grantedWon: number; readonly paidWon: number };

function quoteWay(
  { contract, withdrawn, credit }: Way,
  today: CalendarDate,
  policyOn: LeavePolicyOn,
): LeaveQuote {
  const { giftWon, moneyWon: leftWon } = unusedOf(contract, today);
  const penaltyWon = Math.min(penaltyOf(contract, policyOn), leftWon);
  const backWon = withdrawn.reduce((sum, { due }) => sum + due.dueWon, 0);
  const grantedWon = credit.grantedWon + giftWon;
  // Credit that was spent elsewhere is taken off the money, so that no gift is paid out by way of it.
  const spentWon = Math.min(0, grantedWon);
  const isOver = withdrawn.length > 0 && contract.paidTo < today;
  return {
    endsOn: isOver ? contract.paidTo : today,
    refundWon: parseWon(Math.max(0, backWon + leftWon - penaltyWon + credit.paidWon + spentWon)),
    unusedWon: parseWon(leftWon - penaltyWon),
    penaltyWon: parseWon(penaltyWon),
    withdrawn,
    paidCreditWon: parseWon(Math.max(0, credit.paidWon)),
    grantedCreditWon: parseWon(Math.max(0, grantedWon)),
  };
}

/** Rounded down once for each percentage that held on a day of payment. */
function penaltyOf({ base }: Contract, policyOn: LeavePolicyOn): number {
  const byPercent = new Map<number, number>();
  for (const { paidOn, won } of base) {
    const { penaltyPercent } = policyOn(paidOn);
    byPercent.set(penaltyPercent, (byPercent.get(penaltyPercent) ?? 0) + won);
  }
  return [...byPercent].reduce(
    (sum, [percent, won]) => sum + floorShare(Math.max(0, won), percent, 100),
    0,
  );
}

/** The account's credit as if the order had not been made. */
function restore(credit: CreditLeft, { due, giftLeftWon }: Order): CreditLeft {
  return {
    grantedWon: credit.grantedWon + due.used.grantedWon - giftLeftWon,
    paidWon:
      credit.paidWon + due.used.paidWon - (due.creditGrantedWon - giftLeftWon) - due.topUpWon,
  };
}
