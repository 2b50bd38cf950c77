import { writeAudit } from "@/db/audit";
import { transaction } from "@/db/client";
import {
  consumePasswordReset,
  isPasswordResetOpen,
  removeOtherIdentities,
  setPassword,
} from "@/db/users";
import type { Deps } from "@/lib/deps";
import { hashPassword } from "@/lib/passwords";
import { allowAddress, type ClientAddress, refuseTries, type TooManyTries } from "@/lib/rate-limit";
import { ok, type Result, refuse } from "@/lib/result";
import { sha256 } from "@/lib/secrets";
import { PROVING_PROVIDERS } from "./link-identity";

const PER_ADDRESS = { name: "new-password-address", tries: 20, minutes: 60 };

/**
 * Sets a new password with a mailed token, which works once. All sessions of the person end, and so does every door
 * through a provider that does not vouch for the address: somebody else may have laid it before this mail proved whose
 * the address is.
 */
export async function resetPassword(
  { clock }: Pick<Deps, "clock">,
  { token, password, address }: { token: string; password: string; address: ClientAddress },
): Promise<Result<{ userId: string }, TooManyTries | { readonly code: "link-expired" }>> {
  const now = clock.now();
  if (!(await allowAddress(PER_ADDRESS, address, now))) return refuseTries(PER_ADDRESS, now);
  const tokenHash = sha256(token);
  // Asked before the password is hashed, so that guessing tokens stays cheap for us.
  if (!(await isPasswordResetOpen(tokenHash, now))) return refuse({ code: "link-expired" });
  const passwordHash = await hashPassword(password);
  return transaction(async (tx) => {
    const userId = await consumePasswordReset(tx, tokenHash, now);
    if (userId === null) return refuse({ code: "link-expired" });
    await setPassword(tx, userId, passwordHash);
    await removeOtherIdentities(tx, userId, PROVING_PROVIDERS);
    const entry = { actor: userId, action: "user.password-reset", subjectId: userId, details: {} };
    await writeAudit(tx, [entry], now);
    return ok({ userId });
  });
}
