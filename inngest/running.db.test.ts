/**
 * Checks how the jobs run: a failed step is retried alone, and a job never runs beside another run that it would disturb.
 */
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import * as route from "@/app/api/inngest/route";
import { db } from "@/db/client";
import { reconciliations } from "@/db/schema/reconciliation";
import { inngest } from "@/inngest/client";
import { chargesRequested, sweepRequested, webhookReceived } from "@/inngest/events";
import { JOBS } from "@/inngest/jobs";
import { parseCalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { type JobWorld, startJobWorld } from "@/lib/testing/job-world";

const MINUTE = 60_000;

/** Jobs of which two runs at once would do the same work twice, or read what the other is writing. */
const ALONE = [
  "sweep-renewals",
  "settle-charges",
  "settle-refunds",
  "tidy-up",
  "number-invoices",
  "forecast-charges",
  "reconcile",
  "check-invariants",
];
/** Limits of the jobs that may run at once, since each run has ids of its own. */
const ABREAST = { "collect-charges": 4, "handle-webhook": 4 };

let world: JobWorld;
beforeAll(async () => {
  world = await startJobWorld(route, seoulInstant(parseCalendarDate("2099-01-15"), 12));
});
afterAll(() => world.close());
beforeEach(() => world.calm());

test("a step that throws is retried, and the steps before it are not run again", async () => {
  world.executor.holdFrequentCrons(Number.MAX_VALUE);
  const today = seoulDayOf(minutesAfter(world.now(), 24 * 60));
  // The second try falls into the next day, on which the first step would list other days.
  await world.moveTo(new Date(seoulInstant(today, 23, 59).getTime() + 59_000));
  await world.toss.control.addFault({
    kind: "500-not-executed",
    match: { operation: "transactions" },
    times: 1,
  });
  const id = world.executor.fireCron("reconcile");
  await world.moveTo(world.now());
  const [listed, broken, ...none] = world.runOf(id).steps;
  expect([listed, broken, ...none]).toMatchObject([
    { name: "list-days", status: "completed", attempts: 1 },
    { status: "retrying", attempts: 1, error: { message: expect.stringContaining("Toss's list") } },
  ]);

  await world.moveTo(minutesAfter(world.now(), 1));
  expect(seoulDayOf(world.now())).not.toBe(today);
  const run = world.runOf(id);
  expect(run.status).toBe("completed");
  expect(run.steps[0]).toEqual(listed);
  const days = run.steps.slice(1);
  expect(days.map(({ name }) => name)).toEqual(
    z
      .array(z.string())
      .parse(listed?.output)
      .map((day) => `compare-${day}`),
  );
  expect(days.map(({ attempts }) => attempts)).toEqual([2, ...days.slice(1).map(() => 1)]);
  expect((await comparisonsOf(days[0]?.name)).slice(-2)).toEqual(["failed", "done"]);
});

test("a day that Toss cannot list keeps no other day from being compared", async () => {
  world.executor.holdFrequentCrons(Number.MAX_VALUE);
  await world.moveTo(minutesAfter(seoulInstant(seoulDayOf(world.now()), 9), 24 * 60));
  await world.toss.control.addFault({
    kind: "500-not-executed",
    match: { operation: "transactions" },
    times: 5,
  });
  const id = world.executor.fireCron("reconcile");
  for (let tries = 0; tries < 5; tries++) await world.moveTo(minutesAfter(world.now(), 3));
  const run = world.runOf(id);
  const [unread, ...others] = run.steps.slice(1);
  expect(unread).toMatchObject({ status: "failed", attempts: 5 });
  expect(others.length).toBeGreaterThan(1);
  for (const other of others) expect(other).toMatchObject({ status: "completed", attempts: 1 });
  expect(run).toMatchObject({
    status: "failed",
    error: { message: `Toss's list of ${unread?.name.slice("compare-".length)}` },
  });
});

test("a job that must run alone is skipped while it runs, whatever starts it", async () => {
  world.executor.holdFrequentCrons(Number.MAX_VALUE);
  world.app.hold();
  const working = ALONE.map((job) => world.executor.fireCron(job));
  await vi.waitFor(() => expect(world.app.heldCount()).toBe(ALONE.length));
  const beside = ALONE.map((job) => world.executor.fireCron(job));
  await inngest.send({ name: sweepRequested.name, data: {} });
  expect(beside.map((id) => world.runOf(id).status)).toEqual(ALONE.map(() => "skipped"));
  expect(working.map((id) => world.runOf(id).status)).toEqual(ALONE.map(() => "running"));
  const asked = world.executor.runs().filter((run) => run.event.name === sweepRequested.name);
  expect(new Set(asked.map((run) => run.status))).toEqual(new Set(["skipped"]));
  expect(world.app.heldCount()).toBe(ALONE.length);

  world.app.letGo();
  await world.moveTo(world.now());
  expect(working.map((id) => world.runOf(id).status)).toEqual(ALONE.map(() => "completed"));
  const later = world.executor.fireCron("sweep-renewals");
  await world.moveTo(world.now());
  expect(world.runOf(later).status).toBe("completed");
});

test("no more runs of a job are open at once than its limit, and the rest wait", async () => {
  world.executor.holdFrequentCrons(Number.MAX_VALUE);
  world.app.hold();
  await inngest.send(
    Array.from({ length: 9 }, (_, at) => [
      { name: chargesRequested.name, data: { chargeIds: [`chg_none_${at}`] } },
      { name: webhookReceived.name, data: { webhookId: `whk_none_${at}` } },
    ]).flat(),
  );
  world.executor.engine.pump();
  for (const [job, limit] of Object.entries(ABREAST)) {
    const nine = world.runsOf(job).slice(-9);
    expect([job, nine.filter((run) => run.status === "running").length]).toEqual([job, limit]);
    expect([job, nine.filter((run) => run.status === "queued").length]).toEqual([job, 9 - limit]);
  }
  world.app.letGo();
  await world.moveTo(world.now());
  for (const job of Object.keys(ABREAST)) {
    const nine = world.runsOf(job).slice(-9);
    expect(nine.map((run) => run.status)).toEqual(Array(9).fill("completed"));
  }
});

test("each job is in one of the two lists", () => {
  const listed = [...ALONE, ...Object.keys(ABREAST)];
  expect(new Set(JOBS.map((job) => job.id()))).toEqual(new Set(listed));
  expect(world.executor.functions().map(({ id }) => id)).toEqual(
    JOBS.map((job) => job.id("maedal")),
  );
});

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * MINUTE);
}

async function comparisonsOf(stepName: string | undefined) {
  const day = parseCalendarDate(`${stepName?.slice("compare-".length)}`);
  const rows = await db()
    .select()
    .from(reconciliations)
    .where(eq(reconciliations.day, day))
    .orderBy(reconciliations.finishedAt);
  return rows.map(({ status }) => status);
}
