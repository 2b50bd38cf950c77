import { writeAudit } from "@/db/audit";
import { transaction } from "@/db/client";
import { deleteOtherSessions } from "@/db/session";
import type { Deps } from "@/lib/runtime/deps";

/** Ends every session of a person but the one they ask from. */
export async function revokeOtherSessions(
  { clock }: Pick<Deps, "clock">,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<void> {
  await transaction(async (tx) => {
    await deleteOtherSessions(tx, userId, sessionId);
    const entry = {
      ...{ actor: userId, subjectId: userId, details: {} },
      action: "user.signed-out-elsewhere",
    };
    await writeAudit(tx, [entry], clock.now());
  });
}
