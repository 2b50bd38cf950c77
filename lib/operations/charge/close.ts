import { postponeSettlement, takeChargeToSettle } from "@/db/charge";
import { notExecuted, SETTLE_AFTER_MS } from "@/lib/billing/charge/charge";
import { leaseFrom } from "@/lib/billing/lease";
import { adoptRefunds } from "@/lib/operations/refund/adopt";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { askAboutOrder } from "./ask";
import { holdContracts } from "./hold-contracts";
import { recordOutcomes } from "./record-outcomes";

/** `closed` is tried again tomorrow; `closed-for-good` is not, because its contract does not want it any more. */
export type ClosedCharge = "booked" | "closed" | "closed-for-good";

export type CloseChargeRefusal = { readonly code: "unknown-charge" | "outcome-open" };

/**
 * Ends an attempt that waits for a person. Toss is asked once more: what it knows is booked; only what it knows
 * nothing of, minutes after the last call, is closed as not executed. Any other answer leaves the attempt as it was.
 */
export async function closeCharge(
  deps: Deps,
  order: { chargeId: string; actor: Actor },
): Promise<Result<ClosedCharge, CloseChargeRefusal>> {
  const charge = await inTransaction(deps, order.actor, ({ tx, now }) =>
    takeChargeToSettle(tx, order.chargeId, leaseFrom(now)),
  );
  if (!charge) return refuse({ code: "unknown-charge" });
  const answer = await askAboutOrder(deps, charge);
  const now = deps.clock.now();
  const isQuiet =
    charge.calledAt !== null && now.getTime() - charge.calledAt.getTime() >= SETTLE_AFTER_MS;
  const isKnown = answer.kind === "approved" || answer.kind === "declined";
  if (!isKnown && !(answer.kind === "not-found" && isQuiet && charge.needsReview)) {
    // Jobs go on asking; what they had given up, because the answer differs or the key is too old, they give up again.
    const next = { settleAt: now, needsReview: charge.needsReview };
    await inTransaction(deps, order.actor, ({ tx }) =>
      postponeSettlement(tx, charge.id, { ...next, ownedUntil: charge.leasedUntil }),
    );
    return refuse({ code: "outcome-open" });
  }
  const outcome = isKnown ? answer : notExecuted;
  const isWanted = await inTransaction(deps, order.actor, async (work) => {
    const [held] = await holdContracts(work, [charge.id]);
    await work.audit({
      action: "charge.closed",
      subjectId: charge.id,
      details: { orderId: charge.orderId, outcome: outcome.kind },
    });
    return held?.unwanted === null;
  });
  await recordOutcomes(deps, [{ chargeId: charge.id, outcome }]);
  if (outcome.kind === "approved") await adoptRefunds(deps, charge.id);
  if (isKnown) return ok("booked");
  return ok(isWanted ? "closed" : "closed-for-good");
}
