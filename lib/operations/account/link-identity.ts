/**
 * Signing in through Kakao, Naver or Google.
 *
 * A known identity signs its person in. An unknown one joins an existing account only when the provider vouches for
 * the e-mail address. Whoever opened that account may never have shown that the address is theirs; then every way in
 * they set up is taken away, so that nobody can lay an account in wait for its rightful owner.
 */

import { randomUUID } from "node:crypto";
import {
  findUserByIdentity,
  hasProvenEmail,
  insertIdentity,
  insertUser,
  lockUserByEmail,
  PROVING_PROVIDERS,
  revokeAccess,
} from "@/db/user";
import { parsePersonName } from "@/lib/auth/person-name";
import { inTransaction, JOB, member, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type Identity = {
  readonly provider: "kakao" | "naver" | "google";
  readonly providerAccountId: string;
  readonly email: string | null;
  /** The provider has checked that the address belongs to the person. */
  readonly isEmailVerified: boolean;
  readonly name: string | null;
  /** The language of the page they came from. */
  readonly locale: "ko" | "en";
};

type LinkRefusal = { code: "no-email" | "email-unverified" | "email-taken" };

export async function linkIdentity(
  deps: ClockAndIds,
  identity: Identity,
): Promise<Result<{ userId: string }, LinkRefusal>> {
  const known = await findUserByIdentity(identity.provider, identity.providerAccountId);
  if (known) return ok({ userId: known.id });
  const email = identity.email?.trim().toLowerCase();
  if (!email) return refuse({ code: "no-email" });
  const isProving = PROVING_PROVIDERS.some((provider) => provider === identity.provider);
  if (isProving && !identity.isEmailVerified) return refuse({ code: "email-unverified" });

  return inTransaction(deps, JOB, async (work) => {
    const { tx } = work;
    const account = await lockUserByEmail(tx, email);
    if (account && !isProving) return refuse({ code: "email-taken" });
    if (account && !(await hasProvenEmail(tx, account.id))) await revokeAccess(tx, account.id);
    const userId = account?.id ?? work.newId("user");
    if (!account && !(await addPerson(work, { userId, email }, identity)))
      return refuse({ code: "email-taken" });
    const { provider, providerAccountId } = identity;
    await insertIdentity(tx, { provider, providerAccountId, userId });
    await work.audit({
      by: member(userId),
      action: "user.identity-linked",
      subjectId: userId,
      details: { provider },
    });
    return ok({ userId });
  });
}

function addPerson(
  work: Work,
  { userId, email }: { userId: string; email: string },
  identity: Identity,
): Promise<boolean> {
  const { tx, now, newId } = work;
  const own = parsePersonName([...(identity.name ?? "")].slice(0, 50).join(""));
  const name = own ?? email.slice(0, email.indexOf("@")).slice(0, 50);
  return insertUser(
    tx,
    { id: userId, email, name, locale: identity.locale, passwordHash: null, createdAt: now },
    { id: newId("account"), customerKey: randomUUID() },
  );
}
