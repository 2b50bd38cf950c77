import type { Metadata } from "next";
import { signUpAction } from "@/app/(site)/(auth)/actions";
import { AlreadySignedIn } from "@/components/auth/already-signed-in";
import { AuthPage, OtherWay } from "@/components/auth/auth-page";
import { ChosenOrder } from "@/components/auth/chosen-order";
import { SocialSection } from "@/components/auth/social-section";
import { authText } from "@/components/text/auth";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { findOffer } from "@/db/catalogue";
import { signedInOrNull } from "@/lib/auth/session";
import { chosenPriceOf } from "@/lib/http/chosen-price";
import { findLocale } from "@/lib/http/locale";
import { parseNextPath, pathAfterSignIn, withNext } from "@/lib/http/next-path";

export async function generateMetadata(): Promise<Metadata> {
  return { title: authText[await findLocale()].signUp.title };
}

export default async function SignUpPage({ searchParams }: PageProps<"/sign-up">) {
  const next = parseNextPath((await searchParams).next);
  const locale = await findLocale();
  const text = authText[locale];
  const person = await signedInOrNull();
  if (person) return <AlreadySignedIn next={pathAfterSignIn(next, person)} />;
  const chosen = chosenPriceOf(next);
  const offer = chosen === null ? null : await findOffer(chosen);
  return (
    <AuthPage title={text.signUp.title} lead={offer ? text.order.signUp : text.signUp.lead}>
      {offer ? <ChosenOrder {...offer} locale={locale} /> : null}
      <ActionForm action={signUpAction}>
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
          hint={text.passwordHint}
          type="password"
          autoComplete="new-password"
        />
        <Field name="name" label={text.name} hint={text.nameHint} autoComplete="name" />
        <fieldset className="grid gap-3 rounded-control bg-sunken p-4">
          <legend className="sr-only">{text.signUp.consents}</legend>
          <Checkbox name="age" required>
            {text.signUp.age} {text.signUp.required}
          </Checkbox>
          <Checkbox name="terms" required>
            {text.signUp.terms} {text.signUp.required} <Read href="/terms">{text.signUp.read}</Read>
          </Checkbox>
          <Checkbox name="privacy" required>
            {text.signUp.privacy} {text.signUp.required}{" "}
            <Read href="/privacy">{text.signUp.read}</Read>
          </Checkbox>
        </fieldset>
        <SubmitButton wide pending={text.signUp.pending}>
          {text.signUp.submit}
        </SubmitButton>
      </ActionForm>
      <SocialSection next={next} />
      <OtherWay question={text.signUp.hasAccount}>
        <LinkButton href={withNext("/sign-in", next)} wide>
          {text.signUp.signIn}
        </LinkButton>
      </OtherWay>
    </AuthPage>
  );
}

/** Opens beside the form, so that nothing typed is lost. */
function Read({ href, children }: { href: string; children: string }) {
  return (
    <a
      href={href}
      target="_blank"
      className="text-muted underline underline-offset-4"
      rel="noopener"
    >
      {children}
    </a>
  );
}
