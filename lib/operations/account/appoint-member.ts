import { lockAccount } from "@/db/account";
import { findMemberRole, setMemberRole } from "@/db/member";
import type { InvitedRole } from "@/lib/billing/account/member";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

type Appointment = {
  readonly accountId: string;
  readonly actor: Actor;
  readonly userId: string;
  readonly role: InvitedRole;
};

/** Changes what a member may do. The owner stays the owner. */
export async function appointMember(
  deps: ClockAndIds,
  { accountId, actor, userId, role }: Appointment,
): Promise<Result<null, { readonly code: "unknown-member" }>> {
  return inTransaction(deps, actor, async (work) => {
    const { tx } = work;
    await lockAccount(tx, accountId);
    if (!(await work.may(accountId, "manage"))) return refuse({ code: "unknown-member" });
    const before = await findMemberRole(tx, accountId, userId);
    if (before === null || before === "owner") return refuse({ code: "unknown-member" });
    if (before === role) return ok(null);
    await setMemberRole(tx, { accountId, userId }, role);
    await work.audit({
      action: "member.appointed",
      subjectId: accountId,
      details: { userId, before, after: role },
    });
    return ok(null);
  });
}
