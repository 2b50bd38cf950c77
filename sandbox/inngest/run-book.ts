import { z } from "zod";

import type { Answer } from "./app-call";
import { evaluateKey, parseExpression } from "./cel";
import { newId, type Recently } from "./intake";
import type { JobFunction } from "./job-function";
import {
  type CallItem,
  closeStep,
  type Item,
  isOver,
  type JobError,
  type JobEvent,
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
  /** Shows an event of the job runner's own to everything it triggers. */
  deliver: (event: JobEvent) => void;
  /** Starts a function by its registered id; null when there is none. */
  invoke: (functionId: string, event: JobEvent, invokedBy: Run["invokedBy"]) => Run | null;
};

type Wait = { run: Run; stepId: string; accepts: (event: JobEvent) => boolean };
type Tried = Pick<CallItem, "stepId" | "attempt" | "stackLength">;
type Ops = Extract<Answer, { kind: "ops" }>;

/** Every run from its start to its end: what it waits for, and what an answer of the app changes. */
export class RunBook {
  private readonly around: Surroundings;
  private readonly runs = new Map<string, Run>();
  private readonly active = new Map<string, Set<Run>>();
  private readonly over: Run[] = [];
  private readonly singletons = new Map<string, Run>();
  private readonly waits = new Map<string, Set<Wait>>();

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

  /** Opens a run. Idempotency may stand against it (null), and a singleton (a run that is skipped). */
  open(
    fn: JobFunction,
    event: JobEvent,
    given: { invokedBy: Run["invokedBy"]; seen: Recently },
  ): Run | null {
    const now = this.around.now();
    if (fn.idempotency) {
      const key = `${fn.id} idempotency ${evaluateKey(fn.idempotency, event)}`;
      if (!given.seen.mark(key, now)) return null;
    }
    const run = newRun(fn, event, { id: newId(now), queuedAt: now, invokedBy: given.invokedBy });
    this.runs.set(run.id, run);
    this.active.set(fn.id, (this.active.get(fn.id) ?? new Set()).add(run));
    if (this.takeSingleton(run)) this.look(run, Math.max(now, event.ts));
    else this.finish(run, "skipped");
    return run;
  }

  /** Shows an event to the steps that wait for one and to the runs it cancels. */
  deliver(event: JobEvent, functions: readonly JobFunction[]): void {
    for (const wait of [...(this.waits.get(event.name) ?? [])]) {
      if (wait.accepts(event)) this.settle(wait.run, wait.stepId, event);
    }
    for (const fn of functions) {
      for (const rule of fn.cancelOn.filter((one) => one.event === event.name)) {
        for (const run of [...(this.active.get(fn.id) ?? [])]) {
          const isLate =
            rule.timeoutMs !== null && this.around.now() > run.queuedAt + rule.timeoutMs;
          const isMeant = !rule.when || rule.when({ event: run.event, async: event }) === true;
          if (!isLate && isMeant) this.finish(run, "cancelled");
        }
      }
    }
  }

  /** Carries a run on from what the app answered; an answer to a run that is over changes nothing. */
  answer(run: Run, tried: Tried, answer: Answer): void {
    if (isOver(run)) return;
    if (answer.kind === "done") this.finish(run, "completed", { output: answer.data });
    if (answer.kind === "error") this.retryRun(run, tried, answer);
    if (answer.kind === "ops") this.takeOps(run, tried, answer);
  }

  private takeOps(run: Run, tried: Tried, answer: Ops): void {
    try {
      // Version 2 looks again once a whole group has settled; version 1 after each of its steps,
      // and then every new step is planned, so that two looks cannot both run it.
      if (answer.ops.length > 1 && run.version === 1) run.planOnly = true;
      for (const op of answer.ops) this.take(run, op, { tried, answer });
    } catch (error) {
      this.finish(run, "failed", { error: readError(error) });
    }
  }

  /** Gives a step its result and has the app asked how the run goes on, unless it is settled already. */
  settle(run: Run, stepId: string, memo: unknown): void {
    if (isOver(run) || run.memos.has(stepId)) return;
    run.memos.set(stepId, memo);
    run.stack.push(stepId);
    run.pending.delete(stepId);
    run.listening.get(stepId)?.();
    run.listening.delete(stepId);
    const step = run.steps.get(stepId);
    if (step) closeStep(step, memo, this.around.now());
    if (run.pending.size === 0 || run.planOnly) this.look(run, this.around.now());
  }

  private take(run: Run, op: Op, { tried, answer }: { tried: Tried; answer: Ops }): void {
    if (isOver(run) || run.memos.has(op.id)) return;
    if (op.op === "RunComplete") {
      this.finish(run, "completed", { output: op.data });
    } else if (op.op === "StepRun" || op.op === "StepError" || op.op === "StepFailed") {
      this.takeResult(run, op, { tried, answer });
    } else if (!run.pending.has(op.id)) {
      run.pending.add(op.id);
      noteStep(run, op, this.around.now()).status = op.op === "StepPlanned" ? "planned" : "waiting";
      if (op.opts?.parallelMode === "race") run.planOnly = true;
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
    const opts = WaitOptions.parse(op.opts ?? {});
    switch (op.op) {
      case "StepPlanned": {
        const stackLength = run.stack.length;
        const { slots } = run;
        const stepId = op.id;
        this.around.push({ kind: "call", at: now, run, stepId, attempt: 0, stackLength, slots });
        break;
      }
      case "Sleep":
        this.wake(run, op.id, { at: parseDeadline(op.name ?? "", now), memo: null });
        break;
      case "WaitForEvent":
        this.listen(run, op.id, { name: op.name ?? "", when: opts.if });
        this.wake(run, op.id, { at: parseDeadline(opts.timeout ?? "", now), memo: null });
        break;
      case "InvokeFunction":
        this.invoke(run, op.id, opts);
        break;
      default:
        throw new Error(`The sandbox's job runner does not know the instruction ${op.op}.`);
    }
  }

  private listen(run: Run, stepId: string, to: { name: string; when: string | undefined }): void {
    const when = to.when ? parseExpression(to.when) : null;
    const accepts = (event: JobEvent) => !when || when({ event: run.event, async: event }) === true;
    const wait = { run, stepId, accepts };
    const waits = this.waits.get(to.name) ?? new Set();
    this.waits.set(to.name, waits.add(wait));
    run.listening.set(stepId, () => waits.delete(wait));
  }

  private invoke(run: Run, stepId: string, opts: z.infer<typeof WaitOptions>): void {
    const now = this.around.now();
    const { timeout, payload, function_id: functionId = "" } = opts;
    if (timeout) {
      const error = { name: "InngestInvokeTimeoutError", message: `no result in ${timeout}` };
      this.wake(run, stepId, { at: parseDeadline(timeout, now), memo: { error } });
    }
    const name = "inngest/function.invoked";
    const event = { id: newId(now), name, ts: now, data: payload?.data ?? {} };
    if (this.around.invoke(functionId, event, { run, stepId })) return;
    const error = { name: "Error", message: `could not find function "${functionId}"` };
    this.settle(run, stepId, { error });
  }

  private wake(run: Run, stepId: string, { at, memo }: { at: number; memo: unknown }): void {
    this.around.push({ kind: "wake", at, run, stepId, memo });
  }

  /** Asks the app how the run goes on. */
  private look(run: Run, at: number): void {
    const { slots } = run;
    this.around.push({ kind: "call", at, run, stepId: null, attempt: 0, stackLength: 0, slots });
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
    around.push({ kind: "call", at, run, stepId, attempt, stackLength, slots: run.slots });
  }

  private takeSingleton(run: Run): boolean {
    const { singleton } = run.fn;
    if (!singleton) return true;
    const key = `${run.fn.id} ${evaluateKey(singleton.key, run.event)}`;
    const holder = this.singletons.get(key);
    if (holder && singleton.mode === "skip") return false;
    if (holder) this.finish(holder, "cancelled");
    run.singletonKey = key;
    this.singletons.set(key, run);
    return true;
  }

  private finish(
    run: Run,
    status: RunStatus,
    { output = null, error = null }: { output?: unknown; error?: JobError | null } = {},
  ): void {
    Object.assign(run, { status, output, error, endedAt: this.around.now() });
    this.active.get(run.fn.id)?.delete(run);
    for (const stopListening of run.listening.values()) stopListening();
    if (run.singletonKey !== null) this.singletons.delete(run.singletonKey);
    this.over.push(run);
    const oldest = this.over.length > MAX_HISTORY ? this.over.shift() : undefined;
    if (oldest) this.runs.delete(oldest.id);
    if (status === "failed" || status === "cancelled") this.announce(run, status, error);
    if (!run.invokedBy) return;
    const failure = error ?? { name: "Error", message: `the invoked function was ${status}` };
    const memo = status === "completed" ? { data: output } : { error: failure };
    this.settle(run.invokedBy.run, run.invokedBy.stepId, memo);
  }

  private announce(run: Run, status: "failed" | "cancelled", error: JobError | null): void {
    const now = this.around.now();
    this.around.deliver({
      id: newId(now),
      name: `inngest/function.${status}`,
      ts: now,
      data: {
        function_id: run.fn.id,
        run_id: run.id,
        error,
        event: run.event,
        events: [run.event],
        _inngest: { status: status === "failed" ? "Failed" : "Cancelled" },
      },
    });
  }
}

const WaitOptions = z.object({
  timeout: z.string().optional(),
  if: z.string().optional(),
  function_id: z.string().optional(),
  payload: z.object({ data: z.record(z.string(), z.unknown()).nullish() }).optional(),
});
