/**
 * What a change costs today, and what it leaves to the end of the period.
 *
 * A period that is due comes first: while it is being collected, or days late, changes wait. On its day and before it
 * is begun, the change goes first, and the period is billed once at the new terms. In a trial every change holds at
 * once and costs nothing.
 */
import type { CalendarDate } from "@/lib/billing/calendar";
import type { Wallet } from "@/lib/billing/invoice/due";
import { afterOrder, type Contract, isUnbegun, pricesKept, type RenewalStage } from "./contract";
import { type Change, type Order, orderChange, orderNextPeriod } from "./order";
import { type BookedTerms, NOTHING_BOOKED, withBooked } from "./terms";
import {
  decideWish,
  refuseWish,
  type UpgradePolicy,
  type Wish,
  type WishDecision,
  type WishRefusal,
} from "./wish";

export type ChangeFacts = {
  readonly today: CalendarDate;
  readonly wallet: Wallet;
  /** Not begun where it is left out. */
  readonly renewal?: RenewalStage;
  /** Another change of the contract is waiting for its money. */
  readonly isChangeOpen?: boolean;
  /** An upgrade keeps the day where it is left out. */
  readonly upgrade?: UpgradePolicy;
};

export type ChangeQuote =
  /** In force once its order is paid. */
  | { readonly kind: "now"; readonly order: Order }
  /** In force at once: there is nothing to pay, and no invoice. */
  | { readonly kind: "at-once"; readonly contract: Contract }
  /** Nothing is paid today; `booked` is all that is booked from now on. */
  | { readonly kind: "booked" | "undone"; readonly booked: BookedTerms }
  /** The period that is due comes first, and so does a change that waits for its money. */
  | { readonly kind: "waits" }
  | { readonly kind: "refused"; readonly refusal: WishRefusal };

/** Quotes one wish. */
export function quoteChange(contract: Contract, wish: Wish, facts: ChangeFacts): ChangeQuote {
  const { today, renewal = "not-begun", isChangeOpen = false, upgrade = "keeps-day" } = facts;
  if (renewal === "past-due") return refuseWish("past-due");
  if (contract.pausedOn !== null) return refuseWish("paused");
  if (contract.cancelsOn !== null) return refuseWish("end-booked");
  if (isChangeOpen || renewal === "collecting" || contract.paidTo < today) return { kind: "waits" };
  const decision = decideWish(contract, wish, { today, upgrade });
  if (decision.kind === "refused" || decision.kind === "undone") return decision;
  if (decision.kind === "coupon")
    return { kind: "at-once", contract: { ...contract, coupon: decision.coupon } };
  if (isUnbegun(contract) && contract.paidTo > today)
    return { kind: "at-once", contract: changeInTrial(contract, decision) };
  if (decision.kind === "booked") return decision;
  if (contract.paidTo === today)
    return { kind: "now", order: orderOnRenewalDay(contract, decision.change, facts) };
  const order = orderChange(contract, decision.change, facts);
  return order.lines.length === 0
    ? { kind: "at-once", contract: afterOrder(contract, order) }
    : { kind: "now", order };
}

/** The contract once a quote is paid for, booked or in force. */
export function afterQuote(contract: Contract, quote: ChangeQuote): Contract {
  switch (quote.kind) {
    case "now":
      return afterOrder(contract, quote.order);
    case "at-once":
      return quote.contract;
    case "booked":
    case "undone":
      return { ...contract, booked: quote.booked };
    case "waits":
    case "refused":
      return contract;
    default:
      return quote satisfies never;
  }
}

/** The trial keeps its end, and with it the anchor. */
function changeInTrial(
  contract: Contract,
  decision: Extract<WishDecision, { kind: "now" | "booked" }>,
): Contract {
  const wanted =
    decision.kind === "now"
      ? withBooked(decision.change.terms, decision.change.booked)
      : withBooked(contract.terms, decision.booked);
  const isOtherInterval = wanted.interval !== contract.terms.interval;
  return {
    ...contract,
    terms: { ...wanted, anchorOn: contract.terms.anchorOn },
    booked: NOTHING_BOOKED,
    coupon: isOtherInterval ? null : contract.coupon,
  };
}

/** One order for both: the period that begins today, at the terms that the change makes. */
function orderOnRenewalDay(contract: Contract, change: Change, { wallet }: ChangeFacts): Order {
  const { opens, terms } = change;
  const isOtherInterval = terms.interval !== contract.terms.interval;
  return orderNextPeriod(
    {
      ...contract,
      terms,
      booked: change.booked,
      nextPrices: pricesKept(contract, change),
      coupon: isOtherInterval ? null : contract.coupon,
      ...(opens && { cycle: opens.cycle, n: opens.n }),
    },
    wallet,
  );
}
