import {
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  notInArray,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { charges } from "@/db/schema/charge";
import { refunds } from "@/db/schema/refund";
import { webhookEvents } from "@/db/schema/webhook";
import type { ChargeStatus } from "@/lib/billing/charge/charge";
import type { Won } from "@/lib/billing/money";
import { NAMED_NOTHING, type WebhookResult } from "@/lib/billing/webhook/webhook";
import { db, type Tx } from "./client";
import { isDue, nextDueAt, type Queue } from "./queue";

export type WebhookEvent = typeof webhookEvents.$inferSelect;

const TO_HANDLE: Queue<typeof webhookEvents> = {
  table: webhookEvents,
  dueAt: "lookAt",
  tries: "tries",
  waits: isNull(webhookEvents.handledAt),
};

/** Stores a webhook as it came; false when the same one was stored before. */
export async function insertWebhook(
  tx: Tx,
  event: typeof webhookEvents.$inferInsert,
): Promise<boolean> {
  const rows = await tx
    .insert(webhookEvents)
    .values(event)
    .onConflictDoNothing()
    .returning({ id: webhookEvents.id });
  return rows.length > 0;
}

export async function findWebhook(id: string): Promise<WebhookEvent | null> {
  const [row] = await db().select().from(webhookEvents).where(eq(webhookEvents.id, id));
  return row ?? null;
}

/** Counts one look at a webhook nobody has handled, and books the next one; null when it is handled or unknown. */
export async function beginWebhook(
  tx: Tx,
  id: string,
  lookAgainAt: (tries: number) => Date,
): Promise<WebhookEvent | null> {
  const [held] = await tx
    .select()
    .from(webhookEvents)
    .where(and(eq(webhookEvents.id, id), isNull(webhookEvents.handledAt)))
    .for("update");
  if (!held) return null;
  const tries = held.tries + 1;
  const lookAt = lookAgainAt(tries);
  await tx.update(webhookEvents).set({ tries, lookAt }).where(eq(webhookEvents.id, id));
  return { ...held, tries, lookAt };
}

/** Webhooks whose time to be looked at has come: those that were looked at least, then the longest waiting ones. */
export async function listWebhooksToHandle(now: Date, limit: number): Promise<readonly string[]> {
  const rows = await db()
    .select({ id: webhookEvents.id })
    .from(webhookEvents)
    .where(isDue(TO_HANDLE, now))
    .orderBy(asc(webhookEvents.tries), asc(webhookEvents.lookAt), asc(webhookEvents.id))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** When the next webhook after `after` is to be looked at; the movable clock stops there. */
export async function nextWebhookLookAt(after: Date): Promise<Date | null> {
  return nextDueAt(TO_HANDLE, after);
}

/** Writes what a look brought; `handledAt` is null while another look is booked. */
export async function saveWebhookResult(
  tx: Tx,
  id: string,
  { result, handledAt }: { result: WebhookResult; handledAt: Date | null },
): Promise<void> {
  await tx
    .update(webhookEvents)
    .set({ result, ...(handledAt && { handledAt, lookAt: null }) })
    .where(and(eq(webhookEvents.id, id), handledAt ? undefined : isNull(webhookEvents.handledAt)));
}

/** Which webhooks of an order one answer handles, and when the provider was asked. */
type Look = {
  readonly eventTypes: readonly string[];
  readonly askedAt: Date;
  readonly handledAt: Date;
};

/** Closes the webhooks of an order that had come by the time Toss was asked about it: one answer is theirs, too. */
export async function closeWebhooksOfOrder(
  tx: Tx,
  orderId: string,
  { eventTypes, askedAt, handledAt, result }: Look & { readonly result: WebhookResult },
): Promise<void> {
  await tx
    .update(webhookEvents)
    .set({ result, handledAt, lookAt: null })
    .where(
      and(
        eq(webhookEvents.orderId, orderId),
        inArray(webhookEvents.eventType, [...eventTypes]),
        lte(webhookEvents.receivedAt, askedAt),
        isNull(webhookEvents.handledAt),
      ),
    );
}

/** Closes the deposits of an order that had come by the time Toss was asked for its secret and tell another one. */
export async function closeForgedDeposits(
  tx: Tx,
  orderId: string,
  { eventTypes, askedAt, handledAt, secret }: Look & { readonly secret: string | null },
): Promise<void> {
  const told = sql`coalesce(${webhookEvents.body} -> 'data' ->> 'secret', ${webhookEvents.body} ->> 'secret')`;
  await tx
    .update(webhookEvents)
    .set({ result: "secret-differs", handledAt, lookAt: null })
    .where(
      and(
        eq(webhookEvents.orderId, orderId),
        inArray(webhookEvents.eventType, [...eventTypes]),
        lte(webhookEvents.receivedAt, askedAt),
        isNull(webhookEvents.handledAt),
        sql`${told} is distinct from ${secret}`,
      ),
    );
}

/**
 * Forgets up to `limit` handled webhooks, the oldest first: those that came before `before`, and those that named
 * nothing of ours before `nothingBefore`. Returns how many.
 */
export async function deleteOldWebhooks(
  { before, nothingBefore }: { readonly before: Date; readonly nothingBefore: Date },
  limit: number,
): Promise<number> {
  const gone = await deleteWebhooks(lt(webhookEvents.receivedAt, before), limit);
  if (gone === limit) return gone;
  const ofNothing = and(
    lt(webhookEvents.receivedAt, nothingBefore),
    inArray(webhookEvents.result, [...NAMED_NOTHING]),
  );
  return gone + (await deleteWebhooks(ofNothing, limit - gone));
}

async function deleteWebhooks(which: SQL | undefined, limit: number): Promise<number> {
  const old = db()
    .select({ id: webhookEvents.id })
    .from(webhookEvents)
    .where(and(which, isNotNull(webhookEvents.handledAt)))
    .orderBy(asc(webhookEvents.receivedAt))
    .limit(limit);
  const gone = await db()
    .delete(webhookEvents)
    .where(inArray(webhookEvents.id, old))
    .returning({ id: webhookEvents.id });
  return gone.length;
}

export async function findChargeIdByOrder(orderId: string): Promise<string | null> {
  const [row] = await db()
    .select({ id: charges.id })
    .from(charges)
    .where(eq(charges.orderId, orderId));
  return row?.id ?? null;
}

/** The attempt of a payment, or of a cancel that is booked, for events that name no order. */
export async function findChargeIdByKeys(keys: {
  readonly paymentKey: string | null;
  readonly transactionKey: string | null;
}): Promise<string | null> {
  if (keys.paymentKey !== null) {
    const [row] = await db()
      .select({ id: charges.id })
      .from(charges)
      .where(eq(charges.paymentKey, keys.paymentKey));
    if (row) return row.id;
  }
  if (keys.transactionKey === null) return null;
  const [row] = await db()
    .select({ id: refunds.chargeId })
    .from(refunds)
    .where(eq(refunds.transactionKey, keys.transactionKey));
  return row?.id ?? null;
}

/** How an attempt and its refunds stand. */
export async function findChargeStand(chargeId: string): Promise<{
  readonly provider: string;
  readonly orderId: string;
  readonly amountWon: Won;
  readonly status: ChargeStatus;
  readonly refundsDone: number;
}> {
  const done = and(eq(refunds.chargeId, charges.id), eq(refunds.status, "done"));
  const [row] = await db()
    .select({
      provider: charges.provider,
      orderId: charges.orderId,
      amountWon: charges.amountWon,
      status: charges.status,
      refundsDone: count(refunds.id),
    })
    .from(charges)
    .leftJoin(refunds, done)
    .where(eq(charges.id, chargeId))
    .groupBy(charges.id);
  if (!row) throw new Error(`No charge ${chargeId}`);
  return row;
}

/** Webhooks not handled yet, those of some event types, or those of all others. */
export type WebhookGroup =
  | "waiting"
  | { readonly among: readonly string[] }
  | { readonly besides: readonly string[] };

/** A place in the inbox, to go on from. */
export type WebhookPlace = { readonly receivedAt: Date; readonly id: string };

/** The inbox, newest first. `search` is an order id, a transmission id or the id of a webhook, in full. */
export async function listWebhooks(
  wanted: {
    readonly group: WebhookGroup | null;
    readonly search: string | null;
    readonly after: WebhookPlace | null;
  },
  limit: number,
): Promise<readonly WebhookEvent[]> {
  const { group, search, after } = wanted;
  return db()
    .select()
    .from(webhookEvents)
    .where(
      and(
        group ? inGroup(group) : undefined,
        search === null
          ? undefined
          : or(
              eq(webhookEvents.orderId, search),
              eq(webhookEvents.dedupeKey, search),
              eq(webhookEvents.id, search),
            ),
        after
          ? or(
              lt(webhookEvents.receivedAt, after.receivedAt),
              and(eq(webhookEvents.receivedAt, after.receivedAt), lt(webhookEvents.id, after.id)),
            )
          : undefined,
      ),
    )
    .orderBy(desc(webhookEvents.receivedAt), desc(webhookEvents.id))
    .limit(limit);
}

function inGroup(group: WebhookGroup): SQL {
  if (group === "waiting") return isNull(webhookEvents.handledAt);
  return "among" in group
    ? inArray(webhookEvents.eventType, [...group.among])
    : notInArray(webhookEvents.eventType, [...group.besides]);
}
