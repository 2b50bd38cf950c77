import type { Subscription } from "@/lib/billing/subscription/subscription";
import type { Work } from "@/lib/operations/work";

/** Writes into the audit log which of these subscriptions are over, and why. */
export function auditEnds(work: Work, subscriptions: readonly Subscription[]): Promise<void> {
  return work.audit(
    ...subscriptions.flatMap((subscription) => {
      if (subscription.status !== "ended") return [];
      const { id: subjectId, endReason, endedOn } = subscription;
      return [{ action: "subscription.ended", subjectId, details: { endReason, endedOn } }];
    }),
  );
}
