/** What a webhook brought about, once Toss itself was asked. */
export type WebhookResult =
  /** The outcome of an open attempt became known. */
  | "charge-approved"
  | "charge-declined"
  /** A refund made at Toss by hand was booked. */
  | "refund-adopted"
  /** Toss says what we knew. */
  | "nothing-new"
  /** Toss did not answer, or has not decided yet: it is looked at again. */
  | "outcome-open"
  /** Names no order of ours. */
  | "nothing-to-look-at"
  /** A deposit whose secret is not the payment's: forged. */
  | "secret-differs"
  /** A card in use is gone: its owner is asked for another one. */
  | "card-gone"
  /** A card that was discarded, or known to be gone, before. */
  | "card-not-in-use"
  | "card-unknown"
  /** A payout or seller event whose signature does not fit, or cannot be checked. */
  | "unverified"
  /** An event that this app has no use for. */
  | "not-used";

const EFFECTS: ReadonlySet<WebhookResult> = new Set([
  "charge-approved",
  "charge-declined",
  "refund-adopted",
  "card-gone",
]);

/** Whether it changed anything here. */
export function hasEffect(result: WebhookResult): boolean {
  return EFFECTS.has(result);
}

/** Results of webhooks that were about nothing of ours, or not from Toss. */
export const NAMED_NOTHING = [
  "nothing-to-look-at",
  "secret-differs",
  "card-unknown",
  "unverified",
  "not-used",
] as const satisfies readonly WebhookResult[];
