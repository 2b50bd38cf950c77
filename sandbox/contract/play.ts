/** Plays a case on the rules alone: every charge is approved, every consent is given in time. */
import { type CalendarDate, parseCalendarDate } from "@/lib/billing/calendar";
import type { Credit } from "@/lib/billing/invoice/due";
import { parseWon } from "@/lib/billing/money";
import { WITHDRAWAL_DAYS } from "@/lib/billing/policy";
import { afterQuote, quoteChange } from "@/lib/billing/subscription/change";
import {
  afterOrder,
  type Contract,
  creditAfter,
  newAgreement,
  nextDueOn,
  withoutWorth,
} from "@/lib/billing/subscription/contract";
import { type LeaveQuote, type PaidOrder, quoteLeave } from "@/lib/billing/subscription/leave";
import { type Order, orderNextPeriod } from "@/lib/billing/subscription/order";
import { cancelAtEnd, pause, resume } from "@/lib/billing/subscription/pause";
import type { Wish } from "@/lib/billing/subscription/wish";
import { TOSS_CAPABILITIES } from "@/lib/toss/client";
import type { ContractCase, Outcome, Step } from "./case";

const ADD_ON = "add-on";

/** What happens, without what must follow. */
export type Life = Omit<ContractCase, "name" | "then">;

export type Played = {
  readonly contract: Contract;
  readonly endedOn: CalendarDate | null;
  /** By which quote it was left, null at a booked end; and the credit until then. */
  readonly left: { readonly quote: LeaveQuote | null; readonly credit: Credit } | null;
  readonly credit: Credit;
  /** Newest first. */
  readonly orders: readonly PaidOrder[];
  readonly refunds: Outcome["refunds"];
};

/** What the rules make of a life. */
export function play(life: Life): Outcome {
  const { startsOn, steps } = life;
  let played = passTo(begin(life), startsOn);
  for (const step of steps) played = take(passTo(played, step.on), step);
  return outcomeOf(played);
}

/** Before the first order is paid. */
export function begin({
  startsOn,
  interval,
  unitWon,
  quantity,
  coupon,
  grantedCreditWon,
}: Omit<Life, "steps">): Played {
  const terms = {
    plan: { key: "plan", kind: "plan" as const, unitWon, quantity },
    addOns: [],
    interval,
    anchorOn: startsOn,
  };
  const taken = coupon && {
    off:
      "percent" in coupon
        ? { kind: "percent" as const, percent: coupon.percent }
        : { kind: "won" as const, won: coupon.won },
    periodsLeft: coupon.cycles < 0 ? null : coupon.cycles,
    isRunning: false,
  };
  return {
    contract: withoutWorth(newAgreement(terms, taken ?? null)),
    endedOn: null,
    left: null,
    credit: { grantedWon: grantedCreditWon, paidWon: parseWon(0) },
    orders: [],
    refunds: [],
  };
}

/** Collects what is due up to and on a day. */
export function passTo(start: Played, day: CalendarDate): Played {
  let played = start;
  while (played.endedOn === null) {
    const { contract } = played;
    if (contract.cancelsOn !== null) {
      if (contract.cancelsOn > day) return played;
      return end(played, contract.cancelsOn, null);
    }
    const dueOn = nextDueOn(contract);
    if (dueOn === null || dueOn > day) return played;
    played = pay(played, orderNextPeriod(contract, walletOf(played)));
  }
  return played;
}

/** Does one step; after the end nothing is left to do. */
export function take(played: Played, step: Step): Played {
  const { contract } = played;
  if (played.endedOn !== null) return played;
  switch (step.do) {
    case "look":
      return played;
    case "change":
      return change(played, step);
    case "pause":
      return become(played, pause(contract, step.on));
    case "resume":
      return become(played, resume(contract, step.on));
    case "cancel":
      return become(played, cancelAtEnd(contract, step.on));
    case "cancel-now": {
      const usedOn = step.used ? step.on : null;
      const policy = { withdrawalDays: WITHDRAWAL_DAYS, penaltyPercent: step.penaltyPercent };
      const { orders, credit } = played;
      const quote = quoteLeave(contract, { today: step.on, usedOn, orders, credit }, () => policy);
      return end(played, step.on, quote);
    }
    default:
      return step satisfies never;
  }
}

function change(played: Played, step: Extract<Step, { do: "change" }>): Played {
  const { contract } = played;
  const quote = quoteChange(contract, wishOf(contract, step), {
    today: step.on,
    wallet: walletOf(played),
  });
  if (quote.kind === "now") return pay(played, quote.order);
  return { ...played, contract: afterQuote(contract, quote) };
}

function wishOf({ terms }: Contract, step: Extract<Step, { do: "change" }>): Wish {
  const { unitWon, interval, quantity, addOnQuantity, addOnUnitWon } = step;
  if (quantity !== undefined) return { kind: "seats", quantity, maximum: Number.MAX_SAFE_INTEGER };
  if (addOnQuantity !== undefined)
    return { kind: "add-on", key: ADD_ON, quantity: addOnQuantity, unitWon: addOnUnitWon ?? null };
  return {
    kind: "move",
    to: {
      interval: interval ?? terms.interval,
      unitWon: unitWon ?? terms.plan.unitWon,
      addOnUnitWon: addOnUnitWon === undefined ? {} : { [ADD_ON]: addOnUnitWon },
    },
  };
}

function pay(played: Played, order: Order): Played {
  return {
    ...played,
    contract: afterOrder(played.contract, order),
    credit: creditAfter(played.credit, order),
    orders: [{ order, before: played.contract, paidOn: order.on }, ...played.orders],
  };
}

function become(played: Played, contract: Contract | { readonly code: string }): Played {
  return "code" in contract ? played : { ...played, contract };
}

/** All paid credit goes back with the end. */
function end(played: Played, on: CalendarDate, quote: LeaveQuote | null): Played {
  const { credit } = played;
  const refundWon = quote?.refundWon ?? credit.paidWon;
  return {
    ...played,
    endedOn: on,
    left: { quote, credit },
    credit: { grantedWon: quote?.grantedCreditWon ?? credit.grantedWon, paidWon: parseWon(0) },
    refunds: refundWon === 0 ? played.refunds : [...played.refunds, { on, refundWon }],
  };
}

function walletOf({ credit }: Played) {
  return { credit, minimumWon: TOSS_CAPABILITIES.minimumWon };
}

function outcomeOf({ contract, endedOn, credit, orders, refunds }: Played): Outcome {
  const chargeOn = endedOn === null ? nextDueOn(contract) : null;
  return {
    status: endedOn !== null ? "ended" : contract.pausedOn !== null ? "paused" : "active",
    invoices: [...orders].reverse().map(({ order: { on, kind, lines, due } }) => ({
      on: parseCalendarDate(on),
      kind,
      lines: lines.map((line) => ({ kind: line.kind, won: line.won })),
      totalWon: due.totalWon,
      creditUsedWon: parseWon(due.used.grantedWon + due.used.paidWon),
      creditGrantedWon: due.creditGrantedWon,
      forgivenWon: due.forgivenWon,
      topUpWon: due.topUpWon,
      dueWon: due.dueWon,
    })),
    grantedCreditWon: credit.grantedWon,
    paidCreditWon: credit.paidWon,
    refunds: [...refunds],
    ...(chargeOn !== null && { nextChargeOn: chargeOn }),
  };
}
