import { z } from "zod";

import type { JobFunction } from "@/packages/inngest-local/wire/job-function";
import type { Slot } from "./queue";

/** An event as functions receive it. */
export type JobEvent = {
  id: string;
  name: string;
  ts: number;
  data: Record<string, unknown>;
} & Record<string, unknown>;

/** One instruction of the SDK: a step it ran, or something it waits for. */
export type Op = z.infer<typeof Op>;
export const Op = z.object({
  op: z.string(),
  id: z.string(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
  opts: z.record(z.string(), z.unknown()).nullish(),
});

export type RunStatus = "queued" | "running" | "completed" | "failed" | "skipped";

export type JobError = { name: string; message: string; stack?: string };

export type Step = {
  id: string;
  name: string;
  op: string;
  status: "planned" | "retrying" | "waiting" | "completed" | "failed";
  /** How often the app was asked to run it. */
  attempts: number;
  startedAt: number;
  endedAt: number | null;
  output: unknown;
  error: JobError | null;
};

/** What a settled step gives the code: its result or its error, or for a sleep nothing. */
export type Memo = { data: unknown } | { error: JobError } | null;

export type Run = {
  id: string;
  fn: JobFunction;
  event: JobEvent;
  status: RunStatus;
  queuedAt: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Requests made to the app for this run. */
  calls: number;
  output: unknown;
  error: JobError | null;
  steps: Map<string, Step>;
  memos: Map<string, Memo>;
  /** Settled step ids, in the order they settled: what the SDK replays by. */
  stack: string[];
  /** Steps asked for and not settled yet. */
  pending: Set<string>;
  /** The protocol version the SDK answered with; -1 lets it choose. */
  version: number;
  slot: Slot | null;
  singletonKey: string | null;
};

/** Something the queue holds until `at` (ms). */
export type Item =
  | CallItem
  | WakeItem
  | CronItem
  | { kind: "deliver"; at: number; event: JobEvent };

/** A request to the app: one step of a run, or (null) to find out how the run goes on. */
export type CallItem = {
  kind: "call";
  at: number;
  run: Run;
  stepId: string | null;
  /** From 0, counted for the step being tried. */
  attempt: number;
  /** How much of the run's stack a planned step sees: what had settled when it was planned. */
  stackLength: number;
  slot: Slot | null;
};

/** The end of a sleep. */
export type WakeItem = { kind: "wake"; at: number; run: Run; stepId: string };

export type CronItem = {
  kind: "cron";
  at: number;
  fn: JobFunction;
  cron: JobFunction["crons"][number];
};

/** An error as the SDK wrote it, in whatever shape. */
export function readError(value: unknown): JobError {
  const shape = z.object({
    name: z.string().default("Error"),
    message: z.string(),
    stack: z.string().optional(),
  });
  const parsed = shape.safeParse(value);
  if (!parsed.success) return { name: "Error", message: `${JSON.stringify(value)}` };
  const { name, message, stack } = parsed.data;
  return stack === undefined ? { name, message } : { name, message, stack };
}

/** A run as the control API and the page show it. Times are ISO, by the clock of the runner. */
export type RunView = {
  id: string;
  functionId: string;
  status: RunStatus;
  event: JobEvent;
  queuedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  calls: number;
  output: unknown;
  error: JobError | null;
  steps: (Omit<Step, "startedAt" | "endedAt"> & { startedAt: string; endedAt: string | null })[];
};

export function newRun(fn: JobFunction, event: JobEvent, given: Pick<Run, "id" | "queuedAt">): Run {
  return {
    ...given,
    fn,
    event,
    status: "queued",
    startedAt: null,
    endedAt: null,
    calls: 0,
    output: null,
    error: null,
    steps: new Map(),
    memos: new Map(),
    stack: [],
    pending: new Set(),
    version: -1,
    slot: fn.concurrency && {
      limit: fn.concurrency.limit,
      bucket: `${fn.id} ${fn.concurrency.keyOf(event)}`,
    },
    singletonKey: null,
  };
}

/** The run's record of a step, begun when the app first speaks of it. */
export function noteStep(run: Run, op: Op, now: number): Step {
  const known = run.steps.get(op.id);
  if (known) return known;
  const step: Step = {
    id: op.id,
    name: op.displayName ?? op.name ?? op.id,
    op: op.op,
    status: "planned",
    attempts: 0,
    startedAt: now,
    endedAt: null,
    output: null,
    error: null,
  };
  run.steps.set(op.id, step);
  return step;
}

/** Writes a memo into the record. */
export function closeStep(step: Step, memo: Memo, now: number): void {
  const error = memo && "error" in memo ? memo.error : null;
  step.status = error ? "failed" : "completed";
  step.endedAt = now;
  step.error = error;
  step.output = memo && "data" in memo ? memo.data : null;
}

export function isOver(run: Run): boolean {
  return run.endedAt !== null;
}

export function viewRun(run: Run): RunView {
  return {
    id: run.id,
    functionId: run.fn.id,
    status: run.status,
    event: run.event,
    queuedAt: toIso(run.queuedAt),
    startedAt: toIsoOrNull(run.startedAt),
    endedAt: toIsoOrNull(run.endedAt),
    calls: run.calls,
    output: run.output,
    error: run.error,
    steps: [...run.steps.values()].map((step) => ({
      ...step,
      startedAt: toIso(step.startedAt),
      endedAt: toIsoOrNull(step.endedAt),
    })),
  };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

function toIsoOrNull(ms: number | null): string | null {
  return ms === null ? null : toIso(ms);
}
