import type { Metadata } from "next";
import { requestResetAction } from "@/app/(site)/(auth)/actions";
import { AuthAside, AuthPage } from "@/components/auth/auth-page";
import { authText } from "@/components/text/auth";
import { ActionForm } from "@/components/ui/action-form";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { SubmitButton } from "@/components/ui/submit-button";
import { findLocale } from "@/lib/http/locale";
import { parseNextPath, withNext } from "@/lib/http/next-path";

export async function generateMetadata(): Promise<Metadata> {
  return { title: authText[await findLocale()].forgot.title };
}

export default async function ForgotPasswordPage({ searchParams }: PageProps<"/forgot-password">) {
  const next = parseNextPath((await searchParams).next);
  const text = authText[await findLocale()];
  return (
    <AuthPage title={text.forgot.title} lead={text.forgot.lead}>
      <ActionForm action={requestResetAction}>
        <Field
          name="email"
          label={text.email}
          type="email"
          inputMode="email"
          autoComplete="username"
        />
        <SubmitButton wide pending={text.forgot.pending}>
          {text.forgot.submit}
        </SubmitButton>
      </ActionForm>
      <AuthAside>
        <Link href={withNext("/sign-in", next)}>{text.forgot.back}</Link>
      </AuthAside>
    </AuthPage>
  );
}
