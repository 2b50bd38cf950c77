/**
 * Signing in through Kakao, Naver or Google.
 *
 * A known identity signs its person in. An unknown one joins an existing account only when the provider vouches for
 * the e-mail address. Whoever opened that account may never have shown that the address is theirs; then every way in
 * they set up is taken away, so that nobody can lay an account in wait for its rightful owner.
 */
import { randomUUID } from "node:crypto";
import { writeAudit } from "@/db/audit";
import { type Tx, transaction } from "@/db/client";
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
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type Identity = {
  readonly provider: "kakao" | "naver" | "google";
  readonly providerAccountId: string;
  readonly email: string | null;
  /** The provider has checked that the address belongs to the person. */
  readonly isEmailVerified: boolean;
  readonly name: string | null;
};

type LinkRefusal = { code: "no-email" | "email-unverified" | "email-taken" };

export async function linkIdentity(
  { clock, newId }: Pick<Deps, "clock" | "newId">,
  identity: Identity,
): Promise<Result<{ userId: string }, LinkRefusal>> {
  const known = await findUserByIdentity(identity.provider, identity.providerAccountId);
  if (known) return ok({ userId: known.id });
  const email = identity.email?.trim().toLowerCase();
  if (!email) return refuse({ code: "no-email" });
  const isProving = PROVING_PROVIDERS.some((provider) => provider === identity.provider);
  if (isProving && !identity.isEmailVerified) return refuse({ code: "email-unverified" });

  const now = clock.now();
  return transaction(async (tx) => {
    const account = await lockUserByEmail(tx, email);
    if (account && !isProving) return refuse({ code: "email-taken" });
    if (account && !(await hasProvenEmail(tx, account.id))) await revokeAccess(tx, account.id);
    const userId = account?.id ?? newId("user");
    if (!account && !(await addPerson(tx, { userId, email, now }, identity, newId)))
      return refuse({ code: "email-taken" });
    const { provider, providerAccountId } = identity;
    await insertIdentity(tx, { provider, providerAccountId, userId });
    await writeAudit(
      tx,
      [{ actor: userId, action: "user.identity-linked", subjectId: userId, details: { provider } }],
      now,
    );
    return ok({ userId });
  });
}

function addPerson(
  tx: Tx,
  { userId, email, now }: { userId: string; email: string; now: Date },
  identity: Identity,
  newId: Deps["newId"],
): Promise<boolean> {
  const own = parsePersonName([...(identity.name ?? "")].slice(0, 50).join(""));
  const name = own ?? email.slice(0, email.indexOf("@")).slice(0, 50);
  return insertUser(
    tx,
    { id: userId, email, name, passwordHash: null, createdAt: now },
    { id: newId("customer"), customerKey: randomUUID() },
  );
}
