/**
 * Sends pending attempts to Toss and records what became of them. An attempt is marked as called, and that is
 * committed, before its request leaves; whoever finds it marked and unowned asks Toss before doing anything else.
 */
import { beginCalls, type CallableCharge, findCallableCharges } from "@/db/charges";
import { transaction } from "@/db/client";
import { CHARGE_LEASE_MS, type ChargeOutcome } from "@/lib/billing/charge";
import type { Deps } from "@/lib/deps";
import { recordOutcomes } from "./record-outcomes";

/** Calls in flight at once within one run; the number of runs at once is the job engine's. */
const PARALLEL_CALLS = 100;

type CollectDeps = Pick<Deps, "clock" | "newId" | "toss" | "vault">;

/** Collects the attempts among `chargeIds` that nobody has called for; the others are left to their owners. */
export async function collectCharges(
  deps: CollectDeps,
  chargeIds: readonly string[],
): Promise<void> {
  for (let at = 0; at < chargeIds.length; at += PARALLEL_CALLS) {
    await collectWave(deps, chargeIds.slice(at, at + PARALLEL_CALLS));
  }
}

async function collectWave(deps: CollectDeps, chargeIds: readonly string[]): Promise<void> {
  const now = deps.clock.now();
  const leasedUntil = new Date(now.getTime() + CHARGE_LEASE_MS);
  const begun = await transaction((tx) => beginCalls(tx, chargeIds, { now, leasedUntil }));
  const callable = await findCallableCharges(begun.map((charge) => charge.id));
  const results = await Promise.all(
    callable.map(async (call) => ({
      chargeId: call.charge.id,
      outcome: await callToss(deps, call),
    })),
  );
  await recordOutcomes(deps, results);
}

/** Sends one attempt, with the idempotency key it was given when it was written. */
export async function callToss(
  deps: Pick<Deps, "toss" | "vault">,
  call: CallableCharge,
): Promise<ChargeOutcome> {
  const { charge, billingKeyCiphertext } = call;
  const { orderId, amountWon, idempotencyKey, paymentMethodId, paymentKey } = charge;
  if (paymentMethodId === null) {
    if (paymentKey === null)
      throw new Error(`Charge ${charge.id} has neither a card nor a payment key`);
    return deps.toss.confirmPayment({ paymentKey, orderId, amountWon }, idempotencyKey);
  }
  // The key was deleted between the claim and the call: the same as Toss saying so.
  if (billingKeyCiphertext === null) {
    return { kind: "declined", code: "ALREADY_REMOVED_BILLING_KEY", declineClass: "hard" };
  }
  const billingKey = deps.vault.open(billingKeyCiphertext, paymentMethodId);
  return deps.toss.chargeBillingKey(
    {
      billingKey,
      customerKey: call.customerKey,
      orderId,
      orderName: call.title,
      amountWon,
      customerEmail: call.email,
      customerName: call.name,
    },
    idempotencyKey,
  );
}
