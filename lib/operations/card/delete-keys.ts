import { markKeyDeleted, type PaymentMethod, takeKeysToDelete } from "@/db/card";
import { leaseFrom } from "@/lib/billing/lease";
import { inTransaction, JOB } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";
import { oneByOne } from "@/lib/runtime/one-by-one";

const RETRY_MS = 10 * 60_000;

/** Deletes up to `limit` billing keys at the provider that nobody wants any more; each is retried until Toss confirms it. */
export async function deleteBillingKeys(deps: Deps, limit: number): Promise<number> {
  const methods = await inTransaction(deps, JOB, (work) =>
    takeKeysToDelete(work.tx, leaseFrom(work.now, RETRY_MS), limit),
  );
  await oneByOne(methods, "billing-key.not-deleted", (method) => deleteKey(deps, method));
  return methods.length;
}

async function deleteKey(
  deps: Deps,
  { id, accountId, provider, billingKeyCiphertext, goneKeyCiphertext }: PaymentMethod,
): Promise<void> {
  const sealed = billingKeyCiphertext ?? goneKeyCiphertext;
  if (sealed === null) return;
  if (provider !== deps.gateway.provider) {
    log("warn", "billing-key.not-deleted", { id, reason: "other-provider" });
    return;
  }
  // Where a provider deletes no keys, erasing our copy is all there is to do: it cannot be charged any more.
  if (deps.gateway.capabilities.keyDeletion) {
    const outcome = await deps.gateway.deleteBillingKey(deps.vault.open(sealed, id));
    if (outcome.kind === "unknown") {
      log("warn", "billing-key.not-deleted", { id, reason: outcome.reason });
      return;
    }
  }
  await inTransaction(deps, JOB, async (work) => {
    await markKeyDeleted(work.tx, id, work.now);
    const details = { paymentMethodId: id };
    await work.audit({ action: "card.deleted", subjectId: accountId, details });
  });
}
