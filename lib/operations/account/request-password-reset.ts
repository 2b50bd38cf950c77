import { randomBytes } from "node:crypto";
import { findUserByEmail, insertPasswordReset } from "@/db/user";
import { PASSWORD_RESET_MINUTES } from "@/lib/billing/policy";
import {
  type ClientAddress,
  networkOf,
  refuseTries,
  type TooManyTries,
  takeAccountTry,
  takeAddressTry,
} from "@/lib/http/rate-limit";
import { bookAccountMail } from "@/lib/operations/message/book-account-mail";
import { inTransaction, member } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";
import { ok, type Result } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";

const PER_ADDRESS = { name: "password-reset-address", tries: 20, minutes: 60 };
const PER_NETWORK = { name: "password-reset-account-network", tries: 5, minutes: 60 };
/** A window no longer than a link works: whoever is refused has one in the mailbox that does. */
const PER_ACCOUNT = { name: "password-reset-account", tries: 20, minutes: PASSWORD_RESET_MINUTES };

type ResetDeps = Deps & {
  /** Does work once the answer is on its way; the answer must not take longer for an address we know. */
  readonly afterwards: (work: () => Promise<void>) => Promise<void>;
};

/** Mails a link that sets a new password. The answer is the same whether or not somebody has this address. */
export async function requestPasswordReset(
  deps: ResetDeps,
  { email, address }: { email: string; address: ClientAddress },
): Promise<Result<null, TooManyTries>> {
  const now = deps.clock.now();
  const fromNetwork = `${email} ${networkOf(address)}`;
  if (!(await takeAddressTry(PER_ADDRESS, address, now))) return refuseTries(PER_ADDRESS, now);
  if (!(await takeAccountTry(PER_NETWORK, fromNetwork, now))) return refuseTries(PER_NETWORK, now);
  if (!(await takeAccountTry(PER_ACCOUNT, email, now))) return refuseTries(PER_ACCOUNT, now);
  await deps.afterwards(() => mailLink(deps, email, now));
  return ok(null);
}

async function mailLink(deps: Deps, email: string, now: Date): Promise<void> {
  const user = await findUserByEmail(email);
  if (!user) return;
  const token = randomBytes(32).toString("base64url");
  const id = await inTransaction(deps, member(user.id), async (work) => {
    const { tx } = work;
    const expiresAt = new Date(now.getTime() + PASSWORD_RESET_MINUTES * 60_000);
    await insertPasswordReset(tx, { tokenHash: sha256(token), userId: user.id, expiresAt });
    return bookAccountMail(work, {
      kind: "password-reset",
      userId: user.id,
      subject: "비밀번호를 다시 정해 주세요",
      lines: [
        "비밀번호를 다시 정할 수 있는 링크를 보내 드려요.",
        `${env().APP_URL}/reset-password?token=${token}`,
        "",
        `링크는 ${PASSWORD_RESET_MINUTES}분 동안 한 번만 쓸 수 있어요.`,
        "요청하지 않았다면 이 메일을 무시해 주세요. 지금 비밀번호는 그대로예요.",
      ],
    });
  });
  await deps.hint([{ name: "mail/messages.booked", id, data: {} }]);
}
