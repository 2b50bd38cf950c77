import { deleteOtherSessions } from "@/db/session";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";

/** Ends every session of a person but the one they ask from. */
export async function revokeOtherSessions(
  deps: ClockAndIds,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<void> {
  await inTransaction(deps, member(userId), async (work) => {
    const { tx } = work;
    await deleteOtherSessions(tx, userId, sessionId);
    await work.audit({ action: "user.signed-out-elsewhere", subjectId: userId, details: {} });
  });
}
