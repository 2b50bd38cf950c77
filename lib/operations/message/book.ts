import type { Tx } from "@/db/client";
import { insertMessages, withdrawWaitingMessages } from "@/db/message";
import { type Notice, noticeSendAt, writeNotice } from "@/lib/billing/message/message";
import { env } from "@/lib/runtime/env";
import type { NewId } from "@/lib/runtime/ids";

export type BookedNotice = {
  readonly userId: string;
  /** Names the fact: told once, however often the fact is recorded. */
  readonly about: string;
  /** The contract whose state it tells of; what still waits to be told of it is withdrawn. */
  readonly subscriptionId?: string | null;
  readonly notice: Notice;
};

/**
 * Books messages in the transaction of the facts they tell of; they are sent after it has committed. One that waits for
 * the day is withdrawn when something newer is told of the same contract, so that no mail is untrue when it is read.
 */
export async function bookNotices(
  { tx, now, newId }: { readonly tx: Tx; readonly now: Date; readonly newId: NewId },
  booked: readonly BookedNotice[],
): Promise<void> {
  await withdrawWaitingMessages(
    tx,
    booked.flatMap(({ subscriptionId }) => subscriptionId ?? []),
  );
  await insertMessages(
    tx,
    booked.map(({ userId, about, subscriptionId = null, notice }) => {
      const sendAt = noticeSendAt(notice.kind, now);
      return {
        id: newId("message"),
        userId,
        kind: notice.kind,
        dedupeKey: `${notice.kind}:${about}`,
        ...writeNotice(notice, env().APP_URL),
        subscriptionId: sendAt > now ? subscriptionId : null,
        createdAt: now,
        sendAt,
      };
    }),
  );
}
