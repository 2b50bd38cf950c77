import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildApp, fingerprintOf, isBuilt } from "./build";
import { ensureChromium } from "./chromium";
import { type Environment, worldEnvironment } from "./environment";
import { Failure } from "./failure";
import { say } from "./progress.mjs";
import { findRunningDemo } from "./running-demo";
import { type Count, countPlaywright, countVitest, NOTHING, total } from "./summary";
import { createSupervisor } from "./supervisor";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const REPORTS = join(ROOT, ".sandbox", "test");
const VITEST_REPORT = join(REPORTS, "vitest.json");
const PLAYWRIGHT_REPORT = join(REPORTS, "playwright.json");

type Stage = {
  readonly name: string;
  /** Throws a Failure, or nothing but false, when the stage is red. */
  readonly run: () => Promise<boolean>;
  /** What the stage's tests came to, however it ended. */
  readonly count?: () => readonly (readonly [kind: string, count: Count])[];
};

type Outcome = {
  readonly name: string;
  readonly isGreen: boolean;
  readonly seconds: number;
  readonly counts: readonly (readonly [kind: string, count: Count])[];
};

const supervisor = createSupervisor();
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
    process.on(signal, () => reject(new Failure("The tests were interrupted.")));
  }
});
interrupted.catch(() => {});

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
const environment = cleanEnvironment();
const outcomes = await runInOrder([
  { name: "biome", run: checkStyle },
  { name: "tsc", run: checkTypes },
  { name: "knip", run: () => runTool("knip/bin/knip.js", []) },
  { name: "vitest", run: runVitest, count: readVitest },
  { name: "next build", run: build },
  { name: "playwright", run: runPlaywright, count: readPlaywright },
]);
await supervisor.stop();
summarise(outcomes);
process.exit(outcomes.every((outcome) => outcome.isGreen) ? 0 : 1);

/** Up to and with the first red stage. */
async function runInOrder(stages: readonly Stage[]): Promise<Outcome[]> {
  const done: Outcome[] = [];
  for (const { name, run, count } of stages) {
    say(`\n── ${name} ${"─".repeat(Math.max(0, 58 - name.length))}`);
    const startedAt = Date.now();
    const isGreen = await Promise.race([run(), interrupted]).catch((error: unknown) => {
      console.error(error instanceof Failure ? error.message : error);
      return false;
    });
    const seconds = (Date.now() - startedAt) / 1_000;
    done.push({ name, isGreen, seconds, counts: count?.() ?? [] });
    if (!isGreen) break;
  }
  return done;
}

function checkStyle(): Promise<boolean> {
  const plain = process.stdout.isTTY ? [] : ["--colors=off"];
  return runTool("@biomejs/biome/bin/biome", ["ci", ...plain, "."]);
}

async function checkTypes(): Promise<boolean> {
  // Links between pages are typed by files that Next makes from the folders of app/.
  return (
    (await runTool("next/dist/bin/next", ["typegen"])) &&
    (await runTool("typescript/bin/tsc", ["--noEmit"]))
  );
}

function runVitest(): Promise<boolean> {
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${VITEST_REPORT}`];
  return runTool("vitest/vitest.mjs", ["run", ...reporters]);
}

async function build(): Promise<boolean> {
  refuseToPullTheRug();
  const built = await buildApp({
    root: ROOT,
    environment: { ...environment, ...buildEnvironment() },
    logFile: join(REPORTS, "build.log"),
    supervisor,
  });
  say(built ? "built" : "the last build is of these sources");
  return true;
}

/** A demo that runs from this clone serves the very build that would be replaced. */
function refuseToPullTheRug(): void {
  const demo = findRunningDemo(ROOT);
  if (demo === undefined || isBuilt(ROOT, fingerprintOf(ROOT))) return;
  throw new Failure(
    `The sources changed since a demo of this clone was started (process ${demo}), and a new build would break it; stop it first.`,
  );
}

async function runPlaywright(): Promise<boolean> {
  await ensureChromium(ROOT, join(REPORTS, "chromium.log"), supervisor);
  return await runTool("playwright/cli.js", ["test"]);
}

async function runTool(script: string, args: readonly string[]): Promise<boolean> {
  const child = await supervisor.tryOut({
    name: script,
    command: process.execPath,
    args: [join(ROOT, "node_modules", script), ...args],
    env: environment,
    cwd: ROOT,
    // Vitest and Playwright clear up after themselves on this one only.
    stopSignal: "SIGINT",
  });
  return (await child.exited).code === 0;
}

/** A database, keys or ports meant for a demo must not steer the tests. */
function cleanEnvironment(): Environment {
  const foreign =
    /^(DATABASE_URL|PORT|PG|TOSS_|INNGEST_|APP_|BUSINESS_|NEXTAUTH_|SMTP_|MAIL_|NODE_ENV$|TZ$)/;
  const kept = Object.entries(process.env).filter(
    ([name]) => name === "DATABASE_URL_TEST" || !foreign.test(name),
  );
  return Object.assign(Object.fromEntries(kept), {
    NEXT_TELEMETRY_DISABLED: "1",
    PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT,
    ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }),
  });
}

/** Next loads the pages' modules while it builds; nothing of this may end up in them. */
function buildEnvironment(): Environment {
  return worldEnvironment(
    {
      ports: { app: 3000, toss: 3001, inngest: 8288, postgres: 5433 },
      dataFolder: REPORTS,
      databaseUrl: "postgres://nobody@127.0.0.1:1/none",
      inngestUrl: "http://localhost:8288",
    },
    {},
  );
}

function readVitest(): readonly (readonly [string, Count])[] {
  if (!existsSync(VITEST_REPORT)) return [];
  const { unit, database } = countVitest(JSON.parse(readFileSync(VITEST_REPORT, "utf8")));
  return [
    ["unit", unit],
    ["database", database],
  ];
}

function readPlaywright(): readonly (readonly [string, Count])[] {
  if (!existsSync(PLAYWRIGHT_REPORT)) return [];
  return [["browser", countPlaywright(JSON.parse(readFileSync(PLAYWRIGHT_REPORT, "utf8")))]];
}

function summarise(all: readonly Outcome[]): void {
  say(`\n── summary ${"─".repeat(51)}`);
  for (const { name, isGreen, seconds, counts } of all) {
    const detail = counts.map(([kind, { passed, failed }]) =>
      failed > 0 ? `${kind} ${passed} (${failed} failed)` : `${kind} ${passed}`,
    );
    const time = `${seconds.toFixed(1)} s`.padStart(8);
    say(`${isGreen ? "✓" : "✗"} ${name.padEnd(12)} ${time}  ${detail.join(", ")}`.trimEnd());
  }
  const tests = all.map(({ isGreen, counts }) => {
    const sum = total(counts.map(([, count]) => count));
    // A red stage without a red test (a type error, a failed build) is still one thing that failed.
    return isGreen ? sum : total([sum, { ...NOTHING, failed: sum.failed > 0 ? 0 : 1 }]);
  });
  const { passed, failed } = total(tests);
  say(`${passed} passed, ${failed} failed`);
}
