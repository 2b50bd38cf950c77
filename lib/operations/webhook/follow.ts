import {
  closeForgedDeposits,
  findChargeIdByKeys,
  findChargeIdByOrder,
  findChargeStand,
  type WebhookEvent,
} from "@/db/webhook";
import { isOpen } from "@/lib/billing/charge/charge";
import type { WebhookResult } from "@/lib/billing/webhook/webhook";
import type { WebhookHint } from "@/lib/gateway/webhook";
import { loseCard } from "@/lib/operations/card/lose";
import { askAboutOrder } from "@/lib/operations/charge/ask";
import { settleCharge } from "@/lib/operations/charge/settle";
import { adoptRefunds } from "@/lib/operations/refund/adopt";
import { inTransaction, providerActor } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { isSameSecret } from "@/lib/runtime/secrets";

/**
 * Asks Toss about what a webhook names, and believes nothing it says; then books what Toss answers. `takeTurn` takes an
 * attempt's turn to be asked about. Without a turn the outcome stays open, for a later look.
 */
export async function followWebhook(
  deps: Deps,
  event: WebhookEvent,
  takeTurn: (chargeId: string) => Promise<boolean>,
): Promise<WebhookResult> {
  const { webhooks } = deps.gateway;
  const hint = webhooks.read(event.body);
  const topic = webhooks.topicOf(event.eventType);
  switch (topic) {
    case "payment":
    case "deposit": {
      const chargeId = hint.orderId
        ? await findChargeIdByOrder(hint.orderId)
        : await findChargeIdByKeys(hint);
      if (chargeId === null) return "nothing-to-look-at";
      if (!(await takeTurn(chargeId))) return "outcome-open";
      return topic === "deposit"
        ? followDeposit(deps, hint, chargeId)
        : followCharge(deps, chargeId);
    }
    case "card":
      return hint.billingKey === null ? "card-unknown" : loseCard(deps, hint.billingKey, event.id);
    case "signed":
      return event.verified ? "not-used" : "unverified";
    case "other":
      return "not-used";
    default:
      return topic satisfies never;
  }
}

/** Converges to what Toss says of the attempt: its outcome while that is open, its cancels once it is approved. */
async function followCharge(deps: Deps, chargeId: string): Promise<WebhookResult> {
  const before = await findChargeStand(chargeId);
  if (isOpen(before)) {
    // Asked before anybody takes the attempt: a sender who repeats himself must not keep it from being settled.
    const answer = await askAboutOrder(deps, before);
    if (answer.kind !== "approved" && answer.kind !== "declined") return "outcome-open";
    await settleCharge(deps, chargeId, "asker");
  }
  const settled = await findChargeStand(chargeId);
  const hasAllCancels = settled.status === "approved" && (await adoptRefunds(deps, chargeId));
  const after = await findChargeStand(chargeId);
  if (isOpen(after)) return "outcome-open";
  if (after.refundsDone > before.refundsDone) return "refund-adopted";
  if (after.status !== before.status)
    return after.status === "approved" ? "charge-approved" : "charge-declined";
  return after.status === "declined" || hasAllCancels ? "nothing-new" : "outcome-open";
}

/**
 * This app opens card windows only and so holds no secret of a deposit: the payment's own, as Toss tells it, is what
 * the sender must know. It decides only whether the order is looked at; what is booked is Toss's answer.
 */
async function followDeposit(
  deps: Deps,
  { orderId, secret }: WebhookHint,
  chargeId: string,
): Promise<WebhookResult> {
  if (orderId === null) return "nothing-to-look-at";
  const { provider, webhooks } = deps.gateway;
  const eventTypes = webhooks.eventTypes.deposit;
  const askedAt = deps.clock.now();
  const answer = await deps.gateway.findSecret(orderId);
  if (answer.kind === "unknown") return "outcome-open";
  // One answer judges all that came: forged ones must not make a genuine one wait its turn.
  await inTransaction(deps, providerActor(provider), ({ tx, now: handledAt }) =>
    closeForgedDeposits(tx, orderId, { eventTypes, askedAt, handledAt, secret: answer.secret }),
  );
  const isKnown = secret !== null && answer.secret !== null && isSameSecret(secret, answer.secret);
  return isKnown ? followCharge(deps, chargeId) : "secret-differs";
}
