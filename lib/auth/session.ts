import "server-only";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { findPersonOfSession } from "@/db/session";
import { ACTING_ROLES, type SignedIn, type User } from "@/db/user";
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
 * Who is signed in, or null: for routes that answer 401 and pages that are open to everybody. Asked once per request.
 */
export const customerOrNull = cache(async (): Promise<SignedIn | null> => {
  const id = await currentSessionId();
  if (id === null) return null;
  const now = SESSION_TIME.clock.now();
  const consoleSince = new Date(now.getTime() - CONSOLE_SESSION_HOURS * HOUR_MS);
  return findPersonOfSession(id, { now, consoleSince });
});

/** The session that this browser's cookie names, whether or not it still counts. */
export async function currentSessionId(): Promise<string | null> {
  return openSession((await cookies()).get(sessionCookieName())?.value);
}

/** Who is signed in; others are sent to sign in and come back to `next`. */
export async function requireCustomer(next: string): Promise<SignedIn> {
  return (await customerOrNull()) ?? redirect(withNext("/sign-in", next));
}

/** The one who is signed in and may look at the console, or null. */
export async function operatorOrNull(): Promise<SignedIn | null> {
  const person = await customerOrNull();
  return person && person.role !== "customer" ? person : null;
}

/**
 * Who looks at the console. People who are not signed in are sent to sign in and come back to `next`; for everybody
 * else there is no such page.
 */
export async function requireOperator(next: string): Promise<SignedIn> {
  await requireCustomer(next);
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
