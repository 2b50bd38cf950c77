import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { auditLog } from "@/db/schema/audit";
import { charges } from "@/db/schema/charge";
import { rowsOf } from "./bulk";
import { db } from "./client";

test("rows arrive as they were sent, whatever stands in them", async () => {
  const texts = [
    "",
    "NULL",
    "null",
    "a,b",
    "{}",
    '"',
    "\\",
    "\\n",
    "line\nbreak\ttab",
    "매달 💳",
    "\u2028",
    "'; --",
  ];
  const rows = texts.map((text, at) => ({
    actor: text,
    subjectId: `${text}${at}`,
    at: new Date(1_800_000_000_000 + at),
    details: { text, "a key": [at, null, { text }] },
  }));
  const answer = await db().execute(
    sql`select actor, subject_id as "subjectId", at, details from ${rowsOf(auditLog, rows)}`,
  );
  expect([...answer].map((row) => ({ ...row, at: new Date(String(row.at)) }))).toEqual(rows);
});

test("numbers, truths, days and what is not there keep their kinds", async () => {
  const rows = [
    { amountWon: 9_900, needsReview: true, attemptedOn: "2027-01-31", paymentKey: null },
    { amountWon: 0, needsReview: false, attemptedOn: "2028-02-29", paymentKey: "null" },
  ];
  const answer = await db().execute(sql`
    select amount_won::int as "amountWon", needs_review as "needsReview", attempted_on::text as "attemptedOn",
           payment_key as "paymentKey" from ${rowsOf(charges, JSON.parse(JSON.stringify(rows)))}`);
  expect([...answer]).toEqual(rows);
});
