import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cron, eventType, Inngest, staticSchema } from "inngest";
import { serve } from "inngest/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { installPacked, type Packed } from "@/packages/local-kit/packed";
import { controlExecutor } from "./control";

const here = fileURLToPath(new URL(".", import.meta.url));
const ordered = eventType("shop/ordered", { schema: staticSchema<{ cups: number }>() });
const MINUTE = 60_000;

let packed: Packed;
let clockFile: string;
let runnerUrl: string;
let app: Server;
let client: Inngest;
/** What the functions of the app did. */
const done: string[] = [];

beforeAll(async () => {
  packed = await installPacked("inngest-local", here);
  clockFile = path.join(packed.place, "clock.json");
  const shop: { answer: RequestListener } = {
    answer: (_, response) => response.writeHead(503).end(),
  };
  app = createServer((request, response) => shop.answer(request, response));
  await once(app.listen(0, "127.0.0.1"), "listening");
  const address = app.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const appUrl = `http://127.0.0.1:${port}/api/inngest`;
  runnerUrl = (await packed.start("--app", appUrl, "--clock-file", clockFile)).url;
  client = new Inngest({ id: "shop", isDev: true, baseUrl: runnerUrl });
  shop.answer = serve({ client, functions: functionsOf(client) });
}, 120_000);

afterAll(() => {
  packed.remove();
  app.closeAllConnections();
  app.close();
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
    const modules = path.join(packed.place, "node_modules");
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
    expect(await packed.evaluate(script)).toBe("true\n");
  });

  test("stops in good order when it is told to", async () => {
    const { process: other, url } = await packed.start();
    expect((await fetch(url)).status).toBe(200);
    other.kill("SIGTERM");
    expect(await once(other, "exit")).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

function minutesOn(minutes: number): Date {
  return new Date(readClockFile(clockFile).getTime() + minutes * MINUTE);
}
