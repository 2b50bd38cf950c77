/**
 * Why a charge or a card was declined, in our own words. Each provider maps its codes to these; the raw code is kept
 * for operators, and no rule reads it.
 */

export const DECLINE_REASONS = [
  "insufficient-funds",
  /** The method is a bank account: told apart because the words to the customer name it. */
  "insufficient-account-funds",
  "limit-exceeded",
  /** Three limits that the customer is told by name: they say when the card will work again. */
  "daily-count-exceeded",
  "daily-limit-exceeded",
  "monthly-limit-exceeded",
  /** The amount is above what may be charged at once. Dunning blames our contract when it comes again. */
  "amount-not-allowed",
  "stopped-card",
  "lost-card",
  "expired-card",
  /** The kind of card cannot be charged regularly: the customer is told so. */
  "unsupported-card",
  /** The key of the card was deleted; the same card may be registered again. */
  "card-removed",
  /** The provider knows no such key. One is a customer's card, many at once are our set-up. */
  "card-unknown",
  /** The issuer declined and gave no reason. */
  "refused",
  /** Our keys or our contract with the provider are wrong: charging anybody would fail. */
  "merchant-fault",
  /** One request of ours was wrong. A single one does not stop charging, a burst does. */
  "request-fault",
  /** The card is of another provider than the gateway that is wired. Nobody was asked. */
  "other-provider",
  /** No provider said it: the attempt was closed without being executed. */
  "not-executed",
  /** The provider took money and gave all of it back: the customer is told how much. */
  "given-back",
  "unknown",
] as const;

export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** Why something was declined: the provider's code as it came, and what it means. */
export type Decline = { readonly code: string; readonly reason: DeclineReason };
