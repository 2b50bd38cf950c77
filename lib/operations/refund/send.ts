/**
 * Gives money back on a charge: the refund is written and its amount set aside first, then Toss is called, then what
 * became of it is recorded. A process that dies in between leaves a row that `settleRefunds` goes on with.
 */

import {
  findRefund,
  findRefundByRequest,
  insertRefund,
  listRefunds,
  lockRefund,
  lockRefundableCharge,
  type Refund,
  reserveRefund,
  saveRefund,
} from "@/db/refund";
import { isUnderWay } from "@/lib/billing/charge/charge";
import { leaseFrom } from "@/lib/billing/lease";
import { parseWon, type Won } from "@/lib/billing/money";
import { type RefundRefusal, whyNoRefund } from "@/lib/billing/refund/refund";
import type { CancelOutcome } from "@/lib/gateway/gateway";
import { notAsked } from "@/lib/operations/charge/ask";
import { type Actor, inTransaction, JOB, nameOf, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { recordRefund } from "./record";

export type RefundChargeRefusal =
  | RefundRefusal
  | { readonly code: "unknown-charge" }
  /** Toss asks for a reason of 1 to 200 characters, and shows it beside the payment. */
  | { readonly code: "bad-reason" }
  /** The request id was used for another refund. */
  | { readonly code: "request-differs" };

export type RefundOrder = {
  readonly chargeId: string;
  readonly amountWon: Won;
  readonly reason: string;
  /** Made once for each intent to refund, before it is sent here: the same request sent twice refunds once. */
  readonly requestId: string;
  readonly actor: Actor;
};

const MAX_REASON = 200;

/** Answers the refund as it stands after the call: done, refused, unknown, or waiting for another of the same charge. */
export async function refundCharge(
  deps: Deps,
  order: RefundOrder,
): Promise<Result<Refund, RefundChargeRefusal>> {
  const reason = parseRefundReason(order.reason);
  if (reason === null) return refuse({ code: "bad-reason" });
  const intended = await inTransaction(deps, order.actor, (work) =>
    intendRefund(work, {
      ...order,
      reason,
      partialCancel: deps.gateway.capabilities.partialCancel,
    }),
  );
  if (!intended.ok) return intended;
  await sendRefund(deps, intended.value.id);
  return ok((await findRefund(intended.value.id)) ?? intended.value);
}

/** The reason as Toss takes it, or null. */
export function parseRefundReason(text: string): string | null {
  const reason = text.trim();
  return reason === "" || reason.length > MAX_REASON ? null : reason;
}

/**
 * Sends a refund that was never sent, unless another of its charge is at Toss: one after the other each knows the
 * balance it finds. `ownedUntil` is the lease the caller holds, if it holds one. Returns whether it was sent.
 */
export async function sendRefund(
  deps: Deps,
  refundId: string,
  ownedUntil: Date | null = null,
): Promise<boolean> {
  const call = await inTransaction(deps, JOB, (work) => beginCall(work, refundId, ownedUntil));
  if (!call) return false;
  await recordRefund(deps, refundId, await sendCancel(deps, call));
  return true;
}

type RefundCall = {
  readonly provider: string;
  readonly paymentKey: string | null;
  readonly amountWon: Won;
  readonly lockWon: Won;
  readonly reason: string;
  readonly idempotencyKey: string;
};

/**
 * Sends a refund that is marked as called, with the key and the lock that were written before. One of another provider
 * than the wired one stays open.
 */
export async function sendCancel(
  { gateway }: Pick<Deps, "gateway">,
  call: RefundCall,
): Promise<CancelOutcome> {
  const { provider, paymentKey, amountWon, lockWon, reason, idempotencyKey } = call;
  if (paymentKey === null) throw new Error("An approved charge has no payment key");
  if (provider !== gateway.provider) return notAsked;
  return gateway.cancelPayment(
    { paymentKey, amountWon, balanceWon: lockWon, reason },
    idempotencyKey,
  );
}

/**
 * Writes a refund and sets its amount aside; nothing is sent. The same request written twice is one refund. Unless the
 * caller sends it, `settleRefunds` does at `sendAt`.
 */
export async function intendRefund(
  work: Work,
  order: Omit<RefundOrder, "actor"> & { readonly partialCancel: boolean },
  sendAt?: Date,
): Promise<Result<Refund, RefundChargeRefusal>> {
  const { tx, now } = work;
  const held = await lockRefundableCharge(tx, { id: order.chargeId });
  if (!held) return refuse({ code: "unknown-charge" });
  const { charge, subjectId } = held;
  const { chargeId, amountWon, reason, requestId } = order;
  const known = await findRefundByRequest(tx, requestId);
  if (known) {
    const isSame = known.chargeId === chargeId && known.amountWon === amountWon;
    return isSame ? ok(known) : refuse({ code: "request-differs" });
  }
  const refusal = whyNoRefund(charge, amountWon, order);
  if (refusal) return refuse(refusal);
  if (!(await reserveRefund(tx, chargeId, amountWon)))
    throw new Error(`Charge ${chargeId} changed while it was held`);
  const refund = await insertRefund(tx, {
    id: work.newId("refund"),
    chargeId,
    accountId: charge.accountId,
    provider: charge.provider,
    requestId,
    amountWon,
    reason,
    requestedBy: nameOf(work.actor),
    status: "pending",
    idempotencyKey: work.newId("idempotencyKey"),
    createdAt: now,
    // If nobody sends it, it is looked at when a worker would long have finished.
    settleAt: sendAt ?? leaseFrom(now).leasedUntil,
  });
  await work.audit({
    action: "refund.requested",
    subjectId,
    details: { refundId: refund.id, chargeId, amountWon, reason },
  });
  return ok(refund);
}

async function beginCall(
  work: Work,
  refundId: string,
  ownedUntil: Date | null,
): Promise<RefundCall | null> {
  const { tx, now } = work;
  const held = await lockRefund(tx, refundId);
  if (!held) throw new Error(`No refund ${refundId}`);
  const { refund, charge } = held;
  const isOwnedElsewhere =
    refund.leasedUntil !== null &&
    refund.leasedUntil > now &&
    refund.leasedUntil.getTime() !== ownedUntil?.getTime();
  if (refund.status !== "pending" || refund.calledAt !== null || isOwnedElsewhere) return null;
  const all = await listRefunds(tx, charge.id);
  if (all.some(isUnderWay)) return null;
  const returned = all.reduce(
    (sum, other) => sum + (other.status === "done" ? other.amountWon : 0),
    0,
  );
  const lockWon = parseWon(charge.amountWon - returned);
  const { leasedUntil } = leaseFrom(now);
  await saveRefund(tx, refundId, { calledAt: now, leasedUntil, settleAt: leasedUntil, lockWon });
  const { amountWon, reason, idempotencyKey } = refund;
  const { provider, paymentKey } = charge;
  return { provider, paymentKey, amountWon, lockWon, reason, idempotencyKey };
}
