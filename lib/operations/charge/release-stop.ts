import { writeAudit } from "@/db/audit";
import { endStop, lockStop } from "@/db/charging-stop";
import { transaction } from "@/db/client";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type ReleaseRefusal = { readonly code: "unknown-stop" | "already-released" };

/**
 * Lets automatic charging go on after an operator has looked: what is due is taken up by the next sweeps, within five
 * minutes. A released brake does not strike again on the same day.
 */
export async function releaseStop(
  deps: Pick<Deps, "clock">,
  order: { stopId: string; userId: string; note: string },
): Promise<Result<null, ReleaseRefusal>> {
  return transaction(async (tx) => {
    const now = deps.clock.now();
    const stop = await lockStop(tx, order.stopId);
    if (!stop) return refuse({ code: "unknown-stop" });
    if (stop.releasedAt !== null) return refuse({ code: "already-released" });
    await endStop(tx, stop.id, { releasedAt: now, releasedBy: order.userId });
    await writeAudit(
      tx,
      [
        {
          actor: order.userId,
          action: "charging.released",
          subjectId: stop.kind,
          details: { stopId: stop.id, reason: stop.reason, note: order.note },
        },
      ],
      now,
    );
    return ok(null);
  });
}
