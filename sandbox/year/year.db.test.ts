/** A few customers for a few months, through all that `npm run sandbox -- year` does with a thousand. */
import postgres from "postgres";
import { expect, inject, test } from "vitest";
import { liveThroughYear } from "./year";

test("months pass in order of what is due, and the three books agree", async () => {
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
  expect(total.split(/\s{2,}/)).toHaveLength(7);

  const sql = postgres(serverUrl, { max: 1 });
  const left = await sql`select datname from pg_database where datname like 'maedal\\_year\\_%'`;
  await sql.end();
  expect(left).toEqual([]);
});
