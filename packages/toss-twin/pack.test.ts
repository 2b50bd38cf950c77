import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Without what npm or a tool of this repository may have set for its own children. */
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "test" as const };
const authorization = `Basic ${btoa("test_sk_SandboxMaedal0000000000001:")}`;

type Running = { readonly process: ChildProcess; readonly url: string };

let folder: string;
/** The empty folder in which the tarball was installed. */
let place: string;
let emulator: Running;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "toss-twin-pack-"));
  const tarball = await pack();
  place = path.join(folder, "empty");
  mkdirSync(place);
  await npm(place, "install", "--offline", "--prefix", place, tarball);
  emulator = await start("--state", "books/toss.jsonl");
}, 120_000);

afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("the packed emulator, installed in an empty folder", () => {
  test("brings no other package and none of its sources", () => {
    const modules = path.join(place, "node_modules");
    expect(readdirSync(modules).filter((name) => !name.startsWith("."))).toEqual(["toss-twin"]);
    const twin = path.join(modules, "toss-twin");
    expect(readdirSync(twin).sort()).toEqual(["README.md", "dist", "package.json"]);
    const sources = readdirSync(twin, { recursive: true, encoding: "utf8" });
    expect(sources.filter((name) => name.endsWith(".ts"))).toEqual([]);
    expect(sources).toContain("dist/LICENSE-zod");
  });

  test("registers a billing key and charges it", async () => {
    const customerKey = "customer-of-the-tarball";
    const { authKey } = await post("/control/authorize-billing", { customerKey });
    const { billingKey } = await post("/v1/billing/authorizations/issue", { authKey, customerKey });
    const payment = await post(`/v1/billing/${encodeURIComponent(String(billingKey))}`, {
      customerKey,
      amount: 9_900,
      orderId: "order-of-the-tarball",
      orderName: "Basic",
    });
    expect(payment).toMatchObject({ status: "DONE", totalAmount: 9_900 });
    const journal = readFileSync(path.join(place, "books", "toss.jsonl"), "utf8");
    expect(journal).toContain("order-of-the-tarball");
    expect(await read("/", "text/html")).toContain("order-of-the-tarball");
  });

  test("serves the page's dress and the SDK script as the sources have them", async () => {
    expect(await read("/assets/control.css", "text/css")).toBe(source("control.css"));
    expect(await read("/assets/window.js", "text/javascript")).toBe(source("window.js"));
    const sdk = await read("/v1/payment", "text/javascript");
    expect(sdk).toContain("TossPayments");
    expect(sdk).not.toMatch(/^(import|export) /m);
  });

  test("is a module for tests, too", async () => {
    const script = `
      import { defaultMerchant, startTossEmulator } from "toss-twin";
      import { createTossControl } from "toss-twin/control";
      const emulator = await startTossEmulator({ port: 0 });
      const [key] = await createTossControl(emulator.url).issueBillingKeys({ count: 1 });
      await emulator.close();
      console.log(defaultMerchant.mId, typeof key.billingKey);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script],
      { cwd: place, env: environment },
    );
    expect(stdout).toBe("tvsandbox string\n");
  });

  test("stops in good order when it is told to", async () => {
    const { process: other, url } = await start();
    expect((await fetch(url)).status).toBe(200);
    other.kill("SIGTERM");
    expect(await once(other, "exit")).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

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

async function start(...args: readonly string[]): Promise<Running> {
  const child = spawn(
    path.join(place, "node_modules", ".bin", "toss-twin"),
    ["--port", "0", ...args],
    {
      cwd: place,
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  started.push(child);
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const url = /listening on (http:\S+)\n/.exec(printed)?.[1];
    if (url) return { process: child, url };
  }
  throw new Error(`The emulator ended before it listened: ${printed}`);
}

async function post(address: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(emulator.url + address, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return JSON.parse(text);
}

async function read(address: string, type: string): Promise<string> {
  const answer = await fetch(emulator.url + address);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")?.toLowerCase()).toContain(type);
  return await answer.text();
}

function source(name: string): string {
  return readFileSync(path.join(here, "browser", name), "utf8");
}
