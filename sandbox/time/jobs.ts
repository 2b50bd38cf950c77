/**
 * The job engine as a moved clock needs it: which jobs tick on the way, and how to let them run. The local executor
 * reads the sandbox's clock and fires its crons itself. An Inngest server lives in real time and is told what to run.
 */
import { z } from "zod";
import { type CronSchedule, isFrequent, parseCron } from "@/packages/inngest-local/engine/time";

export type Jobs = {
  /** The first instant after `after` at which a job that runs hourly or less often ticks; null when none does. */
  readonly nextLongTick: (after: Date) => Date | null;
  /** The first instant after `after` by which each of the other jobs has ticked. */
  readonly nextShortRound: (after: Date) => Date;
  /** Of those, the ids of the ones that ticked between two instants, the second included. */
  readonly longTickedBetween: (since: Date, until: Date) => readonly string[];
  /** Keeps the shorter jobs from starting by themselves until `release`, or until a mover that died is forgotten. */
  readonly hold: () => Promise<void>;
  readonly release: () => Promise<void>;
  /** Runs once each job that ticked in a span. False when one does not end in time. */
  readonly run: (span: TickSpan, timeoutMs: number) => Promise<boolean>;
};

/** Ends with `until`, which is part of it; the shorter jobs are left out where `shortSince` is null. */
export type TickSpan = {
  readonly longSince: Date;
  readonly shortSince: Date | null;
  readonly until: Date;
};

/** What is read of an Inngest function. */
type JobFunction = {
  readonly id: (prefix?: string) => string;
  readonly opts: { readonly triggers?: readonly unknown[] };
};

type Job = { readonly id: string; readonly schedules: readonly CronSchedule[] };

const POLL_MS = 50;
/** Longer than any stop on the way; each stop holds anew. */
const HOLD_MS = 120_000;
/** A singleton that is at work already starts no second run: none that shows by now will come. */
const NO_RUN_MS = 5_000;
const CronTrigger = z.object({ cron: z.string() });

/** The jobs `functions` of the app `appId`, run by the engine at `url`. */
export function createJobs(url: string, appId: string, functions: readonly JobFunction[]): Jobs {
  const jobs = functions.map((fn) => ({ id: fn.id(appId), schedules: readSchedules(fn) }));
  const schedules = jobs.flatMap((job) => job.schedules);
  const long = schedules.filter(isLong);
  const short = schedules.filter((schedule) => !isLong(schedule));
  const longJobs = jobs.filter((job) => job.schedules.some(isLong));
  const shortJobs = jobs.filter((job) => !longJobs.includes(job));
  let followsClock: boolean | undefined;
  const holdFor = async (forMs: number) => {
    await unlessAway(async () => {
      followsClock ??= await isLocalExecutor(url);
      if (followsClock) await ask("POST", `${url}/control/hold-frequent-crons`, { forMs });
      return true;
    });
  };
  return {
    nextLongTick(after) {
      const ticks = long.flatMap((schedule) => schedule.next(after.getTime()) ?? []);
      return ticks.length > 0 ? new Date(Math.min(...ticks)) : null;
    },
    nextShortRound(after) {
      const ticks = short.flatMap((schedule) => schedule.next(after.getTime()) ?? []);
      return new Date(Math.max(after.getTime(), ...ticks));
    },
    longTickedBetween: (since, until) => tickedBetween(longJobs, since, until),
    hold: () => holdFor(HOLD_MS),
    release: () => holdFor(0),
    run: ({ longSince, shortSince, until }, timeoutMs) =>
      unlessAway(async () => {
        followsClock ??= await isLocalExecutor(url);
        const short = shortSince ? tickedBetween(shortJobs, shortSince, until) : [];
        if (!followsClock) {
          const long = tickedBetween(longJobs, longSince, until);
          return invokeAll(url, [...long, ...short], timeoutMs);
        }
        // The long ones it has fired by itself, as the clock passed their ticks.
        for (const functionId of short)
          await ask("POST", `${url}/control/fire-cron`, { functionId });
        return settle(url, timeoutMs);
      }),
  };
}

class EngineError extends Error {
  override name = "EngineError";
}

/** An engine that does not answer is one whose work is not done. */
async function unlessAway(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof EngineError) return false;
    throw fault;
  }
}

function readSchedules(fn: JobFunction): readonly CronSchedule[] {
  return (fn.opts.triggers ?? []).flatMap((trigger) => {
    const { data } = CronTrigger.safeParse(trigger);
    return data ? [parseCron(data.cron)] : [];
  });
}

function isLong(schedule: CronSchedule): boolean {
  return !isFrequent(schedule);
}

function tickedBetween(jobs: readonly Job[], since: Date, until: Date): readonly string[] {
  return jobs
    .filter(({ schedules }) =>
      schedules.some((schedule) => {
        const tick = schedule.next(since.getTime());
        return tick !== null && tick <= until.getTime();
      }),
    )
    .map(({ id }) => id);
}

async function isLocalExecutor(url: string): Promise<boolean> {
  const { data } = z
    .object({ version: z.literal("inngest-local") })
    .safeParse(await ask("GET", `${url}/dev`));
  return data !== undefined;
}

async function settle(url: string, timeoutMs: number): Promise<boolean> {
  const answer = await ask("POST", `${url}/control/settle`, { timeoutMs });
  return z.object({ settled: z.boolean() }).parse(answer).settled;
}

/** Starts each function by its id and waits until all runs have ended, however they ended. */
async function invokeAll(
  url: string,
  functionIds: readonly string[],
  timeoutMs: number,
): Promise<boolean> {
  const startedAt = performance.now();
  const eventIds = await Promise.all(
    functionIds.map(async (id) => {
      const answer = await ask("POST", `${url}/invoke/${id}`, { data: {} });
      return z.object({ id: z.string() }).parse(answer).id;
    }),
  );
  for (const eventId of eventIds) {
    for (;;) {
      const runs = await listRuns(url, eventId);
      const waitedMs = performance.now() - startedAt;
      if (runs.length === 0 ? waitedMs > NO_RUN_MS : runs.every((run) => run.ended_at)) break;
      if (waitedMs > timeoutMs) return false;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  return true;
}

const EventRun = z.object({ ended_at: z.string().nullish() });
/** Servers answer with the list itself, newer ones with an envelope round it. */
const EventRuns = z
  .union([z.array(EventRun), z.object({ data: z.array(EventRun) })])
  .transform((body) => (Array.isArray(body) ? body : body.data));

async function listRuns(url: string, eventId: string): Promise<z.infer<typeof EventRuns>> {
  return EventRuns.parse(await ask("GET", `${url}/v1/events/${eventId}/runs`));
}

async function ask(method: "GET" | "POST", url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new EngineError(`${url} answered ${response.status}`);
  return response.json();
}
