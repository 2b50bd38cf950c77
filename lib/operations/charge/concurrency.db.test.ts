import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterEach, expect, test } from "vitest";
import { beginCalls } from "@/db/charge";
import { db, transaction } from "@/db/client";
import { leaseFrom } from "@/lib/billing/lease";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { addDue } from "@/lib/testing/population";
import { type Story, startStory } from "@/lib/testing/story";
import { collectCharges } from "./collect";

const WORKERS = 50;
const DUE = 1_000;
const BATCH = 20;

let story: Story;
afterEach(() => story.close());

test("a sweep that fills the line to Toss leaves room for a customer who is waiting", async () => {
  story = await startStory("2027-01-10", { callsPerSecond: 10_000, callsInFlight: 10 });
  const customerKeys = Array.from({ length: 30 }, () => randomUUID());
  await addDue(
    story.deps,
    await story.toss.control.issueBillingKeys({ customerKeys, scenario: "normal" }),
  );
  const { chargeIds } = await claimRenewals(story.deps, 30);
  const buyer = await story.person();
  let bought: Promise<unknown> | undefined;
  const gateway = {
    ...story.deps.gateway,
    async chargeBillingKey(...call: Parameters<typeof story.deps.gateway.chargeBillingKey>) {
      // As long as the customer's own order is not paid, no call of the sweep's comes back.
      bought ??= story.subscribe(buyer, "basic-month-v1");
      await bought;
      return story.deps.gateway.chargeBillingKey(...call);
    },
  };
  await collectCharges({ ...story.deps, gateway }, chargeIds);
  expect((await story.subscriptionOf(buyer)).status).toBe("active");
  expect((await story.toss.control.state()).payments).toHaveLength(31);
});

test("a call that hangs leaves its slot empty, and the others are charged beside it", async () => {
  story = await startStory("2027-01-10", { callsPerSecond: 10_000, callsInFlight: 10 });
  const customerKeys = Array.from({ length: 30 }, () => randomUUID());
  await addDue(
    story.deps,
    await story.toss.control.issueBillingKeys({ customerKeys, scenario: "normal" }),
  );
  const { chargeIds } = await claimRenewals(story.deps, 30);
  let collected: Promise<void> | undefined;
  const gateway = {
    ...story.deps.gateway,
    async chargeBillingKey(...call: Parameters<typeof story.deps.gateway.chargeBillingKey>) {
      // The first call waits for all the others, which go through a second worker.
      collected ??= collectCharges(story.deps, chargeIds.slice(1));
      await collected;
      return story.deps.gateway.chargeBillingKey(...call);
    },
  };
  await collectCharges({ ...story.deps, gateway }, chargeIds.slice(0, 1));
  expect((await story.toss.control.state()).payments).toHaveLength(30);
});

test("fifty workers over a thousand due subscriptions collect each exactly once", async () => {
  story = await startStory();
  const customerKeys = Array.from({ length: DUE }, () => randomUUID());
  const cards = await story.toss.control.issueBillingKeys({ customerKeys, scenario: "normal" });
  await addDue(story.deps, cards);

  const workers = Array.from({ length: WORKERS }, async () => {
    for (;;) {
      const { chargeIds, taken } = await claimRenewals(story.deps, BATCH);
      // A second worker gets the same batch, as when the job engine delivers an event twice.
      await Promise.all([
        collectCharges(story.deps, chargeIds),
        collectCharges(story.deps, [...chargeIds].reverse()),
      ]);
      if (taken === 0) return;
    }
  });
  await Promise.all(workers);

  const { payments } = await story.toss.control.state();
  expect(payments.filter((payment) => payment.status === "DONE")).toHaveLength(DUE);
  expect(new Set(payments.map((payment) => payment.customerKey)).size).toBe(DUE);
  const [books] = await db().execute(sql`
    select count(*)::int as charges, count(distinct c.payment_key)::int as payments,
           count(*) filter (where c.status = 'approved')::int as approved,
           count(distinct i.id) filter (where i.status = 'paid')::int as paid,
           sum((select sum(l.amount_won) from ledger_entries l
                where l.charge_id = c.id and l.account = 'pg-clearing'))::int as cleared_won
    from charges c join invoices i on i.id = c.invoice_id
    where c.trigger = 'automatic' and c.attempted_on = '2027-01-31'`);
  expect(books).toEqual({
    charges: DUE,
    payments: DUE,
    approved: DUE,
    paid: DUE,
    cleared_won: DUE * 9_900,
  });
});

test("an attempt is marked as called in its place, so that no index is written again", async () => {
  story = await startStory("2027-01-10");
  // The rows of earlier stories are dead, and still in the way.
  await db().execute(sql`vacuum charges`);
  const customerKeys = Array.from({ length: 30 }, () => randomUUID());
  await addDue(
    story.deps,
    await story.toss.control.issueBillingKeys({ customerKeys, scenario: "normal" }),
  );
  const { chargeIds } = await claimRenewals(story.deps, 30);
  story.minutesLater(1);
  const inPlace = await transaction(async (tx) => {
    const count = sql`select pg_stat_get_xact_tuples_hot_updated('charges'::regclass)::int as n`;
    const [before] = await tx.execute<{ n: number }>(count);
    await beginCalls(tx, chargeIds, { ...leaseFrom(story.now()), onlyForCustomers: false });
    const [after] = await tx.execute<{ n: number }>(count);
    return (after?.n ?? 0) - (before?.n ?? 0);
  });
  expect(inPlace).toBe(30);
});
