/**
 * Works on stored webhooks. One is only a hint to look: Toss itself is asked, and what it answers is converged to by
 * the same operations that would have found out without any webhook. So a late, doubled, reordered or forged one
 * changes nothing but the hour, and a lost one nothing at all.
 */
import { writeAudit } from "@/db/audit";
import { transaction } from "@/db/client";
import {
  beginWebhook,
  closeForgedDeposits,
  closeWebhooksOfOrder,
  findChargeIdByKeys,
  findChargeIdByOrder,
  findChargeStand,
  findWebhook,
  listWebhooksToHandle,
  saveWebhookResult,
  type WebhookEvent,
} from "@/db/webhook";
import { settleDelayMs } from "@/lib/billing/charge/charge";
import { hasEffect, type WebhookResult } from "@/lib/billing/webhook/webhook";
import { allowAccount } from "@/lib/http/rate-limit";
import { loseCard } from "@/lib/operations/card/lose";
import { settleCharge } from "@/lib/operations/charge/settle";
import { adoptRefunds } from "@/lib/operations/refund/adopt";
import type { Deps } from "@/lib/runtime/deps";
import { describeFault, log } from "@/lib/runtime/log";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { readWebhook, type WebhookHint } from "@/lib/toss/webhook";
import { isSameSecret } from "@/lib/toss/webhook-proof";

type HandleDeps = Pick<Deps, "clock" | "newId" | "toss" | "vault" | "pace" | "wait">;

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
  deps: HandleDeps,
  webhookId: string,
): Promise<WebhookResult | "unknown-webhook"> {
  const event = await transaction((tx) =>
    beginWebhook(
      tx,
      webhookId,
      (tries) => new Date(deps.clock.now().getTime() + settleDelayMs(tries)),
    ),
  );
  if (!event) return (await findWebhook(webhookId))?.result ?? "unknown-webhook";
  const askedAt = deps.clock.now();
  const result = await look(deps, event, (chargeId) => allowAccount(PER_ORDER, chargeId, askedAt));
  const isOver = result !== "outcome-open" || event.tries >= MAX_TRIES;
  const handledAt = isOver ? deps.clock.now() : null;
  await transaction(async (tx) => {
    await saveWebhookResult(tx, webhookId, { result, handledAt });
    const { orderId } = event;
    if (orderId !== null && handledAt !== null && WAS_ASKED.has(result))
      await closeWebhooksOfOrder(tx, orderId, { askedAt, handledAt, result: "nothing-new" });
  });
  return result;
}

/** Works on up to `limit` webhooks whose hint was lost, or whose outcome was open; returns how many. */
export async function handleWaitingWebhooks(deps: HandleDeps, limit: number): Promise<number> {
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

/** Looks once more at a webhook, handled or not, by an operator's word. Looking twice changes nothing twice. */
export async function replayWebhook(
  deps: HandleDeps,
  order: { readonly webhookId: string; readonly userId: string },
): Promise<Result<WebhookResult, { readonly code: "unknown-webhook" }>> {
  const event = await findWebhook(order.webhookId);
  if (!event) return refuse({ code: "unknown-webhook" });
  const result = await look(deps, event, async () => true);
  await transaction(async (tx) => {
    const now = deps.clock.now();
    const handledAt = result === "outcome-open" ? null : now;
    // What it brought about the first time is what it brought about.
    const isKept = event.result !== null && hasEffect(event.result) && !hasEffect(result);
    if (!isKept) await saveWebhookResult(tx, event.id, { result, handledAt });
    const { eventType, orderId } = event;
    await writeAudit(
      tx,
      [
        {
          actor: order.userId,
          action: "webhook.replayed",
          subjectId: event.id,
          details: { eventType, orderId, before: event.result, result },
        },
      ],
      now,
    );
  });
  return ok(result);
}

/** `mayAsk` tells whether Toss may be asked about an attempt now; otherwise the outcome stays open, for a later look. */
async function look(
  deps: HandleDeps,
  event: WebhookEvent,
  mayAsk: (chargeId: string) => Promise<boolean>,
): Promise<WebhookResult> {
  const hint = readWebhook(event.body);
  switch (event.eventType) {
    case "PAYMENT_STATUS_CHANGED":
    case "CANCEL_STATUS_CHANGED":
    case "DEPOSIT_CALLBACK": {
      const chargeId = hint.orderId
        ? await findChargeIdByOrder(hint.orderId)
        : await findChargeIdByKeys(hint);
      if (chargeId === null) return "nothing-to-look-at";
      if (!(await mayAsk(chargeId))) return "outcome-open";
      return event.eventType === "DEPOSIT_CALLBACK"
        ? lookAtDeposit(deps, hint, chargeId)
        : lookAtCharge(deps, chargeId);
    }
    case "BILLING_DELETED":
      return hint.billingKey === null ? "card-unknown" : loseCard(deps, hint.billingKey, event.id);
    case "payout.changed":
    case "seller.changed":
      return event.verified ? "not-used" : "unverified";
    default:
      return "not-used";
  }
}

/** Converges to what Toss says of the attempt: its outcome while that is open, its cancels once it is approved. */
async function lookAtCharge(deps: HandleDeps, chargeId: string): Promise<WebhookResult> {
  const before = await findChargeStand(chargeId);
  if (before.status === "pending" || before.status === "unknown") {
    // Asked before anybody takes the attempt: a sender who repeats himself must not keep it from being settled.
    const answer = await deps.toss.findByOrderId(before.orderId, before.amountWon);
    if (answer.kind !== "approved" && answer.kind !== "declined") return "outcome-open";
    await settleCharge(deps, chargeId, "asker");
  }
  const settled = await findChargeStand(chargeId);
  const hasAllCancels = settled.status === "approved" && (await adoptRefunds(deps, chargeId));
  const after = await findChargeStand(chargeId);
  if (after.status === "pending" || after.status === "unknown") return "outcome-open";
  if (after.refundsDone > before.refundsDone) return "refund-adopted";
  if (after.status !== before.status) return `charge-${after.status}`;
  return after.status === "declined" || hasAllCancels ? "nothing-new" : "outcome-open";
}

/**
 * This app opens card windows only and so holds no secret of a deposit: the payment's own, as Toss tells it, is what
 * the sender must know. It decides only whether the order is looked at; what is booked is Toss's answer.
 */
async function lookAtDeposit(
  deps: HandleDeps,
  { orderId, secret }: WebhookHint,
  chargeId: string,
): Promise<WebhookResult> {
  if (orderId === null) return "nothing-to-look-at";
  const askedAt = deps.clock.now();
  const answer = await deps.toss.findSecret(orderId);
  if (answer.kind === "unknown") return "outcome-open";
  // One answer judges all that came: forged ones must not make a genuine one wait its turn.
  await transaction((tx) =>
    closeForgedDeposits(tx, orderId, { askedAt, handledAt: deps.clock.now() }, answer.secret),
  );
  const isKnown = secret !== null && answer.secret !== null && isSameSecret(secret, answer.secret);
  return isKnown ? lookAtCharge(deps, chargeId) : "secret-differs";
}
