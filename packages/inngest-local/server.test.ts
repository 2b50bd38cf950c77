import { spawnSync } from "node:child_process";
import { NonRetriableError, referenceFunction } from "inngest";
import { afterEach, expect, test } from "vitest";
import { go, openStage, type Stage } from "@/packages/inngest-local/testing/stage";
import { controlExecutor } from "./control";

const open: Stage[] = [];
async function stageWith(...given: Parameters<typeof openStage>): Promise<Stage> {
  const stage = await openStage(...given);
  open.push(stage);
  await stage.executor.settle();
  return stage;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((stage) => stage.close()));
});

test("concurrency counts steps that run, for each key", async () => {
  const open = { a: 0, b: 0 };
  const most = { a: 0, b: 0 };
  const { executor, client } = await stageWith((app) => [
    app.createFunction(
      { id: "charge", concurrency: { limit: 2, key: "event.data.shop" }, triggers: [go] },
      async ({ event, step }) => {
        await step.run("pay", async () => {
          const shop = event.data.shop === "a" ? "a" : "b";
          most[shop] = Math.max(most[shop], ++open[shop]);
          while (most.a < 2 || most.b < 2) await new Promise((resolve) => setTimeout(resolve, 1));
          open[shop] -= 1;
        });
      },
    ),
  ]);
  const shops = ["a", "a", "a", "a", "a", "b", "b", "b"];
  await client.send(shops.map((shop) => ({ name: "go", data: { shop } })));
  expect(await executor.settle()).toMatchObject({ settled: true, running: 0, queued: 0 });
  expect(executor.runs({ status: "completed" })).toHaveLength(shops.length);
  expect(most).toEqual({ a: 2, b: 2 });
});

test("a sleeping run takes no place from another", async () => {
  const { executor, client } = await stageWith((app) => [
    app.createFunction({ id: "nap", concurrency: 1, triggers: [go] }, async ({ step }) =>
      step.sleep("nap", "1h"),
    ),
  ]);
  await client.send([{ name: "go" }, { name: "go" }]);
  await executor.settle();
  expect(executor.runs().map((run) => run.steps[0]?.status)).toEqual(["waiting", "waiting"]);
});

test("5,000 events are taken at once, and what comes before a bad one stays taken", async () => {
  const { executor } = await stageWith(() => []);
  const send = async (events: unknown) => {
    const response = await fetch(`${executor.url}/e/key`, {
      method: "POST",
      body: JSON.stringify(events),
    });
    const body = (await response.json()) as { ids: string[]; status: number };
    return [response.status, body.status, body.ids.length];
  };
  const many = (count: number) => Array.from({ length: count }, () => ({ name: "go", data: {} }));
  expect(await send({ name: "go" })).toEqual([200, 200, 1]);
  expect(await send(many(5_000))).toEqual([200, 200, 5_000]);
  expect(await send(many(5_001))).toEqual([400, 400, 5_000]);
  expect(await send([{ name: "go" }, { name: "inngest/function.failed" }])).toEqual([400, 400, 1]);
  expect(await send({ name: "go", data: [] })).toEqual([400, 400, 0]);
});

test("the sender's retry of one call brings the same ids and starts nothing twice", async () => {
  const { executor } = await stageWith((app) => [
    app.createFunction({ id: "once", triggers: [go] }, () => null),
  ]);
  const send = async (seed: string) => {
    const response = await fetch(`${executor.url}/e/key`, {
      method: "POST",
      headers: { "x-inngest-event-id-seed": seed },
      body: JSON.stringify([{ name: "go" }, { name: "go" }]),
    });
    return response.json();
  };
  const first = await send("1,abc");
  expect(await send("1,abc")).toEqual(first);
  expect(await send("2,def")).not.toEqual(first);
  await executor.settle();
  expect(executor.runs()).toHaveLength(4);
});

test("options that are not done are refused at registration, each by name", async () => {
  const stage = await openStage((app) => [
    app.createFunction(
      { id: "a", rateLimit: { limit: 1, period: "1m" }, triggers: [go] },
      () => null,
    ),
    app.createFunction({ id: "b", debounce: { period: "1m" }, triggers: [go] }, () => null),
    app.createFunction(
      { id: "c", concurrency: { limit: 1, key: "size(event.data)" }, triggers: [go] },
      () => null,
    ),
    app.createFunction({ id: "fine", triggers: [go] }, () => null),
  ]);
  open.push(stage);
  const { executor } = stage;
  await expect(executor.register()).rejects.toThrow(
    /app-a.*rateLimit[\s\S]*app-b.*debounce[\s\S]*app-c.*size/,
  );
  expect(await controlExecutor(executor.url).functions()).toMatchObject({
    registeredAt: null,
    error: expect.stringContaining("rateLimit"),
    functions: [],
  });
  expect(await fetch(executor.url).then((response) => response.text())).toContain("rateLimit");
});

test("a step that is not done ends its run at once and is named", async () => {
  const { executor, client } = await stageWith((app) => [
    app.createFunction({ id: "wait", triggers: [go] }, async ({ step }) => {
      await step.waitForEvent("paid", { event: "paid", timeout: "1d" });
    }),
    app.createFunction({ id: "ask", triggers: [go] }, async ({ step }) => {
      await step.invoke("asked", { function: referenceFunction({ functionId: "wait" }) });
    }),
    app.createFunction({ id: "race", optimizeParallelism: false, triggers: [go] }, ({ step }) =>
      Promise.race([step.run("quick", () => 1), step.sleep("slow", "1h")]),
    ),
    app.createFunction({ id: "group", triggers: [go] }, ({ group, step }) =>
      group.parallel({ mode: "race" }, () =>
        Promise.race([step.run("quick", () => 1), step.sleep("slow", "1h")]),
      ),
    ),
  ]);
  await client.send({ name: "go" });
  expect(await executor.settle()).toMatchObject({ settled: true, queued: 0 });
  const ends = executor.runs().map((run) => [run.functionId, run.status, run.error?.message]);
  expect(new Set(ends)).toEqual(
    new Set([
      ["app-wait", "failed", expect.stringContaining("WaitForEvent")],
      ["app-ask", "failed", expect.stringContaining("InvokeFunction")],
      ["app-race", "failed", expect.stringContaining("optimizeParallelism: false")],
      ["app-group", "failed", expect.stringContaining("race mode")],
    ]),
  );
});

test("a run whose tries are used up has failed, and says so", async () => {
  const { executor, client, advance } = await stageWith((app) => [
    app.createFunction({ id: "doomed", retries: 1, triggers: [go] }, () => {
      throw new Error("no");
    }),
  ]);
  await client.send({ name: "go" });
  await advance("0s");
  expect(executor.runs()).toMatchObject([
    { status: "running", calls: 1, error: { message: "no" } },
  ]);
  await advance("45s");
  expect(executor.runs()).toMatchObject([{ status: "failed", calls: 2, error: { message: "no" } }]);
});

test("a function the app does not know any more is tried again, as after a deployment", async () => {
  const { executor, client, advance } = await stageWith((app) => [
    app.createFunction({ id: "stays", triggers: [go] }, () => "done"),
  ]);
  const [known] = executor.engine.functions;
  if (!known) throw new Error("not registered");
  executor.engine.setFunctions([{ ...known, query: "?fnId=app-gone&stepId=step" }]);
  await client.send({ name: "go" });
  await advance("0s");
  expect(executor.runs()).toMatchObject([
    { status: "running", error: { message: expect.stringContaining("was not found in this app") } },
  ]);
});

test("only the last 2,000 ended runs are kept", async () => {
  const { executor, client } = await stageWith((app) => [
    app.createFunction(
      { id: "many", singleton: { mode: "skip" }, triggers: [go] },
      async ({ step }) => step.sleep("on", "1d"),
    ),
  ]);
  await client.send(Array.from({ length: 2_500 }, () => ({ name: "go" })));
  await executor.settle();
  expect(executor.runs({ status: "running" })).toHaveLength(1);
  expect(executor.runs({ status: "skipped" })).toHaveLength(2_000);
});

test("the control API does over HTTP what tests do in the process", async () => {
  const { executor, client } = await stageWith((app) => [
    app.createFunction({ id: "charge", triggers: [go] }, ({ event }) => event.data.n),
    app.createFunction({ id: "sweep", triggers: [{ cron: "0 0 1 1 *" }] }, () => "swept"),
  ]);
  const control = controlExecutor(executor.url);
  expect(await control.isHealthy()).toBe(true);
  expect((await control.functions()).functions).toMatchObject([
    { id: "app-charge", triggers: ["go"] },
    { id: "app-sweep", triggers: ["0 0 1 1 *"], nextFires: ["2032-01-01T00:00:00.000Z"] },
  ]);
  await control.fault({ kind: "drop-event", event: "go" });
  await client.send({ name: "go", data: { n: 1 } });
  await client.send({ name: "go", data: { n: 2 } });
  const { runId } = await control.fireCron("sweep");
  expect(await control.settle(2_000)).toMatchObject({ settled: true });
  expect(await control.runs({ function: "charge" })).toMatchObject([{ output: 2, calls: 1 }]);
  expect(await control.runs({ status: "completed", limit: 1 })).toMatchObject([{ id: runId }]);
  expect(await control.faults()).toMatchObject([{ hits: 1 }]);
  await control.clearFaults();
  expect(await control.faults()).toEqual([]);
  await control.setCronCatchUp("burst");
  await control.register();
  await expect(control.fireCron("charge")).rejects.toThrow("404");
});

test("settling gives up when its time has run out", async () => {
  const { executor, client } = await stageWith((app) => [
    app.createFunction({ id: "charge", triggers: [go] }, () => null),
  ]);
  executor.faults.arm({ kind: "slow-call", delayMs: 100 });
  await client.send({ name: "go" });
  expect(await executor.settle(10)).toMatchObject({ settled: false, running: 1 });
  expect(await executor.settle()).toMatchObject({ settled: true });
});

test("a fault with a chance strikes the same calls for the same seed", async () => {
  const strikes = async (seed: number) => {
    const { executor, client } = await stageWith((app) => [
      app.createFunction({ id: "charge", triggers: [go] }, ({ event }) => event.data.n),
    ]);
    executor.faults.arm({ kind: "drop-event", probability: 0.5, seed });
    await client.send(Array.from({ length: 30 }, (_, n) => ({ name: "go", data: { n } })));
    await executor.settle();
    return executor.runs().map((run) => run.output);
  };
  const once = await strikes(7);
  expect(once.length).toBeGreaterThan(5);
  expect(once.length).toBeLessThan(25);
  expect(new Set(await strikes(7))).toEqual(new Set(once));
  expect(new Set(await strikes(8))).not.toEqual(new Set(once));
});

test("the pages escape whatever events and steps bring, and name their icon", async () => {
  const { executor, client } = await stageWith((app) => [
    app.createFunction({ id: "evil", triggers: [go] }, async ({ step }) => {
      await step.run("<script>step</script>", () => "<script>output</script>");
      throw new NonRetriableError("<script>error</script>");
    }),
  ]);
  await client.send({ name: "go", data: { shop: "<script>data</script>" } });
  await executor.settle();
  const [run] = executor.runs();
  for (const path of ["/", `/runs/${run?.id}`]) {
    const page = await fetch(`${executor.url}${path}`);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain("app-evil");
    expect(text).not.toContain("<script");
    // Without one a browser asks for /favicon.ico, and complains of the 404.
    expect(text).toContain('<link rel="icon" href="data:,">');
  }
});

test("a page loads itself again only where somebody asked for it", async () => {
  const { executor } = await stageWith(() => []);
  const page = async (path: string) => (await fetch(`${executor.url}${path}`)).text();
  expect(await page("/")).not.toContain('http-equiv="refresh"');
  expect(await page("/")).toContain('href="/?live"');
  expect(await page("/?live")).toContain('http-equiv="refresh" content="3"');
});

test.each([
  [{ NODE_ENV: "production" }, "NODE_ENV=production"],
  [{ INNGEST_SIGNING_KEY: "signkey-prod-0123456789abcdef" }, "INNGEST_SIGNING_KEY"],
])("it does not start with %j", (env, reason) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "packages/inngest-local/main.ts", "--port", "0"],
    { env: Object.assign({}, process.env, env), encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
});
