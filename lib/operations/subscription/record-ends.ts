import { closeBookedChanges } from "@/db/subscription-change";
import type { Ended, Subscription } from "@/lib/billing/subscription/subscription";
import type { Work } from "@/lib/operations/work";

/**
 * Writes into the audit log which of these subscriptions are over, and why, and what became of what was booked for them:
 * the end that was wished for has come, and anything else lapses.
 */
export async function recordEnds(
  work: Work,
  subscriptions: readonly Subscription[],
): Promise<void> {
  const { tx, now: closedAt } = work;
  const ended = subscriptions.filter((one): one is Ended => one.status === "ended");
  if (ended.length === 0) return;
  const [wished, other] = [true, false].map((isWished) =>
    ended.flatMap(({ id, endReason }) =>
      endReason.startsWith("canceled") === isWished ? [id] : [],
    ),
  );
  await closeBookedChanges(tx, wished ?? [], { status: "applied", closedAt });
  await closeBookedChanges(tx, other ?? [], { status: "lapsed", closedAt });
  await work.audit(
    ...ended.map(({ id: subjectId, endReason, endedOn }) => ({
      action: "subscription.ended",
      subjectId,
      details: { endReason, endedOn },
    })),
  );
}
