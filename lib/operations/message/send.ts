import { markMessagesSent, takeMessagesToSend } from "@/db/message";
import { leaseFrom } from "@/lib/billing/lease";
import { inTransaction, JOB } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { describeFault, log } from "@/lib/runtime/log";
import { type Mail, sendMail } from "@/lib/runtime/mail";

const RETRY_MS = 5 * 60_000;

/** Sends up to `limit` booked messages; one that fails is tried again later. Returns how many it took up. */
export async function sendMessages(
  deps: ClockAndIds,
  limit: number,
  send: (mail: Mail) => Promise<void> = sendMail,
): Promise<number> {
  const taken = await inTransaction(deps, JOB, (work) =>
    takeMessagesToSend(work.tx, leaseFrom(work.now, RETRY_MS), limit),
  );
  const sent: string[] = [];
  let marking = Promise.resolve();
  const markAll = async () => {
    const ids = sent.splice(0);
    if (ids.length > 0)
      await inTransaction(deps, JOB, (work) => markMessagesSent(work.tx, ids, work.now));
  };
  for (const { message, email } of taken) {
    try {
      await send({ id: message.id, to: email, subject: message.subject, text: message.body });
    } catch (fault) {
      log("warn", "message.not-sent", { messageId: message.id, fault: describeFault(fault) });
      continue;
    }
    // Marked as soon as it is sent; what is sent while others are being marked is marked together.
    sent.push(message.id);
    marking = marking.then(markAll);
  }
  await marking;
  return taken.length;
}
