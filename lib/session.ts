import "server-only";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { findSignedIn, type SignedIn, type User } from "@/db/users";
import { isSecure, openSession, SESSION_SECONDS, sealSession, sessionCookieName } from "@/lib/auth";
import { withNext } from "@/lib/next-path";

/**
 * Who is signed in, or null: for routes that answer 401 and pages that are open to everybody. A session made before
 * the person's password changed counts for nothing. Asked once per request.
 */
export const customerOrNull = cache(async (): Promise<SignedIn | null> => {
  const session = await openSession((await cookies()).get(sessionCookieName())?.value);
  if (!session) return null;
  const person = await findSignedIn(session.userId);
  return person?.sessionEpoch === session.sessionEpoch ? person : null;
});

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
  return role === "operator" || role === "owner";
}

/** Signs a person in on this browser. Only in actions and routes. */
export async function startSession(
  user: Pick<User, "id" | "role" | "sessionEpoch">,
): Promise<void> {
  (await cookies()).set(sessionCookieName(), await sealSession(user), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isSecure(),
    maxAge: SESSION_SECONDS,
  });
}

/** Signs the person out on this browser. Only in actions and routes. */
export async function endSession(): Promise<void> {
  (await cookies()).delete({ name: sessionCookieName(), path: "/", secure: isSecure() });
}
