/** Every state a row can be in, each with what finds rows in it. */
import type postgres from "postgres";
import { Failure } from "@/sandbox/world/failure";

const byThe = (interval: string) =>
  `exists (select from subscription_terms t
    where t.subscription_id = s.id and t.seq = s.terms_seq and t.interval = '${interval}')`;

const CONTRACTS = {
  "incomplete, with a decline": `status = 'incomplete' and cancels_on is null`,
  "incomplete, left while its charge is at Toss": `status = 'incomplete' and cancels_on is not null`,
  "trialing without consent": `status = 'trialing' and cancels_on is null and not exists
    (select from consents c where c.subscription_id = s.id)`,
  "trialing with consent": `status = 'trialing' and cancels_on is null and exists
    (select from consents c where c.subscription_id = s.id and c.voided_at is null)`,
  "trialing after a consent that is void": `status = 'trialing' and cancels_on is null and exists
    (select from consents c where c.subscription_id = s.id and c.voided_at is not null)`,
  "trialing with a booked cancel": `status = 'trialing' and cancels_on is not null`,
  "active by the month": `status = 'active' and ${byThe("month")} and cancels_on is null`,
  "active by the quarter": `status = 'active' and ${byThe("quarter")}`,
  "active by the year": `status = 'active' and ${byThe("year")}`,
  "active with a booked cancel": `status = 'active' and cancels_on is not null`,
  "active while a charge is at Toss": `status = 'active' and next_action_at is null`,
  "active at a price that is no longer sold": `status = 'active' and exists
    (select from subscription_items i join prices p on p.id = i.price_id
      where i.subscription_id = s.id and i.seq = s.terms_seq and not p.active)`,
  "past due with a next try": `status = 'past-due' and next_try_on is not null and cancels_on is null`,
  "past due, waiting for another card": `status = 'past-due' and next_try_on is null and cancels_on is null`,
  "past due, left while its charge is at Toss": `status = 'past-due' and cancels_on is not null`,
  "ended by its customer": `end_reason = 'canceled'`,
  "ended with a refund": `end_reason = 'canceled-with-refund'`,
  "ended unpaid": `end_reason = 'unpaid'`,
  "ended without consent": `end_reason = 'no-consent'`,
  "ended before it was paid": `end_reason = 'expired'`,
};

const CHARGES = {
  "pending, never called": `status = 'pending' and called_at is null`,
  "pending, called without an answer": `status = 'pending' and called_at is not null`,
  unknown: `status = 'unknown' and not needs_review`,
  "unknown, for review with another amount": `status = 'unknown' and needs_review and taken_won is not null`,
  "declined softly": `status = 'declined' and decline_class = 'soft'`,
  "declined for good": `status = 'declined' and decline_class = 'hard'`,
  "declined by our fault": `status = 'declined' and decline_class = 'config'`,
  approved: `status = 'approved' and refunded_won = 0`,
  "refunded partly": `status = 'approved' and refunded_won > 0 and refunded_won < amount_won`,
  "refunded wholly": `status = 'approved' and refunded_won = amount_won`,
  "of a customer's click": `trigger = 'customer'`,
  "of the sweep": `trigger = 'automatic'`,
  "paid once": `payment_method_id is null and status = 'approved'`,
  "paid once in vain": `payment_method_id is null and status = 'declined'`,
};

const INVOICES = {
  "of a period": `kind = 'period'`,
  "of a thing sold once": `kind = 'once'`,
  open: `status = 'open'`,
  "paid and numbered": `status = 'paid' and number is not null`,
  "paid and not numbered yet": `status = 'paid' and number is null`,
  void: `status = 'void'`,
  uncollectible: `status = 'uncollectible'`,
};

const REFUNDS = {
  "pending, never called": `status = 'pending' and called_at is null`,
  "pending, called without an answer": `status = 'pending' and called_at is not null`,
  unknown: `status = 'unknown'`,
  refused: `status = 'refused'`,
  done: `status = 'done' and requested_by <> 'toss'`,
  "adopted from Toss": `status = 'done' and requested_by = 'toss'`,
};

const CARDS = {
  kept: `delete_at is null and gone_at is null`,
  gone: `gone_at is not null`,
  "to be deleted": `delete_at is not null and deleted_at is null`,
  deleted: `deleted_at is not null`,
};

const WEBHOOKS = {
  handled: `handled_at is not null and result in ('refund-adopted','nothing-new','card-gone')`,
  waiting: `handled_at is null`,
  "of nothing": `result = 'nothing-to-look-at'`,
  "not from Toss": `result = 'unverified'`,
  "a forged deposit": `result = 'secret-differs'`,
  "not used": `result = 'not-used'`,
};

const STATES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  subscriptions: CONTRACTS,
  subscription_terms: { "in force": `true` },
  subscription_changes: {
    booked: `status = 'booked'`,
    undone: `status = 'undone'`,
    applied: `status = 'applied'`,
  },
  subscription_items: { "in force": `true` },
  charges: CHARGES,
  invoices: INVOICES,
  refunds: REFUNDS,
  payment_methods: CARDS,
  webhook_events: WEBHOOKS,
  card_registrations: {
    pending: `status = 'pending'`,
    issued: `status = 'issued'`,
    failed: `status = 'failed'`,
  },
  charging_stops: { open: `released_at is null`, released: `released_at is not null` },
  reconciliations: { done: `status = 'done'`, failed: `status = 'failed'` },
  reconciliation_findings: { open: `resolved_at is null`, resolved: `resolved_at is not null` },
  consents: { valid: `voided_at is null`, void: `voided_at is not null` },
  messages: { waiting: `sent_at is null`, sent: `sent_at is not null` },
  checkouts: {
    open: `status = 'open'`,
    expired: `status = 'expired'`,
    completed: `status = 'completed'`,
  },
  users: {
    "with a password": `role = 'customer' and password_hash is not null`,
    "without one": `role = 'customer' and password_hash is null`,
    support: `role = 'support'`,
    operator: `role = 'operator'`,
    owner: `role = 'owner'`,
  },
  prices: { sold: `active`, "no longer sold": `not active` },
  password_resets: { open: `used_at is null`, used: `used_at is not null` },
  user_identities: { linked: `true` },
  sessions: { begun: `true` },
  rate_limits: { counted: `true` },
  charge_forecasts: { made: `true` },
  invariant_results: { kept: `ok` },
  invoice_counters: { counting: `true` },
  call_pacing: { counting: `true` },
  audit_log: { written: `true` },
  ledger_entries: { booked: `account_id is null`, "of a payer's credit": `account_id is not null` },
  credit_grants: { given: `true` },
  credit_holders: { known: `true` },
  // What would stand here is a fault of the code that makes the snapshot.
  renewal_findings: {},
  plans: { sold: `active` },
  accounts: { known: `true` },
  account_members: {
    owner: `role = 'owner'`,
    billing: `role = 'billing'`,
    member: `role = 'member'`,
  },
  account_invitations: { open: `accepted_by is null`, accepted: `accepted_by is not null` },
};

/** Throws a failure that names each state in which there is no row, and each table no state of which is named. */
export async function requireEveryState(sql: postgres.Sql): Promise<void> {
  const missing: string[] = [];
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`;
  for (const { name } of tables) if (!STATES[name]) missing.push(`${name}: no state is named`);
  for (const [table, states] of Object.entries(STATES))
    for (const [state, where] of Object.entries(states)) {
      const [row] = await sql.unsafe(`select from "${table}" s where ${where} limit 1`);
      if (!row) missing.push(`${table}: ${state}`);
    }
  if (missing.length > 0) throw new Failure(`In these states is no row:\n${missing.join("\n")}`);
}
