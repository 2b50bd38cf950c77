import { findWebhook, saveWebhookResult } from "@/db/webhook";
import { hasEffect, type WebhookResult } from "@/lib/billing/webhook/webhook";
import type { Actor } from "@/lib/operations/work";
import { inTransaction } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { followWebhook } from "./follow";
/** Looks once more at a webhook, handled or not, by an operator's word. Looking twice changes nothing twice. */
export async function replayWebhook(
  deps: Deps,
  order: { readonly webhookId: string; readonly actor: Actor },
): Promise<Result<WebhookResult, { readonly code: "unknown-webhook" }>> {
  const event = await findWebhook(order.webhookId);
  if (!event) return refuse({ code: "unknown-webhook" });
  const result = await followWebhook(deps, event, async () => true);
  await inTransaction(deps, order.actor, async (work) => {
    const { tx, now } = work;
    const handledAt = result === "outcome-open" ? null : now;
    // What it brought about the first time is what it brought about.
    const isKept = event.result !== null && hasEffect(event.result) && !hasEffect(result);
    if (!isKept) await saveWebhookResult(tx, event.id, { result, handledAt });
    const { eventType, orderId } = event;
    await work.audit({
      action: "webhook.replayed",
      subjectId: event.id,
      details: { eventType, orderId, before: event.result, result },
    });
  });
  return ok(result);
}
