import { findUserByEmail } from "@/db/user";
import { seoulDayOf } from "@/lib/billing/calendar";
import { bookAccountMail } from "@/lib/operations/message/book-account-mail";
import { inTransaction, member } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";

/** Tells somebody by mail, once a day, that an address they tried to sign up with has an account. */
export async function tellAccountExists(deps: Deps, email: string): Promise<void> {
  const user = await findUserByEmail(email);
  if (!user) return;
  const { APP_URL } = env();
  const id = await inTransaction(deps, member(user.id), (work) =>
    bookAccountMail(work, {
      kind: "already-signed-up",
      userId: user.id,
      about: `${user.id}:${seoulDayOf(work.now)}`,
      subject: "이미 가입한 이메일이에요",
      lines: [
        "이 주소로 다시 가입하려는 요청이 있었어요. 이미 가입하셨으니 로그인하시면 돼요.",
        `${APP_URL}/sign-in`,
        "",
        "비밀번호를 잊으셨다면 여기에서 새로 정할 수 있어요.",
        `${APP_URL}/forgot-password`,
        "",
        "요청하지 않았다면 이 메일을 무시해 주세요. 계정은 그대로예요.",
      ],
    }),
  );
  await deps.hint([{ name: "mail/messages.booked", id, data: {} }]);
}
