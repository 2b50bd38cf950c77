/** What a provider's webhook says, in our own words. Nothing of it is believed: it tells where to look. */

/** JSON as it may be stored: without NULs, broken characters or billing keys, and not nested for its own sake. */
export type WebhookBody = Readonly<Record<string, unknown>>;

/**
 * What an event is about: a payment, a deposit whose sender must know the payment's secret, a card whose key was deleted, an
 * event that must be signed and that this app has no use for, or anything else.
 */
export type WebhookTopic = "payment" | "deposit" | "card" | "signed" | "other";

export type WebhookHint = {
  /** The provider's own word for the event; `UNKNOWN` when the body does not say. */
  readonly eventType: string;
  readonly orderId: string | null;
  readonly paymentKey: string | null;
  readonly transactionKey: string | null;
  /** The fingerprint that stands in the place of a billing key. */
  readonly billingKey: string | null;
  /** What only the provider and we know of a payment. */
  readonly secret: string | null;
  /** When the thing happened. */
  readonly saidAt: Date | null;
};

export type WebhookProof = {
  /** As they came: a body read and written again is signed no more. */
  readonly bytes: Uint8Array;
  readonly signature: string;
  readonly time: string;
  readonly securityKey: string;
};

export type WebhookReader = {
  /** The provider's own words for the events that are followed. */
  readonly eventTypes: Readonly<Record<"payment" | "deposit" | "card", readonly string[]>>;
  /** Reads a body for storing, billing keys as fingerprints; null for what is no JSON object, or cannot be stored. */
  parse(text: string, fingerprint: (billingKey: string) => string): WebhookBody | null;
  /** A body as it is stored: only what is read of it. */
  trim(body: WebhookBody): WebhookBody;
  read(stored: unknown): WebhookHint;
  topicOf(eventType: string): WebhookTopic;
  isSigned(proof: WebhookProof): boolean;
};
