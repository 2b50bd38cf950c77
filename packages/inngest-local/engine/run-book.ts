import type { Answer } from "@/packages/inngest-local/wire/app-call";
import { newId } from "@/packages/inngest-local/wire/intake";
import type { JobFunction } from "@/packages/inngest-local/wire/job-function";
import {
  type CallItem,
  closeStep,
  type Item,
  isOver,
  type JobError,
  type JobEvent,
  type Memo,
  newRun,
  noteStep,
  type Op,
  type Run,
  type RunStatus,
  readError,
} from "./run";
import { parseDeadline, retryDelayMs } from "./time";

const MAX_HISTORY = 2_000;

/** What the book of runs needs from the engine around it. */
export type Surroundings = {
  now: () => number;
  random: () => number;
  push: (item: Item) => void;
};

type Tried = Pick<CallItem, "stepId" | "attempt" | "stackLength">;
type Ops = Extract<Answer, { kind: "ops" }>;

/** Every run from its start to its end: what it waits for, and what an answer of the app changes. */
export class RunBook {
  private readonly around: Surroundings;
  private readonly runs = new Map<string, Run>();
  private readonly over: Run[] = [];
  private readonly singletons = new Set<string>();

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** Runs that are not over and the last 2,000 that are, newest first. */
  list(): Run[] {
    return [...this.runs.values()].reverse();
  }

  find(id: string): Run | undefined {
    return this.runs.get(id);
  }

  /** Opens a run; beside a singleton that is at work it is skipped. */
  open(fn: JobFunction, event: JobEvent): Run {
    const now = this.around.now();
    const run = newRun(fn, event, { id: newId(now), queuedAt: now });
    this.runs.set(run.id, run);
    if (this.takeSingleton(run)) this.look(run, Math.max(now, event.ts));
    else this.finish(run, "skipped");
    return run;
  }

  /** Carries a run on from what the app answered; an answer to a run that is over changes nothing. */
  answer(run: Run, tried: Tried, answer: Answer): void {
    if (isOver(run)) return;
    if (answer.kind === "done") this.finish(run, "completed", { output: answer.data });
    if (answer.kind === "error") this.retryRun(run, tried, answer);
    if (answer.kind === "ops") this.takeOps(run, tried, answer);
  }

  /** Gives a step its result and has the app asked how the run goes on, once all of its group are settled. */
  settle(run: Run, stepId: string, memo: Memo): void {
    if (isOver(run) || run.memos.has(stepId)) return;
    run.memos.set(stepId, memo);
    run.stack.push(stepId);
    run.pending.delete(stepId);
    const step = run.steps.get(stepId);
    if (step) closeStep(step, memo, this.around.now());
    if (run.pending.size === 0) this.look(run, this.around.now());
  }

  private takeOps(run: Run, tried: Tried, answer: Ops): void {
    try {
      if (answer.ops.length > 1 && run.version === 1) {
        throw new Error("The job runner does not do optimizeParallelism: false.");
      }
      for (const op of answer.ops) this.take(run, op, { tried, answer });
    } catch (error) {
      this.finish(run, "failed", { error: readError(error) });
    }
  }

  private take(run: Run, op: Op, { tried, answer }: { tried: Tried; answer: Ops }): void {
    if (isOver(run) || run.memos.has(op.id)) return;
    if (op.op === "StepRun" || op.op === "StepError" || op.op === "StepFailed") {
      this.takeResult(run, op, { tried, answer });
    } else if (!run.pending.has(op.id)) {
      run.pending.add(op.id);
      noteStep(run, op, this.around.now()).status = op.op === "StepPlanned" ? "planned" : "waiting";
      this.plan(run, op, this.around.now());
    }
  }

  private takeResult(run: Run, op: Op, { tried, answer }: { tried: Tried; answer: Ops }): void {
    const step = noteStep(run, op, this.around.now());
    step.attempts += 1;
    const isLast = tried.attempt + 1 >= run.fn.maxAttempts;
    if (op.op === "StepRun") {
      this.settle(run, op.id, { data: op.data ?? null });
    } else if (op.op === "StepFailed" || answer.final || isLast) {
      this.settle(run, op.id, { error: readError(op.error) });
    } else {
      step.status = "retrying";
      step.error = readError(op.error);
      this.retry(run, tried, answer.retryAfter);
    }
  }

  private plan(run: Run, op: Op, now: number): void {
    const { slot } = run;
    const stepId = op.id;
    if (op.opts?.parallelMode === "race") {
      throw new Error("The job runner does not do parallel steps in race mode.");
    }
    if (op.op === "StepPlanned") {
      const stackLength = run.stack.length;
      this.around.push({ kind: "call", at: now, run, stepId, attempt: 0, stackLength, slot });
    } else if (op.op === "Sleep") {
      this.around.push({ kind: "wake", at: parseDeadline(op.name ?? "", now), run, stepId });
    } else {
      throw new Error(`The job runner does not do the instruction ${op.op}.`);
    }
  }

  /** Asks the app how the run goes on. */
  private look(run: Run, at: number): void {
    const { slot } = run;
    this.around.push({ kind: "call", at, run, stepId: null, attempt: 0, stackLength: 0, slot });
  }

  private retryRun(run: Run, tried: Tried, answer: Extract<Answer, { kind: "error" }>): void {
    const isLast = tried.attempt + 1 >= run.fn.maxAttempts;
    run.error = answer.error;
    if (answer.final || isLast) this.finish(run, "failed", { error: answer.error });
    else this.retry(run, tried, answer.retryAfter);
  }

  private retry(run: Run, tried: Tried, retryAfter: string | null): void {
    const { around } = this;
    const now = around.now();
    const at = now + retryDelayMs(tried.attempt, retryAfter, { now, random: around.random });
    const { stepId, stackLength } = tried;
    const attempt = tried.attempt + 1;
    around.push({ kind: "call", at, run, stepId, attempt, stackLength, slot: run.slot });
  }

  private takeSingleton(run: Run): boolean {
    const { singleton } = run.fn;
    if (!singleton) return true;
    const key = `${run.fn.id} ${singleton.keyOf(run.event)}`;
    if (this.singletons.has(key)) return false;
    run.singletonKey = key;
    this.singletons.add(key);
    return true;
  }

  private finish(
    run: Run,
    status: RunStatus,
    { output = null, error = null }: { output?: unknown; error?: JobError | null } = {},
  ): void {
    Object.assign(run, { status, output, error, endedAt: this.around.now() });
    if (run.singletonKey !== null) this.singletons.delete(run.singletonKey);
    this.over.push(run);
    const oldest = this.over.length > MAX_HISTORY ? this.over.shift() : undefined;
    if (oldest) this.runs.delete(oldest.id);
  }
}
