import { and, eq, exists, gt, inArray, lte, ne, or, sql } from "drizzle-orm";
import { accountMembers, sessions, users } from "@/db/schema/account";
import { db, type Tx } from "./client";
import { membershipOf, type SignedIn, signedInBy } from "./user";

/** More than one sign-in adds, so that none pile up. */
const EXPIRED_AT_ONCE = 100;

/**
 * Who is signed in by this session, and for which account; null when it has ended. Roles and memberships are read anew
 * each time, so a chosen account counts for nothing once its user is no member. Whoever may see the console must have
 * signed in after `consoleSince`.
 */
export async function findPersonOfSession(
  id: string,
  at: { readonly now: Date; readonly consoleSince: Date },
): Promise<SignedIn | null> {
  const membership = membershipOf(
    sql`${accountMembers.accountId} = ${sessions.accountId} desc nulls last`,
  );
  const [row] = await db()
    .select(signedInBy(membership))
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoinLateral(membership, sql`true`)
    .where(
      and(
        eq(sessions.id, id),
        gt(sessions.expiresAt, at.now),
        or(eq(users.role, "customer"), gt(sessions.startedAt, at.consoleSince)),
      ),
    );
  return row ?? null;
}

export async function insertSession(tx: Tx, session: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(session);
}

/** Has a session look at an account of its user; false when they are no member of it. */
export async function setAccountOfSession(
  tx: Tx,
  session: { readonly id: string; readonly userId: string },
  accountId: string,
): Promise<boolean> {
  const isMember = exists(
    tx
      .select({ role: accountMembers.role })
      .from(accountMembers)
      .where(
        and(eq(accountMembers.accountId, accountId), eq(accountMembers.userId, session.userId)),
      ),
  );
  const changed = await tx
    .update(sessions)
    .set({ accountId })
    .where(and(eq(sessions.id, session.id), eq(sessions.userId, session.userId), isMember))
    .returning({ id: sessions.id });
  return changed.length > 0;
}

export async function deleteSession(tx: Tx, id: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.id, id));
}

/** Forgets some sessions that are over; rows that another transaction forgets are skipped. */
export async function deleteExpiredSessions(tx: Tx, now: Date): Promise<void> {
  const expired = tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(lte(sessions.expiresAt, now))
    .limit(EXPIRED_AT_ONCE)
    .for("update", { skipLocked: true });
  await tx.delete(sessions).where(inArray(sessions.id, expired));
}

/** Ends every session of a person but `keptId`, and voids sign-ins that were checked but have not begun one yet. */
export async function deleteOtherSessions(tx: Tx, userId: string, keptId: string): Promise<void> {
  await tx
    .update(users)
    .set({ sessionEpoch: sql`${users.sessionEpoch} + 1` })
    .where(eq(users.id, userId));
  await tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.id, keptId)));
}
