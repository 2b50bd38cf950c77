import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { users } from "@/db/schema/account";
import { messages } from "@/db/schema/message";
import type { Lease } from "@/lib/billing/lease";
import { anyOf, insertNew } from "./bulk";
import { db, type Tx } from "./client";
import { nextDueAt, type Queue, takeDue } from "./queue";

export type NewMessage = typeof messages.$inferInsert;
export type Message = typeof messages.$inferSelect;

const TO_SEND: Queue<typeof messages> = {
  table: messages,
  dueAt: "sendAt",
  tries: "tries",
  waits: isNull(messages.sentAt),
};

/** Books messages; one with a dedupe key that is there already is left out, since its fact was told. */
export async function insertMessages(tx: Tx, wanted: readonly NewMessage[]): Promise<void> {
  await insertNew(tx, messages, wanted);
}

/** Takes back what waits to be told of these subscriptions: something newer is told in its place. */
export async function withdrawWaitingMessages(
  tx: Tx,
  subscriptionIds: readonly string[],
): Promise<void> {
  if (subscriptionIds.length === 0) return;
  await tx
    .delete(messages)
    .where(
      and(
        anyOf(messages.subscriptionId, subscriptionIds),
        isNull(messages.sentAt),
        eq(messages.tries, 0),
      ),
    );
}

/** Takes messages to send; each is booked again until it is marked as sent. */
export async function takeMessagesToSend(
  tx: Tx,
  at: Lease,
  limit: number,
): Promise<readonly { message: Message; email: string }[]> {
  const taken = await takeDue(tx, TO_SEND, { ...at, limit });
  const emails = await emailsOf(
    tx,
    taken.flatMap((message) => message.userId ?? []),
  );
  return taken.map((message) => ({
    message,
    email: message.email ?? emails.get(message.userId ?? "") ?? "",
  }));
}

/** When the next message after `after` is to be sent; the movable clock stops there. */
export async function nextMessageAt(after: Date): Promise<Date | null> {
  return nextDueAt(TO_SEND, after);
}

export async function markMessagesSent(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await tx.update(messages).set({ sentAt: now }).where(anyOf(messages.id, ids));
}

/** The newest messages to everybody: the sandbox's mailbox. */
export async function listMessages(
  limit: number,
): Promise<readonly { message: Message; email: string }[]> {
  return db()
    .select({ message: messages, email: sql<string>`coalesce(${messages.email}, ${users.email})` })
    .from(messages)
    .leftJoin(users, eq(users.id, messages.userId))
    .orderBy(desc(messages.createdAt), desc(messages.id))
    .limit(limit);
}

async function emailsOf(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await tx
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(anyOf(users.id, userIds));
  return new Map(rows.map((row) => [row.id, row.email]));
}
