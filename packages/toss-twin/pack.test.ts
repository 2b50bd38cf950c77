import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installPacked, type Packed } from "@/packages/local-kit/packed";

const here = fileURLToPath(new URL(".", import.meta.url));
const authorization = `Basic ${btoa("test_sk_SandboxMaedal0000000000001:")}`;

let packed: Packed;
let address: string;

beforeAll(async () => {
  packed = await installPacked("toss-twin", here);
  address = (await packed.start("--state", "books/toss.jsonl")).url;
}, 120_000);

afterAll(() => packed.remove());

describe("the packed emulator, installed in an empty folder", () => {
  test("brings no other package and none of its sources", () => {
    const modules = path.join(packed.place, "node_modules");
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
    const journal = readFileSync(path.join(packed.place, "books", "toss.jsonl"), "utf8");
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
    expect(await packed.evaluate(script)).toBe("tvsandbox string\n");
  });

  test("stops in good order when it is told to", async () => {
    const { process: other, url } = await packed.start();
    expect((await fetch(url)).status).toBe(200);
    other.kill("SIGTERM");
    expect(await once(other, "exit")).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

async function post(target: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(address + target, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return JSON.parse(text);
}

async function read(target: string, type: string): Promise<string> {
  const answer = await fetch(address + target);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")?.toLowerCase()).toContain(type);
  return await answer.text();
}

function source(name: string): string {
  return readFileSync(path.join(here, "browser", name), "utf8");
}
