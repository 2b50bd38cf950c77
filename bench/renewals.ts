/**
 * How fast due subscriptions are renewed: claimed, charged at the Toss emulator, and recorded with invoice, charge,
 * ledger, audit and message rows. The path is the production operations; PostgreSQL and the emulator are processes of
 * their own on the same machine.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { closeDb, db, transaction } from "@/db/client";
import { CATALOGUE } from "@/db/seed/catalogue";
import { syncCatalogue } from "@/db/seed/sync-catalogue";
import {
  addDays,
  nthPeriod,
  parseCalendarDate,
  seoulDayOf,
  seoulInstant,
} from "@/lib/billing/calendar";
import { CHARGE_HOUR } from "@/lib/billing/policy";
import type { Deps } from "@/lib/deps";
import { env } from "@/lib/env";
import { newId } from "@/lib/ids";
import { claimRenewals } from "@/lib/operations/claim-renewals";
import { collectCharges } from "@/lib/operations/collect-charges";
import { createVault } from "@/lib/secrets";
import { createTossClient } from "@/lib/toss/client";
import { createTossControl } from "@/sandbox/toss/control";
import { startBenchWorld } from "./world";

/** As the job functions run it: batches of 100, four at once. */
const BATCH = 100;
const RUNS_AT_ONCE = 4;
const SECRET_KEY = "test_sk_SandboxMaedal0000000000001";

export async function benchRenewals(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      due: { type: "string", default: "1000" },
      total: { type: "string", default: "10000" },
      latency: { type: "string", default: "0" },
    },
  });
  const [due, total, latencyMs] = [
    Number(values.due),
    Number(values.total),
    Number(values.latency),
  ];
  const world = await startBenchWorld({ latencyMs });
  try {
    const deps = benchDeps(world.tossUrl);
    say(`Seeding ${total} subscriptions, ${due} of them due…`);
    await seed(deps, world.tossUrl, { due, total });
    say("Renewing…");
    const startedAt = performance.now();
    let peakRss = 0;
    const watch = setInterval(() => {
      peakRss = Math.max(peakRss, process.memoryUsage().rss);
    }, 50);
    const claimed = await sweep(deps);
    clearInterval(watch);
    const seconds = (performance.now() - startedAt) / 1000;
    await report({ due, total, latencyMs, claimed, seconds, peakRss });
  } finally {
    await closeDb();
    await world.stop();
  }
}

async function sweep(deps: Deps): Promise<number> {
  const running = new Set<Promise<void>>();
  let claimed = 0;
  for (;;) {
    const { chargeIds, taken } = await claimRenewals(deps, BATCH);
    claimed += chargeIds.length;
    const run = collectCharges(deps, chargeIds).finally(() => running.delete(run));
    running.add(run);
    if (running.size >= RUNS_AT_ONCE) await Promise.race(running);
    if (taken < BATCH) break;
  }
  await Promise.all(running);
  return claimed;
}

async function report(run: {
  due: number;
  total: number;
  latencyMs: number;
  claimed: number;
  seconds: number;
  peakRss: number;
}): Promise<void> {
  const [counts] = await db().execute<{ approved: number; paid: number; ledger: number }>(sql`
    select (select count(*)::int from charges where status = 'approved') as approved,
           (select count(*)::int from invoices where status = 'paid') as paid,
           (select coalesce(sum(amount_won), 0)::int from ledger_entries) as ledger`);
  if (counts?.approved !== run.due || counts.paid !== run.due || counts.ledger !== 0) {
    throw new Error(`The books are wrong after the run: ${JSON.stringify(counts)}`);
  }
  const renewalsPerSecond = Math.round(run.due / run.seconds);
  const rssMb = Math.round(run.peakRss / 2 ** 20);
  say(
    `${run.due} renewals of ${run.total} subscriptions in ${run.seconds.toFixed(2)} s with Toss answering after ${run.latencyMs} ms:`,
  );
  say(`  ${renewalsPerSecond} renewals a second, ${rssMb} MB in the worker at most.`);
  say(
    "  Compare: the tutorial's Django and Celery workers renew about 115 a second on such a machine.",
  );
  const seconds = Number(run.seconds.toFixed(3));
  say(
    JSON.stringify({
      bench: "renewals",
      due: run.due,
      total: run.total,
      latencyMs: run.latencyMs,
      renewalsPerSecond,
      seconds,
      rssMb,
      charges: counts.approved,
    }),
  );
}

function benchDeps(tossUrl: string): Deps {
  return {
    clock: { now: () => new Date() },
    newId,
    toss: createTossClient({ secretKey: SECRET_KEY, baseUrl: tossUrl, onCall: () => undefined }),
    vault: createVault(env().BILLING_KEY_SECRETS),
    pace: { callsPerSecond: 10_000, callsInFlight: 1_000 },
    wait: (ms) => sleep(ms),
    hint: async () => undefined,
  };
}

/** Customers with a card at the emulator whose first month ended today, and others who are due in three weeks. */
async function seed(
  deps: Deps,
  tossUrl: string,
  { due, total }: { due: number; total: number },
): Promise<void> {
  await transaction((tx) => syncCatalogue(tx, CATALOGUE));
  const today = seoulDayOf(new Date());
  const anchorOn = addDays(today, -31);
  const customerKeys = Array.from({ length: due }, () => randomUUID());
  const issued = await createTossControl(tossUrl).issueBillingKeys({
    customerKeys,
    scenario: "normal",
  });
  const keyOf = new Map(issued.map((key) => [key.customerKey, key.billingKey]));
  const rows = Array.from({ length: total }, (_, at) => {
    const customerKey = customerKeys[at] ?? randomUUID();
    const methodId = `pm_${at}`;
    const billingKey = keyOf.get(customerKey);
    return {
      n: at,
      customer_key: customerKey,
      sealed: billingKey ? deps.vault.seal(billingKey, methodId) : null,
      next_action_at: billingKey
        ? seoulInstant(addDays(today, -1), CHARGE_HOUR)
        : seoulInstant(addDays(today, 21), CHARGE_HOUR),
    };
  });
  const endsOn = nthPeriod(anchorOn, "month", 0).endsOn;
  if (endsOn > parseCalendarDate(today)) throw new Error("The seeded month has not ended yet");
  for (let at = 0; at < rows.length; at += 10_000)
    await insertRows(rows.slice(at, at + 10_000), anchorOn);
  await db().execute(sql`analyze`);
}

async function insertRows(rows: readonly object[], anchorOn: string): Promise<void> {
  await db().execute(sql`
    with seed as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(n int, customer_key text, sealed text, next_action_at timestamptz)
    ), u as (
      insert into users (id, email, name, created_at) select 'usr_' || n, 'u' || n || '@example.com', '김구독', now() from seed
    ), c as (
      insert into customers (id, user_id, customer_key, created_at) select 'cus_' || n, 'usr_' || n, customer_key, now() from seed
    ), k as (
      insert into checkouts (id, customer_id, price_id, status, amount_won, trial_days, order_id, created_at, expires_at, completed_at)
      select 'chk_' || n, 'cus_' || n, 'basic-month-v1', 'completed', 9900, 0, 'ord_seed_' || n, now(), now(), now() from seed
    ), r as (
      insert into card_registrations (id, customer_id, checkout_id, status, auth_key_hash, idempotency_key, created_at)
      select 'reg_' || n, 'cus_' || n, 'chk_' || n, 'issued', 'hash_' || n, 'key_seed_' || n, now() from seed
    ), p as (
      insert into payment_methods (id, customer_id, registration_id, billing_key_ciphertext, billing_key_fingerprint, issuer_code, masked_number, created_at)
      select 'pm_' || n, 'cus_' || n, 'reg_' || n, sealed, 'print_' || n, '61', '43301234****123*', now() from seed
    )
    insert into subscriptions (id, customer_id, checkout_id, product, plan_id, price_id, amount_won, interval, status,
      payment_method_id, anchor_on, periods_paid, next_action_at, created_at, updated_at)
    select 'sub_' || n, 'cus_' || n, 'chk_' || n, 'workspace', 'basic', 'basic-month-v1', 9900, 'month', 'active',
      'pm_' || n, ${anchorOn}::date, 1, next_action_at, now(), now() from seed`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
