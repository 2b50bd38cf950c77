import type { Metadata } from "next";
import { inviteAction, leaveAction, withdrawAction } from "@/app/account/members/actions";
import { MemberRow } from "@/app/account/members/member-row";
import { type MemberText, memberText } from "@/components/text/member";
import { ActionForm } from "@/components/ui/action-form";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { RadioGroup } from "@/components/ui/radio-group";
import { SubmitButton } from "@/components/ui/submit-button";
import { type Invitation, listOpenInvitations } from "@/db/invitation";
import { listMembers } from "@/db/member";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { INVITED_ROLES, mayAs } from "@/lib/billing/account/member";
import { seoulDayOf } from "@/lib/billing/calendar";
import { formatNearDate } from "@/lib/billing/format";
import { findLocale, type Locale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: memberText[await findLocale()].title };
}

export default async function MembersPage({ searchParams }: PageProps<"/account/members">) {
  const { accountId, userId, memberRole } = await requireSignedIn("/account/members");
  const { notice } = await searchParams;
  const locale = await findLocale();
  const text = memberText[locale];
  const mayManage = mayAs(memberRole, "manage");
  const members = await listMembers(accountId);
  const invitations = mayManage ? await listOpenInvitations(accountId, deps().clock.now()) : [];
  return (
    <div className="grid gap-6">
      <header className="grid gap-2">
        <h1 className="text-xl">{text.title}</h1>
        <p className="text-muted">{text.lead}</p>
      </header>
      {typeof notice === "string" && isNotice(notice) ? (
        <Callout tone="good" live>
          {text.notices[notice]}
        </Callout>
      ) : null}
      <ul className="divide-y divide-line rounded-card border border-line bg-surface px-6 sm:px-8">
        {members.map((member) => (
          <MemberRow
            key={member.userId}
            member={member}
            isMe={member.userId === userId}
            mayManage={mayManage}
            text={text}
          />
        ))}
      </ul>
      {invitations.length > 0 ? (
        <Waiting invitations={invitations} locale={locale} text={text} />
      ) : null}
      {mayManage ? <Invite text={text} /> : null}
      <Card labelledBy="leave">
        <div className="grid gap-4">
          <h2 id="leave" className="text-lg">
            {text.leave.button}
          </h2>
          {memberRole === "owner" ? (
            <p className="text-muted">{text.leave.owner}</p>
          ) : (
            <ActionForm action={leaveAction}>
              <p className="text-muted">{text.leave.body}</p>
              <input type="hidden" name="accountId" value={accountId} />
              <div>
                <SubmitButton variant="secondary" pending={text.leave.pending}>
                  {text.leave.button}
                </SubmitButton>
              </div>
            </ActionForm>
          )}
        </div>
      </Card>
    </div>
  );
}

function Waiting({
  invitations,
  locale,
  text,
}: {
  invitations: readonly Invitation[];
  locale: Locale;
  text: MemberText;
}) {
  return (
    <section aria-labelledby="waiting" className="grid gap-3">
      <h2 id="waiting" className="text-lg">
        {text.open.title}
      </h2>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface px-6 sm:px-8">
        {invitations.map(({ id, email, role, expiresAt }) => (
          <li key={id} className="grid gap-3 py-5 sm:grid-cols-[1fr_auto] sm:items-center">
            <div className="grid gap-0.5">
              <p className="break-all font-semibold">{email}</p>
              <p className="text-muted text-sm">
                {text.roles[role]} ·{" "}
                {text.open.until(formatNearDate(seoulDayOf(expiresAt), locale))}
              </p>
            </div>
            <ActionForm action={withdrawAction}>
              <input type="hidden" name="invitationId" value={id} />
              <SubmitButton variant="secondary" pending={text.open.pending}>
                {text.open.withdraw}
                <span className="sr-only">{` ${email}`}</span>
              </SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Invite({ text }: { text: MemberText }) {
  return (
    <Card labelledBy="invite">
      <div className="grid gap-5">
        <h2 id="invite" className="text-lg">
          {text.invite.title}
        </h2>
        <ActionForm action={inviteAction}>
          <Field
            name="email"
            label={text.invite.email}
            hint={text.invite.emailHint}
            type="email"
            inputMode="email"
            autoComplete="off"
          />
          <RadioGroup
            name="role"
            label={text.invite.role}
            choices={INVITED_ROLES.map((value) => ({
              value,
              label: text.roles[value],
              hint: text.can[value],
            }))}
          />
          <div>
            <SubmitButton pending={text.invite.pending}>{text.invite.submit}</SubmitButton>
          </div>
        </ActionForm>
      </div>
    </Card>
  );
}

function isNotice(notice: string): notice is keyof MemberText["notices"] {
  return Object.hasOwn(memberText.ko.notices, notice);
}
