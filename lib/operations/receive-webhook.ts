import { z } from "zod";
import { transaction } from "@/db/client";
import { insertWebhook } from "@/db/webhooks";
import type { Deps } from "@/lib/deps";
import { ok, type Result, refuse } from "@/lib/result";
import { sha256 } from "@/lib/secrets";

/** Payment events nest the payment under `data`; the virtual-account event is flat and has no `eventType`. */
const Body = z.looseObject({
  eventType: z.string().max(100).optional(),
  orderId: z.string().max(64).optional(),
  data: z.looseObject({ orderId: z.string().max(64).optional() }).optional(),
});

/**
 * Stores a webhook unread and hints at it; the same transmission stored twice is one. Nothing in it is believed.
 * Refuses what is no JSON object, or holds a NUL, which PostgreSQL does not store.
 */
export async function receiveWebhook(
  deps: Pick<Deps, "clock" | "newId" | "hint">,
  raw: { body: string; transmissionId: string | null },
): Promise<Result<null, { readonly code: "malformed-json" }>> {
  const body = parse(raw.body);
  if (body === null) return refuse({ code: "malformed-json" });
  const id = deps.newId("webhook");
  const isNew = await transaction((tx) =>
    insertWebhook(tx, {
      id,
      dedupeKey: raw.transmissionId ?? `sha256:${sha256(raw.body)}`,
      eventType: body.eventType ?? "DEPOSIT_CALLBACK",
      orderId: body.data?.orderId ?? body.orderId ?? null,
      body,
      receivedAt: deps.clock.now(),
    }),
  );
  if (isNew)
    await deps.hint([
      { name: "toss/webhook.received", id: `webhook:${id}`, data: { webhookId: id } },
    ]);
  return ok(null);
}

function parse(text: string): z.infer<typeof Body> | null {
  try {
    const parsed = Body.safeParse(JSON.parse(text));
    return parsed.success && !text.includes("\\u0000") ? parsed.data : null;
  } catch {
    return null;
  }
}
