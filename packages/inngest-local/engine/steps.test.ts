import { NonRetriableError, RetryAfterError } from "inngest";
import { expect, test } from "vitest";

import { go, perform, type Scenario, send } from "@/packages/inngest-local/testing/stage";

const scenarios: Scenario[] = [
  {
    story: "each step runs once and later looks are served from its memo",
    functions: (client) => [
      client.createFunction({ id: "sum", triggers: [go] }, async ({ event, step }) => {
        const one = await step.run("one", () => event.data.n + 1);
        const two = await step.run("two", () => one * 10);
        return one + two;
      }),
    ],
    moves: [send({ n: 1 })],
    trace: [
      "sum",
      "look #0 () → StepRun one",
      "look #0 (one) → StepRun two",
      "look #0 (one two) → 200 22",
    ],
  },
  {
    story:
      "a failing step is tried again after the back-off, and its success starts the count anew",
    functions: (client) => {
      const failing = { first: 1, second: 1 };
      return [
        client.createFunction({ id: "flaky", retries: 1, triggers: [go] }, async ({ step }) => {
          for (const name of ["first", "second"] as const) {
            await step.run(name, () => {
              if (failing[name]-- > 0) throw new Error("not now");
            });
          }
          return "done";
        }),
      ];
    },
    moves: [send(), { advance: "14s" }, { advance: "31s" }, { advance: "45s" }],
    trace: [
      "flaky",
      "look #0 () → StepError first",
      "look #1 () → StepRun first",
      "look #0 (first) → StepError second",
      "look #1 (first) → StepRun second",
      'look #0 (first second) → 200 "done"',
    ],
  },
  {
    story: "a function that throws outside steps is tried again, at the time it asks for",
    functions: (client) => [
      client.createFunction({ id: "later", retries: 2, triggers: [go] }, ({ attempt }) => {
        if (attempt === 0) throw new RetryAfterError("busy", "3s");
        return attempt;
      }),
    ],
    moves: [send(), { advance: "2s" }, { advance: "1s" }],
    trace: ["later", "look #0 () → 500 busy", "look #1 () → 200 1"],
  },
  {
    story: "a non-retriable error ends the run at once",
    functions: (client) => [
      client.createFunction({ id: "doomed", triggers: [go] }, () => {
        throw new NonRetriableError("never");
      }),
    ],
    moves: [send({ n: 7 }), { advance: "1h" }],
    trace: ["doomed", "look #0 () → 400 never"],
  },
  {
    story: "user code may catch a step whose tries are used up",
    functions: (client) => [
      client.createFunction({ id: "catcher", retries: 0, triggers: [go] }, async ({ step }) => {
        try {
          await step.run("pay", () => {
            throw new TypeError("card gone");
          });
        } catch (error) {
          return error instanceof Error ? error.message : "?";
        }
        return "paid";
      }),
    ],
    moves: [send()],
    trace: ["catcher", "look #0 () → StepFailed pay", 'look #0 (pay) → 200 "card gone"'],
  },
  {
    story:
      "parallel steps run one by one from the fork, and the function is asked again when all are in",
    functions: (client) => [
      client.createFunction({ id: "fork", triggers: [go] }, async ({ step }) => {
        await step.run("before", () => 0);
        const [left] = await Promise.all([step.run("left", () => "l"), step.sleep("nap", "10s")]);
        return left;
      }),
    ],
    moves: [send(), { advance: "10s" }],
    trace: [
      "fork",
      "look #0 () → StepRun before",
      "look #0 (before) → StepPlanned left, Sleep nap 10s",
      "left #0 (before) → StepRun left",
      'look #0 (before left nap) → 200 "l"',
    ],
  },
  {
    story: "a sleep lasts to the second",
    functions: (client) => [
      client.createFunction({ id: "sleeper", triggers: [go] }, async ({ step }) => {
        await step.sleep("night", "8h");
        await step.sleepUntil("date", new Date("2031-03-02T00:00:00Z"));
        return "awake";
      }),
    ],
    moves: [send(), { advance: "7h59m59s" }, { advance: "1s" }, { advance: "16h" }],
    trace: [
      "sleeper",
      "look #0 () → Sleep night 8h",
      "look #0 (night) → Sleep date 2031-03-02T00:00:00.000Z",
      'look #0 (night date) → 200 "awake"',
    ],
  },
];

test.each(scenarios)("$story", async (scenario) => {
  expect(await perform(scenario)).toEqual(scenario.trace);
});
