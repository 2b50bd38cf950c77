/** One run: a world, months of life in it while it breaks, a time to settle, and the comparison of the three books. */
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { seededRandom } from "@/packages/inngest-local/engine/time";
import { type Books, type Finding, openBooks } from "./books";
import { compareBooks } from "./compare";
import { type Drive, liveThrough, releaseStops, settleIn } from "./drive";
import { disarmFaults } from "./faults";
import { People } from "./people";
import { findUnnamed, findUnreached, listUntried } from "./points";
import { SABOTAGES } from "./sabotage";
import { findBrokenWords } from "./told";
import { ProveWorld } from "./world";

export type ProveOptions = {
  readonly seed: number;
  readonly kills: number;
  /** At least this many days are lived through, and at most this many; `stride` days pass from one to the next. */
  readonly days: { readonly least: number; readonly most: number; readonly stride: number };
  readonly subscribers: number;
  readonly customersPerDay: number;
  /** Whether workers die at every named point in turn, and one that no worker reached is a finding. */
  readonly isComplete: boolean;
  readonly sabotage?: string | undefined;
  readonly serverUrl?: string | undefined;
  readonly killsPerDay: number;
  /** Real seconds after which no further day begins. */
  readonly seconds: number;
  readonly say: (line: string) => void;
  /** Ends the run between two days; everything it started is stopped, and it throws. */
  readonly signal?: AbortSignal | undefined;
};

export type ProveReport = {
  readonly kills: number;
  readonly faults: number;
  readonly charges: number;
  /** Named points at which no worker died. */
  readonly untried: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly open: number;
  readonly ok: boolean;
  readonly seconds: number;
  readonly seed: number;
  readonly days: number;
  readonly findings: readonly Finding[];
};

/** A full run goes on for some more deaths while a named point has had none. */
const LATE_TURNS = 1.15;
const MINUTE_MS = 60_000;
/** A year before the rest, so that yearly contracts fall due while the rest is watched. */
const YEARLY_STARTS_AT = new Date("2026-01-30T01:00:00Z");
const FIRST_DAY = new Date("2027-01-28T00:30:00Z");

export async function prove(options: ProveOptions): Promise<ProveReport> {
  const startedAt = Date.now();
  const { seed, say } = options;
  say(
    `Seed ${seed}: it decides who subscribes, what breaks and which fate each worker is born with; which process comes first is up to the machine.`,
  );
  const random = seededRandom(seed);
  const world = await ProveWorld.start({ ...options, random, startsAt: YEARLY_STARTS_AT });
  try {
    const drive: Drive = {
      world,
      people: new People(world, random),
      random,
      killsPerDay: options.killsPerDay,
      customersPerDay: options.customersPerDay,
      faults: new Map(),
      falsified: new Set(),
      ordered: SABOTAGES[options.sabotage ?? ""]?.faults ?? [],
      isNightly: SABOTAGES[options.sabotage ?? ""]?.isNightly ?? false,
      armed: [],
    };
    const days = await live(drive, options, startedAt);
    say(`Settling after ${days} days and ${world.workers.killCount} kills…`);
    await settle(drive, options.signal);
    await world.reportCrashes();
    const { falsified, people } = drive;
    const books = await openBooks(world, { falsified, wishedRefunds: people.refundRequests });
    const findings = [
      ...compareBooks(books),
      ...(await findBrokenWords(world.sql, world.line.calls)),
      ...(options.isComplete ? findUnreached(world.workers.hits) : []),
      ...[...world.workers.lateLocks].map((subject) => ({
        kind: "lock-order",
        subject,
        text: "rows were waited for that come earlier in the order of locks",
      })),
      ...world.workers.crashes.map((how) => ({
        kind: "crash",
        subject: "process",
        text: `a process ended unasked: ${how}`,
      })),
    ];
    const report = sumUp(
      drive,
      { books, findings },
      {
        seed,
        days,
        seconds: Math.round((Date.now() - startedAt) / 1_000),
      },
    );
    tell(drive, { books, report }, say);
    return report;
  } finally {
    await world.stop();
  }
}

async function live(drive: Drive, options: ProveOptions, startedAt: number): Promise<number> {
  const { world, people } = drive;
  for (const priceId of ["basic-year-v1", "premium-year-v1", "enterprise-year-v1"]) {
    const [person] = await people.invite(1);
    if (person) await people.subscribe(person, { priceId, card: "normal", stop: "end" });
  }
  for (const person of people.all) await people.consent(person);
  // The premium trial has to end before the year passes over it.
  world.moveTo(new Date(YEARLY_STARTS_AT.getTime() + 15 * 1_440 * MINUTE_MS));
  await world.rest(10_000);
  world.moveTo(FIRST_DAY);
  await settleIn(drive, options.subscribers);
  options.say(`${people.all.length} customers are in; from now on things break.`);
  world.workers.mortality = 0.06;
  world.workers.reap();
  let days = 0;
  const isEnough = () => {
    const { killCount, kills } = world.workers;
    const isTried =
      !options.isComplete ||
      listUntried(kills).length === 0 ||
      killCount >= options.kills * LATE_TURNS;
    return days >= options.days.least && killCount >= options.kills && isTried;
  };
  while (days < options.days.most && !isEnough() && isInTime(options, startedAt)) {
    options.signal?.throwIfAborted();
    const tomorrow = addDays(seoulDayOf(world.now()), options.days.stride);
    // Now and then everything stands still for some days.
    const downtime = drive.random() < 0.03 ? 1 + Math.floor(drive.random() * 3) : 0;
    await liveThrough(drive, addDays(tomorrow, downtime));
    days += 1;
    if (days % 10 === 0) options.say(progress(drive, startedAt));
  }
  return days;
}

function isInTime({ seconds }: ProveOptions, startedAt: number): boolean {
  return Date.now() - startedAt < seconds * 1_000;
}

function progress({ world, people }: Drive, startedAt: number): string {
  const { killCount, hits, kills } = world.workers;
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  return `  ${seoulDayOf(world.now())}: ${killCount} kills at ${kills.size} of ${hits.size} points, ${world.line.calls.length} calls to Toss, ${people.all.length} customers, ${seconds} s`;
}

/** No more blows; time goes on until nothing is left that settles by itself. */
async function settle(drive: Drive, signal: AbortSignal | undefined): Promise<void> {
  const { world } = drive;
  const lastDay = seoulDayOf(world.now());
  await disarmFaults(drive);
  await world.workers.spareAll();
  for (let round = 0; round < 60; round++) {
    signal?.throwIfAborted();
    const now = world.now();
    await releaseStops(world);
    // The first hour by minutes, then by longer strides; the night is passed over.
    const minutes = round < 20 ? 3 : round < 30 ? 30 : 360;
    const next = new Date(now.getTime() + minutes * MINUTE_MS);
    const isNight = seoulDayOf(next) !== seoulDayOf(now);
    world.moveTo(isNight ? seoulInstant(seoulDayOf(next), 9) : next);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await world.rest(10_000);
    if (round >= 8 && (await isSettled(world, lastDay)) && (await foretell(world))) return;
  }
  // What is foretold is compared with what is saved, also when something never settles.
  await foretell(world);
}

/** Nothing is left to do, and the morning after `lastDay` has compared it with Toss. */
async function isSettled(world: ProveWorld, lastDay: CalendarDate): Promise<boolean> {
  const { sql } = world;
  const [left] = await sql<{ count: number }[]>`
    select (select count(*) from charges where status in ('pending', 'unknown') and not needs_review)::int
      + (select count(*) from refunds where status in ('pending', 'unknown') and not needs_review)::int
      + (select count(*) from card_registrations where status = 'pending')::int
      + (select count(*) from payment_methods where delete_at is not null and deleted_at is null)::int
      + (select count(*) from messages where sent_at is null)::int
      + (select count(*) from renewal_findings where resolved_at is null)::int
      + (select count(*) from subscriptions where next_action_at <= ${world.now()})::int
      + (select count(*) from (select ${lastDay}::date except
          select day from reconciliations where status = 'done') uncompared)::int as count`;
  return left?.count === 0;
}

/** Foretells the coming days; true when what is saved with each contract is what the rules say. */
async function foretell(world: ProveWorld): Promise<boolean> {
  const reviewed = await world.act<{ differ: number }>("forecast", {}).catch(() => null);
  return reviewed?.differ === 0;
}

function sumUp(
  drive: Drive,
  { books, findings }: { books: Books; findings: readonly Finding[] },
  run: { seed: number; days: number; seconds: number },
): ProveReport {
  const { world, faults } = drive;
  const count = (kinds: readonly string[]) =>
    findings.filter((finding) => kinds.includes(finding.kind)).length;
  const struck = [...faults.values()].reduce((sum, times) => sum + times, 0);
  const { before, after } = world.line.cutCounts;
  return {
    kills: world.workers.killCount + world.tossKills + world.jobKills,
    faults: struck + before + after + world.databaseCuts,
    charges: books.charges.filter((charge) => charge.status === "approved").length,
    untried: listUntried(world.workers.kills).length,
    duplicates: count(["duplicate"]),
    lost: count(["lost"]),
    open: books.open.length,
    ok: findings.length === 0,
    ...run,
    findings,
  };
}

function tell(
  drive: Drive,
  { books, report }: { books: Books; report: ProveReport },
  say: (line: string) => void,
): void {
  const { world, faults, people } = drive;
  const { hits, kills } = world.workers;
  say("\nKills by point (reached, killed):");
  for (const [point, count] of byName(hits))
    say(`  ${String(count).padStart(6)} ${String(kills.get(point) ?? 0).padStart(5)}  ${point}`);
  for (const [point, count] of kills)
    if (!hits.has(point)) say(`         ${String(count).padStart(5)}  ${point}`);
  say(`         ${String(world.tossKills).padStart(5)}  (Toss emulator)`);
  say(`         ${String(world.jobKills).padStart(5)}  (job executor)`);
  say(
    `Of ${hits.size} points reached, ${findUnnamed(hits).length} are not in the list of those that must be.`,
  );
  const untried = listUntried(kills);
  say(`Named points at which nobody died: ${untried.length === 0 ? "none" : untried.join(", ")}`);
  say("Faults that struck:");
  const { before, after } = world.line.cutCounts;
  const others = [
    ["line to Toss cut before", before],
    ["line to Toss cut after", after],
    ["database sessions cut", world.databaseCuts],
  ] as const;
  for (const [kind, count] of [...faults, ...others])
    say(`  ${String(count).padStart(6)}  ${kind}`);
  say(
    `Customers: ${people.all.length}, ${people.asked} requests, ${people.failed} of them cut off.`,
  );
  const withCredit = books.invoices.filter((one) => Number(one.credit_used_granted_won) > 0);
  const covered = withCredit.filter((one) => one.status === "paid" && Number(one.due_won) === 0);
  const forgiven = withCredit.filter((one) => Number(one.forgiven_won) > 0);
  const returned = withCredit.filter((one) => one.status !== "paid" && one.status !== "open");
  say(
    `Gifts: ${books.grants.length}; used by ${withCredit.length} invoices, of which ${covered.length} asked nothing, ${forgiven.length} left too little, ${returned.length} gave it back.`,
  );
  say(
    `Contracts over: ${books.over.length}; findings of falsified expectations: ${books.surprises.length} of ${drive.falsified.size}.`,
  );
  say("Open and visible:");
  const open = new Map<string, number>();
  for (const { kind } of books.open) open.set(kind, (open.get(kind) ?? 0) + 1);
  for (const [kind, count] of open) say(`  ${String(count).padStart(6)}  ${kind}`);
  say(`Findings: ${report.findings.length}`);
  for (const { kind, subject, text } of report.findings.slice(0, 40))
    say(`  ${kind}: ${text} [${subject}]`);
  const told = new Set<string>();
  for (const { subject } of report.findings) {
    if (told.has(subject) || told.size >= 3) continue;
    told.add(subject);
    for (const line of books.historyOf(subject)) say(`    ${line}`);
  }
}

function byName(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
