import { transaction } from "@/db/client";
import { deleteSession } from "@/db/session";

/** Ends one session: no copy of its cookie opens anything from now on. */
export async function revokeSession(sessionId: string): Promise<void> {
  await transaction((tx) => deleteSession(tx, sessionId));
}
