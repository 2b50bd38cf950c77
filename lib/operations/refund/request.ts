/**
 * An operator gives money back on a payment and says what becomes of the subscription it was for: a refund alone would
 * leave the next charge booked without anybody having decided it.
 */

import { findPaymentAttempt, type Refund } from "@/db/refund";
import { whyNoRefund } from "@/lib/billing/refund/refund";
import { isToBeCharged } from "@/lib/billing/subscription/subscription";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import type { Deps } from "@/lib/runtime/deps";
import { type Result, refuse } from "@/lib/runtime/result";
import {
  parseRefundReason,
  type RefundChargeRefusal,
  type RefundOrder,
  refundCharge,
} from "./send";

export type RefundPaymentRefusal =
  | RefundChargeRefusal
  /** More is to be charged for the subscription, and nobody said whether it goes on. */
  | { readonly code: "next-undecided" }
  /** A charge of the subscription is open, so it cannot be ended at once. */
  | { readonly code: "charge-at-toss" };

/** What becomes of the subscription: it goes on, ends with what is paid for, or ends now. */
export type NextOfRefund = "keep" | "cancel" | "end-now";

/**
 * The same request sent twice refunds once. A cancellation comes first: a process that dies in between leaves no charge
 * that nobody wants, and the request sent again goes on with the refund.
 */
export async function refundPayment(
  deps: Deps,
  order: RefundOrder & { readonly next: NextOfRefund | null },
): Promise<Result<Refund, RefundPaymentRefusal>> {
  if (parseRefundReason(order.reason) === null) return refuse({ code: "bad-reason" });
  const found = await findPaymentAttempt(order.chargeId);
  if (!found) return refuse({ code: "unknown-charge" });
  const { charge, subscription } = found;
  const isBilled = subscription !== null && isToBeCharged(subscription);
  if (isBilled && order.next === null) return refuse({ code: "next-undecided" });
  const endsNow = order.next === "end-now" && subscription?.status !== "ended";
  if (subscription && (endsNow || (isBilled && order.next === "cancel"))) {
    const refusal = whyNoRefund(charge, order.amountWon, deps.gateway.capabilities);
    if (refusal) return refuse(refusal);
    const { id: subscriptionId, accountId } = subscription;
    const who = { accountId, subscriptionId, actor: order.actor };
    const canceled = await cancelSubscription(deps, { ...who, endsNow });
    if (!canceled.ok && canceled.refusal.code === "charge-at-toss") return refuse(canceled.refusal);
  }
  return refundCharge(deps, order);
}
