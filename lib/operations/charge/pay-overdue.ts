/**
 * Tries the card on file once more at what is overdue, because its holder asked for it. The booked automatic tries
 * stay as they are unless the card pays, or is refused for good.
 */

import { lockAccount } from "@/db/account";
import { findCardFace } from "@/db/card";
import { findOpenCharge, insertPendingCharges, listCharges } from "@/db/charge";
import { transaction } from "@/db/client";
import { listOpenInvoices } from "@/db/invoice";
import { lockSubscription, saveSubscriptions } from "@/db/subscription";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { type RetryRefusal, whyNoRetry } from "@/lib/billing/subscription/next-step";
import { draftCharge } from "@/lib/operations/invoice/open";
import { type Actor, inTransaction, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { collectCharges } from "./collect";
import { settleCharge } from "./settle";

export type PayOverdueRefusal = { readonly code: RetryRefusal | "unknown-subscription" };

export type OverdueOutcome =
  | { readonly kind: "paid" }
  /** Toss has not answered yet; nothing is tried again meanwhile. */
  | { readonly kind: "checking" }
  | { readonly kind: "declined"; readonly reason: DeclineReason };

type OverdueOrder = {
  readonly accountId: string;
  readonly actor: Actor;
  readonly subscriptionId: string;
  /** The newest attempt that the customer has seen. A newer one is the answer, so pressing twice makes one attempt. */
  readonly afterChargeId: string;
};

/** Answers what became of the attempt, made now or made meanwhile by somebody else. */
export async function payOverdue(
  deps: Deps,
  order: OverdueOrder,
): Promise<Result<OverdueOutcome, PayOverdueRefusal>> {
  const begun = await inTransaction(deps, order.actor, (work) =>
    begin(work, order, deps.gateway.provider),
  );
  if (!begun.ok) return begun;
  const { chargeId, invoiceId } = begun.value;
  await collectCharges(deps, [chargeId]);
  await settleCharge(deps, chargeId, "customer");
  const attempts = await transaction((tx) => listCharges(tx, invoiceId));
  const charge = attempts.find(({ id }) => id === chargeId);
  if (charge?.status === "approved") return ok({ kind: "paid" });
  return ok(
    charge?.status === "declined"
      ? { kind: "declined", reason: charge.declineReason ?? "unknown" }
      : { kind: "checking" },
  );
}

async function begin(
  work: Work,
  order: OverdueOrder,
  provider: string,
): Promise<Result<{ chargeId: string; invoiceId: string }, PayOverdueRefusal>> {
  const { tx, now } = work;
  await lockAccount(tx, order.accountId);
  if (!(await work.may(order.accountId, "pay"))) return refuse({ code: "unknown-subscription" });
  const subscription = await lockSubscription(tx, order.accountId, order.subscriptionId);
  if (!subscription) return refuse({ code: "unknown-subscription" });
  const [invoice] = await listOpenInvoices(tx, [subscription.id]);
  if (!invoice) return refuse({ code: "nothing-overdue" });
  const open = await findOpenCharge(tx, invoice.id);
  if (open) return ok({ chargeId: open.id, invoiceId: invoice.id });
  const last = (await listCharges(tx, invoice.id)).at(-1);
  if (last && last.id !== order.afterChargeId)
    return ok({ chargeId: last.id, invoiceId: invoice.id });
  const { paymentMethodId } = subscription;
  const card = paymentMethodId && (await findCardFace(order.accountId, paymentMethodId, tx));
  const refusal = whyNoRetry({ subscription, hasCard: Boolean(card), now });
  if (refusal) return refuse({ code: refusal });
  const [charge] = await insertPendingCharges(tx, [
    draftCharge(work, invoice, { provider, paymentMethodId, trigger: "customer" }),
  ]);
  if (!charge) throw new Error(`Invoice ${invoice.id} took no attempt while it was held`);
  // While it is open nothing else is booked; its outcome books what comes next.
  await saveSubscriptions(tx, [{ subscription, isCollecting: true }], now);
  await work.audit({
    action: "charge.retried",
    subjectId: charge.id,
    details: { subscriptionId: subscription.id, amountWon: invoice.dueWon },
  });
  return ok({ chargeId: charge.id, invoiceId: invoice.id });
}
