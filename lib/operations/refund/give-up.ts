import { findRefund, type Refund, takeRefundToSettle } from "@/db/refund";
import { isOpen } from "@/lib/billing/charge/charge";
import { leaseFrom } from "@/lib/billing/lease";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { settleTaken } from "./settle";

/**
 * Ends a refund by an operator's word once Toss, asked again, has not given the money back: it is refused, and what
 * was set aside is free. If Toss has given it back, it is recorded instead. Answers the refund as it stands then.
 */
export async function giveUpRefund(
  deps: Deps,
  order: { refundId: string; actor: Actor },
): Promise<Result<Refund, { readonly code: "unknown-refund" | "refund-in-progress" }>> {
  const refund = await inTransaction(deps, order.actor, (work) =>
    takeRefundToSettle(work.tx, order.refundId, leaseFrom(work.now)),
  );
  if (refund) await settleTaken(deps, refund, order.actor);
  const after = await findRefund(order.refundId);
  if (!after) return refuse({ code: "unknown-refund" });
  return isOpen(after) ? refuse({ code: "refund-in-progress" }) : ok(after);
}
