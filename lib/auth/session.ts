import "server-only";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { listMemberships, type Membership } from "@/db/member";
import { findPersonOfSession } from "@/db/session";
import { ACTING_ROLES, type SignedIn, type User } from "@/db/user";
import { mayAs, type Right } from "@/lib/billing/account/member";
import { CONSOLE_SESSION_HOURS } from "@/lib/billing/policy";
import { withNext } from "@/lib/http/next-path";
import { beginSession } from "@/lib/operations/account/begin-session";
import { revokeSession } from "@/lib/operations/account/revoke-session";
import {
  isSecure,
  openSession,
  SESSION_SECONDS,
  SESSION_TIME,
  sealSession,
  sessionCookieName,
} from "./next-auth";

const HOUR_MS = 60 * 60 * 1000;

/**
 * Who is signed in, or null: for pages that are open to everybody. Asked once per request.
 */
export const signedInOrNull = cache(async (): Promise<SignedIn | null> => {
  const id = await currentSessionId();
  if (id === null) return null;
  const now = SESSION_TIME.clock.now();
  const consoleSince = new Date(now.getTime() - CONSOLE_SESSION_HOURS * HOUR_MS);
  return findPersonOfSession(id, { now, consoleSince });
});

/** The accounts of whoever is signed in, and which of them this browser looks at. */
export async function findOwnAccounts(): Promise<{
  readonly current: string;
  readonly memberships: readonly Membership[];
}> {
  const person = await signedInOrNull();
  if (!person) return { current: "", memberships: [] };
  return { current: person.accountId, memberships: await listMemberships(person.userId) };
}

/** Who is signed in and may do this for the account they look at; for others, what a route answers instead. */
export async function signedInFor(right: Right): Promise<SignedIn | Response> {
  const person = await signedInOrNull();
  if (!person) return Response.json({ code: "signed-out" }, { status: 401 });
  if (!mayAs(person.memberRole, right))
    return Response.json({ code: "not-allowed" }, { status: 403 });
  return person;
}

/** The session that this browser's cookie names, whether or not it still counts. */
export async function currentSessionId(): Promise<string | null> {
  return openSession((await cookies()).get(sessionCookieName())?.value);
}

/** Who is signed in; others are sent to sign in and come back to `next`. */
export async function requireSignedIn(next: string): Promise<SignedIn> {
  return (await signedInOrNull()) ?? redirect(withNext("/sign-in", next));
}

/** The one who is signed in and may look at the console, or null. */
export async function operatorOrNull(): Promise<SignedIn | null> {
  const person = await signedInOrNull();
  return person && person.role !== "customer" ? person : null;
}

/**
 * Who looks at the console. People who are not signed in are sent to sign in and come back to `next`; for everybody
 * else there is no such page.
 */
export async function requireOperator(next: string): Promise<SignedIn> {
  await requireSignedIn(next);
  return (await operatorOrNull()) ?? notFound();
}

/** Whether a person of the console may also act in it: support reads only. */
export function mayOperate({ role }: Pick<SignedIn, "role">): boolean {
  return ACTING_ROLES.includes(role);
}

/**
 * Signs a person in on this browser; false when all their sessions ended since they were checked. Only in actions and
 * routes.
 */
export async function startSession(user: Pick<User, "id" | "sessionEpoch">): Promise<boolean> {
  const begun = await beginSession(SESSION_TIME, user, await currentSessionId());
  if (!begun.ok) return false;
  (await cookies()).set(sessionCookieName(), await sealSession(begun.value.sessionId), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isSecure(),
    maxAge: SESSION_SECONDS,
  });
  return true;
}

/** Signs the person out on this browser, and ends the session itself. Only in actions and routes. */
export async function endSession(): Promise<void> {
  const id = await currentSessionId();
  if (id !== null) await revokeSession(id);
  (await cookies()).delete({ name: sessionCookieName(), path: "/", secure: isSecure() });
}
