/**
 * What an operator decides about a finding: take the money into our books, give it back at Toss, or explain it. Each
 * can be asked for again after a crash; a payment is cancelled under a key that is written before the call.
 */

import {
  closeFinding,
  type Finding,
  findBookedCharge,
  findFinding,
  isCancelBooked,
  lockFinding,
  saveCancelKey,
} from "@/db/reconciliation";
import type { FindingResolution } from "@/db/schema/reconciliation";
import { givenBack, isOpen } from "@/lib/billing/charge/charge";
import type { Won } from "@/lib/billing/money";
import { recordOutcomes } from "@/lib/operations/charge/record-outcomes";
import { adoptRefunds } from "@/lib/operations/refund/adopt";
import { type Actor, inTransaction, nameOf, type Work } from "@/lib/operations/work";
import type { ClockAndIds, Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { bookLostAnswer } from "./reconcile";

export type ResolveRefusal =
  | { readonly code: "unknown-finding" | "already-resolved" | "note-missing" }
  /** What became of its attempt is not decided: words alone would leave the customer with it for ever. */
  | { readonly code: "charge-open" }
  /** Nothing here could be booked over this payment: it can only be cancelled or explained. */
  | { readonly code: "not-adoptable" }
  /** It is no payment that stands outside our books: it can be refunded, adopted or explained. */
  | { readonly code: "not-cancelable" }
  | { readonly code: "refused-by-provider"; readonly providerCode: string }
  /** What became of the call is not known: ask again. */
  | { readonly code: "outcome-open" };

export type Decision = {
  readonly findingId: string;
  readonly actor: Actor;
  /** Why: stored with the finding, and told to Toss as the reason of a cancel. At most 200 characters. */
  readonly note: string;
  readonly how: "adopt" | "cancel-at-provider" | "explain";
};

const MAX_NOTE = 200;

export async function resolveFinding(
  deps: Deps,
  decision: Decision,
): Promise<Result<Finding, ResolveRefusal>> {
  const note = decision.note.trim().slice(0, MAX_NOTE);
  if (note === "" && decision.how !== "adopt") return refuse({ code: "note-missing" });
  const finding = await findFinding(decision.findingId);
  if (!finding) return refuse({ code: "unknown-finding" });
  if (finding.resolvedAt !== null) return refuse({ code: "already-resolved" });
  const refusal = await act(deps, finding, { ...decision, note });
  return refusal
    ? refuse(refusal)
    : close(deps, finding.id, { ...decision, note, resolution: RESOLUTION[decision.how] });
}

const RESOLUTION = {
  adopt: "adopted",
  "cancel-at-provider": "canceled",
  explain: "explained",
} as const satisfies Readonly<Record<Decision["how"], FindingResolution>>;

async function act(
  deps: Deps,
  finding: Finding,
  { how, note, actor }: Pick<Decision, "how" | "note" | "actor">,
): Promise<ResolveRefusal | null> {
  switch (how) {
    case "adopt":
      return (await adopt(deps, finding)) ? null : { code: "not-adoptable" };
    case "cancel-at-provider":
      return cancelAtProvider(deps, finding, { reason: note, actor });
    case "explain":
      return (await isChargeOpen(finding)) ? { code: "charge-open" } : null;
    default:
      return how satisfies never;
  }
}

async function isChargeOpen({ chargeId }: Finding): Promise<boolean> {
  const charge = chargeId === null ? null : await findBookedCharge(chargeId);
  return isOpen(charge);
}

async function adopt(deps: Deps, finding: Finding): Promise<boolean> {
  const { kind, chargeId, paymentKey, transactionKey } = finding;
  if (chargeId === null) return false;
  if (kind === "missing-here") return bookLostAnswer(deps, chargeId, paymentKey);
  if (kind !== "cancel-missing-here" || transactionKey === null) return false;
  await adoptRefunds(deps, chargeId);
  return isCancelBooked(transactionKey);
}

async function cancelAtProvider(
  deps: Deps,
  finding: Finding,
  { reason, actor }: { readonly reason: string; readonly actor: Actor },
): Promise<ResolveRefusal | null> {
  const { paymentKey, chargeId } = finding;
  const charge = chargeId === null ? null : await findBookedCharge(chargeId);
  const isBooked = charge?.status === "approved" && charge.paymentKey === paymentKey;
  if (finding.kind !== "missing-here" || paymentKey === null || isBooked)
    return { code: "not-cancelable" };
  const answer = await deps.gateway.findPayment(paymentKey);
  if (answer.kind !== "executed") return { code: "outcome-open" };
  const { balanceWon, totalWon: takenWon } = answer.payment;
  if (balanceWon > 0) {
    const key = await inTransaction(deps, actor, (work) => intendCancel(work, finding, balanceWon));
    const outcome = await deps.gateway.cancelPayment(
      { paymentKey, amountWon: balanceWon, balanceWon, reason },
      key,
    );
    if (outcome.kind !== "canceled") {
      const isSpent = outcome.kind === "refused" || outcome.keySpent;
      if (isSpent)
        await inTransaction(deps, actor, (work) => saveCancelKey(work.tx, finding.id, null));
      return outcome.kind === "refused"
        ? { code: "refused-by-provider", providerCode: outcome.code }
        : { code: "outcome-open" };
    }
  }
  // The attempt that the payment belongs to took no money in the end: it is tried again as after any soft decline.
  if (isOpen(charge)) {
    const outcome = { ...givenBack, takenWon };
    await recordOutcomes(deps, [{ chargeId: charge.id, outcome }]);
  }
  return null;
}

/** Writes who gives how much back, and the key to do it under, before anything leaves for Toss. */
async function intendCancel(
  work: Work,
  { id, orderId }: Finding,
  balanceWon: Won,
): Promise<string> {
  const { tx } = work;
  const held = await lockFinding(tx, id);
  const key = held?.cancelKey ?? work.newId("idempotencyKey");
  await saveCancelKey(tx, id, key);
  const details = { orderId, amountWon: balanceWon };
  await work.audit({ action: "finding.cancel-requested", subjectId: id, details });
  return key;
}

async function close(
  deps: ClockAndIds,
  id: string,
  end: { resolution: FindingResolution; note: string; actor: Actor },
): Promise<Result<Finding, ResolveRefusal>> {
  return inTransaction(deps, end.actor, async (work) => {
    const { tx, now } = work;
    const held = await lockFinding(tx, id);
    if (!held) return refuse({ code: "unknown-finding" });
    if (held.resolvedAt !== null) return refuse({ code: "already-resolved" });
    const { resolution, note, actor } = end;
    const written = { resolution, note: note || null, resolvedBy: nameOf(actor), resolvedAt: now };
    await closeFinding(tx, id, written);
    const { kind, unexplainedWon, orderId } = held;
    await work.audit({
      action: `finding.${resolution}`,
      subjectId: id,
      details: { kind, unexplainedWon, orderId, note },
    });
    return ok({ ...held, ...written });
  });
}
