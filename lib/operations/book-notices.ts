import type { Tx } from "@/db/client";
import { insertMessages } from "@/db/messages";
import { type Notice, writeNotice } from "@/lib/billing/message";
import type { Deps } from "@/lib/deps";

export type BookedNotice = {
  readonly userId: string;
  /** Names the fact: told once, however often the fact is recorded. */
  readonly about: string;
  readonly notice: Notice;
};

/** Books messages in the transaction of the facts they tell of; they are sent after it has committed. */
export async function bookNotices(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  booked: readonly BookedNotice[],
  now: Date,
): Promise<void> {
  await insertMessages(
    tx,
    booked.map(({ userId, about, notice }) => ({
      id: deps.newId("message"),
      userId,
      kind: notice.kind,
      dedupeKey: `${notice.kind}:${about}`,
      ...writeNotice(notice),
      createdAt: now,
      sendAt: now,
    })),
  );
}
