import { findOpenCharge } from "@/db/charge";
import { listOpenInvoices } from "@/db/invoice";
import { closeRenewalFinding, findSubscriptionOfFinding } from "@/db/renewal-finding";
import { lockSubscriptionById, saveSubscriptions } from "@/db/subscription";
import { type Actor, inTransaction, nameOf } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type RenewalFindingRefusal = {
  readonly code: "unknown-finding" | "note-missing";
};

/**
 * An operator has looked: what the contract is expected to do is computed and saved anew, and the next sweep goes on
 * with it. A finding that was resolved before is unknown.
 */
export async function resolveRenewalFinding(
  deps: ClockAndIds,
  decision: { readonly findingId: string; readonly actor: Actor; readonly note: string },
): Promise<Result<null, RenewalFindingRefusal>> {
  const { findingId, actor } = decision;
  const note = decision.note.trim().slice(0, 200);
  if (note === "") return refuse({ code: "note-missing" });
  return inTransaction(deps, actor, async (work) => {
    const { tx, now } = work;
    // The contract is taken first, as by whoever reports a finding of it.
    const about = await findSubscriptionOfFinding(tx, findingId);
    const subscription = about === null ? null : await lockSubscriptionById(tx, about);
    const end = { resolvedAt: now, resolvedBy: nameOf(actor), note };
    const finding = await closeRenewalFinding(tx, findingId, end);
    if (finding === null) return refuse({ code: "unknown-finding" });
    if (subscription) {
      // A charge that the customer began meanwhile books what comes next.
      const [invoice] = await listOpenInvoices(tx, [subscription.id]);
      const isCollecting = invoice !== undefined && (await findOpenCharge(tx, invoice.id)) !== null;
      await saveSubscriptions(tx, [{ subscription, isCollecting, lookAt: now }], now);
    }
    await work.audit({
      action: "renewal.finding-resolved",
      subjectId: finding.subscriptionId,
      details: { findingId, note },
    });
    return ok(null);
  });
}
