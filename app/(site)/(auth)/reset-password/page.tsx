import type { Metadata } from "next";
import { headers } from "next/headers";
import { resetPasswordAction } from "@/app/(site)/(auth)/actions";
import { AuthAside, AuthPage } from "@/components/auth/auth-page";
import { authText } from "@/components/text/auth";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { SubmitButton } from "@/components/ui/submit-button";
import { deps } from "@/deps";
import { findLocale } from "@/lib/http/locale";
import { clientAddress } from "@/lib/http/rate-limit";
import { openResetLink } from "@/lib/operations/account/reset-password";

export async function generateMetadata(): Promise<Metadata> {
  const title = authText[await findLocale()].reset.title;
  return { title, robots: { index: false } };
}

export default async function ResetPasswordPage({ searchParams }: PageProps<"/reset-password">) {
  const { token } = await searchParams;
  const text = authText[await findLocale()];
  const link = {
    token: typeof token === "string" ? token : "",
    address: clientAddress(await headers()),
  };
  if ((await openResetLink(deps(), link)) === "expired")
    return (
      <AuthPage title={text.reset.expiredTitle} lead={text.reset.expired}>
        <LinkButton href="/forgot-password" variant="primary" wide>
          {text.reset.again}
        </LinkButton>
      </AuthPage>
    );
  return (
    <AuthPage title={text.reset.title} lead={text.reset.lead}>
      <ActionForm action={resetPasswordAction}>
        <input type="hidden" name="token" value={link.token} />
        <Field
          name="password"
          label={text.newPassword}
          hint={text.passwordHint}
          type="password"
          autoComplete="new-password"
        />
        <SubmitButton wide pending={text.reset.pending}>
          {text.reset.submit}
        </SubmitButton>
      </ActionForm>
      <AuthAside>
        <Link href="/forgot-password">{text.reset.again}</Link>
      </AuthAside>
    </AuthPage>
  );
}
