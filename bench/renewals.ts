/**
 * How fast due subscriptions are renewed: claimed, charged at Toss, and recorded with invoice, charge, ledger, audit
 * and message rows. The path is the production path, measured twice: the operations by themselves, and through the
 * Inngest functions with the local job runner, which is one more process on the same machine.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { serve } from "inngest/node";
import { hasChargesInFlight } from "@/db/charge";
import { closeDb, db } from "@/db/client";
import { hasDueSubscriptions } from "@/db/subscription";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { sweepRequested } from "@/inngest/events";
import { collectChargesJob } from "@/inngest/functions/collect-charges";
import { sweepRenewalsJob } from "@/inngest/functions/sweep-renewals";
import { parseWon } from "@/lib/billing/money";
import {
  addDue,
  addOthers,
  type CardAtToss,
  seedCatalogue,
  settleTables,
} from "@/lib/testing/population";
import { sweep } from "@/lib/testing/sweep";
import { createTossControl } from "@/packages/toss-twin/control/client";
import { answers } from "@/sandbox/world/processes";
import { GROWING, type Observation, observe } from "./observe";
import { type BenchWorld, startBenchWorld } from "./world";

const STATEMENTS_SHOWN = 24;

type Asked = {
  readonly due: number;
  readonly total: number;
  readonly latencyMs: number;
  readonly tossUrl: string | undefined;
};

/** What the calls to Toss took, as the client tells its log. */
type TossWait = { calls: number; ms: number };

type Bench = { readonly world: BenchWorld; readonly asked: Asked; readonly wait: TossWait };

export async function benchRenewals(args: readonly string[]): Promise<void> {
  const asked = readArguments(args);
  const world = await startBenchWorld(asked);
  const bench: Bench = { world, asked, wait: listenToTheLog() };
  try {
    await seedCatalogue(deps());
    say(`Seeding ${asked.total} subscriptions, ${asked.due} of them due…`);
    await addDue(deps(), await registerCards(world, asked));
    await addOthers(deps(), asked.total);
    const alone = await measure(bench, "by the operations alone", { work: () => sweep(deps()) });
    say(`Seeding ${asked.due} more that are due…`);
    await addDue(deps(), await registerCards(world, asked));
    const runner = await startJobs(world);
    const withRunner = await measure(bench, "with the job runner", {
      work: runner.sweep,
      pids: { "job runner": runner.pid },
    });
    await runner.stop();
    say(
      JSON.stringify({
        bench: "renewals",
        ...asked,
        renewalsPerSecond: perSecond(asked, alone),
        renewalsPerSecondWithRunner: perSecond(asked, withRunner),
        seconds: Number(alone.seconds.toFixed(3)),
        secondsWithRunner: Number(withRunner.seconds.toFixed(3)),
        rssMb: Math.max(alone.peakRssMb, withRunner.peakRssMb),
        charges: 2 * asked.due,
      }),
    );
  } finally {
    await closeDb();
    await world.stop();
  }
}

function readArguments(args: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      due: { type: "string", default: "20000" },
      total: { type: "string", default: "20000" },
      latency: { type: "string", default: "100" },
      toss: { type: "string" },
    },
  });
  const [due, total, latencyMs] = [values.due, values.total, values.latency].map(Number);
  if (!due || !total || latencyMs === undefined || Number.isNaN(latencyMs))
    throw new Error("--due, --total and --latency are numbers");
  return { due, total: Math.max(due, total), latencyMs, tossUrl: values.toss };
}

async function measure(
  bench: Bench,
  how: string,
  { work, pids = {} }: { work: () => Promise<void>; pids?: Readonly<Record<string, number>> },
): Promise<Observation> {
  const { world, asked, wait } = bench;
  await settleTables();
  const before = await countBooks();
  Object.assign(wait, { calls: 0, ms: 0 });
  say(`Renewing ${how}…`);
  const seen = await observe(
    { PostgreSQL: world.postgresPid, "Toss emulator": world.tossPid, ...pids },
    work,
  );
  const after = await countBooks();
  const isRight =
    after.approved - before.approved === asked.due &&
    after.paid - before.paid === asked.due &&
    after.ledger === 0;
  if (!isRight) throw new Error(`The books are wrong after the run: ${JSON.stringify(after)}`);
  report(bench, how, seen);
  return seen;
}

/** The app's job functions, served by this process, and the job runner that calls them. */
async function startJobs(world: BenchWorld) {
  // The client was made before the world it is to talk to.
  inngest.setEnvVars(process.env);
  const handle = serve({ client: inngest, functions: [sweepRenewalsJob, collectChargesJob] });
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(world.appPort, "127.0.0.1", resolve));
  const runner = await world.startRunner(`http://localhost:${world.appPort}/api/inngest`);
  return {
    pid: runner.pid,
    async sweep() {
      await deps().hint([{ name: sweepRequested.name, id: randomUUID(), data: {} }]);
      do await sleep(100);
      while ((await hasDueSubscriptions(deps().clock.now())) || (await isCollecting()));
    },
    async stop() {
      await runner.stop();
      server.closeAllConnections();
      server.close();
    },
  };
}

const isCollecting = () => hasChargesInFlight(deps().clock.now());

/**
 * A card per due subscription: at an emulator of ours all at once, at another server through its registration, and made
 * up where a server registers none. Throws when a server takes neither.
 */
async function registerCards(world: BenchWorld, { due }: Asked): Promise<readonly CardAtToss[]> {
  const customerKeys = Array.from({ length: due }, () => randomUUID());
  if (await answers(`${world.tossUrl}/control/health`))
    return createTossControl(world.tossUrl).issueBillingKeys({ customerKeys, scenario: "normal" });
  const newKey = (await registers(world.tossUrl)) ? register : async () => madeUpKey();
  const cards: CardAtToss[] = [];
  const queue = [...customerKeys];
  const hands = Array.from({ length: 32 }, async () => {
    for (let customerKey = queue.pop(); customerKey !== undefined; customerKey = queue.pop()) {
      const billingKey = await newKey(customerKey);
      if (billingKey) cards.push({ customerKey, billingKey });
    }
  });
  await Promise.all(hands);
  return cards;
}

/** Whether a server registers cards for any authKey; false when it charges any billing key instead. */
async function registers(tossUrl: string): Promise<boolean> {
  const customerKey = randomUUID();
  if (await register(customerKey)) return true;
  const order = { orderId: `bench-${randomUUID()}`, orderName: "bench", amountWon: parseWon(100) };
  const person = { customerKey, customerName: "bench", customerEmail: "bench@example.com" };
  const card = { ...person, billingKey: madeUpKey() };
  const charged = await deps().gateway.chargeBillingKey({ ...order, ...card }, randomUUID());
  if (charged.kind === "approved") return false;
  throw new Error(`${tossUrl} takes neither an authKey nor a billing key that was made up`);
}

async function register(customerKey: string): Promise<string | null> {
  const authKey = `bln_${randomBytes(12).toString("base64url")}`;
  const issued = await deps().gateway.issueBillingKey({ authKey, customerKey }, randomUUID());
  return issued.kind === "issued" ? issued.billingKey : null;
}

const madeUpKey = () => `bench_${randomBytes(24).toString("base64url")}=`;

async function countBooks() {
  const [counts] = await db().execute<{ approved: number; paid: number; ledger: number }>(sql`
    select (select count(*)::int from charges where status = 'approved') as approved,
           (select count(*)::int from invoices where status = 'paid') as paid,
           (select coalesce(sum(amount_won), 0)::int from ledger_entries) as ledger`);
  if (!counts) throw new Error("The books could not be counted");
  return counts;
}

function perSecond({ due }: Asked, { seconds }: Observation): number {
  return Math.round(due / seconds);
}

function report({ asked, wait }: Bench, how: string, seen: Observation): void {
  const { due, total, latencyMs } = asked;
  const each = (ms: number) => `${(ms / due).toFixed(3)} ms`;
  const toss = asked.tossUrl ?? `Toss answering after ${latencyMs} ms`;
  say(`${due} renewals of ${total} subscriptions in ${seen.seconds.toFixed(2)} s ${how}, ${toss}:`);
  say(`  ${perSecond(asked, seen)} renewals a second, ${seen.peakRssMb} MB in the worker at most.`);
  say("Where the time goes, per renewal:");
  say(`  Toss wait       ${(wait.ms / Math.max(1, wait.calls)).toFixed(0)} ms, hundreds at once`);
  say(`  database        ${each(seen.databaseMs)} in statements`);
  say(`  own code        ${each(seen.ownCpuMs)} of processor time in the worker`);
  for (const [name, ms] of Object.entries(seen.cpuMs))
    if (ms !== null) say(`  ${name.padEnd(15)} ${each(ms)} of processor time`);
  say("The costliest statements:");
  for (const { text, calls, totalMs, rows } of seen.statements.slice(0, STATEMENTS_SHOWN)) {
    const figures = `${totalMs.toFixed(0).padStart(6)} ms ${String(calls).padStart(6)} calls ${String(rows).padStart(7)} rows`;
    say(`  ${figures}  ${text.slice(0, 90)}`);
  }
  const scanned = GROWING.filter((table) => (seen.scans.get(table) ?? 0) > 0);
  say(
    scanned.length === 0
      ? "No growing table was read from end to end."
      : `Read from end to end: ${scanned.map((table) => `${table} (${seen.scans.get(table)} rows)`).join(", ")}`,
  );
}

/** The log's lines are made as in production, and counted instead of written. */
function listenToTheLog(): TossWait {
  const wait: TossWait = { calls: 0, ms: 0 };
  console.info = (line: string) => {
    const entry: { event?: string; ms?: number } = JSON.parse(line);
    if (entry.event !== "toss.call") return;
    wait.calls += 1;
    wait.ms += entry.ms ?? 0;
  };
  return wait;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
