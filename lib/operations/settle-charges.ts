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
import { type Tx, transaction } from "@/db/client";
import { isChargingStopped, lockPacing, savePacing } from "@/db/pacing";
import {
  blackoutEndsAt,
  CHARGE_LEASE_MS,
  isBlackout,
  isForReview,
  nextSettlementStep,
  type SettlementAnswer,
  settleDelayMs,
} from "@/lib/billing/charge";
import type { Deps } from "@/lib/deps";
import { log } from "@/lib/log";
import { oneByOne } from "@/lib/one-by-one";
import { adoptRefunds } from "./adopt-refunds";
import { callToss, nextTurn, QUEUE_MS } from "./collect-charges";
import { recordOutcomes } from "./record-outcomes";

type SettleDeps = Pick<Deps, "clock" | "newId" | "toss" | "vault" | "pace" | "wait">;

/** For whom an attempt is settled: a job of ours, a customer who waits, or somebody who only wants Toss to be asked. */
type Caller = "job" | "customer" | "asker";

/** Settles up to `limit` open attempts that are due; returns how many it looked at. */
export async function settleCharges(deps: SettleDeps, limit: number): Promise<number> {
  const taken = await transaction((tx) => takeChargesToSettle(tx, leaseFrom(deps), limit));
  await oneByOne(taken, "charge.not-settled", (charge) => settle(deps, charge, "job"));
  return taken.length;
}

/**
 * Settles one attempt now: for a customer who waits, or, asking only, for a webhook that hints. Does nothing when the
 * attempt is owned by a worker or closed.
 */
export async function settleCharge(
  deps: SettleDeps,
  chargeId: string,
  caller: Exclude<Caller, "job">,
): Promise<void> {
  const charge = await transaction((tx) => takeChargeToSettle(tx, chargeId, leaseFrom(deps)));
  if (charge) await settle(deps, charge, caller);
}

async function settle(deps: SettleDeps, charge: Charge, caller: Caller): Promise<void> {
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
      return postpone(charge, now, new Date(now.getTime() + settleDelayMs(charge.settleTries)));
    case "review":
      log("error", "charge.needs-review", {
        chargeId: charge.id,
        orderId: charge.orderId,
        answer: answer.kind,
      });
      return postpone(charge, now, null);
    case "repeat":
    case "repeat-with-fresh-key":
      if (caller === "asker")
        return postpone(charge, now, new Date(now.getTime() + settleDelayMs(0)));
      if (isAutomatic(charge, caller) && isBlackout(now))
        return postpone(charge, now, blackoutEndsAt(now));
      if (
        charge.trigger === "automatic" &&
        (await transaction((tx) => isChargingStopped(tx, now)))
      ) {
        return postpone(charge, now, new Date(now.getTime() + settleDelayMs(1)));
      }
      return repeat(deps, charge, step === "repeat" ? null : deps.newId("idempotencyKey"));
    default:
      return step satisfies never;
  }
}

/** By night no job calls for a card, whoever's wish the attempt once was. */
function isAutomatic(charge: Charge, caller: Caller): boolean {
  return charge.trigger === "automatic" || (caller === "job" && charge.paymentMethodId !== null);
}

async function repeat(
  deps: SettleDeps,
  charge: Charge,
  idempotencyKey: string | null,
): Promise<void> {
  const callAt = await transaction((tx) => beginInTurn(deps, tx, charge, idempotencyKey));
  const now = deps.clock.now();
  if (callAt === "no-room")
    return postpone(charge, now, new Date(now.getTime() + settleDelayMs(0)));
  if (callAt === "not-ours") return;
  const waitMs = callAt.getTime() - now.getTime();
  if (waitMs > 0) await deps.wait(waitMs);
  const [call] = await findCallableCharges([charge.id]);
  if (call)
    await recordOutcomes(deps, [{ chargeId: charge.id, outcome: await callToss(deps, call) }]);
}

/** Marks the attempt as called once more, at the pace all processes share; answers when its request may leave. */
async function beginInTurn(
  deps: SettleDeps,
  tx: Tx,
  charge: Charge,
  idempotencyKey: string | null,
): Promise<Date | "no-room" | "not-ours"> {
  const now = deps.clock.now();
  const pacing = await lockPacing(tx, now);
  const callAt = nextTurn(deps, pacing.nextCallAt, now);
  const isFull = pacing.callsInFlight >= deps.pace.callsInFlight;
  if (isFull || callAt.getTime() - now.getTime() > QUEUE_MS) return "no-room";
  const begun = await beginRepeat(tx, charge.id, {
    now,
    leasedUntil: new Date(callAt.getTime() + CHARGE_LEASE_MS),
    ownedUntil: charge.leasedUntil,
    idempotencyKey,
  });
  if (!begun) return "not-ours";
  await savePacing(tx, new Date(callAt.getTime() + 1000 / deps.pace.callsPerSecond));
  return callAt;
}

/** Null when only a person can go on with it. */
function postpone(charge: Charge, now: Date, settleAt: Date | null): Promise<void> {
  return transaction((tx) =>
    postponeSettlement(tx, charge.id, {
      settleAt,
      needsReview: settleAt === null || isForReview(charge, now),
      ownedUntil: charge.leasedUntil,
    }),
  );
}

function leaseFrom(deps: Pick<Deps, "clock">): { now: Date; leasedUntil: Date } {
  const now = deps.clock.now();
  return { now, leasedUntil: new Date(now.getTime() + CHARGE_LEASE_MS) };
}
