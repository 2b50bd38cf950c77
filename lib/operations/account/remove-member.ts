import { lockAccount } from "@/db/account";
import { deleteMember, findMemberRole } from "@/db/member";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

type Removal = { readonly accountId: string; readonly actor: Actor; readonly userId: string };

/** Removes a member; their next request sees nothing of the account any more. */
export async function removeMember(
  deps: ClockAndIds,
  { accountId, actor, userId }: Removal,
): Promise<Result<null, { readonly code: "unknown-member" }>> {
  return inTransaction(deps, actor, async (work) => {
    const { tx } = work;
    await lockAccount(tx, accountId);
    if (!(await work.may(accountId, "manage"))) return refuse({ code: "unknown-member" });
    const role = await findMemberRole(tx, accountId, userId);
    if (role === null || role === "owner") return refuse({ code: "unknown-member" });
    await deleteMember(tx, accountId, userId);
    await work.audit({
      action: "member.removed",
      subjectId: accountId,
      details: { userId, role },
    });
    return ok(null);
  });
}
