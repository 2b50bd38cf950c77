import { appointAction, removeAction } from "@/app/account/members/actions";
import type { MemberText } from "@/components/text/member";
import { ActionForm } from "@/components/ui/action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import type { Member } from "@/db/member";
import type { MemberRole } from "@/lib/billing/account/member";

/** One member, with what the owner can do about them. Removing asks once more. */
export function MemberRow({
  member: { userId, name, email, role },
  isMe,
  mayManage,
  text,
}: {
  member: Member;
  isMe: boolean;
  mayManage: boolean;
  text: MemberText;
}) {
  return (
    <li className="grid gap-4 py-5">
      <div className="grid gap-0.5">
        <p className="break-all font-semibold">
          {name}
          {isMe ? <span className="text-muted"> ({text.you})</span> : null}
        </p>
        <p className="break-all text-muted text-sm">{email}</p>
        <p className="mt-1 text-sm">
          <span className="font-semibold">{text.roles[role]}</span>
          <span className="text-muted"> · {text.can[role]}</span>
        </p>
      </div>
      {mayManage && role !== "owner" ? (
        <div className="grid gap-3 sm:grid-cols-2">
          <Appoint userId={userId} name={name} role={role} text={text} />
          <details>
            <summary className="inline-flex min-h-12 w-full cursor-pointer items-center justify-center rounded-control px-5 font-semibold ring-1 ring-line-strong ring-inset transition-colors duration-150 hover:bg-sunken">
              {text.remove.button}
              <span className="sr-only">{` ${name}`}</span>
            </summary>
            <div className="mt-3 grid gap-3 rounded-control bg-sunken p-4 text-sm">
              <p className="font-semibold">{text.remove.title(name)}</p>
              <p>{text.remove.body}</p>
              <ActionForm action={removeAction}>
                <input type="hidden" name="memberId" value={userId} />
                <SubmitButton variant="danger" wide pending={text.remove.pending}>
                  {text.remove.confirm(name)}
                </SubmitButton>
              </ActionForm>
            </div>
          </details>
        </div>
      ) : null}
    </li>
  );
}

function Appoint({
  userId,
  name,
  role,
  text,
}: {
  userId: string;
  name: string;
  role: Exclude<MemberRole, "owner">;
  text: MemberText;
}) {
  const other = role === "billing" ? "member" : "billing";
  return (
    <ActionForm action={appointAction}>
      <input type="hidden" name="memberId" value={userId} />
      <input type="hidden" name="role" value={other} />
      <SubmitButton variant="secondary" wide pending={text.appoint.pending}>
        {text.appoint[other]}
        <span className="sr-only">{` ${name}`}</span>
      </SubmitButton>
    </ActionForm>
  );
}
