import { defineConfig, devices } from "playwright/test";
import { findChromium } from "@/sandbox/world/chromium";
import { WORLDS_VARIABLE } from "@/sandbox/world/environment";

enterWorld();

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE;
const executablePath = findChromium();

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./sandbox/world/e2e.ts",
  outputDir: "test-results",
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  // Generous: a small machine draws pages, runs jobs and drives two browsers at once.
  expect: { timeout: 15_000 },
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  use: {
    baseURL: process.env.APP_URL ?? "",
    locale: "ko-KR",
    // Far from Seoul on purpose: every day a page shows must still be Seoul's.
    timezoneId: "America/New_York",
    trace: { mode: "retain-on-failure", screenshots: false, sources: false },
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

/** Workers read this file again, each after the global set-up: from then on their world is their environment. */
function enterWorld(): void {
  const { TEST_PARALLEL_INDEX: index, [WORLDS_VARIABLE]: worlds } = process.env;
  if (index === undefined || worlds === undefined) return;
  Object.assign(process.env, JSON.parse(worlds)[Number(index)]);
}
