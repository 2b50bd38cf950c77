/**
 * Finds out what became of attempts whose outcome is open: a worker died, an answer was lost, an answer made no sense.
 * Toss is asked by order id before anything is repeated; a repeat carries the same key, or a fresh key with the same
 * order id where the old one would only replay a stored error. Never a new attempt while one is open, and never a repeat
 * that the contract does not want any more: that one is closed.
 */

import {
  beginRepeat,
  type Charge,
  findCallableCharges,
  postponeSettlement,
  takeChargesToSettle,
  takeChargeToSettle,
} from "@/db/charge";
import { lockPacing, savePacing } from "@/db/charge-pacing";
import { endRests, isChargingStopped } from "@/db/charging-stop";
import { lockCheckoutsOfCharges } from "@/db/checkout";
import type { Unwanted } from "@/lib/billing/charge/attempt";
import {
  blackoutEndsAt,
  isBlackout,
  isForReview,
  nextSettlementStep,
  notExecuted,
  type SettlementAnswer,
  type SettlementStep,
  settleAgainAt,
} from "@/lib/billing/charge/charge";
import { leaseFrom } from "@/lib/billing/lease";
import { adoptRefunds } from "@/lib/operations/refund/adopt";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";
import { oneByOne } from "@/lib/runtime/one-by-one";
import { askAboutOrder } from "./ask";
import { nextTurn, QUEUE_MS, sendCharge } from "./collect";
import { holdContracts } from "./hold-contracts";
import { recordInTransaction, recordOutcomes } from "./record-outcomes";

/** For whom an attempt is settled: a job of ours, a customer who waits, or somebody who only wants Toss to be asked. */
type Caller = "job" | "customer" | "asker";

/** Settles up to `limit` open attempts that are due; returns how many it looked at. */
export async function settleCharges(deps: Deps, limit: number): Promise<number> {
  const taken = await inTransaction(deps, JOB, (work) =>
    takeChargesToSettle(work.tx, leaseFrom(work.now), limit),
  );
  await oneByOne(taken, "charge.not-settled", (charge) => settle(deps, charge, "job"));
  return taken.length;
}

/**
 * Settles one attempt now: for a customer who waits, or, asking only, for a webhook that hints. Does nothing when the
 * attempt is owned by a worker or closed.
 */
export async function settleCharge(
  deps: Deps,
  chargeId: string,
  caller: Exclude<Caller, "job">,
): Promise<void> {
  const charge = await inTransaction(deps, JOB, (work) =>
    takeChargeToSettle(work.tx, chargeId, leaseFrom(work.now)),
  );
  if (charge) await settle(deps, charge, caller);
}

async function settle(deps: Deps, charge: Charge, caller: Caller): Promise<void> {
  const answer: SettlementAnswer =
    charge.calledAt === null ? { kind: "not-found" } : await askAboutOrder(deps, charge);
  const now = deps.clock.now();
  const { idempotentReplay } = deps.gateway.capabilities;
  const step = nextSettlementStep(answer, { ...charge, idempotentReplay }, now);
  if (step === "record" && (answer.kind === "approved" || answer.kind === "declined")) {
    await recordOutcomes(deps, [{ chargeId: charge.id, outcome: answer }]);
    // While nobody here knew of the payment, somebody may have given it back at Toss.
    if (answer.kind === "approved") await adoptRefunds(deps, charge.id);
    return;
  }
  if (answer.kind === "unknown" && answer.review && answer.reason !== charge.unknownReason)
    return recordOutcomes(deps, [{ chargeId: charge.id, outcome: answer }]);
  if (step === "wait") return postpone(deps, charge, settleAgainAt(now, charge.settleTries));
  await goOn(deps, charge, { step, caller, isUnknownToToss: answer.kind === "not-found" });
}

type Turn = {
  readonly step: SettlementStep;
  readonly caller: Caller;
  readonly isUnknownToToss: boolean;
};

/** Repeats an attempt that did not come about, or closes it when nobody wants it any more. */
async function goOn(deps: Deps, charge: Charge, turn: Turn): Promise<void> {
  const next = await inTransaction(deps, JOB, (work) =>
    closeOrBegin(work, charge, { ...turn, pace: deps.pace }),
  );
  const now = deps.clock.now();
  switch (next.kind) {
    case "over":
      return;
    case "later":
      return postpone(deps, charge, next.at);
    case "call": {
      const waitMs = next.at.getTime() - now.getTime();
      if (waitMs > 0) await deps.wait(waitMs);
      const [call] = await findCallableCharges([charge.id]);
      if (call)
        await recordOutcomes(deps, [
          { chargeId: charge.id, outcome: await sendCharge(deps, call) },
        ]);
      return;
    }
    default:
      return next satisfies never;
  }
}

type Next =
  /** Marked as called once more; its request may leave then. */
  | { readonly kind: "call"; readonly at: Date }
  /** Null when only a person can go on with it. */
  | { readonly kind: "later"; readonly at: Date | null }
  /** Closed, or owned by another worker meanwhile. */
  | { readonly kind: "over" };

/** Holds the contract first: what it no longer wants is closed, even when no card may be called right now. */
async function closeOrBegin(
  work: Work,
  charge: Charge,
  { step, caller, isUnknownToToss, pace }: Turn & Pick<Deps, "pace">,
): Promise<Next> {
  const { tx, now } = work;
  const again = (tries: number): Next => ({ kind: "later", at: settleAgainAt(now, tries) });
  // Before the contract, in the order of those who record outcomes: closing the attempt does that as well.
  await lockCheckoutsOfCharges(tx, [charge.id]);
  const [held] = await holdContracts(work, [charge.id]);
  if (held?.charge.leasedUntil?.getTime() !== charge.leasedUntil?.getTime())
    return { kind: "over" };
  if (held?.unwanted) {
    // Toss knows the order and may still execute it: only what it answers later can end the attempt.
    if (!isUnknownToToss) return again(charge.settleTries);
    await closeUnwanted(work, charge, held.unwanted);
    return { kind: "over" };
  }
  if (step === "review") {
    const { id: chargeId, orderId } = charge;
    log("error", "charge.needs-review", { chargeId, orderId, isUnknownToToss });
    return { kind: "later", at: null };
  }
  if (caller === "asker") return again(0);
  if (isAutomatic(charge, caller) && isBlackout(now))
    return { kind: "later", at: blackoutEndsAt(now) };
  if (charge.trigger === "automatic") {
    await endRests(tx, now);
    if (await isChargingStopped(tx, now)) return again(1);
  }
  const idempotencyKey = step === "repeat" ? null : work.newId("idempotencyKey");
  return beginInTurn(work, charge, { idempotencyKey, pace });
}

/** During the blackout, jobs never charge a card, even for an attempt a customer started. */
function isAutomatic(charge: Charge, caller: Caller): boolean {
  return charge.trigger === "automatic" || (caller === "job" && charge.paymentMethodId !== null);
}

/** Ends an attempt of which Toss has no record, and that the contract does not want. */
async function closeUnwanted(
  work: Work,
  { id: chargeId, orderId }: Charge,
  unwanted: Unwanted,
): Promise<void> {
  const details = { orderId, outcome: "declined", unwanted };
  await work.audit({ action: "charge.closed", subjectId: chargeId, details });
  await recordInTransaction(work, [{ chargeId, outcome: notExecuted }]);
}

/** Marks the attempt as called once more, at the pace all processes share. */
async function beginInTurn(
  work: Work,
  charge: Charge,
  { idempotencyKey, pace }: { idempotencyKey: string | null } & Pick<Deps, "pace">,
): Promise<Next> {
  const { tx, now } = work;
  const pacing = await lockPacing(tx, now);
  const callAt = nextTurn(pace, pacing.nextCallAt, now);
  const isFull = pacing.callsInFlight >= pace.callsInFlight;
  if (isFull || callAt.getTime() - now.getTime() > QUEUE_MS)
    return { kind: "later", at: settleAgainAt(now, 0) };
  const begun = await beginRepeat(tx, charge.id, {
    now,
    leasedUntil: leaseFrom(callAt).leasedUntil,
    ownedUntil: charge.leasedUntil,
    idempotencyKey,
  });
  if (!begun) return { kind: "over" };
  await savePacing(tx, new Date(callAt.getTime() + 1000 / pace.callsPerSecond));
  return { kind: "call", at: callAt };
}

/** Null when only a person can go on with it. */
function postpone(deps: Deps, charge: Charge, settleAt: Date | null): Promise<void> {
  return inTransaction(deps, JOB, ({ tx, now }) =>
    postponeSettlement(tx, charge.id, {
      settleAt,
      needsReview: settleAt === null || isForReview(charge, now),
      ownedUntil: charge.leasedUntil,
    }),
  );
}
