/**
 * The laws that must hold at any instant, as SQL files that each select the ids of the rows that break one. Two
 * settings tell a file the time: `maedal.now`, and `maedal.since`, before which closed facts are not looked at. By
 * hand: `set maedal.now = now(); set maedal.since = 'epoch'; \i db/laws/<name>.sql`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asc, sql } from "drizzle-orm";
import { invariantResults } from "@/db/schema/ledger";
import { anyOf } from "./bulk";
import { db, type Tx } from "./client";

export type InvariantResult = typeof invariantResults.$inferSelect;

export type Violations = { readonly count: number; readonly sample: readonly string[] };

/** Found from where the app runs: bundled code does not stand beside its files. */
const FOLDER = join(process.cwd(), "db", "laws");
const SUFFIX = ".sql";
const SAMPLE = 10;

/** The names of all laws, in alphabetical order. */
export function listLaws(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

/** What the law says, in a sentence: the comment its file begins with. */
export function describeLaw(name: string): string {
  const lines = readLaw(name).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--"));
  return lines
    .slice(0, end)
    .map((line) => line.slice(2).trim())
    .join(" ");
}

/** Asks the database which rows break a law. Changes nothing, and gives up after two minutes. */
export async function findViolations(
  tx: Tx,
  name: string,
  at: { readonly now: Date; readonly since: Date },
): Promise<Violations> {
  await tx.execute(sql`
    select set_config('maedal.now', ${at.now.toISOString()}, true),
      set_config('maedal.since', ${at.since.toISOString()}, true),
      set_config('statement_timeout', '120s', true)`);
  const [row] = await tx.execute<{ count: number; sample: string[] | null }>(
    sql`select count(*)::int as count, (array_agg(id order by id))[1:${sql.raw(String(SAMPLE))}] as sample
      from (${sql.raw(readLaw(name))}) as violations`,
  );
  return { count: row?.count ?? 0, sample: row?.sample ?? [] };
}

/** Locks how laws stood when they were last asked; one never asked is not there. */
export async function lockInvariantResults(
  tx: Tx,
  names: readonly string[],
): Promise<readonly InvariantResult[]> {
  return tx
    .select()
    .from(invariantResults)
    .where(anyOf(invariantResults.name, names))
    .orderBy(asc(invariantResults.name))
    .for("update");
}

export async function saveInvariantResults(
  tx: Tx,
  results: readonly InvariantResult[],
): Promise<void> {
  if (results.length === 0) return;
  await tx
    .insert(invariantResults)
    .values([...results])
    .onConflictDoUpdate({
      target: invariantResults.name,
      set: {
        ok: sql`excluded.ok`,
        count: sql`excluded.count`,
        sample: sql`excluded.sample`,
        fault: sql`excluded.fault`,
        brokenSince: sql`excluded.broken_since`,
        checkedAt: sql`excluded.checked_at`,
        checkedAllAt: sql`excluded.checked_all_at`,
      },
    });
}

/** How each law stood when it was last asked; broken ones first. */
export async function listInvariants(): Promise<readonly InvariantResult[]> {
  return db()
    .select()
    .from(invariantResults)
    .orderBy(asc(invariantResults.ok), asc(invariantResults.name));
}

function readLaw(name: string): string {
  return readFileSync(join(FOLDER, `${name}${SUFFIX}`), "utf8").trim();
}
