/** The clock moves as in the demo: the app's own jobs, over HTTP, on the engine that runs them there. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as route from "@/app/api/inngest/route";
import { listStops } from "@/db/charging-stop";
import { listInvariants } from "@/db/laws";
import { listDaysNeverCompared, listOpenFindings, listReconciledDays } from "@/db/reconciliation";
import { parseCalendarDate, seoulDayOf, seoulInstant, seoulMinuteOf } from "@/lib/billing/calendar";
import { type JobWorld, startJobWorld } from "@/lib/testing/job-world";
import { newPerson, subscribe } from "@/lib/testing/story";
import { findClockTarget, moveTime } from "@/sandbox/entry";

// Far ahead of the machine's own clock: sandbox time only goes on from there.
const START = seoulInstant(parseCalendarDate("2099-01-31"), 12);
const LONG_JOBS = ["maedal-reconcile", "maedal-forecast-charges"];

/** Every job of a month, a thousand calls over HTTP: enough for a machine that is busy with other tests as well. */
const MONTH_MS = 240_000;

describe("a month that passes in the sandbox", () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await startJobWorld(route, START);
  });
  afterAll(() => world.close());

  it(
    "ran every daily job once, in order, and leaves the operator nothing to do",
    async () => {
      const { deps, executor, toss } = world;
      const { newId, clock } = deps;
      const payer = await newPerson(newId, clock.now());
      await subscribe(world, payer, { priceId: "basic-month-v1" });
      const poor = await newPerson(newId, clock.now());
      await subscribe(world, poor, { priceId: "basic-month-v1" });
      await toss.control.changeCard({
        customerKey: poor.customerKey,
        scenario: "short-of-balance",
      });

      const to = await findClockTarget("+1month", clock.now());
      const move = await moveTime(deps, { to: to ?? START });

      expect(move).toMatchObject({ kind: "arrived" });
      const runs = executor.runs().toReversed();
      const daily = runs.filter((run) => LONG_JOBS.includes(run.functionId));
      expect(daily.every((run) => run.status === "completed")).toBe(true);
      const ticks = daily.map((run) => new Date(`${run.event.data.scheduledAt}`));
      expect(ticks).toEqual(ticks.toSorted((one, other) => one.getTime() - other.getTime()));
      // From noon to noon: 28 evenings and 28 mornings, each once.
      expect(new Set(ticks.map((at) => at.getTime())).size).toBe(56);
      expect(ticks).toHaveLength(56);
      for (const run of daily)
        expect(seoulDayOf(new Date(run.startedAt ?? 0))).toBe(
          seoulDayOf(new Date(`${run.event.data.scheduledAt}`)),
        );
      expect(new Set(ticks.map(seoulMinuteOf))).toEqual(new Set([23 * 60, 8 * 60]));
      await expectCalm(clock.now());
      expect((await toss.control.state({ customerKey: payer.customerKey })).payments).toHaveLength(
        2,
      );
    },
    MONTH_MS,
  );
});

/** What the console's first page asks, with nothing in it. */
async function expectCalm(now: Date): Promise<void> {
  const today = seoulDayOf(now);
  expect(await listDaysNeverCompared(today, 20)).toEqual([]);
  expect(await listOpenFindings(20)).toEqual([]);
  expect((await listReconciledDays(40)).map(({ run }) => run.status)).not.toContain("failed");
  const laws = await listInvariants();
  expect(laws.length).toBeGreaterThan(10);
  expect(laws.filter((law) => !law.ok)).toEqual([]);
  expect(await listStops(5)).toEqual([]);
}
