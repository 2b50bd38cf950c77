/** Those who sign in: with a password, through a provider, and to the console. */

import { findSignedIn } from "@/db/user";
import { acceptInvitation } from "@/lib/operations/account/accept-invitation";
import { beginSession } from "@/lib/operations/account/begin-session";
import { changePassword } from "@/lib/operations/account/change-password";
import { inviteMember } from "@/lib/operations/account/invite";
import { linkIdentity } from "@/lib/operations/account/link-identity";
import { requestPasswordReset } from "@/lib/operations/account/request-password-reset";
import { openResetLink, resetPassword } from "@/lib/operations/account/reset-password";
import { revokeOtherSessions } from "@/lib/operations/account/revoke-other-sessions";
import { revokeSession } from "@/lib/operations/account/revoke-session";
import { signIn } from "@/lib/operations/account/sign-in";
import { signUp } from "@/lib/operations/account/sign-up";
import { updateProfile } from "@/lib/operations/account/update-profile";
import { grantCredit } from "@/lib/operations/credit/grant";
import { grantRole } from "@/lib/operations/team/grant-role";
import { revokeRole } from "@/lib/operations/team/revoke-role";
import { COMMAND, member } from "@/lib/operations/work";
import type { YearWorld } from "@/sandbox/year/world";
import { unwrap } from "./cast";

const ADDRESS = "203.0.113.7";
const PASSWORD = "seven green windows";
const NEXT_PASSWORD = "eight green windows";

/** The first person's account gets a member of each kind; one invitation is left open. */
async function shareAccount(
  { deps, sql }: YearWorld,
  ownerId: string,
  guestId: string,
): Promise<void> {
  const accountId = (await findSignedIn(ownerId))?.accountId ?? "";
  const invitation = { accountId, actor: member(ownerId), locale: "ko" } as const;
  const second = { email: "second@example.com", name: "이동료", password: PASSWORD };
  const signedUp = await signUp(deps, {
    ...second,
    ...{ address: ADDRESS, termsVersion: "snapshot", locale: "en" },
  });
  const guests = [
    { userId: guestId, email: "billing@example.com", role: "billing" },
    { userId: unwrap(signedUp).userId, email: "plain@example.com", role: "member" },
  ] as const;
  for (const { userId, email, role } of guests) {
    unwrap(await inviteMember(deps, { ...invitation, email, role }));
    const [mail] = await sql<{ body: string }[]>`select body from messages where email = ${email}`;
    const token = /token=([\w-]+)/.exec(mail?.body ?? "")?.[1] ?? "";
    unwrap(await acceptInvitation(deps, { token, userId, address: ADDRESS }));
  }
  unwrap(await inviteMember(deps, { ...invitation, email: "open@example.com", role: "member" }));
}

export async function openOffice(world: YearWorld): Promise<void> {
  const { deps } = world;
  const email = "member@example.com";
  const person = { email, name: "김비밀", password: PASSWORD, address: ADDRESS };
  unwrap(await signUp(deps, { ...person, termsVersion: "snapshot", locale: "ko" }));
  unwrap(await changePassword(deps, { email, currentPassword: PASSWORD, password: NEXT_PASSWORD }));
  const credentials = { ...person, password: NEXT_PASSWORD, device: null };
  const user = unwrap(await signIn(deps, credentials));
  await updateProfile(deps, { userId: user.id, name: "김비번" });
  const gift = {
    accountId: (await findSignedIn(user.id))?.accountId ?? "",
    amountWon: 5_000,
    reason: "사과의 뜻",
  };
  const who = { requestId: "snapshot", actor: COMMAND, grantedBy: "snapshot" };
  unwrap(await grantCredit(deps, { ...gift, ...who }));
  const left = unwrap(await beginSession(deps, user));
  await revokeSession(left.sessionId);
  const { sessionId } = unwrap(await beginSession(deps, user));
  await revokeOtherSessions(deps, { userId: user.id, sessionId });
  const afterwards = (work: () => Promise<void>) => work();
  unwrap(await requestPasswordReset({ ...deps, afterwards }, person));
  const kakao = { provider: "kakao", providerAccountId: "1234567890" } as const;
  const told = {
    email: "kakao@example.com",
    isEmailVerified: true,
    locale: "ko" as const,
    name: "이카톡",
  };
  const { userId: guestId } = unwrap(await linkIdentity(deps, { ...kakao, ...told }));
  await shareAccount(world, user.id, guestId);
  for (const role of ["owner", "operator", "support"] as const) {
    const grant = { email: `${role}@example.com`, name: "박운영", role, grantedBy: "snapshot" };
    const { token } = unwrap(await grantRole(deps, grant));
    if (role !== "owner" || token === null) continue;
    await openResetLink(deps, { token, address: ADDRESS });
    unwrap(await resetPassword(deps, { token, password: PASSWORD, address: ADDRESS }));
  }
  const gone = { email: "left@example.com", name: "최퇴사", role: "support" } as const;
  unwrap(await grantRole(deps, { ...gone, grantedBy: "snapshot" }));
  unwrap(await revokeRole(deps, { ...gone, revokedBy: "snapshot" }));
}
