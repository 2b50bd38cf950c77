import { transaction } from "@/db/client";
import { listRefunds, listRefundsAtToss, lockRefundableCharge } from "@/db/refund";
import { isUnderWay } from "@/lib/billing/charge/charge";
import { askAboutPayment } from "@/lib/operations/charge/ask";
import { inTransaction, providerActor } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { bookCancels } from "./record";
import { settleRefund } from "./settle";

/**
 * Books the refunds of an approved charge that were made at Toss by hand: each becomes a refund here, with its ledger
 * entries and its message. Refunds of our own that are under way are settled first. Returns whether all stand here.
 */
export async function adoptRefunds(deps: Deps, chargeId: string): Promise<boolean> {
  for (const refund of await listRefundsAtToss(chargeId)) await settleRefund(deps, refund.id);
  const found = await transaction((tx) => lockRefundableCharge(tx, { id: chargeId }));
  if (found?.charge.status !== "approved" || found.charge.paymentKey === null) return false;
  const { provider, paymentKey } = found.charge;
  const answer = await askAboutPayment(deps, { provider, paymentKey });
  if (answer.kind !== "executed") return false;
  return inTransaction(deps, providerActor(provider), async (work) => {
    const { tx } = work;
    const held = await lockRefundableCharge(tx, { id: chargeId });
    if (!held) return false;
    // One that left for Toss may own any of these cancels; it is settled before anything else is booked.
    if ((await listRefunds(tx, chargeId)).some(isUnderWay)) return false;
    return bookCancels(work, held, { payment: answer.payment });
  });
}
