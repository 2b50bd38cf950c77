import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cron, eventType, Inngest, staticSchema } from "inngest";
import { serve } from "inngest/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { controlExecutor } from "./control";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Without what npm or a tool of this repository may have set for its own children. */
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "test" as const };
const ordered = eventType("shop/ordered", { schema: staticSchema<{ cups: number }>() });
const MINUTE = 60_000;

let folder: string;
/** The empty folder in which the tarball was installed. */
let place: string;
let clockFile: string;
let runnerUrl: string;
const started: ChildProcess[] = [];
let app: Server;
let client: Inngest;
/** What the functions of the app did. */
const done: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "inngest-local-pack-"));
  const tarball = await pack();
  place = path.join(folder, "empty");
  clockFile = path.join(place, "clock.json");
  mkdirSync(place);
  await npm(place, "install", "--offline", "--prefix", place, tarball);
  const shop: { answer: RequestListener } = {
    answer: (_, response) => response.writeHead(503).end(),
  };
  app = createServer((request, response) => shop.answer(request, response));
  await once(app.listen(0, "127.0.0.1"), "listening");
  const address = app.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const appUrl = `http://127.0.0.1:${port}/api/inngest`;
  ({ runnerUrl } = await start("--app", appUrl, "--clock-file", clockFile));
  client = new Inngest({ id: "shop", isDev: true, baseUrl: runnerUrl });
  shop.answer = serve({ client, functions: functionsOf(client) });
}, 120_000);

afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  app.closeAllConnections();
  app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A function for an event, with a night between its steps, and one for each minute. */
function functionsOf(shop: Inngest) {
  return [
    shop.createFunction({ id: "brew", triggers: [ordered] }, async ({ event, step }) => {
      await step.run("grind", () => void done.push("ground"));
      await step.sleep("night", "8h");
      return step.run("pour", () => `${event.data.cups} poured`);
    }),
    shop.createFunction({ id: "sweep", triggers: [cron("* * * * *")] }, () => {
      done.push("swept");
    }),
  ];
}

describe("the packed runner, installed in an empty folder", () => {
  test("brings no other package and none of its sources", () => {
    const modules = path.join(place, "node_modules");
    expect(readdirSync(modules).filter((name) => !name.startsWith("."))).toEqual(["inngest-local"]);
    const installed = path.join(modules, "inngest-local");
    expect(readdirSync(installed).sort()).toEqual(["README.md", "dist", "package.json"]);
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => name.endsWith(".ts"))).toEqual([]);
    expect(files).toContain("dist/LICENSE-croner");
    expect(files).toContain("dist/LICENSE-zod");
  });

  test("runs an event's function through its steps and a night", async () => {
    const jobs = controlExecutor(runnerUrl);
    expect(await jobs.settle(20_000)).toMatchObject({ settled: true });
    await client.send(ordered.create({ cups: 2 }));
    await jobs.settle(20_000);
    expect(await jobs.runs({ function: "brew" })).toMatchObject([
      { status: "running", output: null },
    ]);
    expect(done).toContain("ground");
    moveClockFile(clockFile, minutesOn(8 * 60 + 1));
    await jobs.settle(20_000);
    expect(await jobs.runs({ function: "brew" })).toMatchObject([
      {
        functionId: "shop-brew",
        status: "completed",
        output: "2 poured",
        steps: [{ name: "grind" }, { name: "night" }, { name: "pour", output: "2 poured" }],
      },
    ]);
    expect(done.filter((one) => one === "ground")).toHaveLength(1);
  });

  test("runs a cron at its minute", async () => {
    const jobs = controlExecutor(runnerUrl);
    await jobs.settle(20_000);
    const before = await jobs.runs({ function: "sweep" });
    moveClockFile(clockFile, minutesOn(1));
    await jobs.settle(20_000);
    const after = await jobs.runs({ function: "sweep", status: "completed" });
    expect(after.length).toBeGreaterThan(before.length);
    expect(done).toContain("swept");
    const page = await fetch(runnerUrl).then((answer) => answer.text());
    expect(page).toContain("shop-sweep");
  });

  test("is a module for tests, too", async () => {
    const script = `
      import { startExecutor } from "inngest-local";
      import { controlExecutor } from "inngest-local/control";
      const executor = await startExecutor({
        port: 0,
        appUrl: "http://127.0.0.1:9/api/inngest",
        clock: () => new Date(),
      });
      console.log(await controlExecutor(executor.url).isHealthy());
      await executor.close();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script],
      { cwd: place, env: environment },
    );
    expect(stdout).toBe("true\n");
  });

  test("stops in good order when it is told to", async () => {
    const other = await start();
    expect((await fetch(other.runnerUrl)).status).toBe(200);
    other.runner.kill("SIGTERM");
    expect(await once(other.runner, "exit")).toEqual([0, null]);
    await expect(fetch(other.runnerUrl)).rejects.toThrow("fetch failed");
  });
});

function minutesOn(minutes: number): Date {
  return new Date(readClockFile(clockFile).getTime() + minutes * MINUTE);
}

/** The repository runs no scripts of packages; the one that bundles this package is wanted. */
async function pack(): Promise<string> {
  await npm(here, "pack", "--ignore-scripts=false", "--pack-destination", folder);
  const [name, ...others] = readdirSync(folder);
  if (name === undefined || others.length > 0) throw new Error("npm pack made no single file.");
  return path.join(folder, name);
}

async function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  const options = ["--no-audit", "--no-fund", "--no-update-notifier"];
  await promisify(execFile)("npm", [...args, ...options], { cwd, env: environment });
}

async function start(...args: readonly string[]) {
  const bin = path.join(place, "node_modules", ".bin", "inngest-local");
  const child = spawn(bin, ["--port", "0", ...args], {
    cwd: place,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const url = /listening on (http:\S+)\n/.exec(printed)?.[1];
    if (url) return { runner: child, runnerUrl: url };
  }
  throw new Error(`The runner ended before it listened: ${printed}`);
}
