import { bookAccountMail } from "@/lib/operations/message/book-account-mail";
import type { Work } from "@/lib/operations/work";
import { env } from "@/lib/runtime/env";

/** Tells the owner that their password is another one, in case it was not they who changed it. */
export function bookPasswordChangedMail(work: Work, userId: string): Promise<string> {
  return bookAccountMail(work, {
    kind: "password-changed",
    userId,
    subject: "비밀번호를 바꿨어요",
    lines: [
      "비밀번호가 바뀌었고, 다른 기기에서는 모두 로그아웃됐어요.",
      "",
      "직접 바꾸지 않았다면 지금 바로 비밀번호를 다시 정해 주세요.",
      `${env().APP_URL}/forgot-password`,
    ],
  });
}
