/** Contracts for tests of the rules of changes: by hand. */
import type { CalendarDate, Interval } from "@/lib/billing/calendar";
import type { Coupon } from "@/lib/billing/coupon/coupon";
import type { Wallet } from "@/lib/billing/invoice/due";
import {
  afterOrder,
  type Contract,
  newAgreement,
  withoutWorth,
} from "@/lib/billing/subscription/contract";
import { orderNextPeriod } from "@/lib/billing/subscription/order";
import type { Wish } from "@/lib/billing/subscription/wish";
import { day, won } from "./billing";

export function walletOf(grantedWon = 0, paidWon = 0): Wallet {
  return {
    credit: { grantedWon: won(grantedWon), paidWon: won(paidWon) },
    minimumWon: won(100),
  };
}

/** 9,900 won a month from 1 March 2027, of one seat, not paid yet. */
export function unpaidContract({
  startsOn = day("2027-03-01"),
  interval = "month",
  unitWon = 9_900,
  quantity = 1,
  coupon = null,
}: {
  readonly startsOn?: CalendarDate;
  readonly interval?: Interval;
  readonly unitWon?: number;
  readonly quantity?: number;
  readonly coupon?: Coupon | null;
} = {}): Contract {
  const plan = { key: "basic", kind: "plan", unitWon: won(unitWon), quantity } as const;
  return withoutWorth(newAgreement({ plan, addOns: [], interval, anchorOn: startsOn }, coupon));
}

/** The same, its first period paid: for March 2027 when nothing else is said. */
export function runningContract(start: Parameters<typeof unpaidContract>[0] = {}): Contract {
  return renewed(unpaidContract(start));
}

/** The next period is paid. */
export function renewed(contract: Contract): Contract {
  return afterOrder(contract, orderNextPeriod(contract, walletOf()));
}

export function percentOff(percent: number, periodsLeft: number | null): Coupon {
  return { off: { kind: "percent", percent }, periodsLeft, isRunning: false };
}

export const seatsWish = (quantity: number): Wish => ({ kind: "seats", quantity, maximum: 100 });

export function addOnWish(quantity: number, unitWon: number | null = 3_000): Wish {
  return {
    kind: "add-on",
    key: "storage",
    quantity,
    unitWon: unitWon === null ? null : won(unitWon),
  };
}

export function moveWish(
  unitWon: number,
  interval: Interval = "month",
  others: { readonly storageWon?: number; readonly plan?: string } = {},
): Wish {
  const { storageWon, plan } = others;
  const addOnUnitWon = storageWon === undefined ? {} : { storage: won(storageWon) };
  return {
    kind: "move",
    to: { interval, unitWon: won(unitWon), addOnUnitWon, ...(plan && { plan }) },
  };
}
