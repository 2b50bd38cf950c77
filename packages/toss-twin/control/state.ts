import type { z } from "zod";
import { TossError } from "@/packages/toss-twin/api/errors";
import { paymentView } from "@/packages/toss-twin/api/payment-view";
import { currentPayment } from "@/packages/toss-twin/api/payments";
import { billingKeyId, maskKey } from "@/packages/toss-twin/ids";
import type { BillingRecord } from "@/packages/toss-twin/store/records";
import {
  addSeoulMonths,
  endOfTime,
  seoulDayOfMonth,
  seoulTime,
} from "@/packages/toss-twin/time/seoul";
import { versionOf, type World } from "@/packages/toss-twin/world";
import type { BillingKeyView, ClockView, MoveClock, StateDump } from "./schemas";
import { deliveryView } from "./webhooks";

/** The clock goes no further than this, so that every instant has a year of four digits. */

export function dumpState(world: World, query: URLSearchParams): StateDump {
  const orderId = query.get("orderId");
  const customerKey = query.get("customerKey");
  return {
    clock: clockView(world),
    settings: world.settings,
    faults: world.faults.list(),
    payments: [...world.store.payments.values()]
      .filter((payment) => orderId === null || payment.orderId === orderId)
      .filter((payment) => customerKey === null || payment.customerKey === customerKey)
      .map((payment) => currentPayment(world, payment) ?? payment)
      .map((payment) => ({
        ...paymentView(payment, {
          language: "ko",
          version: versionOf(
            world.merchants.find(({ mId }) => mId === payment.mId),
            payment.keySet,
          ),
          publicUrl: world.publicUrl,
          now: world.now(),
        }),
        paymentKey: payment.paymentKey,
        orderId: payment.orderId,
        status: payment.status,
        type: payment.type,
        totalAmount: payment.totalAmount,
        balanceAmount: payment.balanceAmount,
        customerKey: payment.customerKey,
        scenario: payment.scenario,
      })),
    billingKeys: [...world.store.billings.values()]
      .filter((billing) => customerKey === null || billing.customerKey === customerKey)
      .map(billingKeyView),
    registrations: [...world.store.registrations.values()],
    deliveries: [...world.store.deliveries.values()]
      .filter((delivery) => orderId === null || delivery.orderId === orderId)
      .map(deliveryView),
    calls: world.calls.list(),
  };
}

export function billingKeyView(billing: BillingRecord): BillingKeyView {
  return {
    id: billingKeyId(billing.billingKey),
    maskedKey: maskKey(billing.billingKey),
    mId: billing.mId,
    customerKey: billing.customerKey,
    scenario: billing.scenario,
    issuerCode: billing.card?.issuerCode ?? billing.account?.bankCode ?? "",
    number: billing.card?.number ?? billing.account?.number ?? "",
    authenticatedAt: seoulTime(billing.authenticatedAt),
    removedAt: billing.removedAt === null ? null : seoulTime(billing.removedAt),
    attempts: billing.attempts,
  };
}

export function clockView(world: World): ClockView {
  const next = nextRenewalAt(world);
  return {
    now: seoulTime(world.now()),
    ownsClock: world.ownsClock,
    canMove: world.moveClock !== null,
    nextRenewalAt: next === null ? null : seoulTime(next),
  };
}

export function moveClock(world: World, move: z.infer<typeof MoveClock>): ClockView {
  if (!world.moveClock) {
    throw new TossError("FORBIDDEN_REQUEST", "The clock is read from a file; move it there.");
  }
  const now = world.now();
  const to = targetOf(world, move, now);
  if (to < now) throw new TossError("INVALID_DATE", "The clock only moves forward.");
  if (to > endOfTime) throw new TossError("INVALID_DATE", "The clock ends with the year 2998.");
  world.moveClock(to);
  world.agenda.catchUp();
  return clockView(world);
}

/** When the next billing key in use will have been charged a month ago; what merchants do is not known here. */
export function nextRenewalAt(world: World): number | null {
  const now = world.now();
  let next: number | null = null;
  for (const { removedAt, firstChargedAt, lastChargedAt } of world.store.billings.values()) {
    if (removedAt !== null || firstChargedAt === null || lastChargedAt === null) continue;
    const at = addSeoulMonths(lastChargedAt, 1, seoulDayOfMonth(firstChargedAt));
    if (at > now && (next === null || at < next)) next = at;
  }
  return next;
}

export function reset(world: World): { ok: true } {
  world.store.reset();
  world.agenda.clear();
  world.faults.clear();
  world.calls.clear();
  return { ok: true };
}

function targetOf(world: World, move: z.infer<typeof MoveClock>, now: number): number {
  if ("to" in move) return Date.parse(move.to);
  if ("byMs" in move) return now + move.byMs;
  if ("byMonths" in move) return addSeoulMonths(now, move.byMonths, seoulDayOfMonth(now));
  const next = nextRenewalAt(world);
  if (next === null) throw new TossError("NOT_FOUND", "No billing key has been charged yet.");
  return next;
}
