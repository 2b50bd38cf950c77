import type { Metadata } from "next";
import { headers } from "next/headers";
import { acceptAction } from "@/app/(site)/invitation/actions";
import { AuthPage } from "@/components/auth/auth-page";
import { authText } from "@/components/text/auth";
import { memberText } from "@/components/text/member";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { deps } from "@/deps";
import { signedInOrNull } from "@/lib/auth/session";
import { findLocale } from "@/lib/http/locale";
import { withNext } from "@/lib/http/next-path";
import { clientAddress } from "@/lib/http/rate-limit";
import { openInvitation } from "@/lib/operations/account/accept-invitation";

export async function generateMetadata(): Promise<Metadata> {
  const title = memberText[await findLocale()].invitation.title;
  return { title, robots: { index: false } };
}

/** Shows which account a mailed link invites to, and as what. Looking at it uses nothing up. */
export default async function InvitationPage({ searchParams }: PageProps<"/invitation">) {
  const { token: given } = await searchParams;
  const token = typeof given === "string" ? given : "";
  const locale = await findLocale();
  const text = memberText[locale];
  const link = { token, address: clientAddress(await headers()) };
  const opened = await openInvitation(deps(), link);
  if (!opened.ok) {
    const { refusal } = opened;
    const lead =
      refusal.code === "too-many-tries"
        ? authText[locale].tooMany(refusal.waitMinutes)
        : text.invitation.over;
    return (
      <AuthPage title={text.invitation.overTitle} lead={lead}>
        <LinkButton href="/account" wide>
          {text.invitation.home}
        </LinkButton>
      </AuthPage>
    );
  }
  const { role, ownerName, ownerEmail } = opened.value;
  const person = await signedInOrNull();
  const here = `/invitation?token=${token}`;
  return (
    <AuthPage
      title={text.invitation.title}
      lead={text.invitation.body(`${ownerName} (${ownerEmail})`, text.as[role])}
    >
      <p>{text.can[role]}</p>
      {person ? (
        <ActionForm action={acceptAction}>
          <input type="hidden" name="token" value={token} />
          <p className="break-all text-muted text-sm">{text.invitation.as(person.email)}</p>
          <div className="grid gap-3 sm:grid-cols-2">
            <LinkButton href="/account" wide>
              {text.invitation.decline}
            </LinkButton>
            <SubmitButton wide pending={text.invitation.pending}>
              {text.invitation.accept}
            </SubmitButton>
          </div>
        </ActionForm>
      ) : (
        <div className="grid gap-3">
          <LinkButton href={withNext("/sign-in", here)} variant="primary" wide>
            {text.invitation.signIn}
          </LinkButton>
          <LinkButton href={withNext("/sign-up", here)} wide>
            {text.invitation.signUp}
          </LinkButton>
        </div>
      )}
    </AuthPage>
  );
}
