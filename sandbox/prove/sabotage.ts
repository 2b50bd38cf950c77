import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";

/**
 * The well-known ways to lose money, each built into a worker on purpose, so that the proof itself is proved: a run
 * with any of them must find it. The broken code stands in `worker/sabotaged.ts`; nothing of it is in the product.
 */
export type Sabotage = {
  readonly what: string;
  /** Kinds of findings of which one must be among those of its run. */
  readonly finds: readonly string[];
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
  "drop index invoices_opens",
];

/** The trigger as it stands, but for the lock: two transactions at once do not see each other. */
const SUM_WITHOUT_LOCK = `
  create or replace function ledger_refuse_overdraft() returns trigger language plpgsql as $$
  begin
    insert into credit_holders (account_id)
      select distinct account_id from inserted where account_id is not null on conflict do nothing;
    if exists (
      select from ledger_entries where account_id in (select account_id from inserted)
      group by account_id, account having sum(amount_won) > 0)
    then raise exception 'credit falls below zero' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$`;

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  "new-key-on-retry": {
    finds: ["duplicate", "lost"],
    what: "a lost answer is retried at once with a new idempotency key and a new order id",
    faults: APPROVED_UNHEARD,
  },
  "no-intent": {
    finds: ["lost", "law"],
    what: "the attempt is committed together with its outcome, after the call, and not before it",
    deaths: { "renewal/sweep>charge/collect/toss.charge.after": 0.3 },
  },
  "time-out-is-decline": {
    finds: ["lost", "duplicate"],
    what: "an answer that did not come is taken for a declined card",
    faults: APPROVED_UNHEARD,
  },
  "claim-without-lock": {
    finds: ["duplicate", "calendar"],
    what: "due rows are read without a lock, and no unique law stands behind them",
    breakDatabase: WITHOUT_LAWS,
  },
  "settle-without-asking": {
    finds: ["lost", "duplicate"],
    what: "an attempt whose worker died is given up without asking Toss for it",
    faults: APPROVED_UNHEARD,
  },
  "record-twice": {
    finds: ["ledger", "calendar"],
    what: "outcomes are recorded whatever state the attempt is in, and come twice",
  },
  drift: {
    finds: ["calendar"],
    what: "each period is counted from the end of the last one, not from the anchor day",
  },
  "twice-a-day": {
    finds: ["law"],
    what: "a declined card is tried again on the same day",
    breakDatabase: ["drop index charges_one_automatic_a_day"],
  },
  "webhook-believed": {
    finds: ["invented", "lost"],
    what: "the body of a webhook is taken for the truth",
  },
  "key-by-tab-only": {
    finds: ["stuck", "key"],
    what: "a card that came back is finished by its browser tab and nobody else",
    deaths: { "checkout/complete>card/issue-key/toss.issue.before": 0.4 },
  },
  "blackout-ignored": {
    finds: ["law"],
    what: "cards are called in the nightly hours",
    isNightly: true,
  },
  "ledger-afterwards": {
    finds: ["ledger"],
    what: "the ledger is written a moment after the transaction, not in it",
  },
  "repeat-without-asking": {
    finds: ["told"],
    what: "an attempt whose request was lost is repeated without asking the contract",
    faults: [{ kind: "hang-up-before", match: { operation: "charge" }, times: 4 }],
  },
  "record-without-next-date": { finds: ["stuck"], what: "a paid period books no next one" },
  "credit-spent-twice": {
    finds: ["credit"],
    what: "balances are read without the lock, and the law behind them sums without it as well",
    breakDatabase: [SUM_WITHOUT_LOCK],
  },
  "charge-the-total": {
    finds: ["due"],
    what: "the charge asks the total, though credit paid a part of it",
    breakDatabase: ["drop trigger charges_right on charges"],
  },
  "credit-taken-off-twice": {
    finds: ["due"],
    what: "the charge asks what is due less the credit, which is taken off once more",
    breakDatabase: ["drop trigger charges_right on charges"],
  },
  "gift-as-paid-credit": {
    finds: ["gift-as-money"],
    what: "what an operator gives is booked as the customer's own credit, which is paid out",
  },
  "gift-to-card": {
    finds: ["gift-as-money"],
    what: "what an operator gives goes to the card as well, out of an earlier payment",
  },
  "amount-lies": {
    finds: ["forecast"],
    what: "a smaller amount is saved with each contract, and the claim does not look again",
  },
  "end-lies": {
    finds: ["expects"],
    what: "an end is saved as a charge, and the claim does not look again",
  },
  "terms-by-account": {
    finds: ["old-contract"],
    what: "the price of a new order is written into all contracts of the account",
    breakDatabase: ["drop trigger subscription_items_stay on subscription_items"],
  },
};

/** Modules outside lib/operations in which a sabotage exchanges functions. */
export const SABOTAGED_MODULES: readonly string[] = [
  "db/charge",
  "db/credit",
  "db/ledger",
  "db/subscription",
  "lib/billing/charge/attempt",
  "lib/billing/calendar",
  "lib/billing/charge/charge",
  "lib/billing/ledger/ledger",
  "lib/billing/renewal/dunning",
  "lib/billing/subscription/expectation",
  "lib/billing/subscription/subscription",
];
