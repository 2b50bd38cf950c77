import { randomBytes } from "node:crypto";
import { lockAccount } from "@/db/account";
import { insertInvitation } from "@/db/invitation";
import { isMemberByEmail } from "@/db/member";
import { findEmail } from "@/db/user";
import type { InvitedRole } from "@/lib/billing/account/member";
import { INVITATION_DAYS } from "@/lib/billing/policy";
import { refuseTries, type TooManyTries, takeAccountTry } from "@/lib/http/rate-limit";
import { bookAccountMail } from "@/lib/operations/message/book-account-mail";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";

/** Anybody can sign up and invite strangers, so both ends have a limit. */
const PER_ACCOUNT = { name: "invite", tries: 20, minutes: 24 * 60 };
const PER_RECIPIENT = { name: "invite-recipient", tries: 5, minutes: 24 * 60 };

const DAY_MS = 24 * 60 * 60_000;

export type InviteRefusal = TooManyTries | { readonly code: "not-allowed" | "already-member" };

type NewInvitation = {
  readonly accountId: string;
  readonly actor: Actor;
  /** In lower case. */
  readonly email: string;
  readonly role: InvitedRole;
  /** The language the inviter uses; that of the recipient is not known. */
  readonly locale: "ko" | "en";
};

/** Mails a link by which somebody becomes a member. A link mailed to the same address before stops working. */
export async function inviteMember(
  deps: Deps,
  { accountId, actor, email, role, locale }: NewInvitation,
): Promise<Result<null, InviteRefusal>> {
  const startedAt = deps.clock.now();
  for (const [limit, who] of [
    [PER_ACCOUNT, accountId],
    [PER_RECIPIENT, email],
  ] as const)
    if (!(await takeAccountTry(limit, who, startedAt))) return refuseTries(limit, startedAt);
  const token = randomBytes(32).toString("base64url");
  const booked = await inTransaction(deps, actor, async (work) => {
    const { tx, now } = work;
    const { ownerId } = await lockAccount(tx, accountId);
    if (!(await work.may(accountId, "manage"))) return refuse({ code: "not-allowed" } as const);
    if (await isMemberByEmail(tx, accountId, email))
      return refuse({ code: "already-member" } as const);
    const id = work.newId("invitation");
    await insertInvitation(tx, {
      id,
      accountId,
      email,
      role,
      tokenHash: sha256(token),
      createdAt: now,
      expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
    });
    await work.audit({ action: "member.invited", subjectId: accountId, details: { id, role } });
    const words = WORDS[locale];
    const link = `${env().APP_URL}/invitation?token=${token}`;
    const mailId = await bookAccountMail(work, {
      kind: "invitation",
      email,
      about: id,
      subject: words.subject,
      lines: words.lines(await findEmail(tx, ownerId), words.as[role], link),
    });
    return ok(mailId);
  });
  if (!booked.ok) return booked;
  await deps.hint([{ name: "mail/messages.booked", id: booked.value, data: {} }]);
  return ok(null);
}

const WORDS = {
  ko: {
    subject: "매달 계정에 초대받았어요",
    as: { billing: "결제 담당자로", member: "일반 구성원으로" },
    lines: (owner: string, as: string, link: string) => [
      `${owner} 계정의 소유자가 ${as} 초대했어요.`,
      "아래 링크에서 내용을 확인하고 수락할 수 있어요.",
      link,
      "",
      `링크는 ${INVITATION_DAYS}일 동안 한 번만 쓸 수 있어요.`,
      "모르는 초대라면 이 메일을 무시해 주세요. 아무 일도 일어나지 않아요.",
    ],
  },
  en: {
    subject: "You are invited to a Maedal account",
    as: { billing: "a billing member", member: "a plain member" },
    lines: (owner: string, as: string, link: string) => [
      `The owner of the account ${owner} invites you as ${as}.`,
      "Look at the invitation and accept it here:",
      link,
      "",
      `The link works once, for ${INVITATION_DAYS} days.`,
      "If you do not know what this is about, ignore this mail. Nothing will happen.",
    ],
  },
} as const;
