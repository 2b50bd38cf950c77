/** What a first look at a page costs, with an empty cache, in bytes as `next start` sends them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { closeDb } from "@/db/client";
import { findChromium } from "@/sandbox/world/chromium";
import { findFreePorts } from "@/sandbox/world/ports";
import { removeCluster } from "@/sandbox/world/postgres";
import { createSupervisor } from "@/sandbox/world/supervisor";
import { startWorld } from "@/sandbox/world/world";

const TYPES = ["script", "stylesheet", "font", "document"];

export async function benchWeight(): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), "maedal-weight-"));
  const supervisor = createSupervisor();
  try {
    const { environment, appUrl } = await startWorld({
      root: process.cwd(),
      dataFolder,
      ports: await findFreePorts(),
      person: {},
      supervisor,
      app: "production build",
      jobs: "local",
      isDisposable: true,
    });
    Object.assign(process.env, environment);
    await weighPages(appUrl);
  } finally {
    await closeDb();
    await supervisor.stop();
    removeCluster(dataFolder);
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

async function weighPages(appUrl: string): Promise<void> {
  // These read the environment of the world as they are loaded.
  const [{ newPerson, orders, signInOn }, { weigh }] = await Promise.all([
    import("@/e2e/support/people"),
    import("@/e2e/support/weigh"),
  ]);
  const person = await newPerson();
  const checkoutId = await orders(person, "basic-month-v1");
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const pages: Record<string, Record<string, number>> = {};
  for (const [name, path, isSignedIn] of [
    ["/pricing", "/pricing", false],
    ["/account", "/account", true],
    ["/checkout", `/checkout/${checkoutId}`, true],
  ] as const) {
    const context = await browser.newContext({ locale: "ko-KR" });
    if (isSignedIn) await signInOn(context, person);
    const weightOf = await weigh(await context.newPage(), `${appUrl}${path}`);
    const weights = await Promise.all(
      TYPES.map(async (type) => [type, await weightOf(type)] as const),
    );
    say(
      `${name}: ${weights.map(([type, { bytes, files }]) => `${type} ${(bytes / 1000).toFixed(1)} kB in ${files.length}`).join(", ")}`,
    );
    pages[name] = Object.fromEntries(weights.map(([type, { bytes }]) => [type, bytes]));
    await context.close();
  }
  await browser.close();
  say(JSON.stringify({ bench: "weight", pages }));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
