import type { Metadata } from "next";
import { signInAction } from "@/app/(site)/(auth)/actions";
import { AlreadySignedIn } from "@/components/auth/already-signed-in";
import { AuthAside, AuthPage, OtherWay } from "@/components/auth/auth-page";
import { ChosenOrder } from "@/components/auth/chosen-order";
import { DemoSignIns } from "@/components/auth/demo-sign-ins";
import { SocialSection } from "@/components/auth/social-section";
import { authText } from "@/components/text/auth";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { SubmitButton } from "@/components/ui/submit-button";
import { findOffer } from "@/db/catalogue";
import { signedInOrNull } from "@/lib/auth/session";
import { chosenPriceOf } from "@/lib/http/chosen-price";
import { findLocale } from "@/lib/http/locale";
import { parseNextPath, pathAfterSignIn, withNext } from "@/lib/http/next-path";
import { env } from "@/lib/runtime/env";

export async function generateMetadata(): Promise<Metadata> {
  return { title: authText[await findLocale()].signIn.title };
}

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next: wanted, error, notice } = await searchParams;
  const next = parseNextPath(wanted);
  const locale = await findLocale();
  const text = authText[locale];
  const person = await signedInOrNull();
  if (person) return <AlreadySignedIn next={pathAfterSignIn(next, person)} />;
  const chosen = chosenPriceOf(next);
  const offer = chosen === null ? null : await findOffer(chosen);
  return (
    <AuthPage title={text.signIn.title} lead={offer ? text.order.signIn : text.signIn.lead}>
      {offer ? <ChosenOrder {...offer} locale={locale} /> : null}
      {notice === "password-changed" ? (
        <Callout tone="good">{text.signIn.passwordChanged}</Callout>
      ) : null}
      {typeof error === "string" ? <Callout tone="bad">{socialError(text, error)}</Callout> : null}
      <ActionForm action={signInAction}>
        <Field
          name="email"
          label={text.email}
          type="email"
          inputMode="email"
          autoComplete="username"
        />
        <Field
          name="password"
          label={text.password}
          type="password"
          autoComplete="current-password"
        />
        <SubmitButton wide pending={text.signIn.pending}>
          {text.signIn.submit}
        </SubmitButton>
      </ActionForm>
      <AuthAside>
        <Link href={withNext("/forgot-password", next)}>{text.signIn.forgot}</Link>
      </AuthAside>
      <SocialSection next={next} />
      <OtherWay question={text.signIn.noAccount}>
        <LinkButton href={withNext("/sign-up", next)} wide>
          {text.signIn.signUp}
        </LinkButton>
      </OtherWay>
      {env().APP_ENV === "sandbox" ? <DemoSignIns action={signInAction} text={text.demo} /> : null}
    </AuthPage>
  );
}

function socialError(text: (typeof authText)["ko"], code: string): string {
  const errors: Readonly<Record<string, string>> = text.socialErrors;
  const known = Object.hasOwn(errors, code) ? errors[code] : undefined;
  return known ?? text.socialErrors.other;
}
