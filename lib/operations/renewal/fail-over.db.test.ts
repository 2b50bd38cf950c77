/** The database goes away in the middle of a sweep and comes back, as managed ones do when they fail over. */
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeDb, db } from "@/db/client";
import { findDayFigures } from "@/db/console/figures";
import { pingDatabase } from "@/db/health";
import { seoulDayOf } from "@/lib/billing/calendar";
import { settleCharges } from "@/lib/operations/charge/settle";
import { type DatabaseLine, startDatabaseLine } from "@/lib/testing/database-line";
import { addDue, settleTables } from "@/lib/testing/population";
import { type Story, startStory } from "@/lib/testing/story";
import { sweep } from "@/lib/testing/sweep";

const DUE = 2_000;

let line: DatabaseLine;
let story: Story;
beforeEach(async () => {
  // biome-ignore lint/style/noProcessEnv: this file's way to the database can be cut
  const { env } = process;
  line = await startDatabaseLine(env.DATABASE_URL ?? "");
  env.DATABASE_URL = line.url;
  story = await startStory("2027-03-02");
});
afterEach(async () => {
  await story.close();
  await closeDb();
  await line.close();
});

test("2,000 renewals through a fail-over are each charged once, and pages answer as soon as it is over", async () => {
  const customerKeys = Array.from({ length: DUE }, () => randomUUID());
  const cards = await story.toss.control.issueBillingKeys({ customerKeys, scenario: "normal" });
  await addDue(story.deps, cards);
  await settleTables();
  const before = await countPaid();

  const sweeping = sweep(story.deps).then(
    () => "done",
    () => "failed",
  );
  await expect.poll(() => story.calls.length).toBeGreaterThan(DUE / 4);
  line.goDown();
  await expect(pingDatabase()).rejects.toThrow();
  expect(await sweeping).toBe("failed");
  expect(story.calls.length).toBeLessThan(DUE);

  line.comeBack();
  await pingDatabase();
  await findDayFigures(seoulDayOf(story.now()));
  const paid = async () => (await countPaid()) - before;
  for (let round = 0; round < 10 && (await paid()) < DUE; round++) {
    await sweep(story.deps);
    story.minutesLater(10);
    while ((await settleCharges(story.deps, 500)) > 0);
  }
  expect(await paid()).toBe(DUE);
  const { payments } = await story.toss.control.state();
  expect(payments.filter(({ status }) => status === "DONE")).toHaveLength(DUE);
  expect(payments).toHaveLength(DUE);
}, 180_000);

async function countPaid(): Promise<number> {
  const [row] = await db().execute<{ count: number }>(sql`
    select count(*)::int as count from charges join invoices on invoices.id = charges.invoice_id
    where charges.status = 'approved' and invoices.status = 'paid'`);
  return row?.count ?? 0;
}
