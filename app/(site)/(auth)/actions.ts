"use server";

import { redirect } from "next/navigation";
import { after } from "next/server";
import { z } from "zod";
import { done, publicAction, refused } from "@/app/action";
import { authText } from "@/components/text/auth";
import { formText } from "@/components/text/form";
import { TERMS_VERSION } from "@/components/text/policies";
import { findSignedIn, type User } from "@/db/user";
import { deps } from "@/deps";
import { findDevice, rememberDevice } from "@/lib/auth/device";
import { emailAddress as email } from "@/lib/auth/email-address";
import { personName } from "@/lib/auth/person-name";
import { startSession } from "@/lib/auth/session";
import { requestPasswordReset } from "@/lib/operations/account/request-password-reset";
import { resetPassword } from "@/lib/operations/account/reset-password";
import { signIn } from "@/lib/operations/account/sign-in";
import { signUp } from "@/lib/operations/account/sign-up";
import { tellAccountExists } from "@/lib/operations/account/tell-account-exists";

/** Judged by the operations, which know whose it is; here it is only kept from being a book. */
const password = z.string("password").min(1, "password").max(1_000, "too-long");
const consent = z.literal("on", "consent");

const SignInForm = z.object({ email, password });

/** The page itself leads on: it draws again with the session just begun. */
export const signInAction = publicAction(SignInForm, async (form, { locale, address }) => {
  const text = authText[locale];
  const result = await signIn(deps(), { ...form, address, device: await findDevice() });
  if (!result.ok)
    return refused(
      result.refusal.code === "wrong-credentials"
        ? text.signIn.wrong
        : text.tooManyOrReset(result.refusal.waitMinutes),
    );
  return (await begin(result.value)) ? done() : refused(text.signIn.wrong);
});

const SignUpForm = z.object({
  email,
  name: personName,
  password,
  age: consent,
  terms: consent,
  privacy: consent,
});

export const signUpAction = publicAction(SignUpForm, async (form, { locale, address }) => {
  const text = authText[locale];
  const { email, name, password } = form;
  const person = { email, name, password, locale, address, termsVersion: TERMS_VERSION };
  const result = await signUp(deps(), person);
  if (!result.ok) {
    const { refusal } = result;
    if (refusal.code === "too-many-tries") return refused(text.tooMany(refusal.waitMinutes));
    if (refusal.code === "weak-password")
      return refused(undefined, { password: formText[locale][refusal.weakness] });
    // Somebody who forgot that they signed up, and typed the password of then, is let in.
    const known = await signIn(deps(), { email, password, address, device: await findDevice() });
    if (known.ok && (await begin(known.value))) return done();
    after(() => tellAccountExists(deps(), email));
    return refused(text.signUp.notPossible);
  }
  const signedUp = await findSignedIn(result.value.userId);
  if (!signedUp) throw new Error(`No user ${result.value.userId} right after signing up`);
  if (!(await begin({ ...signedUp, id: signedUp.userId }))) redirect("/sign-in");
  return done();
});

export const requestResetAction = publicAction(
  z.object({ email }),
  async ({ email }, { locale, address }) => {
    const text = authText[locale];
    const afterwards = async (work: () => Promise<void>) => after(work);
    const result = await requestPasswordReset({ ...deps(), afterwards }, { email, address });
    return result.ok ? done(text.forgot.sent) : refused(text.tooMany(result.refusal.waitMinutes));
  },
);

const ResetForm = z.object({ token: z.string().max(100), password });

export const resetPasswordAction = publicAction(ResetForm, async (form, { locale, address }) => {
  const text = authText[locale];
  const result = await resetPassword(deps(), { ...form, address });
  if (!result.ok) {
    const { refusal } = result;
    if (refusal.code === "too-many-tries") return refused(text.tooMany(refusal.waitMinutes));
    if (refusal.code === "link-expired") return refused(text.reset.expired);
    return refused(undefined, { password: formText[locale][refusal.weakness] });
  }
  await rememberDevice(result.value.userId);
  redirect("/sign-in?notice=password-changed");
});

/** Signs in on this browser and remembers it; false when the person's access changed meanwhile. */
async function begin(user: Pick<User, "id" | "sessionEpoch">): Promise<boolean> {
  if (!(await startSession(user))) return false;
  await rememberDevice(user.id);
  return true;
}
