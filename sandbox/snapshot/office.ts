/** Those who sign in: with a password, through a provider, and to the console. */

import { findSignedIn } from "@/db/user";
import { beginSession } from "@/lib/operations/account/begin-session";
import { changePassword } from "@/lib/operations/account/change-password";
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
import { COMMAND } from "@/lib/operations/work";
import type { YearWorld } from "@/sandbox/year/world";
import { unwrap } from "./cast";

const ADDRESS = "203.0.113.7";
const PASSWORD = "seven green windows";
const NEXT_PASSWORD = "eight green windows";

export async function openOffice({ deps }: YearWorld): Promise<void> {
  const email = "member@example.com";
  const person = { email, name: "김비밀", password: PASSWORD, address: ADDRESS };
  unwrap(await signUp(deps, { ...person, termsVersion: "snapshot" }));
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
  const told = { email: "kakao@example.com", isEmailVerified: true, name: "이카톡" };
  unwrap(await linkIdentity(deps, { ...kakao, ...told }));
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
