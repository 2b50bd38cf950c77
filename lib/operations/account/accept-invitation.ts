import { lockAccount } from "@/db/account";
import { consumeInvitation, findInvitation, type OpenedInvitation } from "@/db/invitation";
import { findMemberRole, insertMember } from "@/db/member";
import {
  type ClientAddress,
  refuseTries,
  type TooManyTries,
  takeAddressTry,
} from "@/lib/http/rate-limit";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";

const PER_ADDRESS = { name: "accept-invitation-address", tries: 20, minutes: 60 };
/** Wider: mail programs open links to look at them, too. */
const LOOKS_PER_ADDRESS = { name: "invitation-address", tries: 60, minutes: 60 };

type Link = { readonly token: string; readonly address: ClientAddress };

type LinkRefusal = TooManyTries | { readonly code: "link-expired" };

/** Opens a mailed link: what it invites to. Unknown, used, withdrawn and old links answer alike. */
export async function openInvitation(
  deps: ClockAndIds,
  { token, address }: Link,
): Promise<Result<OpenedInvitation, LinkRefusal>> {
  const now = deps.clock.now();
  if (!(await takeAddressTry(LOOKS_PER_ADDRESS, address, now)))
    return refuseTries(LOOKS_PER_ADDRESS, now);
  const found = await findInvitation(sha256(token), now);
  return found ? ok(found) : refuse({ code: "link-expired" });
}

/**
 * Makes whoever is signed in a member, by a link that works once. Their address need not be the one it was mailed to:
 * people have several, and the link alone was mailed to one.
 */
export async function acceptInvitation(
  deps: ClockAndIds,
  { token, address, userId }: Link & { readonly userId: string },
): Promise<Result<{ accountId: string }, LinkRefusal | { readonly code: "already-member" }>> {
  const startedAt = deps.clock.now();
  if (!(await takeAddressTry(PER_ADDRESS, address, startedAt)))
    return refuseTries(PER_ADDRESS, startedAt);
  const tokenHash = sha256(token);
  const found = await findInvitation(tokenHash, startedAt);
  if (!found) return refuse({ code: "link-expired" });
  const { accountId } = found;
  return inTransaction(deps, member(userId), async (work) => {
    const { tx, now } = work;
    await lockAccount(tx, accountId);
    if ((await findMemberRole(tx, accountId, userId)) !== null)
      return refuse({ code: "already-member" });
    const used = await consumeInvitation(tx, { tokenHash, userId }, now);
    if (!used) return refuse({ code: "link-expired" });
    const { id, role } = used;
    await insertMember(tx, { accountId, userId, role, createdAt: now });
    await work.audit({
      action: "member.joined",
      subjectId: accountId,
      details: { userId, role, invitationId: id },
    });
    return ok({ accountId });
  });
}
