import {
  consumePasswordReset,
  findEmailOfReset,
  PROVING_PROVIDERS,
  removeOtherIdentities,
  setPassword,
} from "@/db/user";
import { findWeakness, type Weakness } from "@/lib/auth/password-rules";
import { hashPassword } from "@/lib/auth/passwords";
import {
  type ClientAddress,
  refuseTries,
  type TooManyTries,
  takeAddressTry,
} from "@/lib/http/rate-limit";
import { inTransaction, JOB, member } from "@/lib/operations/work";
import type { ClockAndIds, Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";
import { bookPasswordChangedMail } from "./password-changed-mail";

const PER_ADDRESS = { name: "new-password-address", tries: 20, minutes: 60 };
/** Wider: mail programs open links to look at them, too. */
const LOOKS_PER_ADDRESS = { name: "reset-link-address", tries: 60, minutes: 60 };

type ResetRefusal =
  | TooManyTries
  | { readonly code: "link-expired" }
  /** The link still works: another password may be tried. */
  | { readonly code: "weak-password"; readonly weakness: Weakness };

/**
 * Opens a mailed link: answers whether it still sets a password, and does not use the link up. Unknown, used and old
 * links answer alike. An address that opened too many reads "open", whatever its link is; the form then decides.
 */
export async function openResetLink(
  deps: ClockAndIds,
  { token, address }: { token: string; address: ClientAddress },
): Promise<"open" | "expired"> {
  const now = deps.clock.now();
  if (!(await takeAddressTry(LOOKS_PER_ADDRESS, address, now))) return "open";
  return (await findEmailOfReset(sha256(token), now)) === null ? "expired" : "open";
}

/**
 * Sets a new password with a mailed token, which works once. All sessions of the person end, and so does every door
 * through a provider that does not vouch for the address: somebody else may have laid it before this mail proved whose
 * the address is.
 */
export async function resetPassword(
  deps: Deps,
  { token, password, address }: { token: string; password: string; address: ClientAddress },
): Promise<Result<{ userId: string }, ResetRefusal>> {
  const now = deps.clock.now();
  if (!(await takeAddressTry(PER_ADDRESS, address, now))) return refuseTries(PER_ADDRESS, now);
  const tokenHash = sha256(token);
  // Asked before the password is hashed, so that guessing tokens stays cheap for us.
  const email = await findEmailOfReset(tokenHash, now);
  if (email === null) return refuse({ code: "link-expired" });
  const weakness = findWeakness(password, email);
  if (weakness) return refuse({ code: "weak-password", weakness });
  const passwordHash = await hashPassword(password);
  const changed = await inTransaction(deps, JOB, async (work) => {
    const { tx } = work;
    const userId = await consumePasswordReset(tx, tokenHash, now);
    if (userId === null) return null;
    await setPassword(tx, userId, passwordHash);
    await removeOtherIdentities(tx, userId, PROVING_PROVIDERS);
    const by = member(userId);
    await work.audit({ by, action: "user.password-reset", subjectId: userId, details: {} });
    return { userId, mailId: await bookPasswordChangedMail(work, userId) };
  });
  if (!changed) return refuse({ code: "link-expired" });
  await deps.hint([{ name: "mail/messages.booked", id: changed.mailId, data: {} }]);
  return ok({ userId: changed.userId });
}
