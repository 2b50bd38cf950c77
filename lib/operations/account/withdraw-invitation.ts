import { lockAccount } from "@/db/account";
import { deleteInvitation } from "@/db/invitation";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

/** Takes an invitation back: its link stops working. */
export async function withdrawInvitation(
  deps: ClockAndIds,
  invitation: {
    readonly accountId: string;
    readonly actor: Actor;
    readonly invitationId: string;
  },
): Promise<Result<null, { readonly code: "unknown-invitation" }>> {
  const { accountId, actor, invitationId } = invitation;
  return inTransaction(deps, actor, async (work) => {
    const { tx } = work;
    await lockAccount(tx, accountId);
    const isDeleted =
      (await work.may(accountId, "manage")) &&
      (await deleteInvitation(tx, accountId, invitationId));
    if (!isDeleted) return refuse({ code: "unknown-invitation" });
    await work.audit({
      action: "member.invitation-withdrawn",
      subjectId: accountId,
      details: { invitationId },
    });
    return ok(null);
  });
}
