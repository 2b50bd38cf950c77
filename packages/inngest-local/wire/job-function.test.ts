import { expect, test } from "vitest";

import { parseKey, parseRegistration } from "./job-function";

const event = {
  id: "1",
  name: "go",
  ts: 0,
  data: { shop: "a", n: 2, nested: { ok: true }, nothing: null },
};

test.each([
  ["event.name", "go"],
  ["event.data.shop", "a"],
  ["event.data.n", "2"],
  ["event.data.nested.ok", "true"],
])("the key %s is %j", (source, text) => {
  expect(parseKey(source)(event)).toBe(text);
});

test.each([
  undefined,
  "event.data.missing",
  "event.data.missing.deeper",
  "event.data.nothing",
  "event.data.constructor",
])("the key %s has no value, which is the empty text", (source) => {
  expect(parseKey(source)(event)).toBe("");
});

test.each([
  "",
  "event",
  "event.data.n > 1",
  "size(event.data)",
  "!event.data.ok",
  "event.data['n']",
  "steps.a",
  "event.data.a || event.data.b",
  "event.data.shop + '-' + event.data.n",
  "async.data.shop",
  "'all'",
])("the key %j is refused, not guessed", (source) => {
  expect(() => parseKey(source)).toThrow("cannot read the key");
});

const step = { runtime: { type: "http", url: "http://localhost:3000/api/inngest?fnId=app-a" } };
const plain = { id: "app-a", triggers: [{ event: "go" }], steps: { step } };
const register = (...functions: object[]) =>
  parseRegistration({ appName: "app", sdk: "js", functions });

test("what our functions ask for is read", () => {
  const { functions } = register({
    ...plain,
    name: "A",
    triggers: [{ event: "go" }, { cron: "TZ=Asia/Seoul 0 8 * * *" }],
    steps: { step: { ...step, retries: { attempts: 2 } } },
    concurrency: 3,
    singleton: { mode: "skip" },
  });
  expect(functions).toMatchObject([
    {
      id: "app-a",
      query: "?fnId=app-a",
      maxAttempts: 3,
      events: ["go"],
      crons: [{ text: "TZ=Asia/Seoul 0 8 * * *", isFrequent: false }],
      concurrency: { limit: 3 },
      summary: ['concurrency {"limit":3}', 'singleton {"mode":"skip"}'],
    },
  ]);
  expect(register(plain).functions).toMatchObject([
    { maxAttempts: 5, concurrency: null, singleton: null, crons: [] },
  ]);
});

test.each([
  ["throttle", { throttle: { limit: 1, period: "1m" } }],
  ["rateLimit", { rateLimit: { limit: 1, period: "1m" } }],
  ["debounce", { debounce: { period: "1m" } }],
  ["batchEvents", { batchEvents: { maxSize: 2, timeout: "1s" } }],
  ["priority", { priority: { run: "1" } }],
  ["timeouts", { timeouts: { start: "1m" } }],
  ["idempotency", { idempotency: "event.data.n" }],
  ["cancelOn", { cancel: [{ event: "stop" }] }],
  ["an option made tomorrow", { "an option made tomorrow": true }],
  ["if", { triggers: [{ event: "go", expression: "event.data.n == 1" }] }],
  ["jitter", { triggers: [{ cron: "* * * * *", jitter: "10s" }] }],
  ["shop/*", { triggers: [{ event: "shop/*" }] }],
  ["inngest/function.failed", { triggers: [{ event: "inngest/function.failed" }] }],
  ["* * * * * *", { triggers: [{ cron: "* * * * * *" }] }],
  ["scope", { concurrency: { limit: 1, scope: "env" } }],
  ["concurrency", { concurrency: [{ limit: 1 }, { limit: 2, key: "event.data.shop" }] }],
  ["singleton.mode", { singleton: { mode: "cancel" } }],
  ["retries.attempts", { steps: { step: { ...step, retries: { attempts: 21 } } } }],
])("%s is refused by its name", (option, given) => {
  expect(() => register({ ...plain, id: "app-b" }, { ...plain, ...given })).toThrow(
    expect.objectContaining({
      name: "RegistrationError",
      message: expect.stringMatching(
        new RegExp(`^app-a: [\\s\\S]*${option.replaceAll("*", "\\*")}`),
      ),
    }),
  );
});

test("everything that is refused is listed at once", () => {
  const bad = { ...plain, throttle: { limit: 1 }, debounce: { period: "1m" } };
  expect(() => register(bad, { ...bad, id: "app-b" })).toThrow(
    /^app-a: [\s\S]*throttle, debounce[\s\S]*app-b: [\s\S]*throttle, debounce/,
  );
});
