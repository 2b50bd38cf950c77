/**
 * Asks the provider of a payment what it holds. A gateway of another provider knows nothing of the payment, and its "not
 * found" would let it be charged again, so it is not asked: the outcome stays open until the right one is wired.
 */

import type { Charge } from "@/db/charge";
import type { SettlementAnswer } from "@/lib/billing/charge/charge";
import type { PaymentAnswer } from "@/lib/gateway/gateway";
import type { Deps } from "@/lib/runtime/deps";

/** Answer about a payment of another provider than the one that is wired. */
export const notAsked = { kind: "unknown", reason: "other-provider", keySpent: false } as const;

/** What became of an attempt's order. */
export async function askAboutOrder(
  { gateway }: Pick<Deps, "gateway">,
  { provider, orderId, amountWon }: Pick<Charge, "provider" | "orderId" | "amountWon">,
): Promise<SettlementAnswer> {
  return provider === gateway.provider ? gateway.findByOrderId(orderId, amountWon) : notAsked;
}

/** What is left of a payment. */
export async function askAboutPayment(
  { gateway }: Pick<Deps, "gateway">,
  { provider, paymentKey }: { readonly provider: string; readonly paymentKey: string },
): Promise<PaymentAnswer> {
  return provider === gateway.provider ? gateway.findPayment(paymentKey) : notAsked;
}
