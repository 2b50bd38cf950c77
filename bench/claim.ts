/**
 * What a claim costs when few subscriptions are there and when many are: the same, since it reads what is due from an
 * index in its own order. Prints both plans and both times.
 */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { type SQL, sql } from "drizzle-orm";
import { closeDb, db } from "@/db/client";
import { dueSubscriptions } from "@/db/subscription";
import { deps } from "@/deps";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { addDue, addOthers, seedCatalogue, settleTables } from "@/lib/testing/population";
import { startBenchWorld } from "./world";

const BATCH = 200;
const CLAIMS = 25;

class TakenBack extends Error {}

export async function benchClaim(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { totals: { type: "string", default: "10000,1000000" } },
  });
  const totals = values.totals.split(",").map(Number);
  const world = await startBenchWorld({ latencyMs: 0 });
  try {
    await seedCatalogue(deps());
    const claims: { total: number; claimMs: number; plan: string }[] = [];
    for (const total of totals) {
      say(`Seeding up to ${total} subscriptions…`);
      await addOthers(deps(), total - BATCH * CLAIMS);
      await addDue(
        deps(),
        Array.from({ length: BATCH * CLAIMS }, () => ({
          customerKey: randomUUID(),
          billingKey: randomUUID(),
        })),
      );
      await settleTables();
      say(`The plan with ${total} subscriptions:`);
      const lines = await explain(dueSubscriptions(db(), deps().clock.now(), BATCH).getSQL());
      for (const line of lines) say(`  ${line}`);
      const claimMs = await medianClaimMs();
      say(
        `  A claim of ${BATCH}, with all its rows written: ${claimMs.toFixed(1)} ms (median of ${CLAIMS}).`,
      );
      claims.push({ total, claimMs: Number(claimMs.toFixed(1)), plan: shapeOf(lines) });
    }
    const isSamePlan = new Set(claims.map(({ plan }) => plan)).size === 1;
    say(isSamePlan ? "The plan is the same at each size." : "The plans differ.");
    say(JSON.stringify({ bench: "claim", batch: BATCH, isSamePlan, claims }));
  } finally {
    await closeDb();
    await world.stop();
  }
}

async function medianClaimMs(): Promise<number> {
  const times: number[] = [];
  for (let claim = 0; claim < CLAIMS; claim++) {
    const startedAt = performance.now();
    const { taken } = await claimRenewals(deps(), BATCH);
    times.push(performance.now() - startedAt);
    if (taken !== BATCH) throw new Error(`Only ${taken} subscriptions were due`);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(CLAIMS / 2)] ?? 0;
}

/** Plans and runs the query, and takes back the locks it took. */
async function explain(query: SQL): Promise<readonly string[]> {
  let lines: readonly string[] = [];
  await db()
    .transaction(async (tx) => {
      const rows = await tx.execute<{ "QUERY PLAN": string }>(
        sql`explain (analyze, buffers, timing off) ${query}`,
      );
      lines = rows.map((row) => row["QUERY PLAN"]);
      throw new TakenBack();
    })
    .catch((fault: unknown) => {
      if (!(fault instanceof TakenBack)) throw fault;
    });
  return lines;
}

/** "Limit > LockRows > Index Scan using subscriptions_due on subscriptions": a plan without its figures. */
function shapeOf(lines: readonly string[]): string {
  return lines
    .filter((line) => line.includes("(cost="))
    .map((line) => line.replace(/\s*\(cost=.*$/, "").replace(/^\s*(?:->\s*)?/, ""))
    .join(" > ");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
