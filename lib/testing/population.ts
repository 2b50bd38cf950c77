/** Subscriptions that are already running, written straight into the tables, many at a time. */
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { db, transaction } from "@/db/client";
import { CATALOGUE } from "@/db/seed/catalogue";
import { syncCatalogue } from "@/db/seed/sync-catalogue";
import {
  addDays,
  type CalendarDate,
  daysBetween,
  nthPeriod,
  seoulDayOf,
  seoulInstant,
} from "@/lib/billing/calendar";
import { CHARGE_HOUR } from "@/lib/billing/policy";
import type { Deps } from "@/lib/runtime/deps";

export type CardAtToss = { readonly customerKey: string; readonly billingKey: string };

const ROWS_PER_STATEMENT = 10_000;

export async function seedCatalogue({ gateway }: Pick<Deps, "gateway">): Promise<void> {
  const { minimumWon } = gateway.capabilities;
  await transaction((tx) => syncCatalogue(tx, { offers: CATALOGUE, minimumWon }));
}

/** Adds one monthly subscription per card, whose paid month is over and which is due now. */
export async function addDue(deps: Deps, cards: readonly CardAtToss[]): Promise<void> {
  const today = seoulDayOf(deps.clock.now());
  const nextActionAt = seoulInstant(today, 0);
  const from = await countSubscriptions();
  await addRows(
    deps,
    cards.map(({ customerKey, billingKey }, at) => ({
      n: from + at,
      customer_key: customerKey,
      sealed: deps.vault.seal(billingKey, `pm_${from + at}`),
      next_action_at: nextActionAt,
    })),
  );
}

/** Adds subscriptions that fall due on one of the next thirty days, evenly, up to `total` in all. */
export async function addOthers(deps: Deps, total: number): Promise<void> {
  const today = seoulDayOf(deps.clock.now());
  for (let n = await countSubscriptions(); n < total; n += ROWS_PER_STATEMENT) {
    const count = Math.min(ROWS_PER_STATEMENT, total - n);
    await addRows(
      deps,
      Array.from({ length: count }, (_, at) => ({
        n: n + at,
        customer_key: randomUUID(),
        sealed: null,
        next_action_at: seoulInstant(addDays(today, 1 + (at % 30)), CHARGE_HOUR),
      })),
    );
  }
}

/** So that plans are made from what is there, as they are on a database that has been running for a while. */
export async function settleTables(): Promise<void> {
  await db().execute(sql`vacuum analyze`);
}

async function countSubscriptions(): Promise<number> {
  const [row] = await db().execute<{ count: number }>(
    sql`select count(*)::int as count from subscriptions`,
  );
  return row?.count ?? 0;
}

type Row = {
  readonly n: number;
  readonly customer_key: string;
  readonly sealed: string | null;
  readonly next_action_at: Date;
};

async function addRows(deps: Deps, rows: readonly Row[]): Promise<void> {
  const today = seoulDayOf(deps.clock.now());
  const anchorOn = addDays(today, -31);
  if (nthPeriod(anchorOn, "month", 0).endsOn > today) throw new Error("The paid month is not over");
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) {
    await insertRows(rows.slice(at, at + ROWS_PER_STATEMENT), anchorOn);
  }
}

/** Each with what was paid for the month that is over: tables that are never empty, as in any month but the first. */
async function insertRows(rows: readonly Row[], anchorOn: CalendarDate): Promise<void> {
  const paidAt = seoulInstant(anchorOn, CHARGE_HOUR).toISOString();
  const next = nthPeriod(anchorOn, "month", 1);
  const paidDays = daysBetween(anchorOn, next.startsOn);
  await db().execute(sql`
    with seed as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(n int, customer_key text, sealed text, next_action_at timestamptz)
    ), u as (
      insert into users (id, email, name, created_at) select 'usr_' || n, 'u' || n || '@example.com', '김구독', now() from seed
    ), c as (
      insert into accounts (id, customer_key, created_at) select 'cus_' || n, customer_key, now() from seed
    ), o as (
      insert into account_members (account_id, user_id, role, created_at) select 'cus_' || n, 'usr_' || n, 'owner', now() from seed
    ), k as (
      insert into checkouts (id, account_id, price_id, status, amount_won, trial_days, order_id, created_at, expires_at, completed_at)
      select 'chk_' || n, 'cus_' || n, 'basic-month-v1', 'completed', 9900, 0, 'ord_seed_' || n, now(), now(), now() from seed
    ), r as (
      insert into card_registrations (id, account_id, checkout_id, status, auth_key_hash, idempotency_key, created_at)
      select 'reg_' || n, 'cus_' || n, 'chk_' || n, 'issued', 'hash_' || n, 'key_seed_' || n, now() from seed
    ), p as (
      insert into payment_methods (id, account_id, registration_id, provider, billing_key_ciphertext, billing_key_fingerprint, issuer_code, masked_number, created_at)
      select 'pm_' || n, 'cus_' || n, 'reg_' || n, 'toss', sealed, 'print_' || n, '61', '43301234****123*', now() from seed
    ), s as (
      insert into subscriptions (id, account_id, checkout_id, product, status, payment_method_id, terms_seq, cycle, n,
        paid_to, agreed_won, next_action_at, expects, expected_won, pays_to, created_at, updated_at)
      select 'sub_' || n, 'cus_' || n, 'chk_' || n, 'workspace', 'active', 'pm_' || n, 0, 0, 1,
        ${next.startsOn}::date, 9900, next_action_at, 'charge', 9900, ${next.endsOn}::date, now(), now() from seed
    ), t as (
      insert into subscription_terms (subscription_id, seq, starts_on, interval, anchor_on, recorded_at)
      select 'sub_' || n, 0, ${anchorOn}::date, 'month', ${anchorOn}::date, now() from seed
    ), m as (
      insert into subscription_items (subscription_id, seq, position, kind, key, price_id, unit_won, quantity)
      select 'sub_' || n, 0, 0, 'plan', 'basic', 'basic-month-v1', 9900, 1 from seed
    ), i as (
      insert into invoices (id, account_id, subscription_id, status, title, kind, lines, total_won, due_won, cycle, n, interval,
        period_starts_on, period_ends_on, issued_at, closed_at)
      select 'inv_' || n, 'cus_' || n, 'sub_' || n, 'paid', '베이직 1개월', 'period',
        jsonb_build_array(jsonb_build_object('kind', 'plan', 'key', 'basic', 'won', 9900, 'netWon', 9900, 'unitWon', 9900,
          'quantity', 1, 'days', ${paidDays}::int, 'ofDays', ${paidDays}::int, 'from', ${anchorOn}::text, 'to', ${next.startsOn}::text)),
        9900, 9900, 0, 0, 'month', ${anchorOn}::date, ${next.startsOn}::date, ${paidAt}::timestamptz, ${paidAt}::timestamptz from seed
    )
    insert into charges (id, invoice_id, account_id, payment_method_id, provider, trigger, attempted_on, order_id, idempotency_key, amount_won, status,
      payment_key, supplied_won, vat_won, approved_at, created_at, closed_at)
    select 'chg_' || n, 'inv_' || n, 'cus_' || n, 'pm_' || n, 'toss', 'automatic', ${anchorOn}::date, 'ord_paid_' || n, 'key_paid_' || n, 9900, 'approved',
      'pay_' || n, 9000, 900, ${paidAt}::timestamptz, ${paidAt}::timestamptz, ${paidAt}::timestamptz from seed`);
}
