"use server";

import { redirect } from "next/navigation";
import { after } from "next/server";
import { z } from "zod";
import { authText } from "@/components/text/auth";
import { TERMS_VERSION } from "@/components/text/policies";
import { findSignedIn } from "@/db/users";
import { done, publicAction, refused } from "@/lib/action";
import { deps } from "@/lib/deps";
import { findDevice, rememberDevice } from "@/lib/device";
import { requestPasswordReset } from "@/lib/operations/request-password-reset";
import { resetPassword } from "@/lib/operations/reset-password";
import { signIn } from "@/lib/operations/sign-in";
import { signUp } from "@/lib/operations/sign-up";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@/lib/passwords";
import { startSession } from "@/lib/session";

const email = z.string("email").trim().toLowerCase().max(254, "email").pipe(z.email("email"));
const newPassword = z
  .string("newPassword")
  .min(MIN_PASSWORD_LENGTH, "newPassword")
  .max(MAX_PASSWORD_LENGTH, "newPassword");
const consent = z.literal("on", "consent");

const SignInForm = z.object({
  email,
  password: z.string("password").min(1, "password").max(MAX_PASSWORD_LENGTH, "password"),
});

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
  if (!(await startSession(result.value))) return refused(text.signIn.wrong);
  await rememberDevice(result.value.id);
  return done();
});

const SignUpForm = z.object({
  email,
  name: z
    .string("name")
    .trim()
    .regex(/^\P{Cc}{1,50}$/u, "name"),
  password: newPassword,
  age: consent,
  terms: consent,
  privacy: consent,
});

export const signUpAction = publicAction(SignUpForm, async (form, { locale, address }) => {
  const text = authText[locale];
  const { email, name, password } = form;
  const person = { email, name, password, address, termsVersion: TERMS_VERSION };
  const result = await signUp(deps(), person);
  if (!result.ok) {
    if (result.refusal.code === "too-many-tries")
      return refused(text.tooMany(result.refusal.waitMinutes));
    return refused(undefined, { email: text.signUp.emailTaken });
  }
  const signedUp = await findSignedIn(result.value.userId);
  if (!signedUp) throw new Error(`No user ${result.value.userId} right after signing up`);
  if (!(await startSession({ ...signedUp, id: signedUp.userId }))) redirect("/sign-in");
  await rememberDevice(signedUp.userId);
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

const ResetForm = z.object({ token: z.string().max(100), password: newPassword });

export const resetPasswordAction = publicAction(ResetForm, async (form, { locale, address }) => {
  const text = authText[locale];
  const result = await resetPassword(deps(), { ...form, address });
  if (!result.ok)
    return refused(
      result.refusal.code === "link-expired"
        ? text.reset.expired
        : text.tooMany(result.refusal.waitMinutes),
    );
  await rememberDevice(result.value.userId);
  redirect("/sign-in?notice=password-changed");
});
