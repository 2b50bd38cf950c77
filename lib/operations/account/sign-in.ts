import { findUserByEmail, type User } from "@/db/user";
import { verifyPassword } from "@/lib/auth/passwords";
import {
  type ClientAddress,
  forgetTries,
  networkOf,
  refuseTries,
  type TooManyTries,
  takeAccountTry,
  takeAddressTry,
} from "@/lib/http/rate-limit";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

const PER_ADDRESS = { name: "sign-in-address", tries: 30, minutes: 10 };
const PER_NETWORK = { name: "sign-in-account-network", tries: 10, minutes: 10 };
/** For guesses spread over many networks; NIST SP 800-63B allows a hundred. */
const PER_ACCOUNT = { name: "sign-in-account", tries: 100, minutes: 60 };
const PER_DEVICE = { name: "sign-in-device", tries: 10, minutes: 10 };

/** A browser on which this person signed in, or set a new password, before. */
export type KnownDevice = { readonly userId: string; readonly deviceId: string };

type Credentials = {
  readonly email: string;
  readonly password: string;
  readonly address: ClientAddress;
  readonly device: KnownDevice | null;
};

/**
 * Who an e-mail address and a password belong to. An unknown address and a wrong password are one refusal that takes
 * the same time, so that nobody learns who has an account. Strangers who guess lock out themselves: their tries count
 * per account and network, while a device the person used before has tries of its own. A new password, and signing
 * out everywhere, begin the counts anew.
 */
export async function signIn(
  deps: ClockAndIds,
  { email, password, address, device }: Credentials,
): Promise<Result<User, TooManyTries | { readonly code: "wrong-credentials" }>> {
  const now = deps.clock.now();
  const user = await findUserByEmail(email);
  const account = `${email} ${user?.sessionEpoch ?? 0}`;
  const fromNetwork = `${account} ${networkOf(address)}`;
  const isKnown = device !== null && device.userId === user?.id;
  if (isKnown) {
    if (!(await takeAccountTry(PER_DEVICE, device.deviceId, now)))
      return refuseTries(PER_DEVICE, now);
  } else {
    if (!(await takeAddressTry(PER_ADDRESS, address, now))) return refuseTries(PER_ADDRESS, now);
    if (!(await takeAccountTry(PER_NETWORK, fromNetwork, now)))
      return refuseTries(PER_NETWORK, now);
    if (!(await takeAccountTry(PER_ACCOUNT, account, now))) return refuseTries(PER_ACCOUNT, now);
  }
  const isTheirs = await verifyPassword(password, user?.passwordHash ?? null);
  if (!user || !isTheirs) return refuse({ code: "wrong-credentials" });
  await forgetTries(PER_NETWORK, fromNetwork);
  await forgetTries(PER_ACCOUNT, account);
  if (isKnown) await forgetTries(PER_DEVICE, device.deviceId);
  return ok(user);
}
