/**
 * A year of subscriptions through the app's own operations and the Toss emulator, from one instant at which something
 * is due to the next, and in the end the three books side by side.
 */
import { addDays, addMonths, parseCalendarDate, seoulInstant } from "@/lib/billing/calendar";
import { numberInvoices } from "@/lib/operations/invoice/number";
import { type Books, type Finding, openBooks } from "@/sandbox/prove/books";
import { compareBooks } from "@/sandbox/prove/compare";
import { watchEnds } from "@/sandbox/prove/old-contracts";
import { TossLine } from "@/sandbox/prove/toss-line";
import { findBrokenLaws, passTime } from "./jobs";
import { joinDays } from "./lives";
import { firstOf, People } from "./people";
import { readTotals, tellMonths } from "./table";
import { startYearWorld, type YearWorld } from "./world";

export type YearOptions = {
  readonly subscribers: number;
  readonly seed: number;
  readonly days: number;
  /** A PostgreSQL that runs already; without one the year starts its own. */
  readonly serverUrl?: string | undefined;
  readonly say: (line: string) => void;
  /** Ends the year between two days; everything it started is stopped, and it throws. */
  readonly signal?: AbortSignal | undefined;
};

export type YearReport = {
  readonly seconds: number;
  /** Approved by Toss and by us. */
  readonly charges: number;
  readonly declined: number;
  readonly ended: number;
  readonly booksAgree: boolean;
  readonly subscribers: number;
  readonly days: number;
  readonly seed: number;
};

const FIRST_DAY = parseCalendarDate("2027-01-01");
/** The morning's charges are made when people come to their desks again. */
const ACT_HOUR = 14;

export async function liveThroughYear(options: YearOptions): Promise<YearReport> {
  const startedAt = performance.now();
  const { subscribers, seed, days, say } = options;
  say(`${subscribers} subscribers, ${days} days from ${FIRST_DAY}, seed ${seed}.`);
  const world = await startYearWorld({
    startsAt: seoulInstant(FIRST_DAY, 0),
    serverUrl: options.serverUrl,
  });
  try {
    say(`PostgreSQL and the Toss emulator are up after ${since(startedAt)}.`);
    await watchEnds(world.sql);
    const people = new People(world, seed);
    const broken = await live({ world, people }, options, startedAt);
    const books = await readBooks(world, people);
    const findings = compareBooks(books);
    for (const line of await tellMonths(world.sql)) say(line);
    tellFindings(books, findings, say);
    for (const law of broken) say(`A law of money was broken: ${law}.`);
    const totals = await readTotals(world.sql);
    const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(1));
    return {
      seconds,
      ...totals,
      booksAgree: findings.length + broken.length === 0,
      subscribers,
      days,
      seed,
    };
  } finally {
    await world.stop();
  }
}

/** Answers which laws of money were broken at the end of a month. */
async function live(
  { world, people }: { readonly world: YearWorld; readonly people: People },
  options: YearOptions,
  startedAt: number,
): Promise<readonly string[]> {
  const { subscribers, seed, days, say, signal } = options;
  const lastDay = addDays(FIRST_DAY, days);
  for (const day of joinDays(seed, subscribers)) people.expect(addDays(FIRST_DAY, day), false);
  const allJoinedOn = addMonths(FIRST_DAY, 1);
  const broken: string[] = [];
  let actingDays = 0;
  let passed = seoulInstant(FIRST_DAY, 0);
  for (let month = 1, told = FIRST_DAY; ; ) {
    signal?.throwIfAborted();
    const newMonth = addMonths(FIRST_DAY, month);
    const day = firstOf([people.nextDay() ?? newMonth, newMonth, lastDay]) ?? lastDay;
    if (day === lastDay) break;
    const at = seoulInstant(day, ACT_HOUR);
    await passTime(world, { from: passed, to: at });
    passed = at;
    if (day >= allJoinedOn) {
      // Whoever left is followed by somebody new.
      const missing = subscribers - (await countLiving(world));
      for (let nth = 0; nth < missing; nth++) people.expect(day, true);
    }
    await people.act(day);
    actingDays += 1;
    // The tables have doubled or so, and PostgreSQL plans by their sizes.
    if (Number.isInteger(Math.log2(actingDays))) await world.sql`analyze`;
    if (day >= newMonth) {
      broken.push(...(await findBrokenLaws(world)));
      say(`${told.slice(0, 7)}: ${await progress(world)}, ${since(startedAt)}`);
      told = day;
      month += 1;
    }
  }
  await passTime(world, { from: passed, to: seoulInstant(addDays(lastDay, -1), 23, 59) });
  broken.push(...(await findBrokenLaws(world)));
  await numberInvoices();
  say(`The year is over after ${since(startedAt)}; comparing the books.`);
  return [...new Set(broken)];
}

async function countLiving({ sql }: YearWorld): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from subscriptions where status <> 'ended'`;
  return row?.count ?? 0;
}

async function progress(world: YearWorld): Promise<string> {
  const { charges, declined, ended } = await readTotals(world.sql);
  const living = await countLiving(world);
  return `${living} subscribers, ${charges} charges, ${declined} declined, ${ended} ended so far`;
}

/** Nobody stands between the app and Toss here, so the calls themselves are not judged. */
function readBooks(
  { sql, deps, toss, tossPort, now }: YearWorld,
  { refundRequests }: People,
): Promise<Books> {
  const line = new TossLine(tossPort, now);
  const doings = { wishedRefunds: refundRequests, falsified: new Set<string>() };
  return openBooks({ sql, vault: deps.vault, toss, now, line }, doings);
}

function tellFindings(books: Books, findings: readonly Finding[], say: (line: string) => void) {
  const open = new Map<string, number>();
  for (const { kind } of books.open) open.set(kind, (open.get(kind) ?? 0) + 1);
  for (const [kind, count] of open) say(`open and visible: ${count} × ${kind}`);
  if (findings.length === 0) {
    say("Our charges, our ledger and Toss's payments agree, won by won.");
    return;
  }
  say(`The books disagree in ${findings.length} places:`);
  for (const { kind, subject, text } of findings.slice(0, 40))
    say(`  ${kind}: ${text} [${subject}]`);
  const subjects = new Set(findings.map(({ subject }) => subject));
  for (const subject of [...subjects].slice(0, 3))
    for (const line of books.historyOf(subject)) say(`    ${line}`);
}

function since(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
}
