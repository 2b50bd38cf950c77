/** The clock moves as in the demo: the app's own jobs, over HTTP, on the engine that runs them there. */
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseCalendarDate, seoulDayOf, seoulInstant, seoulMinuteOf } from "@/lib/billing/calendar";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { startTossEmulator, type TossEmulator } from "@/packages/toss-twin/emulator";
import { type Executor, startExecutor } from "@/sandbox/inngest/server";

// Far ahead of the machine's own clock: sandbox time only goes on from there.
const START = seoulInstant(parseCalendarDate("2099-01-31"), 12);
const LONG_JOBS = ["maedal-reconcile", "maedal-forecast-charges"];

/** Every job of a month, a thousand calls over HTTP: enough for a machine that is busy with other tests as well. */
const MONTH_MS = 240_000;

describe("a month that passes in the sandbox", () => {
  let toss: TossEmulator;
  let executor: Executor;
  let app: Server;
  let answer = async (_: Request) => new Response("not ready", { status: 503 });

  beforeAll(async () => {
    const file = process.env.SANDBOX_CLOCK_FILE ?? "";
    moveClockFile(file, START);
    const clock = () => readClockFile(file);
    toss = await startTossEmulator({ port: 0, clock, settings: { slowMs: 5 } });
    app = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      const asked = new Request(new URL(request.url ?? "/", `http://${request.headers.host}`), {
        method: request.method ?? "GET",
        headers: { host: `${request.headers.host}` },
        ...(request.method === "GET" ? {} : { body }),
      });
      const answered = await answer(asked);
      response.writeHead(answered.status, Object.fromEntries(answered.headers));
      response.end(await answered.text());
    });
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    const address = app.address();
    const port = typeof address === "object" && address ? address.port : 0;
    executor = await startExecutor({
      port: 0,
      appUrl: `http://127.0.0.1:${port}/api/inngest`,
      clock,
    });
    vi.stubEnv("TOSS_API_URL", toss.url);
    vi.stubEnv("INNGEST_DEV", executor.url);
    const [{ serve }, { inngest }, { JOBS }, { seedDatabase }] = await Promise.all([
      import("inngest/edge"),
      import("@/inngest/client"),
      import("@/inngest/jobs"),
      import("@/db/seed/seed"),
    ]);
    answer = serve({ client: inngest, functions: JOBS });
    await seedDatabase(process.env.DATABASE_URL ?? "", { sandboxPeople: false });
    await executor.settle();
  });

  afterAll(async () => {
    await executor.close();
    app.closeAllConnections();
    app.close();
    await toss.close();
    const { closeDb } = await import("@/db/client");
    await closeDb();
    vi.unstubAllEnvs();
  });

  it(
    "ran every daily job once, in order, and leaves the operator nothing to do",
    async () => {
      const { deps } = await import("@/lib/runtime/deps");
      const { findClockTarget, moveClock } = await import("./move");
      const { sandboxJobs } = await import("@/app/api/sandbox/clock/sandbox-jobs");
      const { newPerson, subscribe } = await import("@/lib/testing/story");
      const { newId, clock } = deps();
      const payer = await newPerson(newId, clock.now());
      await subscribe(deps(), toss, payer, "basic-month-v1", "normal");
      const poor = await newPerson(newId, clock.now());
      await subscribe(deps(), toss, poor, "basic-month-v1", "normal");
      await toss.control.changeCard({
        customerKey: poor.customerKey,
        scenario: "short-of-balance",
      });

      const to = await findClockTarget("+1month", clock.now());
      const move = await moveClock({ ...deps(), jobs: sandboxJobs() }, { to: to ?? START });

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
  const { listDaysNeverCompared, listOpenFindings, listReconciledDays } = await import(
    "@/db/reconciliation"
  );
  const { listInvariants } = await import("@/db/laws");
  const { listStops } = await import("@/db/charging-stop");
  const today = seoulDayOf(now);
  expect(await listDaysNeverCompared(today, 20)).toEqual([]);
  expect(await listOpenFindings(20)).toEqual([]);
  expect((await listReconciledDays(40)).map(({ run }) => run.status)).not.toContain("failed");
  const laws = await listInvariants();
  expect(laws.length).toBeGreaterThan(10);
  expect(laws.filter((law) => !law.ok)).toEqual([]);
  expect(await listStops(5)).toEqual([]);
}
