import { and, eq, gt, inArray, lte, ne, or, sql } from "drizzle-orm";
import { accounts, sessions, users } from "@/db/schema/account";
import { db, type Tx } from "./client";
import { SIGNED_IN, type SignedIn } from "./user";

/** More than one sign-in adds, so that none pile up. */
const EXPIRED_AT_ONCE = 100;

/**
 * Who is signed in by this session; null when it has ended. The role is read anew each time, and whoever may see the
 * console must have signed in after `consoleSince`.
 */
export async function findPersonOfSession(
  id: string,
  at: { readonly now: Date; readonly consoleSince: Date },
): Promise<SignedIn | null> {
  const [row] = await db()
    .select(SIGNED_IN)
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(accounts, eq(accounts.userId, users.id))
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
