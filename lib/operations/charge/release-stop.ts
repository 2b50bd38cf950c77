import { endStop, lockStop } from "@/db/charging-stop";
import { type Actor, inTransaction, nameOf } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type ReleaseRefusal = { readonly code: "unknown-stop" | "already-released" };

/**
 * Lets automatic charging go on after an operator has looked: what is due is taken up by the next sweeps, within five
 * minutes. A released brake does not strike again on the same day.
 */
export async function releaseStop(
  deps: ClockAndIds,
  order: { stopId: string; actor: Actor; note: string },
): Promise<Result<null, ReleaseRefusal>> {
  return inTransaction(deps, order.actor, async (work) => {
    const { tx, now } = work;
    const stop = await lockStop(tx, order.stopId);
    if (!stop) return refuse({ code: "unknown-stop" });
    if (stop.releasedAt !== null) return refuse({ code: "already-released" });
    await endStop(tx, stop.id, { releasedAt: now, releasedBy: nameOf(order.actor) });
    await work.audit({
      action: "charging.released",
      subjectId: stop.kind,
      details: { stopId: stop.id, reason: stop.reason, note: order.note },
    });
    return ok(null);
  });
}
