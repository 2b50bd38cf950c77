import { findOpenCharge, insertPendingCharges, listCharges } from "@/db/charge";
import { lockCheckout } from "@/db/checkout";
import { findInvoiceOfCheckout } from "@/db/invoice";
import { draftCharge, draftInvoice, openInvoices } from "@/lib/operations/invoice/open";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { WithProvider } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import type { CheckoutRefusal } from "./agree";

export type AcceptPaymentRefusal =
  | CheckoutRefusal
  | { readonly code: "not-agreed" }
  /** The address names an order that is not this checkout's. */
  | { readonly code: "foreign-order" }
  /** The address names another amount than the order was made with: it is never confirmed. */
  | { readonly code: "amount-differs" };

export type ReturnedPayment = {
  readonly accountId: string;
  readonly actor: Actor;
  readonly checkoutId: string;
  /** As they stood in the address Toss sent the browser to. */
  readonly paymentKey: string;
  readonly orderId: string;
  readonly amount: number;
};

/**
 * Stores a one-time payment that was authenticated in the Toss window, after comparing it with the order. Money moves
 * only when `completeCheckout` confirms it. The same address opened again changes nothing.
 */
export async function acceptPayment(
  deps: WithProvider,
  returned: ReturnedPayment,
): Promise<Result<null, AcceptPaymentRefusal>> {
  return inTransaction(deps, returned.actor, async (work) => {
    const { tx } = work;
    const found = await lockCheckout(tx, returned.checkoutId);
    if (
      found?.checkout.accountId !== returned.accountId ||
      found.plan.kind !== "one-time" ||
      !(await work.may(returned.accountId, "pay"))
    ) {
      return refuse({ code: "unknown-checkout" });
    }
    const { checkout, plan, price } = found;
    if (checkout.status === "completed") return refuse({ code: "checkout-completed" });
    if (checkout.status === "expired") return refuse({ code: "checkout-expired" });
    if (checkout.agreedAt === null) return refuse({ code: "not-agreed" });
    if (returned.orderId !== checkout.orderId) return refuse({ code: "foreign-order" });
    if (returned.amount !== checkout.amountWon) return refuse({ code: "amount-differs" });

    const { accountId, id: checkoutId } = checkout;
    const unitWon = price.amountWon;
    const line = { kind: "once", key: plan.id, won: unitWon, unitWon, quantity: 1 } as const;
    const draft = { accountId, of: { checkoutId, line }, title: plan.name.ko };
    const invoice =
      (await findInvoiceOfCheckout(tx, checkoutId)) ??
      (await openInvoices(work, [draftInvoice(work, draft)]))[0];
    if (!invoice) throw new Error(`Checkout ${checkout.id} has no invoice`);
    const isKnown = (await listCharges(tx, invoice.id)).some(
      (charge) => charge.paymentKey === returned.paymentKey,
    );
    if (isKnown || (await findOpenCharge(tx, invoice.id))) return ok(null);
    const { orderId, paymentKey } = returned;
    const { provider } = deps.gateway;
    await insertPendingCharges(tx, [
      draftCharge(work, invoice, { provider, trigger: "customer", orderId, paymentKey }),
    ]);
    const details = { invoiceId: invoice.id, orderId, amountWon: invoice.dueWon };
    await work.audit({ action: "checkout.payment-returned", subjectId: checkoutId, details });
    return ok(null);
  });
}
