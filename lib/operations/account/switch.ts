import { setAccountOfSession } from "@/db/session";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";

/** Has a browser look at another account of the person signed in on it; false when they are no member of it. */
export async function switchAccount(
  deps: ClockAndIds,
  session: { readonly id: string; readonly userId: string },
  accountId: string,
): Promise<boolean> {
  return inTransaction(deps, member(session.userId), ({ tx }) =>
    setAccountOfSession(tx, session, accountId),
  );
}
