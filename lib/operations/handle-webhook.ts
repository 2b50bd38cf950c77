import { transaction } from "@/db/client";
import { findChargeIdByOrder, findWebhook, markWebhookHandled } from "@/db/webhooks";
import type { Deps } from "@/lib/deps";
import { settleCharge } from "./settle-charges";

/** Looks at the order a stored webhook names: an open attempt is settled by asking Toss. Anything else changes nothing. */
export async function handleWebhook(
  deps: Pick<Deps, "clock" | "newId" | "toss" | "vault">,
  webhookId: string,
): Promise<string> {
  const event = await findWebhook(webhookId);
  if (!event) return "unknown-webhook";
  const chargeId = event.orderId ? await findChargeIdByOrder(event.orderId) : null;
  if (chargeId) await settleCharge(deps, chargeId, { mayRepeat: false });
  const result = chargeId ? "looked-at-order" : "nothing-to-look-at";
  await transaction((tx) => markWebhookHandled(tx, webhookId, result, deps.clock.now()));
  return result;
}
