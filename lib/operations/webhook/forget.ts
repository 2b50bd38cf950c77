import { deleteOldWebhooks } from "@/db/webhook";
import { addDays, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { WEBHOOK_DAYS, WEBHOOK_OF_NOTHING_DAYS } from "@/lib/billing/policy";
import type { ClockAndIds } from "@/lib/runtime/deps";

/** With a thousand at a time, more than anybody is allowed to send in the minute until the next run. */
const MAX_ROUNDS = 50;

/**
 * Forgets handled webhooks that are older than they are kept, `batch` at a time until none is left; what they brought
 * about stands elsewhere. Returns how many.
 */
export async function forgetWebhooks(deps: ClockAndIds, batch: number): Promise<number> {
  const today = seoulDayOf(deps.clock.now());
  const before = seoulInstant(addDays(today, -WEBHOOK_DAYS), 0);
  const nothingBefore = seoulInstant(addDays(today, -WEBHOOK_OF_NOTHING_DAYS), 0);
  let forgotten = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const gone = await deleteOldWebhooks({ before, nothingBefore }, batch);
    forgotten += gone;
    if (gone < batch) break;
  }
  return forgotten;
}
