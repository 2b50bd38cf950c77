/**
 * Finds out what became of attempts whose outcome is open: a worker died, an answer was lost, an answer made no sense.
 * Toss is asked by order id before anything is repeated; a repeat carries the same key, or a fresh key with the same
 * order id where the old one would only replay a stored error. Never a new attempt while one is open.
 */
import {
  beginRepeat,
  type Charge,
  findCallableCharges,
  postponeSettlement,
  takeChargesToSettle,
  takeChargeToSettle,
} from "@/db/charges";
import { transaction } from "@/db/client";
import { isChargingStopped } from "@/db/pacing";
import {
  blackoutEndsAt,
  CHARGE_LEASE_MS,
  isBlackout,
  nextSettlementStep,
  type SettlementAnswer,
  settleDelayMs,
} from "@/lib/billing/charge";
import type { Deps } from "@/lib/deps";
import { log } from "@/lib/log";
import { oneByOne } from "@/lib/one-by-one";
import { adoptRefunds } from "./adopt-refunds";
import { callToss } from "./collect-charges";
import { recordOutcomes } from "./record-outcomes";

type SettleDeps = Pick<Deps, "clock" | "newId" | "toss" | "vault">;

/** Settles up to `limit` open attempts that are due; returns how many it looked at. */
export async function settleCharges(deps: SettleDeps, limit: number): Promise<number> {
  const taken = await transaction((tx) => takeChargesToSettle(tx, leaseFrom(deps), limit));
  await oneByOne(taken, "charge.not-settled", (charge) =>
    settle(deps, charge, { mayRepeat: true }),
  );
  return taken.length;
}

/**
 * Settles one attempt now: for a customer who waits, or, asking only (`mayRepeat` false), for a webhook that hints.
 * Does nothing when the attempt is owned by a worker or closed.
 */
export async function settleCharge(
  deps: SettleDeps,
  chargeId: string,
  options: { mayRepeat: boolean } = { mayRepeat: true },
): Promise<void> {
  const charge = await transaction((tx) => takeChargeToSettle(tx, chargeId, leaseFrom(deps)));
  if (charge) await settle(deps, charge, options);
}

async function settle(
  deps: SettleDeps,
  charge: Charge,
  { mayRepeat }: { mayRepeat: boolean },
): Promise<void> {
  const answer: SettlementAnswer =
    charge.calledAt === null
      ? { kind: "not-found" }
      : await deps.toss.findByOrderId(charge.orderId, charge.amountWon);
  const now = deps.clock.now();
  const step = nextSettlementStep(answer, charge, now);
  switch (step) {
    case "record":
      if (answer.kind === "approved" || answer.kind === "declined") {
        await recordOutcomes(deps, [{ chargeId: charge.id, outcome: answer }]);
      }
      // While nobody here knew of the payment, somebody may have given it back at Toss.
      if (answer.kind === "approved") await adoptRefunds(deps, charge.id);
      return;
    case "wait":
      return postpone(charge, new Date(now.getTime() + settleDelayMs(charge.settleTries)));
    case "review":
      log("error", "charge.needs-review", {
        chargeId: charge.id,
        orderId: charge.orderId,
        answer: answer.kind,
      });
      return postpone(charge, null);
    case "repeat":
    case "repeat-with-fresh-key":
      if (!mayRepeat) return postpone(charge, new Date(now.getTime() + settleDelayMs(0)));
      if (charge.trigger === "automatic" && isBlackout(now))
        return postpone(charge, blackoutEndsAt(now));
      if (
        charge.trigger === "automatic" &&
        (await transaction((tx) => isChargingStopped(tx, now)))
      ) {
        return postpone(charge, new Date(now.getTime() + settleDelayMs(1)));
      }
      return repeat(deps, charge, step === "repeat" ? null : deps.newId("idempotencyKey"));
    default:
      return step satisfies never;
  }
}

async function repeat(
  deps: SettleDeps,
  charge: Charge,
  idempotencyKey: string | null,
): Promise<void> {
  const begun = await transaction((tx) =>
    beginRepeat(tx, charge.id, {
      ...leaseFrom(deps),
      ownedUntil: charge.leasedUntil,
      idempotencyKey,
    }),
  );
  if (!begun) return;
  const [call] = await findCallableCharges([charge.id]);
  if (call)
    await recordOutcomes(deps, [{ chargeId: charge.id, outcome: await callToss(deps, call) }]);
}

function postpone(charge: Charge, settleAt: Date | null): Promise<void> {
  return transaction((tx) =>
    postponeSettlement(tx, charge.id, {
      settleAt,
      needsReview: settleAt === null,
      ownedUntil: charge.leasedUntil,
    }),
  );
}

function leaseFrom(deps: Pick<Deps, "clock">): { now: Date; leasedUntil: Date } {
  const now = deps.clock.now();
  return { now, leasedUntil: new Date(now.getTime() + CHARGE_LEASE_MS) };
}
