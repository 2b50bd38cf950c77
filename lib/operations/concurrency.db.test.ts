import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { addDue } from "@/lib/testing/population";
import { type Story, startStory } from "@/lib/testing/story";
import { claimRenewals } from "./claim-renewals";
import { collectCharges } from "./collect-charges";

const WORKERS = 50;
const DUE = 1_000;
const BATCH = 20;

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());

test("fifty workers over a thousand due subscriptions collect each exactly once", async () => {
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
    select count(*)::int as charges, count(distinct payment_key)::int as payments,
           count(*) filter (where status = 'approved')::int as approved,
           (select count(*)::int from invoices where status = 'paid' and period_starts_on > '2027-01-01') as paid,
           (select sum(amount_won)::int from ledger_entries where account = 'pg-clearing') as cleared_won
    from charges where trigger = 'automatic' and attempted_on = '2027-01-31'`);
  expect(books).toEqual({
    charges: DUE,
    payments: DUE,
    approved: DUE,
    paid: DUE,
    cleared_won: DUE * 9_900,
  });
});
