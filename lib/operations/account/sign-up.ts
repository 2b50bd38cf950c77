import { randomUUID } from "node:crypto";
import { findUserByEmail, insertUser } from "@/db/user";
import { findWeakness, type Weakness } from "@/lib/auth/password-rules";
import { hashPassword } from "@/lib/auth/passwords";
import {
  type ClientAddress,
  refuseTries,
  type TooManyTries,
  takeAddressTry,
} from "@/lib/http/rate-limit";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

const PER_ADDRESS = { name: "sign-up-address", tries: 20, minutes: 60 };

export type NewPerson = {
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly password: string;
  /** The language of the page they signed up on. */
  readonly locale: "ko" | "en";
  readonly address: ClientAddress;
  /** The version of the terms and the privacy policy that were agreed to. */
  readonly termsVersion: string;
};

type SignUpRefusal =
  | TooManyTries
  | { readonly code: "email-taken" }
  | { readonly code: "weak-password"; readonly weakness: Weakness };

/** Makes a user and an account of their own, with a customer key that Toss will know them by for ever. */
export async function signUp(
  deps: ClockAndIds,
  person: NewPerson,
): Promise<Result<{ userId: string }, SignUpRefusal>> {
  const now = deps.clock.now();
  if (!(await takeAddressTry(PER_ADDRESS, person.address, now)))
    return refuseTries(PER_ADDRESS, now);
  const weakness = findWeakness(person.password, person.email);
  if (weakness) return refuse({ code: "weak-password", weakness });
  if (await findUserByEmail(person.email)) return refuse({ code: "email-taken" });
  const passwordHash = await hashPassword(person.password);
  const userId = deps.newId("user");
  return inTransaction(deps, member(userId), async (work) => {
    const { tx } = work;
    const { email, name, locale, termsVersion } = person;
    const user = { id: userId, email, name, locale, passwordHash, createdAt: now };
    const account = { id: work.newId("account"), customerKey: randomUUID() };
    if (!(await insertUser(tx, user, account))) return refuse({ code: "email-taken" });
    const details = { termsVersion };
    await work.audit({ action: "user.signed-up", subjectId: userId, details });
    return ok({ userId });
  });
}
