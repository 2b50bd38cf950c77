import { insertWebhook } from "@/db/webhook";
import type { WebhookProof } from "@/lib/gateway/webhook";
import { inTransaction, providerActor } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";

type RawWebhook = {
  readonly body: string;
  /** The same for all copies and repeats of one webhook. */
  readonly transmissionId: string | null;
  /** What it is signed with, and the key to check that by; missing when either is. */
  readonly proof?: WebhookProof;
  /** Where it came from, as far as a trusted proxy tells. */
  readonly address?: string | null;
};

/** A hint comes at once; without one the webhook is looked at after this time. */
const HINT_LOST_MS = 5 * 60_000;

/**
 * Stores what a webhook says to look at, billing keys as fingerprints, and hints at it; the same transmission stored
 * twice is one. Nothing in it is believed. Refuses what is no JSON object, or holds what PostgreSQL does not store.
 */
export async function receiveWebhook(
  deps: Deps,
  raw: RawWebhook,
): Promise<Result<null, { readonly code: "malformed-json" }>> {
  const { provider, webhooks } = deps.gateway;
  const body = webhooks.parse(raw.body, deps.vault.fingerprint);
  if (body === null) return refuse({ code: "malformed-json" });
  const { eventType, orderId, saidAt } = webhooks.read(body);
  const id = deps.newId("webhook");
  const isNew = await inTransaction(deps, providerActor(provider), ({ tx, now }) =>
    insertWebhook(tx, {
      id,
      provider,
      dedupeKey: dedupeKeyOf(raw),
      eventType,
      orderId,
      body: webhooks.trim(body),
      verified: raw.proof ? webhooks.isSigned(raw.proof) : null,
      address: raw.address ?? null,
      saidAt,
      receivedAt: now,
      lookAt: new Date(now.getTime() + HINT_LOST_MS),
    }),
  );
  if (isNew)
    await deps.hint([
      { name: "toss/webhook.received", id: `webhook:${id}`, data: { webhookId: id } },
    ]);
  return ok(null);
}

/** An id that is none, or that poses as a hash, counts as missing. */
function dedupeKeyOf({ body, transmissionId }: RawWebhook): string {
  return transmissionId !== null && /^(?!sha256:)[\x21-\x7e]{1,200}$/.test(transmissionId)
    ? transmissionId
    : `sha256:${sha256(body)}`;
}
