import { lockAccount } from "@/db/account";
import { deleteMember, findMemberRole } from "@/db/member";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

/** Takes somebody out of an account at their own wish. The owner stays: somebody gets the mails about its money. */
export async function leaveAccount(
  deps: ClockAndIds,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
): Promise<Result<null, { readonly code: "unknown-member" | "is-owner" }>> {
  return inTransaction(deps, member(userId), async (work) => {
    const { tx } = work;
    await lockAccount(tx, accountId);
    const role = await findMemberRole(tx, accountId, userId);
    if (role === null) return refuse({ code: "unknown-member" });
    if (role === "owner") return refuse({ code: "is-owner" });
    await deleteMember(tx, accountId, userId);
    await work.audit({ action: "member.left", subjectId: accountId, details: { userId, role } });
    return ok(null);
  });
}
