import { expect, test } from "vitest";

import { go, perform, type Scenario, send } from "@/packages/inngest-local/testing/stage";

const scenarios: Scenario[] = [
  {
    story: "an event is acknowledged and lost, and its id stays taken",
    functions: (client) => [
      client.createFunction({ id: "charge", triggers: [go] }, ({ event }) => event.id),
    ],
    moves: [
      { fault: { kind: "drop-event", event: "go" } },
      { send: [{ name: "go", id: "first" }] },
      { send: [{ name: "go", id: "first" }] },
      { send: [{ name: "go", id: "second" }] },
    ],
    trace: ["charge", 'look #0 () → 200 "second"'],
  },
  {
    story: "an event arrives twice, the second time late",
    functions: (client) => [
      client.createFunction({ id: "charge", triggers: [go] }, ({ event }) => event.id),
    ],
    moves: [
      { fault: { kind: "duplicate-event", delayMs: 60_000 } },
      { send: [{ name: "go", id: "first" }] },
      { advance: "1m" },
    ],
    trace: ["charge", 'look #0 () → 200 "first"', "charge", 'look #0 () → 200 "first"'],
  },
  {
    story: "an event arrives late, behind one sent after it",
    functions: (client) => [
      client.createFunction({ id: "charge", triggers: [go] }, ({ event }) => event.id),
    ],
    moves: [
      { fault: { kind: "delay-event", delayMs: 60_000 } },
      { send: [{ name: "go", id: "first" }] },
      { send: [{ name: "go", id: "second" }] },
      { advance: "1m" },
    ],
    trace: ["charge", 'look #0 () → 200 "second"', "charge", 'look #0 () → 200 "first"'],
  },
  {
    story: "the answer of a step is lost after its effect, so the step runs again",
    functions: (client) => {
      const effects: string[] = [];
      return [
        client.createFunction({ id: "charge", triggers: [go] }, async ({ step }) => {
          await step.run("pay", () => {
            effects.push("paid");
          });
          return effects.length;
        }),
      ];
    },
    moves: [{ fault: { kind: "lose-answer", functionId: "charge" } }, send()],
    trace: [
      "charge",
      "look #0 () → StepRun pay",
      "look #0 () → StepRun pay",
      "look #0 (pay) → 200 2",
    ],
  },
  {
    story: "the app is not reached, which costs an attempt",
    functions: (client) => [
      client.createFunction({ id: "charge", triggers: [go] }, ({ attempt }) => attempt),
    ],
    moves: [
      { fault: { kind: "refuse-call", count: 2 } },
      send(),
      { advance: "45s" },
      { advance: "1m" },
    ],
    trace: ["charge", "look #0 → 200 2"].map((line) => line.replace("#0", "#2 ()")),
  },
  {
    story: "a slow answer changes nothing but the time",
    functions: (client) => [client.createFunction({ id: "charge", triggers: [go] }, () => "paid")],
    moves: [{ fault: { kind: "slow-call", delayMs: 20 } }, send()],
    trace: ["charge", 'look #0 () → 200 "paid"'],
  },
];

test.each(scenarios)("$story", async (scenario) => {
  expect(await perform(scenario)).toEqual(scenario.trace);
});
