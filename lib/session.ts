import "server-only";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
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
