import { Cron } from "croner";

const UNIT_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
const SECOND_MS = 1_000;
const LONGEST_WAIT_MS = 366 * UNIT_MS.d;
const LONGEST_RETRY_MS = UNIT_MS.d;

/** Waits before the second, third, … try of a step, in ms; the last one repeats. The server's own table. */
const BACK_OFF_MS = [15, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600, 7_200].map(
  (seconds) => seconds * SECOND_MS,
);
const BACK_OFF_JITTER_MS = 30 * SECOND_MS;

/** Milliseconds of a duration as the SDK writes it, such as "2h30m10s"; throws on anything else. */
export function parseDurationMs(text: string): number {
  if (!/^(\d+[wdhms])*$/.test(text))
    throw new Error(`"${text}" is not a duration such as "1h30m".`);
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
    totalMs += Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return totalMs;
}

/** The instant (ms) a sleep or time-out ends: a duration from now or an ISO time; at most 366 days away. */
export function parseDeadline(text: string, now: number): number {
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : now + parseDurationMs(text);
  if (Number.isNaN(at)) throw new Error(`"${text}" is neither a duration nor a time.`);
  if (at - now > LONGEST_WAIT_MS) throw new Error(`"${text}" is further than 366 days away.`);
  return at;
}

/**
 * How long to wait before trying again, in ms.
 * `attempt` is the one that failed, from 0. A Retry-After (whole seconds or a date) wins over the
 * table and is kept between one second and 24 hours.
 */
export function retryDelayMs(
  attempt: number,
  retryAfter: string | null,
  { now, random }: { now: number; random: () => number },
): number {
  if (retryAfter) {
    const askedMs = /^\d+(\.\d+)?$/.test(retryAfter)
      ? Math.floor(Number(retryAfter)) * SECOND_MS
      : Date.parse(retryAfter) - now;
    if (!Number.isNaN(askedMs)) return Math.min(Math.max(askedMs, SECOND_MS), LONGEST_RETRY_MS);
  }
  const base = BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length - 1)] ?? 0;
  return base + Math.floor(random() * BACK_OFF_JITTER_MS);
}

export type CronSchedule = {
  /** The first tick (ms) after an instant, or null when there is none. */
  next: (after: number) => number | null;
  /** The last tick (ms) at or before an instant, or null when there is none. */
  latest: (until: number) => number | null;
};

/** Reads a five-field cron, with an optional `TZ=Area/City ` in front (UTC without); throws on any other. */
export function parseCron(text: string): CronSchedule {
  const [, timezone = "UTC", pattern = ""] = /^(?:TZ=(\S+)\s+)?(.*)$/.exec(text) ?? [];
  const cron = new Cron(pattern, { timezone, mode: "5-part", paused: true });
  cron.nextRun();
  return {
    next: (after) => cron.nextRun(new Date(after))?.getTime() ?? null,
    // croner looks strictly before a whole second; ticks are on whole minutes.
    latest: (until) => cron.previousRuns(1, new Date(until + SECOND_MS))[0]?.getTime() ?? null,
  };
}

const HOUR_MS = UNIT_MS.h;

/** Whether two ticks of a cron can be less than an hour apart, judged by the first few of this century. */
export function isFrequent(schedule: CronSchedule): boolean {
  let tick = schedule.next(Date.UTC(2000, 0, 1));
  for (let count = 0; tick !== null && count < 25; count++) {
    const next = schedule.next(tick);
    if (next !== null && next - tick < HOUR_MS) return true;
    tick = next;
  }
  return false;
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
