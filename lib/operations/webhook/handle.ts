/**
 * Works on stored webhooks. One is only a hint to look: Toss itself is asked, and what it answers is converged to by
 * the same operations that would have found out without any webhook. So a late, doubled, reordered or forged one
 * changes nothing but the hour, and a lost one nothing at all.
 */

import {
  beginWebhook,
  closeWebhooksOfOrder,
  findWebhook,
  listWebhooksToHandle,
  saveWebhookResult,
} from "@/db/webhook";
import { settleAgainAt } from "@/lib/billing/charge/charge";
import type { WebhookResult } from "@/lib/billing/webhook/webhook";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { inTransaction, JOB } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { describeFault, log } from "@/lib/runtime/log";
import { followWebhook } from "./follow";

/** Results that say what Toss, asked about the order, answered for good. */
const WAS_ASKED: ReadonlySet<WebhookResult> = new Set([
  "charge-approved",
  "charge-declined",
  "refund-adopted",
  "nothing-new",
]);

/** Toss is asked about an order once a minute, however many webhooks name it: whoever sends them pays nothing. */
const PER_ORDER = { name: "webhook-order", tries: 1, minutes: 1 };

/** After so many looks, about a day, an open outcome is left to the jobs that settle and compare. */
const MAX_TRIES = 10;

/**
 * Works on one webhook; one that was handled before is left as it is. An outcome that is still open is looked at
 * again later. Answers what it brought about.
 */
export async function handleWebhook(
  deps: Deps,
  webhookId: string,
): Promise<WebhookResult | "unknown-webhook"> {
  const event = await inTransaction(deps, JOB, ({ tx, now }) =>
    beginWebhook(tx, webhookId, (tries) => settleAgainAt(now, tries)),
  );
  if (!event) return (await findWebhook(webhookId))?.result ?? "unknown-webhook";
  const askedAt = deps.clock.now();
  const result = await followWebhook(deps, event, (chargeId) =>
    takeAccountTry(PER_ORDER, chargeId, askedAt),
  );
  const isOver = result !== "outcome-open" || event.tries >= MAX_TRIES;
  const handledAt = isOver ? deps.clock.now() : null;
  await inTransaction(deps, JOB, async (work) => {
    const { tx } = work;
    await saveWebhookResult(tx, webhookId, { result, handledAt });
    const { orderId } = event;
    if (orderId !== null && handledAt !== null && WAS_ASKED.has(result))
      await closeWebhooksOfOrder(tx, orderId, {
        ...{ eventTypes: deps.gateway.webhooks.eventTypes.payment, askedAt, handledAt },
        result: "nothing-new",
      });
  });
  return result;
}

/** Works on up to `limit` webhooks whose hint was lost, or whose outcome was open; returns how many. */
export async function handleWaitingWebhooks(deps: Deps, limit: number): Promise<number> {
  const ids = await listWebhooksToHandle(deps.clock.now(), limit);
  for (const id of ids) {
    try {
      await handleWebhook(deps, id);
    } catch (fault) {
      // It stays booked for its next look; the others are not made to wait for it.
      log("error", "webhook.not-handled", { webhookId: id, fault: describeFault(fault) });
    }
  }
  return ids.length;
}
