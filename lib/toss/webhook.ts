/**
 * What a webhook of Toss says (Toss guide, webhooks and webhook events). Nothing of it is believed: it tells where to
 * look. Payment events nest what changed under `data`; the deposit callback is flat and has no `eventType`.
 */

import type { WebhookBody, WebhookHint, WebhookReader, WebhookTopic } from "@/lib/gateway/webhook";
import { isSignedByToss } from "./webhook-proof";

const EVENT_TYPES = {
  payment: ["PAYMENT_STATUS_CHANGED", "CANCEL_STATUS_CHANGED"],
  deposit: ["DEPOSIT_CALLBACK"],
  card: ["BILLING_DELETED"],
  signed: ["payout.changed", "seller.changed"],
} as const satisfies Partial<Record<WebhookTopic, readonly string[]>>;

const TOPIC_OF = new Map(
  (["payment", "deposit", "card", "signed"] as const).flatMap((topic) =>
    EVENT_TYPES[topic].map((eventType): [string, WebhookTopic] => [eventType, topic]),
  ),
);

const MAX_DEPTH = 32;
const MAX_EVENT_TYPE = 100;

/**
 * Reads a body for storing. Each billing key in it, which Toss sends without its trailing `=`, gives way to its
 * fingerprint. Null for what is no JSON object, or could not be stored.
 */
export function parseWebhook(
  text: string,
  fingerprint: (billingKey: string) => string,
): WebhookBody | null {
  try {
    const body = storable(JSON.parse(text), fingerprint, 0);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}

/** What is kept of a body: where it says to look, and what people want to know of it. */
const KEPT = [
  ...["eventType", "createdAt", "status"],
  ...["orderId", "paymentKey", "transactionKey", "billingKey", "secret"],
];
const MAX_KEPT = 300;

/** A body as it is stored: the texts that are read of it, so that a sender cannot fill the database with others. */
export function trimWebhook(body: WebhookBody): WebhookBody {
  return { ...keptOf(body), ...(isObject(body.data) && { data: keptOf(body.data) }) };
}

function keptOf(part: WebhookBody): WebhookBody {
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const text = Object.hasOwn(part, name) ? textOf(part[name], MAX_KEPT) : null;
      return text === null ? [] : [[name, text]];
    }),
  );
}

/** Where a body says to look. Fields of another type than they should have count as missing. */
export function readWebhook(stored: unknown): WebhookHint {
  const body = isObject(stored) ? stored : {};
  const data = isObject(body.data) ? body.data : {};
  const ofEither = (name: string, max: number) =>
    textOf(data[name], max) ?? textOf(body[name], max);
  const secret = ofEither("secret", 200);
  const orderId = ofEither("orderId", 64);
  const isDeposit = body.eventType === undefined && secret !== null && orderId !== null;
  return {
    eventType: isDeposit
      ? "DEPOSIT_CALLBACK"
      : (textOf(body.eventType, MAX_EVENT_TYPE) ?? "UNKNOWN"),
    orderId,
    paymentKey: ofEither("paymentKey", 200),
    transactionKey: ofEither("transactionKey", 64),
    billingKey: textOf(data.billingKey, 300),
    secret,
    saidAt: parseSaidAt(body.createdAt),
  };
}

/** "2026-03-02T10:15:31.123456": Seoul's wall clock unless a zone is given, as the times of payments show. */
function parseSaidAt(text: unknown): Date | null {
  const found =
    typeof text === "string" &&
    /^(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!found) return null;
  const [, second = "", fraction = "", zone = "+09:00"] = found;
  const at = new Date(`${second}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** Throws at what PostgreSQL or a reader could not take. */
function storable(
  value: unknown,
  fingerprint: (billingKey: string) => string,
  depth: number,
): unknown {
  if (depth > MAX_DEPTH) throw new RangeError("Nested too deeply");
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) return value.map((item) => storable(item, fingerprint, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      plainText(name),
      /^billing_?key$/i.test(name) && typeof item === "string"
        ? fingerprint(item)
        : storable(item, fingerprint, depth + 1),
    ]),
  );
}

function plainText(text: string): string {
  if (text.includes("\0") || /\p{Cs}/u.test(text)) throw new RangeError("Not storable");
  return text;
}

function textOf(value: unknown, maxLength: number): string | null {
  return typeof value === "string" && value !== "" && value.length <= maxLength ? value : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const tossWebhooks: WebhookReader = {
  eventTypes: EVENT_TYPES,
  parse: parseWebhook,
  trim: trimWebhook,
  read: readWebhook,
  topicOf: (eventType) => TOPIC_OF.get(eventType) ?? "other",
  isSigned: isSignedByToss,
};
