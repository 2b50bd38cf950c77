import type { Metadata } from "next";
import { changePasswordAction, signOutElsewhereAction } from "@/app/account/security/actions";
import { type SecurityNotice, securityText } from "@/components/text/security";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { findUserByEmail } from "@/db/user";
import { requireSignedIn } from "@/lib/auth/session";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: securityText[await findLocale()].title };
}

/** How somebody gets in: the password, and the devices they are signed in on. For operators as well. */
export default async function SecurityPage({ searchParams }: PageProps<"/account/security">) {
  const { email, role } = await requireSignedIn("/account/security");
  const { notice } = await searchParams;
  const text = securityText[await findLocale()];
  const hasPassword = (await findUserByEmail(email))?.passwordHash != null;
  return (
    <div className="grid gap-6">
      <h1 className="text-xl">{text.title}</h1>
      {typeof notice === "string" && isNotice(notice) ? (
        <Callout tone="good" live>
          {text.notices[notice]}
        </Callout>
      ) : null}
      <Card labelledBy="password">
        <div className="grid gap-6">
          <div className="grid gap-1">
            <h2 id="password" className="text-lg">
              {text.password.title}
            </h2>
            <p className="text-muted text-sm">
              {hasPassword ? text.password.lead : text.password.none}
            </p>
          </div>
          {hasPassword ? (
            <ActionForm action={changePasswordAction}>
              {/* Tells password managers whose password it is. */}
              <input type="hidden" name="username" autoComplete="username" value={email} />
              <Field
                name="currentPassword"
                label={text.password.current}
                type="password"
                autoComplete="current-password"
              />
              <Field
                name="password"
                label={text.password.next}
                hint={text.password.hint}
                type="password"
                autoComplete="new-password"
              />
              <div>
                <SubmitButton pending={text.password.pending}>{text.password.submit}</SubmitButton>
              </div>
            </ActionForm>
          ) : (
            <div>
              <LinkButton href="/forgot-password">{text.password.byMail}</LinkButton>
            </div>
          )}
        </div>
      </Card>
      <Card labelledBy="elsewhere">
        <div className="grid gap-6">
          <div className="grid gap-1">
            <h2 id="elsewhere" className="text-lg">
              {text.elsewhere.title}
            </h2>
            <p className="text-muted text-sm">{text.elsewhere.lead}</p>
            <p className="text-muted text-sm">
              {role === "customer" ? text.lasts : text.lastsForConsole}
            </p>
          </div>
          <ActionForm action={signOutElsewhereAction}>
            <div>
              <SubmitButton variant="secondary" pending={text.elsewhere.pending}>
                {text.elsewhere.submit}
              </SubmitButton>
            </div>
          </ActionForm>
        </div>
      </Card>
    </div>
  );
}

function isNotice(notice: string): notice is SecurityNotice {
  return Object.hasOwn(securityText.ko.notices, notice);
}
