/** The numbers on invoices: no gap and no double, whoever counts, however often, and whatever dies. */
import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db, transaction } from "@/db/client";
import { numberBatch } from "@/db/invoice-number";
import { seoulInstant } from "@/lib/billing/calendar";
import { day } from "@/lib/testing/billing";
import { type Story, startStory } from "@/lib/testing/story";
import { numberInvoices } from "./number";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-12-30");
  return story.close;
});

async function numbers(): Promise<readonly string[]> {
  const rows = await db().execute<{ number: string }>(
    sql`select number from invoices where number is not null order by number`,
  );
  return rows.map((row) => row.number);
}

async function payers(count: number) {
  for (let at = 0; at < count; at++) {
    story.minutesLater(1);
    await story.subscribe(await story.person(), "basic-month-v1");
  }
}

test("paid invoices are numbered in the order they were paid, others never", async () => {
  await payers(2);
  await story.subscribe(await story.person(), "basic-month-v1", "stopped-card");
  expect(await numberInvoices()).toBe(2);
  expect(await numberInvoices()).toBe(0);
  expect(await numbers()).toEqual(["2027-000001", "2027-000002"]);
});

test("a job that dies after numbering leaves no gap", async () => {
  await payers(2);
  await numberInvoices();
  await payers(2);
  const year = {
    year: 2027,
    from: seoulInstant(day("2027-01-01"), 0),
    to: seoulInstant(day("2028-01-01"), 0),
  };
  const dying = transaction(async (tx) => {
    expect(await numberBatch(tx, year, 10)).toBe(2);
    throw new Error("killed");
  });
  await expect(dying).rejects.toThrow("killed");
  expect(await numbers()).toHaveLength(2);
  await numberInvoices();
  expect(await numbers()).toEqual(["2027-000001", "2027-000002", "2027-000003", "2027-000004"]);
});

test("five jobs at once number each invoice once", async () => {
  await payers(4);
  await numberInvoices();
  await payers(7);
  const counts = await Promise.all(Array.from({ length: 5 }, () => numberInvoices()));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(7);
  const all = await numbers();
  expect(all).toHaveLength(11);
  expect(all.at(-1)).toBe("2027-000011");
});

test("the count begins anew with the year in Seoul, not in Greenwich", async () => {
  await payers(2);
  await numberInvoices();
  story.at("2027-12-31", 23, 59);
  await story.subscribe(await story.person(), "basic-month-v1");
  story.at("2028-01-01", 0, 1);
  await story.subscribe(await story.person(), "basic-month-v1");
  await numberInvoices();
  expect((await numbers()).slice(-2)).toEqual(["2027-000003", "2028-000001"]);
});
