import { findUserByEmail, type User } from "@/db/users";
import type { Deps } from "@/lib/deps";
import { verifyPassword } from "@/lib/passwords";
import { allowAccount, allowAddress, type ClientAddress } from "@/lib/rate-limit";
import { ok, type Result, refuse } from "@/lib/result";

const PER_ADDRESS = { name: "sign-in-address", tries: 30, minutes: 10 };
const PER_ACCOUNT = { name: "sign-in-account", tries: 10, minutes: 10 };

/**
 * Who an e-mail address and a password belong to. An unknown address and a wrong password are one refusal that takes
 * the same time, so that nobody learns who has an account.
 */
export async function signIn(
  { clock }: Pick<Deps, "clock">,
  { email, password, address }: { email: string; password: string; address: ClientAddress },
): Promise<Result<User, { code: "too-many-tries" | "wrong-credentials" }>> {
  const now = clock.now();
  const allowed =
    (await allowAddress(PER_ADDRESS, address, now)) &&
    (await allowAccount(PER_ACCOUNT, email, now));
  if (!allowed) return refuse({ code: "too-many-tries" });
  const user = await findUserByEmail(email);
  const isTheirs = await verifyPassword(password, user?.passwordHash ?? null);
  return user && isTheirs ? ok(user) : refuse({ code: "wrong-credentials" });
}
