import { randomBytes, randomUUID } from "node:crypto";
import type { Role } from "@/db/schema/account";
import {
  ACTING_ROLES,
  hasProvenEmail,
  insertPasswordReset,
  insertUser,
  lockActingOperators,
  lockUserByEmail,
  revokeAccess,
  setRole,
} from "@/db/user";
import { OPERATOR_LINK_HOURS } from "@/lib/billing/policy";
import { COMMAND, inTransaction, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";
import { isLastOperator } from "./revoke-role";

export type Grant = {
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: Exclude<Role, "customer">;
  /** Who runs the command, as the operating system calls them. */
  readonly grantedBy: string;
};

export type Granted = {
  readonly before: Role | null;
  /** Sets a password once; null for a person who has shown that the address is theirs and keeps their way in. */
  readonly token: string | null;
};

/**
 * Gives a person a role in the console; opens an account for an address that has none. Whoever signed up with an
 * address may not own it. As long as nobody has shown that it is theirs, every way in set up so far is taken away, and
 * a link that sets a password takes its place. A second call makes a new link.
 */
export async function grantRole(
  deps: ClockAndIds,
  { email, name, role, grantedBy }: Grant,
): Promise<Result<Granted, { code: "last-operator" | "email-taken" }>> {
  return inTransaction(deps, COMMAND, async (work) => {
    const { tx, now, newId } = work;
    const operators = await lockActingOperators(tx);
    const known = await lockUserByEmail(tx, email);
    if (known && !ACTING_ROLES.includes(role) && isLastOperator(operators, known.id))
      return refuse({ code: "last-operator" });
    const userId = known?.id ?? newId("user");
    if (!known) {
      const user = { id: userId, email, name, passwordHash: null, createdAt: now };
      const account = { id: newId("account"), customerKey: randomUUID() };
      // Somebody signed up with the address this very moment.
      if (!(await insertUser(tx, user, account))) return refuse({ code: "email-taken" });
    }
    await setRole(tx, userId, role);
    const isProven = await hasProvenEmail(tx, userId);
    const token = isProven ? null : await replaceAccess(work, userId);
    const before = known?.role ?? null;
    const details = { before, after: role, by: grantedBy, link: token !== null };
    const entry = { action: "user.role-granted", subjectId: userId, details };
    await work.audit(entry);
    return ok({ before, token });
  });
}

async function replaceAccess(work: Work, userId: string): Promise<string> {
  const { tx, now } = work;
  await revokeAccess(tx, userId);
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(now.getTime() + OPERATOR_LINK_HOURS * 60 * 60_000);
  await insertPasswordReset(tx, { tokenHash: sha256(token), userId, expiresAt });
  return token;
}
