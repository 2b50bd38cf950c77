/** Those who sign in: with a password, through a provider, and to the console. */

import { beginSession } from "@/lib/operations/account/begin-session";
import { linkIdentity } from "@/lib/operations/account/link-identity";
import { requestPasswordReset } from "@/lib/operations/account/request-password-reset";
import { resetPassword } from "@/lib/operations/account/reset-password";
import { signIn } from "@/lib/operations/account/sign-in";
import { signUp } from "@/lib/operations/account/sign-up";
import { grantRole } from "@/lib/operations/team/grant-role";
import type { YearWorld } from "@/sandbox/year/world";
import { unwrap } from "./cast";

const ADDRESS = "203.0.113.7";
const PASSWORD = "seven green windows";

export async function openOffice({ deps }: YearWorld): Promise<void> {
  const email = "member@example.com";
  const person = { email, name: "김비밀", password: PASSWORD, address: ADDRESS };
  unwrap(await signUp(deps, { ...person, termsVersion: "snapshot" }));
  const user = unwrap(await signIn(deps, { ...person, device: null }));
  unwrap(await beginSession(deps, user));
  const afterwards = (work: () => Promise<void>) => work();
  unwrap(await requestPasswordReset({ ...deps, afterwards }, person));
  const kakao = { provider: "kakao", providerAccountId: "1234567890" } as const;
  const told = { email: "kakao@example.com", isEmailVerified: true, name: "이카톡" };
  unwrap(await linkIdentity(deps, { ...kakao, ...told }));
  for (const role of ["owner", "operator", "support"] as const) {
    const grant = { email: `${role}@example.com`, name: "박운영", role, grantedBy: "snapshot" };
    const { token } = unwrap(await grantRole(deps, grant));
    if (role === "owner" && token !== null)
      unwrap(await resetPassword(deps, { token, password: PASSWORD, address: ADDRESS }));
  }
}
