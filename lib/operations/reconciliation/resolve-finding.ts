/**
 * What an operator decides about a finding: take the money into our books, give it back at Toss, or explain it. Each
 * can be asked for again after a crash; a payment is cancelled under a key that is written before the call.
 */
import { writeAudit } from "@/db/audit";
import { type Tx, transaction } from "@/db/client";
import {
  type Finding,
  findBookedCharge,
  findFinding,
  isCancelBooked,
  lockFinding,
  resolveOpenFinding,
  saveCancelKey,
} from "@/db/reconciliation";
import type { FindingResolution } from "@/db/schema/reconciliation";
import { CANCELED_AT_TOSS } from "@/lib/billing/charge/charge";
import type { Won } from "@/lib/billing/money";
import { recordOutcomes } from "@/lib/operations/charge/record-outcomes";
import { adoptRefunds } from "@/lib/operations/refund/adopt";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { bookLostAnswer } from "./reconcile";

type ResolveDeps = Pick<Deps, "clock" | "newId" | "toss" | "vault" | "pace" | "wait">;

export type ResolveRefusal =
  | { readonly code: "unknown-finding" | "already-resolved" | "note-missing" }
  /** What became of its attempt is not decided: words alone would leave the customer with it for ever. */
  | { readonly code: "charge-open" }
  /** Nothing here could be booked over this payment: it can only be cancelled or explained. */
  | { readonly code: "not-adoptable" }
  /** It is no payment that stands outside our books: it can be refunded, adopted or explained. */
  | { readonly code: "not-cancelable" }
  | { readonly code: "refused-by-toss"; readonly tossCode: string }
  /** What became of the call is not known: ask again. */
  | { readonly code: "outcome-open" };

export type Decision = {
  readonly findingId: string;
  readonly userId: string;
  /** Why: stored with the finding, and told to Toss as the reason of a cancel. At most 200 characters. */
  readonly note: string;
  readonly how: "adopt" | "cancel-at-toss" | "explain";
};

const MAX_NOTE = 200;

export async function resolveFinding(
  deps: ResolveDeps,
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
  "cancel-at-toss": "canceled",
  explain: "explained",
} as const satisfies Readonly<Record<Decision["how"], FindingResolution>>;

async function act(
  deps: ResolveDeps,
  finding: Finding,
  { how, note, userId }: Pick<Decision, "how" | "note" | "userId">,
): Promise<ResolveRefusal | null> {
  switch (how) {
    case "adopt":
      return (await adopt(deps, finding)) ? null : { code: "not-adoptable" };
    case "cancel-at-toss":
      return cancelAtToss(deps, finding, note, userId);
    case "explain":
      return (await isChargeOpen(finding)) ? { code: "charge-open" } : null;
    default:
      return how satisfies never;
  }
}

async function isChargeOpen({ chargeId }: Finding): Promise<boolean> {
  const charge = chargeId === null ? null : await findBookedCharge(chargeId);
  return charge?.status === "pending" || charge?.status === "unknown";
}

async function adopt(deps: ResolveDeps, finding: Finding): Promise<boolean> {
  const { kind, chargeId, paymentKey, transactionKey } = finding;
  if (chargeId === null) return false;
  if (kind === "missing-here") return bookLostAnswer(deps, chargeId, paymentKey);
  if (kind !== "cancel-missing-here" || transactionKey === null) return false;
  await adoptRefunds(deps, chargeId);
  return isCancelBooked(transactionKey);
}

async function cancelAtToss(
  deps: ResolveDeps,
  finding: Finding,
  reason: string,
  userId: string,
): Promise<ResolveRefusal | null> {
  const { paymentKey, chargeId } = finding;
  const charge = chargeId === null ? null : await findBookedCharge(chargeId);
  const isBooked = charge?.status === "approved" && charge.paymentKey === paymentKey;
  if (finding.kind !== "missing-here" || paymentKey === null || isBooked)
    return { code: "not-cancelable" };
  const answer = await deps.toss.findPayment(paymentKey);
  if (answer.kind !== "executed") return { code: "outcome-open" };
  const { balanceWon, totalWon: takenWon } = answer.payment;
  if (balanceWon > 0) {
    const key = await transaction((tx) => intendCancel(deps, tx, finding, { balanceWon, userId }));
    const outcome = await deps.toss.cancelPayment(
      { paymentKey, amountWon: balanceWon, balanceWon, reason },
      key,
    );
    if (outcome.kind !== "canceled") {
      const isSpent = outcome.kind === "refused" || outcome.keySpent;
      if (isSpent) await transaction((tx) => saveCancelKey(tx, finding.id, null));
      return outcome.kind === "refused"
        ? { code: "refused-by-toss", tossCode: outcome.code }
        : { code: "outcome-open" };
    }
  }
  // The attempt that the payment belongs to took no money in the end: it is tried again as after any soft decline.
  if (charge?.status === "unknown" || charge?.status === "pending") {
    const soft = { kind: "declined", code: CANCELED_AT_TOSS, declineClass: "soft" } as const;
    await recordOutcomes(deps, [{ chargeId: charge.id, outcome: { ...soft, takenWon } }]);
  }
  return null;
}

/** Writes who gives how much back, and the key to do it under, before anything leaves for Toss. */
async function intendCancel(
  deps: Pick<Deps, "clock" | "newId">,
  tx: Tx,
  { id, orderId }: Finding,
  { balanceWon, userId }: { balanceWon: Won; userId: string },
): Promise<string> {
  const held = await lockFinding(tx, id);
  const key = held?.cancelKey ?? deps.newId("idempotencyKey");
  await saveCancelKey(tx, id, key);
  const details = { orderId, amountWon: balanceWon };
  await writeAudit(
    tx,
    [{ actor: userId, action: "finding.cancel-requested", subjectId: id, details }],
    deps.clock.now(),
  );
  return key;
}

async function close(
  deps: Pick<Deps, "clock">,
  id: string,
  end: { resolution: FindingResolution; note: string; userId: string },
): Promise<Result<Finding, ResolveRefusal>> {
  return transaction(async (tx) => {
    const now = deps.clock.now();
    const held = await lockFinding(tx, id);
    if (!held) return refuse({ code: "unknown-finding" });
    if (held.resolvedAt !== null) return refuse({ code: "already-resolved" });
    const { resolution, note, userId } = end;
    const written = { resolution, note: note || null, resolvedBy: userId, resolvedAt: now };
    await resolveOpenFinding(tx, id, written);
    const { kind, unexplainedWon, orderId } = held;
    await writeAudit(
      tx,
      [
        {
          actor: userId,
          action: `finding.${resolution}`,
          subjectId: id,
          details: { kind, unexplainedWon, orderId, note },
        },
      ],
      now,
    );
    return ok({ ...held, ...written });
  });
}
