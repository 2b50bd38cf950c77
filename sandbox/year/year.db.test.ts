/** A few customers for a few months, through all that `npm run sandbox -- year` does with a thousand. */
import postgres from "postgres";
import { beforeEach, expect, inject, test, vi } from "vitest";
import type { YearOptions } from "./year";

// A process reads its environment once, and each year has one of its own.
beforeEach(() => vi.resetModules());
const liveThroughYear = async (options: YearOptions) =>
  (await import("./year")).liveThroughYear(options);

/** Enough for a machine that is busy with other tests as well. */
const PATIENCE = { timeout: 240_000 };

test("months pass in order of what is due, and the three books agree", PATIENCE, async () => {
  const serverUrl = inject("databaseServerUrl");
  const lines: string[] = [];
  const report = await liveThroughYear({
    subscribers: 25,
    seed: 7,
    days: 100,
    serverUrl,
    say: (line) => lines.push(line),
  });
  expect(report).toMatchObject({ booksAgree: true, subscribers: 25, days: 100, seed: 7 });
  expect(report.charges).toBeGreaterThan(50);
  expect(report.declined).toBeGreaterThan(0);
  const months = lines.filter((line) => /^2027-\d\d {2}/.test(line));
  expect(months.map((line) => line.slice(0, 7))).toEqual([
    "2027-01",
    "2027-02",
    "2027-03",
    "2027-04",
  ]);
  const total = lines.find((line) => line.startsWith("total")) ?? "";
  const cells = total.split(/\s{2,}/).map((cell) => Number(cell.replaceAll(",", "")));
  expect(cells).toHaveLength(10);
  const [granted = 0, used = 0, left = 0] = cells.slice(-3);
  expect(granted).toBeGreaterThan(0);
  expect(used).toBeGreaterThan(0);
  expect(granted - used).toBe(left);

  expect(await listYears(serverUrl)).toEqual([]);
});

test("a ledger that lost an entry is found out", PATIENCE, async () => {
  const serverUrl = inject("databaseServerUrl");
  const lines: string[] = [];
  let robbery: Promise<void> | null = null;
  const report = await liveThroughYear({
    subscribers: 5,
    seed: 7,
    days: 70,
    serverUrl,
    say(line) {
      lines.push(line);
      if (line.startsWith("2027-01:")) robbery = loseEntry(serverUrl);
    },
  });
  await robbery;
  expect(report.booksAgree).toBe(false);
  expect(lines.some((line) => line.startsWith("The books disagree in"))).toBe(true);
  expect(lines).toContain("A law of money was broken: ledger-sums-to-zero.");
});

async function listYears(serverUrl: string): Promise<readonly string[]> {
  const sql = postgres(serverUrl, { max: 1 });
  const rows = await sql<{ datname: string }[]>`
    select datname from pg_database where datname like ${"maedal\\_year\\_%"}`;
  await sql.end();
  return rows.map((row) => row.datname);
}

async function loseEntry(serverUrl: string): Promise<void> {
  const [name] = await listYears(serverUrl);
  const sql = postgres(new URL(`/${name}`, serverUrl).href, { max: 1 });
  // The ledger itself refuses it; only somebody who owns the server can switch that off.
  await sql`set session_replication_role = replica`;
  await sql`delete from ledger_entries where id = (
    select max(id) from ledger_entries where account = 'pg-clearing')`;
  await sql.end();
}
