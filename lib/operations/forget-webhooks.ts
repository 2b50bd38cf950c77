import { deleteOldWebhooks } from "@/db/webhooks";
import { addDays, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { WEBHOOK_DAYS } from "@/lib/billing/policy";
import type { Deps } from "@/lib/deps";

/** Forgets up to `limit` handled webhooks that are older than they are kept; what they brought about stands elsewhere. */
export function forgetWebhooks({ clock }: Pick<Deps, "clock">, limit: number): Promise<number> {
  const oldest = seoulInstant(addDays(seoulDayOf(clock.now()), -WEBHOOK_DAYS), 0);
  return deleteOldWebhooks(oldest, limit);
}
