/** What is read when a run is over: our tables, Toss's state, and the calls between them. */
import type { PaymentDump, StateDump } from "@/packages/toss-twin/control/schemas";
import { billingKeyId } from "@/packages/toss-twin/ids";
import { type OldContract, readOldContracts } from "./old-contracts";
import type { TossCall } from "./toss-line";
import type { ProveWorld } from "./world";

export type Finding = {
  readonly kind: string;
  /** An account's id, where the finding is about one. */
  readonly subject: string;
  readonly text: string;
};

type Id = string | null;
export type Subscription = {
  id: string;
  account_id: string;
  checkout_id: string;
  status: string;
  interval: string;
  amount_won: string;
  payment_method_id: Id;
  anchor_on: string;
  terms_seq: number;
  periods_paid: number;
  paid_to: string;
  expects: Id;
  expected_won: string;
  pays_to: Id;
  next_try_on: Date | null;
  cancels_on: Id;
  ended_on: Id;
  end_reason: Id;
  next_action_at: Date | null;
  trial_days: number;
};
/** What its order page said: the terms in force are these, whatever was ordered by the same account since. */
type Ordered = {
  subscription_id: string;
  plan_id: string;
  price_id: string;
  interval: string;
  amount_won: string;
};
type Item = {
  subscription_id: string;
  seq: number;
  interval: string;
  kind: string;
  key: string;
  price_id: Id;
  unit_won: string;
  quantity: number;
};
export type Invoice = {
  id: string;
  account_id: string;
  subscription_id: Id;
  status: string;
  kind: string;
  total_won: string;
  credit_granted_won: string;
  credit_used_granted_won: string;
  credit_used_paid_won: string;
  forgiven_won: string;
  top_up_won: string;
  due_won: string;
  lines: readonly { won: number }[];
  period_starts_on: Id;
  period_ends_on: Id;
};
type Charge = {
  id: string;
  account_id: string;
  invoice_id: string;
  payment_method_id: Id;
  trigger: string;
  status: string;
  order_id: string;
  amount_won: string;
  payment_key: Id;
  needs_review: boolean;
  decline_code: Id;
  unknown_reason: Id;
  created_at: Date;
  called_at: Date | null;
  settle_at: Date | null;
};
type Refund = {
  id: string;
  charge_id: string;
  account_id: string;
  request_id: string;
  requested_by: string;
  amount_won: string;
  status: string;
  needs_review: boolean;
  unknown_reason: Id;
};
type Grant = { id: string; account_id: string; amount_won: string };
type Surprise = {
  subscription_id: string;
  expects: Id;
  expected_won: string;
  decides: Id;
  decided_won: string;
  resolved_at: Date | null;
};
type Entry = {
  id: string;
  journal_id: string;
  account_id: Id;
  account: string;
  amount_won: string;
  invoice_id: Id;
  charge_id: Id;
};
type Method = {
  id: string;
  account_id: string;
  billing_key_ciphertext: Id;
  delete_at: Date | null;
  deleted_at: Date | null;
};
type Registration = {
  id: string;
  account_id: string;
  checkout_id: Id;
  status: string;
  failure_code: Id;
};
type Consent = {
  subscription_id: string;
  changes_on: string;
  to_won: string;
  agreed_at: Date;
  voided_at: Date | null;
};
type Audit = { at: Date; action: string; subject_id: string; details: object };

export type Books = {
  readonly now: Date;
  readonly subscriptions: readonly Subscription[];
  readonly invoices: readonly Invoice[];
  readonly charges: readonly Charge[];
  readonly refunds: readonly Refund[];
  readonly entries: readonly Entry[];
  readonly grants: readonly Grant[];
  readonly ordered: readonly Ordered[];
  readonly items: readonly Item[];
  /** Contracts that would do otherwise than was expected of them. */
  readonly surprises: readonly Surprise[];
  /** The newest prediction of each day that is still to come. */
  readonly forecasts: readonly { day: string; count: number; amount_won: string }[];
  /** Contracts that are over, as they stood when they ended and as they stand now. */
  readonly over: readonly OldContract[];
  /** Refunds somebody asked for, by the names of their requests. */
  readonly wishedRefunds: ReadonlySet<string>;
  /** Contracts whose expectation was falsified on purpose. */
  readonly falsified: ReadonlySet<string>;
  readonly methods: readonly (Method & { keyId: string | null })[];
  readonly registrations: readonly Registration[];
  readonly consents: readonly Consent[];
  readonly heldMethods: ReadonlySet<string>;
  readonly accountOfKey: ReadonlyMap<string, string>;
  readonly messages: readonly { dedupe_key: string; sent_at: Date | null }[];
  readonly payments: readonly PaymentDump[];
  readonly keysAtToss: StateDump["billingKeys"];
  readonly calls: readonly TossCall[];
  /** What is not done and says so. */
  readonly open: Finding[];
  readonly historyOf: (accountId: string) => readonly string[];
};

/** What was done to the world from outside, and is no fault of the product. */
export type Doings = Pick<Books, "wishedRefunds" | "falsified">;

export async function openBooks(
  world: Pick<ProveWorld, "sql" | "vault" | "toss" | "now" | "line">,
  doings: Doings,
): Promise<Books> {
  const { sql, vault } = world;
  const state = await world.toss.state();
  const methods = await sql<Method[]>`select * from payment_methods`;
  const accounts = await sql<{ id: string; customer_key: string }[]>`select * from accounts`;
  const held = await sql<{ id: string }[]>`
    select payment_method_id as id from subscriptions where status <> 'ended' and payment_method_id is not null
    union select payment_method_id from charges
      where status in ('pending', 'unknown') and payment_method_id is not null
    union select p.id from payment_methods p join card_registrations r on r.id = p.registration_id
      join checkouts c on c.id = r.checkout_id where c.status = 'open'`;
  const audit = await sql<Audit[]>`select * from audit_log order by id`;
  const books = {
    ...doings,
    now: world.now(),
    subscriptions: await sql<Subscription[]>`
      select s.*, t.anchor_on::text, t.interval, i.amount_won, s.n as periods_paid, s.paid_to::text, s.pays_to::text,
        s.cancels_on::text, s.ended_on::text, c.trial_days
      from subscriptions s join checkouts c on c.id = s.checkout_id
        join subscription_terms t on t.subscription_id = s.id and t.seq = s.terms_seq
        join (select subscription_id, seq, sum(unit_won * quantity)::text as amount_won
          from subscription_items group by subscription_id, seq) i on i.subscription_id = s.id and i.seq = s.terms_seq
      order by s.created_at`,
    invoices: await sql<Invoice[]>`
      select i.*, period_starts_on::text, period_ends_on::text from invoices i
      order by i.period_starts_on, i.issued_at`,
    charges: await sql<Charge[]>`select * from charges order by created_at, id`,
    refunds: await sql<Refund[]>`select * from refunds order by created_at`,
    entries: await sql<Entry[]>`select * from ledger_entries order by id`,
    grants: await sql<Grant[]>`select * from credit_grants`,
    ordered: await sql<Ordered[]>`
      select s.id as subscription_id, p.plan_id, p.id as price_id, p.interval, p.amount_won
      from subscriptions s join checkouts c on c.id = s.checkout_id join prices p on p.id = c.price_id`,
    items: await sql<Item[]>`
      select i.*, t.interval from subscription_items i
        join subscription_terms t on t.subscription_id = i.subscription_id and t.seq = i.seq`,
    surprises: await sql<Surprise[]>`select * from renewal_findings order by found_at`,
    forecasts: await sql<{ day: string; count: number; amount_won: string }[]>`
      select day::text, count, amount_won from charge_forecasts
      where made_at = (select max(made_at) from charge_forecasts)`,
    over: await readOldContracts(sql),
    methods: methods.map((method) => ({
      ...method,
      keyId:
        method.billing_key_ciphertext === null
          ? null
          : billingKeyId(vault.open(method.billing_key_ciphertext, method.id)),
    })),
    registrations: await sql<Registration[]>`select * from card_registrations order by created_at`,
    consents: await sql<Consent[]>`select *, changes_on::text from consents`,
    heldMethods: new Set(held.map((row) => row.id)),
    accountOfKey: new Map(accounts.map((row) => [row.customer_key, row.id])),
    messages: await sql<{ dedupe_key: string; sent_at: Date | null }[]>`
      select dedupe_key, sent_at from messages`,
    payments: state.payments,
    keysAtToss: state.billingKeys,
    calls: world.line.calls,
    open: [],
  };
  return { ...books, historyOf: (accountId) => tellHistory(books, audit, accountId) };
}

function tellHistory(
  books: Omit<Books, "historyOf">,
  audit: readonly Audit[],
  accountId: string,
): readonly string[] {
  const own = <T extends { account_id: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.account_id === accountId);
  const subscriptions = own(books.subscriptions);
  const charges = own(books.charges);
  const orders = new Set(charges.map((charge) => charge.order_id));
  const subjects = new Set([
    accountId,
    ...subscriptions.map((subscription) => subscription.id),
    ...subscriptions.map((subscription) => subscription.checkout_id),
    ...own(books.invoices).map((invoice) => invoice.id),
  ]);
  const payments = books.payments.filter(
    ({ orderId, customerKey }) =>
      orders.has(orderId) || books.accountOfKey.get(customerKey ?? "") === accountId,
  );
  const line = (what: string, row: object) => `${what} ${JSON.stringify(row)}`;
  return [
    `The story of ${accountId}:`,
    ...subscriptions.map((row) => line("subscription", row)),
    ...own(books.registrations).map((row) => line("registration", row)),
    ...own(books.methods).map(({ billing_key_ciphertext: _, ...row }) => line("card", row)),
    ...books.grants
      .filter((grant) => grant.account_id === accountId)
      .map((row) => line("gift", row)),
    ...own(books.invoices).map((row) => line("invoice", row)),
    ...charges.map((row) => line("charge", row)),
    ...own(books.refunds).map((row) => line("refund", row)),
    ...audit
      .filter((row) => subjects.has(row.subject_id))
      .map((row) => `audit ${row.at.toISOString()} ${row.action} ${JSON.stringify(row.details)}`),
    ...payments.map(({ orderId, status, totalAmount, approvedAt }) =>
      line("payment at Toss", { orderId, status, totalAmount, approvedAt }),
    ),
    ...books.calls
      .filter((call) => orders.has(call.orderId ?? ""))
      .map((call) => line("call to Toss", call)),
  ];
}
