import { availableParallelism, totalmem } from "node:os";
import { defineConfig, devices } from "playwright/test";
import { findChromium } from "@/sandbox/world/chromium";
import { WORLDS_VARIABLE } from "@/sandbox/world/environment";

enterWorld();

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE;
const executablePath = findChromium();

/** What one worker takes: a browser, and a world with its app, emulator and job runner. */
const WORKER_BYTES = 2 * 1024 ** 3;
const MOST_WORKERS = 8;

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./sandbox/world/e2e.ts",
  outputDir: "test-results",
  // A long file must not keep one worker busy when the others have nothing left.
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: countWorkers(),
  timeout: 60_000,
  // Generous: a small machine draws pages, runs jobs and drives two browsers at once.
  expect: { timeout: 15_000 },
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  use: {
    baseURL: process.env.APP_URL ?? "",
    locale: "ko-KR",
    // Far from Seoul on purpose: every day a page shows must still be Seoul's.
    timezoneId: "America/New_York",
    // A copy of the page at each step would take a tenth of the run; the picture shows what a failed test saw last.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false, sources: false },
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    {
      name: "desktop",
      use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 800 } },
    },
    {
      name: "mobile",
      // What a phone draws or opens in another way than a wide screen.
      grep: /@phone/,
      use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
    },
  ],
});

/** As many as the machine can carry; two share even a small one, since each often waits. */
function countWorkers(): number {
  const carried = Math.min(availableParallelism(), Math.floor(totalmem() / WORKER_BYTES));
  return Math.max(2, Math.min(carried, MOST_WORKERS));
}

/** Workers read this file again, each after the global set-up: from then on their world is their environment. */
function enterWorld(): void {
  const { TEST_PARALLEL_INDEX: index, [WORLDS_VARIABLE]: worlds } = process.env;
  if (index === undefined || worlds === undefined) return;
  Object.assign(process.env, JSON.parse(worlds)[Number(index)]);
}
