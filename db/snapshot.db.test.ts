/** A database of an earlier version, with rows in every state, is brought to today's without loss and works on. */
import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { closeDb, transaction } from "@/db/client";
import { findViolations, listLaws } from "@/db/laws";
import { releaseStop } from "@/lib/operations/charge/release-stop";
import { operator } from "@/lib/operations/work";
import {
  listSnapshots,
  moveSnapshot,
  readSnapshot,
  startSnapshotWorld,
} from "@/lib/testing/snapshot";
import { type Found, readEverything } from "@/sandbox/snapshot/reads";
import { findBrokenLaws, passTime } from "@/sandbox/year/jobs";
import type { YearWorld } from "@/sandbox/year/world";

/** The last migration that only adds: processes of the version before run on. The ones after it take away. */
const EXPANDED_AT = "0020";

/** What a later migration moves on purpose, as `table` or `table.column`, and where it is afterwards. */
const MOVED: ReadonlyMap<string, string> = new Map([
  ["subscriptions.amount_won", "subscription_items.unit_won"],
  ["customers", "accounts"],
]);

/** The readers that find nothing, or no, in a snapshot. Before 0018 nobody had credit. */
const FIND_NOTHING = ["findCredit", "listCreditMovements", "listStuckKeys", "listStalledCheckouts"];

const DAY_MS = 24 * 60 * 60_000;

const server = postgres(inject("databaseServerUrl"), { max: 1, onnotice: () => undefined });
const name = `maedal_snapshot_${randomBytes(6).toString("hex")}`;
const url = new URL(`/${name}`, inject("databaseServerUrl")).href;
afterAll(() => server.end());

test("there is a snapshot of the version before the first change to the model", () => {
  expect(listSnapshots()).toContain("0015");
});

describe.each(listSnapshots())("from %s", (version) => {
  const { takenAt, statements } = readSnapshot(version);
  let sums: Awaited<ReturnType<typeof moveSnapshot>>;
  let sql: postgres.Sql;
  // Of an account that a process of that version opens beside today's.
  let ownersOfLate: readonly unknown[];
  // As they were before a test let a day go on.
  let broken: readonly string[];
  let found: Found;
  let world: YearWorld;

  beforeAll(async () => {
    await server`create database ${server(name)}`;
    sums = await moveSnapshot({ version, expandedAt: EXPANDED_AT }, url, async (old) => {
      ownersOfLate = await openAccount(old, takenAt);
    });
    // The app reads its environment when it first needs it, which is now.
    process.env.DATABASE_URL = url;
    sql = postgres(url, { max: 1, onnotice: () => undefined });
    broken = await listBrokenLaws(takenAt);
    found = await readEverything({ sql, now: takenAt });
    world = await startSnapshotWorld(version, sql);
  });
  afterAll(async () => {
    await world.stop();
    await closeDb();
    await sql.end();
    await server`drop database ${server(name)} with (force)`;
  });

  test("no row is lost, and no won", () => {
    const loaded = [...sums.loaded];
    expect(loaded.length).toBeGreaterThan(40);
    expect(loaded.filter(([what]) => !what.includes(".")).every(([, rows]) => rows !== "0")).toBe(
      true,
    );
    const found = loaded.map(([what]) => [what, sums.migrated.get(MOVED.get(what) ?? what)]);
    expect(found).toEqual(loaded);
  });

  test("every law holds", () => {
    expect(broken).toEqual([]);
  });

  test("the statements of that version still plan while nothing is taken away", () => {
    expect(sums.faults).toEqual([]);
    expect(statements.length).toBeGreaterThan(200);
  });

  test("an account that a process of that version still opens gets its owner", () => {
    expect(ownersOfLate).toEqual([{ userId: "usr_late", role: "owner" }]);
  });

  test("the pages and the jobs find what is there", () => {
    const nothing = [...found].filter(([, count]) => count === 0).map(([reader]) => reader);
    expect(nothing).toEqual(FIND_NOTHING);
  });

  test("a day goes on: what was open is decided, and every law holds", async () => {
    const { deps } = world;
    const stops = await sql<{ id: string }[]>`
      select id from charging_stops where released_at is null`;
    for (const { id: stopId } of stops)
      await releaseStop(deps, { stopId, actor: operator("usr_operator"), note: "" });
    // The jobs leave a card to the browser that brought it, for a while.
    const from = new Date(takenAt.getTime() + 5 * 60_000);
    world.moveTo(from);
    await passTime(world, { from, to: new Date(from.getTime() + DAY_MS) });
    expect(await findBrokenLaws(world)).toEqual([]);
    const left = await sql<{ status: string; isForReview: boolean }[]>`
      select status, needs_review as "isForReview" from charges where status in ('pending', 'unknown')`;
    expect([...left]).toEqual([{ status: "unknown", isForReview: true }]);
    expect([...(await sql`select from refunds where status in ('pending', 'unknown')`)]).toEqual(
      [],
    );
    const trouble = [...(await sql`select from card_registrations where status = 'pending'`)];
    expect(trouble).toEqual([]);
  });
});

/** Opens an account as that version did, and takes it back; answers the members it got. */
async function openAccount(old: postgres.Sql, at: Date): Promise<readonly unknown[]> {
  await old.begin(async (tx) => {
    await tx`insert into users (id, email, name, role, created_at)
      values ('usr_late', 'late@example.com', '김늦음', 'customer', ${at})`;
    await tx`insert into customers (id, user_id, customer_key, created_at)
      values ('cus_late', 'usr_late', 'key-of-late', ${at})`;
  });
  const members = await old`
    select user_id as "userId", role from account_members where account_id = 'cus_late'`;
  await old`delete from account_members where account_id = 'cus_late'`;
  await old`delete from customers where id = 'cus_late'`;
  await old`delete from users where id = 'usr_late'`;
  return [...members];
}

async function listBrokenLaws(now: Date): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const law of listLaws()) {
    const { sample } = await transaction((tx) =>
      findViolations(tx, law, { now, since: new Date(0) }),
    );
    if (sample.length > 0) broken.push(`${law}: ${sample}`);
  }
  return broken;
}
