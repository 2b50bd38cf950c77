"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { refused, signedInAction } from "@/app/action";
import { authText } from "@/components/text/auth";
import { formText } from "@/components/text/form";
import { securityText } from "@/components/text/security";
import { deps } from "@/deps";
import { rememberDevice } from "@/lib/auth/device";
import { currentSessionId, startSession } from "@/lib/auth/session";
import { changePassword } from "@/lib/operations/account/change-password";
import { revokeOtherSessions } from "@/lib/operations/account/revoke-other-sessions";

/** Judged by the operation; here they are only kept from being books. */
const password = z.string("password").min(1, "password").max(1_000, "too-long");

export const changePasswordAction = signedInAction(
  z.object({ currentPassword: password, password }),
  async ({ email }, form, { locale }) => {
    const text = securityText[locale].password;
    const result = await changePassword(deps(), { email, ...form });
    if (!result.ok) {
      const { refusal } = result;
      switch (refusal.code) {
        case "too-many-tries":
          return refused(authText[locale].tooMany(refusal.waitMinutes));
        case "wrong-password":
          return refused(undefined, { currentPassword: text.wrong });
        case "weak-password":
          return refused(undefined, { password: formText[locale][refusal.weakness] });
        case "no-password":
          return refused(text.none);
        default:
          return refusal satisfies never;
      }
    }
    // This session ended with all others; a copy of its cookie is worth nothing.
    if (!(await startSession(result.value))) redirect("/sign-in?notice=password-changed");
    await rememberDevice(result.value.id);
    redirect("/account/security?notice=password-changed");
  },
);

export const signOutElsewhereAction = signedInAction(z.object({}), async ({ userId }) => {
  const sessionId = (await currentSessionId()) ?? "";
  await revokeOtherSessions(deps(), { userId, sessionId });
  redirect("/account/security?notice=signed-out-elsewhere");
});
