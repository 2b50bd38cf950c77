/**
 * Finds out what became of refunds whose outcome is open: a worker died, an answer was lost, an answer made no sense.
 * Toss is asked what it holds of the payment before anything is sent again; a repeat carries the same key, or a fresh
 * one with the balance as a lock where the old key would only replay a stored error. Refunds that wait for another of
 * their charge are sent here too.
 */

import { type Tx, transaction } from "@/db/client";
import {
  type LockedRefund,
  listRefunds,
  lockRefund,
  lockRefundableCharge,
  type Refund,
  saveRefund,
  takeRefundsToSettle,
  takeRefundToSettle,
} from "@/db/refund";
import { isForReview, settleAgainAt } from "@/lib/billing/charge/charge";
import { leaseFrom } from "@/lib/billing/lease";
import { parseWon } from "@/lib/billing/money";
import { type ExecutedPayment, GIVEN_UP, nextRefundStep } from "@/lib/billing/refund/refund";
import type { PaymentAnswer } from "@/lib/gateway/gateway";
import { askAboutPayment } from "@/lib/operations/charge/ask";
import { type Actor, inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";
import { oneByOne } from "@/lib/runtime/one-by-one";
import { bookCancels, closeRefused, recordRefund } from "./record";
import { sendCancel, sendRefund } from "./send";

/** Delay before re-checking a refund that is queued behind another. */
const QUEUED_RETRY_MS = 60_000;

/** Settles up to `limit` open refunds that are due; returns how many it looked at. */
export async function settleRefunds(deps: Deps, limit: number): Promise<number> {
  const taken = await inTransaction(deps, JOB, (work) =>
    takeRefundsToSettle(work.tx, leaseFrom(work.now), limit),
  );
  await oneByOne(taken, "refund.not-settled", (refund) => settleTaken(deps, refund, null));
  return taken.length;
}

/** Settles one refund now, whenever it was booked for. Does nothing when a worker owns it or it is closed. */
export async function settleRefund(deps: Deps, refundId: string): Promise<void> {
  const refund = await inTransaction(deps, JOB, (work) =>
    takeRefundToSettle(work.tx, refundId, leaseFrom(work.now)),
  );
  if (refund) await settleTaken(deps, refund, null);
}

/** Settles a refund that the caller took; with `givenUpBy` it is closed where Toss has not given the money back. */
export async function settleTaken(
  deps: Deps,
  refund: Refund,
  givenUpBy: Actor | null,
): Promise<void> {
  if (refund.calledAt === null) return settleWaiting(deps, refund, givenUpBy);
  const charge = await transaction((tx) => lockRefundableCharge(tx, { id: refund.chargeId }));
  const paymentKey = charge?.charge.paymentKey;
  if (!paymentKey) throw new Error(`Refund ${refund.id} is of a charge without a payment`);
  const { provider } = refund;
  const answer = await askAboutPayment(deps, { provider, paymentKey });
  const call = await inTransaction(deps, givenUpBy ?? JOB, (work) =>
    applyAnswer(work, refund, { answer, isGivenUp: givenUpBy !== null }),
  );
  if (!call) return;
  const outcome = await sendCancel(deps, { ...call, provider, paymentKey });
  await recordRefund(deps, refund.id, outcome);
}

async function settleWaiting(deps: Deps, refund: Refund, givenUpBy: Actor | null): Promise<void> {
  if (givenUpBy !== null) {
    await inTransaction(deps, givenUpBy, async (work) => {
      const { tx } = work;
      const held = await lockRefund(tx, refund.id);
      if (held?.refund.status === "pending" && held.refund.calledAt === null)
        await closeGivenUp(work, held);
    });
    return;
  }
  if (await sendRefund(deps, refund.id, refund.leasedUntil)) return;
  const settleAt = new Date(deps.clock.now().getTime() + QUEUED_RETRY_MS);
  await inTransaction(deps, JOB, async (work) => {
    const { tx } = work;
    const held = await lockRefund(tx, refund.id);
    if (held?.refund.status === "pending" && held.refund.calledAt === null)
      await saveRefund(tx, refund.id, { settleAt, leasedUntil: null });
  });
}

type Repeat = Parameters<typeof sendCancel>[1];

/** Writes what the answer means; returns the call to make where the refund is to be sent once more. */
async function applyAnswer(
  work: Work,
  taken: Refund,
  { answer, isGivenUp }: { readonly answer: PaymentAnswer; readonly isGivenUp: boolean },
): Promise<Omit<Repeat, "provider" | "paymentKey"> | null> {
  const { tx, now } = work;
  const held = await lockRefund(tx, taken.id);
  const isStillOurs = held?.refund.leasedUntil?.getTime() === taken.leasedUntil?.getTime();
  if (!held || !isStillOurs || held.refund.closedAt !== null) return null;
  const { refund } = held;
  if (answer.kind === "unknown") return postpone(work, refund);
  if (answer.kind === "not-executed") {
    if (!isGivenUp) return leaveToPerson(tx, refund, answer.kind);
    await closeGivenUp(work, held);
    return null;
  }

  const { payment } = answer;
  const claimed = await claimedKeys(tx, refund.chargeId);
  const { calledAt, lockWon } = refund;
  if (calledAt === null || lockWon === null)
    throw new Error(`Refund ${refund.id} was sent without a lock`);
  const step = nextRefundStep({ ...refund, calledAt, lockWon }, { payment, claimed }, now);
  switch (step.kind) {
    case "record":
      await bookCancels(work, held, { payment, own: { refund, cancel: step.cancel } });
      return null;
    case "wait":
      return postpone(work, refund);
    case "refuse":
      await closeRefused(work, held, step.code);
      await bookCancels(work, held, { payment });
      return null;
    case "review":
    case "repeat":
    case "repeat-with-fresh-key":
      if (isGivenUp) await closeGivenUp(work, held);
      await bookCancels(work, held, { payment });
      if (isGivenUp) return null;
      if (step.kind === "review") return leaveToPerson(tx, refund, "repeated-in-vain");
      return beginRefundRepeat(work, refund, { payment, isSameKey: step.kind === "repeat" });
    default:
      return step satisfies never;
  }
}

async function beginRefundRepeat(
  work: Work,
  refund: Refund,
  { payment, isSameKey }: { readonly payment: ExecutedPayment; readonly isSameKey: boolean },
): Promise<Omit<Repeat, "provider" | "paymentKey">> {
  const { tx, now } = work;
  const { leasedUntil } = leaseFrom(now);
  const key = isSameKey
    ? { idempotencyKey: refund.idempotencyKey, keySpent: refund.keySpent }
    : { idempotencyKey: work.newId("idempotencyKey"), keySpent: false };
  const lockWon = parseWon(payment.balanceWon);
  await saveRefund(tx, refund.id, {
    ...key,
    lockWon,
    calledAt: now,
    leasedUntil,
    settleAt: leasedUntil,
    repeats: refund.repeats + 1,
    needsReview: isForReview({ ...refund, repeats: refund.repeats + 1 }, now),
  });
  const { amountWon, reason } = refund;
  return { amountWon, reason, lockWon, idempotencyKey: key.idempotencyKey };
}

async function postpone(work: Work, refund: Refund): Promise<null> {
  const { tx, now } = work;
  const settleAt = settleAgainAt(now, refund.settleTries);
  const needsReview = isForReview(refund, now);
  await saveRefund(tx, refund.id, { settleAt, leasedUntil: null, needsReview });
  return null;
}

async function leaveToPerson(tx: Tx, refund: Refund, unknownReason: string): Promise<null> {
  log("error", "refund.needs-review", { refundId: refund.id, reason: unknownReason });
  await saveRefund(tx, refund.id, {
    status: "unknown",
    unknownReason,
    needsReview: true,
    settleAt: null,
    leasedUntil: null,
  });
  return null;
}

async function closeGivenUp(work: Work, held: LockedRefund): Promise<void> {
  await closeRefused(work, held, GIVEN_UP);
  const { id, chargeId, amountWon } = held.refund;
  const details = { refundId: id, chargeId, amountWon };
  const { subjectId } = held;
  await work.audit({ action: "refund.given-up", subjectId, details });
}

async function claimedKeys(tx: Tx, chargeId: string): Promise<ReadonlySet<string>> {
  const all = await listRefunds(tx, chargeId);
  return new Set(all.flatMap((refund) => (refund.transactionKey ? [refund.transactionKey] : [])));
}
