import { deleteExpiredSessions, deleteSession, insertSession } from "@/db/session";
import { lockUser, type User } from "@/db/user";
import { SESSION_DAYS } from "@/lib/billing/policy";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Begins a session of a person whose password, link or provider was just checked, in the place of the session the
 * browser had before. Refused when all sessions of the person ended since that check.
 */
export async function beginSession(
  deps: ClockAndIds,
  user: Pick<User, "id" | "sessionEpoch">,
  replacedId: string | null = null,
): Promise<Result<{ sessionId: string }, { readonly code: "access-changed" }>> {
  return inTransaction(deps, member(user.id), async ({ tx, now, newId }) => {
    const person = await lockUser(tx, user.id);
    if (person?.sessionEpoch !== user.sessionEpoch) return refuse({ code: "access-changed" });
    await deleteExpiredSessions(tx, now);
    if (replacedId !== null) await deleteSession(tx, replacedId);
    const id = newId("session");
    const expiresAt = new Date(now.getTime() + SESSION_DAYS * DAY_MS);
    await insertSession(tx, { id, userId: user.id, startedAt: now, expiresAt });
    return ok({ sessionId: id });
  });
}
