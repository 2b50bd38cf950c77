"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { accountAction, done, refused, rowId, signedInAction } from "@/app/action";
import { memberText } from "@/components/text/member";
import { deps } from "@/deps";
import { emailAddress } from "@/lib/auth/email-address";
import { INVITED_ROLES } from "@/lib/billing/account/member";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { appointMember } from "@/lib/operations/account/appoint-member";
import { inviteMember } from "@/lib/operations/account/invite";
import { leaveAccount } from "@/lib/operations/account/leave";
import { removeMember } from "@/lib/operations/account/remove-member";
import { withdrawInvitation } from "@/lib/operations/account/withdraw-invitation";
import { member } from "@/lib/operations/work";

const CHANGES = { name: "members", tries: 60, minutes: 60 };

const role = z.enum(INVITED_ROLES, "role");

export const inviteAction = accountAction(
  "manage",
  z.object({ email: emailAddress, role }),
  async ({ accountId, userId }, form, { locale }) => {
    const text = memberText[locale].invite;
    const invitation = { accountId, actor: member(userId), locale, ...form };
    const result = await inviteMember(deps(), invitation);
    if (result.ok) return done(text.sent(form.email));
    switch (result.refusal.code) {
      case "already-member":
        return refused(undefined, { email: text.alreadyMember });
      case "too-many-tries":
        return refused(text.tooMany);
      case "not-allowed":
        return refused(memberText[locale].notAllowed.manage);
      default:
        return result.refusal satisfies never;
    }
  },
);

export const withdrawAction = accountAction(
  "manage",
  z.object({ invitationId: rowId }),
  async ({ accountId, userId, email }, form, { locale }) => {
    const text = memberText[locale];
    if (!(await takeAccountTry(CHANGES, email, deps().clock.now()))) return refused(text.tooMany);
    const result = await withdrawInvitation(deps(), {
      accountId,
      actor: member(userId),
      ...form,
    });
    if (!result.ok) return refused(text.open.gone);
    redirect("/account/members?notice=withdrawn");
  },
);

export const appointAction = accountAction(
  "manage",
  z.object({ memberId: rowId, role }),
  async ({ accountId, userId, email }, form, { locale }) => {
    const text = memberText[locale];
    if (!(await takeAccountTry(CHANGES, email, deps().clock.now()))) return refused(text.tooMany);
    const result = await appointMember(deps(), {
      accountId,
      actor: member(userId),
      userId: form.memberId,
      role: form.role,
    });
    if (!result.ok) return refused(text.unknownMember);
    redirect("/account/members?notice=appointed");
  },
);

export const removeAction = accountAction(
  "manage",
  z.object({ memberId: rowId }),
  async ({ accountId, userId, email }, { memberId }, { locale }) => {
    const text = memberText[locale];
    if (!(await takeAccountTry(CHANGES, email, deps().clock.now()))) return refused(text.tooMany);
    const result = await removeMember(deps(), {
      accountId,
      actor: member(userId),
      userId: memberId,
    });
    if (!result.ok) return refused(text.unknownMember);
    redirect("/account/members?notice=removed");
  },
);

export const leaveAction = signedInAction(
  // Of the account that the page showed: another tab may have switched meanwhile.
  z.object({ accountId: rowId }),
  async ({ userId, email }, { accountId }, { locale }) => {
    const text = memberText[locale];
    if (!(await takeAccountTry(CHANGES, email, deps().clock.now()))) return refused(text.tooMany);
    const result = await leaveAccount(deps(), { accountId, userId });
    if (!result.ok)
      return refused(result.refusal.code === "is-owner" ? text.leave.owner : text.unknownMember);
    redirect("/account?notice=left");
  },
);
