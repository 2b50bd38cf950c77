import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";

/**
 * The well-known ways to lose money, each built into a worker on purpose, so that the proof itself is proved: a run
 * with any of them must find it. The broken code stands in `worker/sabotaged.ts`; nothing of it is in the product.
 */
export type Sabotage = {
  readonly what: string;
  /** The laws that stand behind the code are taken away where they alone would save the day. */
  readonly breakDatabase?: readonly string[];
  /** What must happen at Toss each day for the difference to show, if chance alone is too slow. */
  readonly faults?: readonly NewFaultRule[];
  /** Where, and how likely, a worker must die for the difference to show, if chance alone is too slow. */
  readonly deaths?: Readonly<Record<string, number>>;
  /** Jobs often stand still all day and find what is due only at night. */
  readonly isNightly?: boolean;
};

const APPROVED_UNHEARD: readonly NewFaultRule[] = [
  { kind: "hang-up-after-execute", match: { operation: "charge" }, times: 3 },
];

const WITHOUT_LAWS = [
  "drop index charges_one_open",
  "drop index charges_one_approved",
  "drop index charges_one_automatic_a_day",
  "drop index invoices_period",
];

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  "new-key-on-retry": {
    what: "a lost answer is retried at once with a new idempotency key and a new order id",
    faults: APPROVED_UNHEARD,
  },
  "no-intent": {
    what: "the attempt is committed together with its outcome, after the call, and not before it",
    deaths: { "renewal/sweep>charge/collect/toss.charge.after": 0.3 },
  },
  "time-out-is-decline": {
    what: "an answer that did not come is taken for a declined card",
    faults: APPROVED_UNHEARD,
  },
  "claim-without-lock": {
    what: "due rows are read without a lock, and no unique law stands behind them",
    breakDatabase: WITHOUT_LAWS,
  },
  "settle-without-asking": {
    what: "an attempt whose worker died is given up without asking Toss for it",
    faults: APPROVED_UNHEARD,
  },
  "record-twice": {
    what: "outcomes are recorded whatever state the attempt is in, and come twice",
  },
  drift: { what: "each period is counted from the end of the last one, not from the anchor day" },
  "twice-a-day": {
    what: "a declined card is tried again on the same day",
    breakDatabase: ["drop index charges_one_automatic_a_day"],
  },
  "webhook-believed": { what: "the body of a webhook is taken for the truth" },
  "key-by-tab-only": {
    what: "a card that came back is finished by its browser tab and nobody else",
    deaths: { "checkout/complete>card/issue-key/toss.issue.before": 0.4 },
  },
  "blackout-ignored": { what: "cards are called in the nightly hours", isNightly: true },
  "ledger-afterwards": { what: "the ledger is written a moment after the transaction, not in it" },
  "repeat-without-asking": {
    what: "an attempt whose request was lost is repeated without asking the contract",
    faults: [{ kind: "hang-up-before", match: { operation: "charge" }, times: 4 }],
  },
  "record-without-next-date": { what: "a paid period books no next one" },
};

/** Modules outside lib/operations in which a sabotage exchanges functions. */
export const SABOTAGED_MODULES: readonly string[] = [
  "db/charge",
  "db/ledger",
  "db/subscription",
  "lib/billing/charge/attempt",
  "lib/billing/calendar",
  "lib/billing/charge/charge",
  "lib/billing/renewal/dunning",
  "lib/billing/subscription/subscription",
];
