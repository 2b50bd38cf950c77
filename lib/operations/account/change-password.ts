import { deletePasswordResets, findUserByEmail, lockUser, setPassword, type User } from "@/db/user";
import { findWeakness, type Weakness } from "@/lib/auth/password-rules";
import { hashPassword, verifyPassword } from "@/lib/auth/passwords";
import { refuseTries, type TooManyTries, takeAccountTry } from "@/lib/http/rate-limit";
import { inTransaction, member } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { bookPasswordChangedMail } from "./password-changed-mail";

const LIMIT = { name: "change-password", tries: 10, minutes: 10 };

type ChangeRefusal =
  | TooManyTries
  | { readonly code: "wrong-password" | "no-password" }
  | { readonly code: "weak-password"; readonly weakness: Weakness };

/**
 * Sets a new password for somebody who is signed in and knows the one before. All their sessions end, and links that
 * were mailed before are void. Answers the person as they may sign in now.
 */
export async function changePassword(
  deps: Deps,
  change: { readonly email: string; readonly currentPassword: string; readonly password: string },
): Promise<Result<Pick<User, "id" | "sessionEpoch">, ChangeRefusal>> {
  const { email, currentPassword, password } = change;
  const now = deps.clock.now();
  if (!(await takeAccountTry(LIMIT, email, now))) return refuseTries(LIMIT, now);
  const user = await findUserByEmail(email);
  if (!user?.passwordHash) return refuse({ code: "no-password" });
  if (!(await verifyPassword(currentPassword, user.passwordHash)))
    return refuse({ code: "wrong-password" });
  const weakness = findWeakness(password, email);
  if (weakness) return refuse({ code: "weak-password", weakness });
  const passwordHash = await hashPassword(password);
  const changed = await inTransaction(deps, member(user.id), async (work) => {
    const { tx } = work;
    const person = await lockUser(tx, user.id);
    // Changed by another tab, or by a link, since it was compared.
    if (person?.passwordHash !== user.passwordHash) return null;
    await setPassword(tx, user.id, passwordHash);
    await deletePasswordResets(tx, user.id);
    await work.audit({ action: "user.password-changed", subjectId: user.id, details: {} });
    return { mailId: await bookPasswordChangedMail(work, user.id), person };
  });
  if (!changed) return refuse({ code: "wrong-password" });
  await deps.hint([{ name: "mail/messages.booked", id: changed.mailId, data: {} }]);
  return ok({ id: user.id, sessionEpoch: changed.person.sessionEpoch + 1 });
}
