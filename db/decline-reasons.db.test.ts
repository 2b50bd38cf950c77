/** The migration that gives stored codes their reasons, run on rows as the version before it left them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { closeDb, transaction } from "./client";

const FILE = join(import.meta.dirname, "migrations/0016_decline-reasons.sql");

afterAll(closeDb);

test("declines of before count in dunning and are explained as before", async () => {
  const updates = readFileSync(FILE, "utf8")
    .split("--> statement-breakpoint")
    .filter((statement) => statement.trim().startsWith("UPDATE"));
  expect(updates).toHaveLength(3);
  const rows = await transaction(async (tx) => {
    // Temporary tables stand before those of the app, and are gone with the transaction.
    await tx.execute(sql`
      create temporary table charges (decline_code text, unknown_reason text, decline_reason text) on commit drop`);
    await tx.execute(sql`
      create temporary table card_registrations (failure_code text, failure_reason text) on commit drop`);
    await tx.execute(sql`
      insert into charges (decline_code) values
        ('REJECT_CARD_PAYMENT'), ('REJECT_CARD_COMPANY'), ('EXCEED_MAX_AMOUNT'), ('INVALID_STOPPED_CARD'),
        ('NOT_FOUND_BILLING'), ('UNAUTHORIZED_KEY'), ('INVALID_REQUEST'), ('NOT_EXECUTED'), ('CANCELED_AT_TOSS'),
        ('WITHDRAWN'), ('A_CODE_OF_LAST_YEAR'), (null)`);
    await tx.execute(sql`
      insert into charges (unknown_reason) values ('IDEMPOTENT_REQUEST_PROCESSING'), ('PROVIDER_ERROR')`);
    await tx.execute(sql`
      insert into card_registrations (failure_code) values ('INVALID_CARD_EXPIRATION'), ('NO_ANSWER'), (null)`);
    for (const update of updates) await tx.execute(sql.raw(update));
    return tx.execute<{ said: string | null; means: string | null }>(sql`
      select coalesce(decline_code, unknown_reason) as said, decline_reason as means from charges
      union all select failure_code, failure_reason from card_registrations`);
  });
  expect(rows.map(({ said, means }) => `${said}: ${means}`).sort()).toEqual(
    [
      "REJECT_CARD_PAYMENT: insufficient-funds",
      "REJECT_CARD_COMPANY: refused",
      "EXCEED_MAX_AMOUNT: amount-not-allowed",
      "INVALID_STOPPED_CARD: stopped-card",
      "NOT_FOUND_BILLING: card-unknown",
      "UNAUTHORIZED_KEY: merchant-fault",
      "INVALID_REQUEST: request-fault",
      "NOT_EXECUTED: not-executed",
      "CANCELED_AT_TOSS: given-back",
      "WITHDRAWN: unknown",
      "A_CODE_OF_LAST_YEAR: unknown",
      "null: null",
      "still-running: null",
      "PROVIDER_ERROR: null",
      "INVALID_CARD_EXPIRATION: expired-card",
      "NO_ANSWER: unknown",
      "null: null",
    ].sort(),
  );
});
