import { cron } from "inngest";
import { expect, test } from "vitest";

import { charge, go, perform, type Scenario, send } from "@/packages/inngest-local/testing/stage";

const scenarios: Scenario[] = [
  {
    story: "fan-out: a step sends events and each starts its own run",
    functions: (client) => [
      client.createFunction({ id: "sweep", triggers: [go] }, async ({ step }) => {
        const { ids } = await step.sendEvent("send", [
          { name: "charge", data: { n: 1 } },
          { name: "charge", data: { n: 2 } },
        ]);
        return ids.length;
      }),
      client.createFunction(
        { id: "charge", concurrency: 1, triggers: [charge] },
        ({ event }) => event.data.n,
      ),
    ],
    moves: [send()],
    trace: [
      "sweep",
      "look #0 () → StepRun send",
      "look #0 (send) → 200 2",
      "charge",
      "look #0 () → 200 1",
      "charge",
      "look #0 () → 200 2",
    ],
  },
  {
    story: "the same event id starts nothing again for 24 hours",
    functions: (client) => [
      client.createFunction({ id: "once", triggers: [go] }, ({ event }) => event.data.n),
    ],
    moves: [
      { send: [1, 2].map((n) => ({ name: "go", id: "same", data: { n } })) },
      { advance: "23h59m" },
      { send: [{ name: "go", id: "same", data: { n: 3 } }] },
      { advance: "1m" },
      { send: [{ name: "go", id: "same", data: { n: 4 } }] },
    ],
    trace: ["once", "look #0 () → 200 1", "once", "look #0 () → 200 4"],
  },
  {
    story: "an event of the future starts its run when its time has come",
    functions: (client) => [client.createFunction({ id: "future", triggers: [go] }, () => "now")],
    moves: [
      { send: [{ name: "go", ts: Date.parse("2031-03-01T01:00:00Z") }] },
      { advance: "59m" },
      { advance: "1m" },
    ],
    trace: ["future", 'look #0 () → 200 "now"'],
  },
  {
    story: "a singleton in skip mode lets nothing start beside it",
    functions: (client) => [
      client.createFunction(
        { id: "single", singleton: { mode: "skip", key: "event.data.shop" }, triggers: [go] },
        async ({ event, step }) => {
          await step.sleep("work", "1m");
          return event.data.n;
        },
      ),
    ],
    moves: [
      send({ shop: "a", n: 1 }),
      send({ shop: "a", n: 2 }),
      send({ shop: "b", n: 3 }),
      { advance: "1m" },
    ],
    trace: [
      "single",
      "look #0 () → Sleep work 1m",
      "look #0 (work) → 200 1",
      "single",
      "look #0 () → Sleep work 1m",
      "look #0 (work) → 200 3",
    ],
  },
  {
    story: "a cron fires on the minute of its own time zone",
    functions: (client) => [
      client.createFunction(
        { id: "daily", triggers: [cron("TZ=Asia/Seoul 30 10 * * *")] },
        ({ event }) => ("scheduledAt" in event.data ? event.data.scheduledAt : null),
      ),
    ],
    moves: [{ advance: "1h29m59s" }, { advance: "1s" }, { advance: "1m" }],
    trace: ["daily", 'look #0 () → 200 "2031-03-01T01:30:00.000Z"'],
  },
  {
    story: "a leap over many ticks fires a cron once, for the latest of them",
    functions: (client) => [
      client.createFunction({ id: "sweep", triggers: [cron("*/5 * * * *")] }, ({ event }) =>
        "scheduledAt" in event.data ? event.data.scheduledAt : null,
      ),
    ],
    moves: [{ advance: "17m" }, { advance: "3m" }],
    trace: [
      "sweep",
      'look #0 () → 200 "2031-03-01T00:15:00.000Z"',
      "sweep",
      'look #0 () → 200 "2031-03-01T00:20:00.000Z"',
    ],
  },
  {
    story: "or in burst mode for each of them, as the real server does after an outage",
    functions: (client) => [
      client.createFunction(
        { id: "sweep", concurrency: 1, triggers: [cron("*/5 * * * *")] },
        ({ event }) => ("scheduledAt" in event.data ? event.data.scheduledAt : null),
      ),
    ],
    moves: [{ cronCatchUp: "burst" }, { advance: "17m" }],
    trace: ["05", "10", "15"].flatMap((minute) => [
      "sweep",
      `look #0 () → 200 "2031-03-01T00:${minute}:00.000Z"`,
    ]),
  },
];

test.each(scenarios)("$story", async (scenario) => {
  expect(await perform(scenario)).toEqual(scenario.trace);
});
