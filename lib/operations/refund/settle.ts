/**
 * Finds out what became of refunds whose outcome is open: a worker died, an answer was lost, an answer made no sense.
 * Toss is asked what it holds of the payment before anything is sent again; a repeat carries the same key, or a fresh
 * one with the balance as a lock where the old key would only replay a stored error. Refunds that wait for another of
 * their charge are sent here too.
 */
import { writeAudit } from "@/db/audit";
import { type Tx, transaction } from "@/db/client";
import {
  findRefund,
  type LockedRefund,
  listRefunds,
  lockRefund,
  lockRefundableCharge,
  type Refund,
  saveRefund,
  takeRefundsToSettle,
  takeRefundToSettle,
} from "@/db/refund";
import { CHARGE_LEASE_MS, isForReview, settleDelayMs } from "@/lib/billing/charge/charge";
import { parseWon } from "@/lib/billing/money";
import { type ExecutedPayment, GIVEN_UP, nextRefundStep } from "@/lib/billing/refund/refund";
import type { Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";
import { oneByOne } from "@/lib/runtime/one-by-one";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import type { PaymentAnswer } from "@/lib/toss/gateway";
import { bookCancels, recordRefund, refuseRefund } from "./record";
import { callToss, sendRefund } from "./send";

type SettleDeps = Pick<Deps, "clock" | "newId" | "toss">;

/** How long a refund waits until it is looked whether the one before it is through. */
const QUEUE_MS = 60_000;

/** Settles up to `limit` open refunds that are due; returns how many it looked at. */
export async function settleRefunds(deps: SettleDeps, limit: number): Promise<number> {
  const taken = await transaction((tx) => takeRefundsToSettle(tx, leaseFrom(deps), limit));
  await oneByOne(taken, "refund.not-settled", (refund) => settle(deps, refund, null));
  return taken.length;
}

/** Settles one refund now, whenever it was booked for. Does nothing when a worker owns it or it is closed. */
export async function settleRefund(deps: SettleDeps, refundId: string): Promise<void> {
  const refund = await transaction((tx) => takeRefundToSettle(tx, refundId, leaseFrom(deps)));
  if (refund) await settle(deps, refund, null);
}

/**
 * Ends a refund by an operator's word once Toss, asked again, has not given the money back: it is refused, and what
 * was set aside is free. If Toss has given it back, it is recorded instead. Answers the refund as it stands then.
 */
export async function giveUpRefund(
  deps: SettleDeps,
  order: { refundId: string; userId: string },
): Promise<Result<Refund, { readonly code: "unknown-refund" | "refund-in-progress" }>> {
  const refund = await transaction((tx) => takeRefundToSettle(tx, order.refundId, leaseFrom(deps)));
  if (refund) await settle(deps, refund, order.userId);
  const after = await findRefund(order.refundId);
  if (!after) return refuse({ code: "unknown-refund" });
  const isOpen = after.status === "pending" || after.status === "unknown";
  return isOpen ? refuse({ code: "refund-in-progress" }) : ok(after);
}

async function settle(deps: SettleDeps, refund: Refund, givenUpBy: string | null): Promise<void> {
  if (refund.calledAt === null) return settleWaiting(deps, refund, givenUpBy);
  const charge = await transaction((tx) => lockRefundableCharge(tx, { id: refund.chargeId }));
  const paymentKey = charge?.charge.paymentKey;
  if (!paymentKey) throw new Error(`Refund ${refund.id} is of a charge without a payment`);
  const answer = await deps.toss.findPayment(paymentKey);
  const call = await transaction((tx) => decide(deps, tx, refund, answer, givenUpBy));
  if (call) await recordRefund(deps, refund.id, await callToss(deps, { ...call, paymentKey }));
}

async function settleWaiting(
  deps: SettleDeps,
  refund: Refund,
  givenUpBy: string | null,
): Promise<void> {
  if (givenUpBy !== null) {
    await transaction(async (tx) => {
      const held = await lockRefund(tx, refund.id);
      if (held?.refund.status === "pending" && held.refund.calledAt === null)
        await giveUp(deps, tx, held, givenUpBy, deps.clock.now());
    });
    return;
  }
  if (await sendRefund(deps, refund.id, refund.leasedUntil)) return;
  const settleAt = new Date(deps.clock.now().getTime() + QUEUE_MS);
  await transaction(async (tx) => {
    const held = await lockRefund(tx, refund.id);
    if (held?.refund.status === "pending" && held.refund.calledAt === null)
      await saveRefund(tx, refund.id, { settleAt, leasedUntil: null });
  });
}

type Repeat = Parameters<typeof callToss>[1];

/** Writes what the answer means; returns the call to make where the refund is to be sent once more. */
async function decide(
  deps: SettleDeps,
  tx: Tx,
  taken: Refund,
  answer: PaymentAnswer,
  givenUpBy: string | null,
): Promise<Omit<Repeat, "paymentKey"> | null> {
  const now = deps.clock.now();
  const held = await lockRefund(tx, taken.id);
  const isStillOurs = held?.refund.leasedUntil?.getTime() === taken.leasedUntil?.getTime();
  if (!held || !isStillOurs || held.refund.closedAt !== null) return null;
  const { refund } = held;
  if (answer.kind === "unknown") return postpone(tx, refund, now);
  if (answer.kind === "not-executed") {
    if (givenUpBy === null) return review(tx, refund, answer.kind);
    await giveUp(deps, tx, held, givenUpBy, now);
    return null;
  }

  const { payment } = answer;
  const claimed = await claimedKeys(tx, refund.chargeId);
  const { calledAt, lockWon } = refund;
  if (calledAt === null || lockWon === null)
    throw new Error(`Refund ${refund.id} was sent without a lock`);
  const step = nextRefundStep(payment, { ...refund, calledAt, lockWon }, claimed, now);
  switch (step.kind) {
    case "record":
      await bookCancels(deps, tx, held, payment, { refund, cancel: step.cancel }, now);
      return null;
    case "wait":
      return postpone(tx, refund, now);
    case "refuse":
      await refuseRefund(deps, tx, held, step.code, now);
      await bookCancels(deps, tx, held, payment, null, now);
      return null;
    case "review":
    case "repeat":
    case "repeat-with-fresh-key":
      if (givenUpBy !== null) await giveUp(deps, tx, held, givenUpBy, now);
      await bookCancels(deps, tx, held, payment, null, now);
      if (givenUpBy !== null) return null;
      if (step.kind === "review") return review(tx, refund, "repeated-in-vain");
      return beginRepeat(deps, tx, refund, payment, step.kind === "repeat");
    default:
      return step satisfies never;
  }
}

async function beginRepeat(
  deps: SettleDeps,
  tx: Tx,
  refund: Refund,
  payment: ExecutedPayment,
  isSameKey: boolean,
): Promise<Omit<Repeat, "paymentKey">> {
  const { now, leasedUntil } = leaseFrom(deps);
  const key = isSameKey
    ? { idempotencyKey: refund.idempotencyKey, keySpent: refund.keySpent }
    : { idempotencyKey: deps.newId("idempotencyKey"), keySpent: false };
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

async function postpone(tx: Tx, refund: Refund, now: Date): Promise<null> {
  const settleAt = new Date(now.getTime() + settleDelayMs(refund.settleTries));
  const needsReview = isForReview(refund, now);
  await saveRefund(tx, refund.id, { settleAt, leasedUntil: null, needsReview });
  return null;
}

async function review(tx: Tx, refund: Refund, unknownReason: string): Promise<null> {
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

async function giveUp(
  deps: SettleDeps,
  tx: Tx,
  held: LockedRefund,
  userId: string,
  now: Date,
): Promise<void> {
  await refuseRefund(deps, tx, held, GIVEN_UP, now);
  const { id, chargeId, amountWon } = held.refund;
  const details = { refundId: id, chargeId, amountWon };
  const { subjectId } = held;
  await writeAudit(tx, [{ actor: userId, action: "refund.given-up", subjectId, details }], now);
}

async function claimedKeys(tx: Tx, chargeId: string): Promise<ReadonlySet<string>> {
  const all = await listRefunds(tx, chargeId);
  return new Set(all.flatMap((refund) => (refund.transactionKey ? [refund.transactionKey] : [])));
}

function leaseFrom(deps: Pick<Deps, "clock">): { now: Date; leasedUntil: Date } {
  const now = deps.clock.now();
  return { now, leasedUntil: new Date(now.getTime() + CHARGE_LEASE_MS) };
}
