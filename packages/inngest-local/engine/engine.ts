import { callApp, failed } from "@/packages/inngest-local/wire/app-call";
import {
  type IntakeAnswer,
  newId,
  Recently,
  takeEvents,
} from "@/packages/inngest-local/wire/intake";
import type { JobFunction } from "@/packages/inngest-local/wire/job-function";
import { Faults, isFunction } from "./faults";
import { Slots, TimeQueue } from "./queue";
import { type CallItem, type CronItem, type Item, isOver, type JobEvent, type Run } from "./run";
import { RunBook } from "./run-book";
import { seededRandom } from "./time";

/** Requests that may be open to the app at once. */
const MAX_IN_FLIGHT = 64;

/** After the clock leapt over several ticks of a cron: one run for the latest of them, or one for each. */
export type CronCatchUp = "once" | "burst";

export type EngineOptions = {
  appUrl: string;
  clock: () => Date;
  /** Seed of the jitter of retries. */
  seed: number;
  cronCatchUp: CronCatchUp;
  onUnknownFunction: () => void;
};

/** What is left to do. Settled: nothing is queued, running or due at the present clock. */
export type Quiescence = {
  settled: boolean;
  /** Requests open to the app. */
  running: number;
  /** Whatever waits: for its time, or for a free place. */
  queued: number;
  /** When the next of it falls due, as an ISO time by the clock of the runner. */
  nextDueAt: string | null;
};

/**
 * Runs the functions: one queue ordered by the time of the given clock, kept in memory only.
 * `pump` takes what has fallen due and must be called whenever the clock may have moved.
 */
export class Engine {
  readonly faults = new Faults();
  readonly book: RunBook;
  cronCatchUp: CronCatchUp;
  functions: readonly JobFunction[] = [];
  private readonly options: EngineOptions;
  private readonly random: () => number;
  private readonly queue = new TimeQueue<Item>();
  private readonly slots = new Slots<CallItem>((item) => this.queue.push(item));
  private readonly seen = new Recently();
  /** Until then, in the machine's own milliseconds, frequent crons start nothing by themselves. */
  private heldUntil = 0;
  private readonly crons = new Map<string, CronItem>();
  private readonly settlers = new Set<() => void>();
  private inFlight = 0;
  private readonly closing = new AbortController();

  constructor(options: EngineOptions) {
    this.options = options;
    this.cronCatchUp = options.cronCatchUp;
    this.random = seededRandom(options.seed);
    this.book = new RunBook({
      now: () => this.now(),
      random: this.random,
      push: (item) => this.queue.push(item),
    });
  }

  now(): number {
    return this.options.clock().getTime();
  }

  /** When the crons of a function fire next, as ISO times. */
  nextFires(fn: JobFunction): string[] {
    return fn.crons.flatMap(({ text }) => {
      const item = this.crons.get(`${fn.id} ${text}`);
      return item ? [new Date(item.at).toISOString()] : [];
    });
  }

  /** Takes over the functions of a registration; crons that stay keep their next tick. */
  setFunctions(functions: readonly JobFunction[]): void {
    this.functions = functions;
    const wanted = new Set<string>();
    for (const fn of functions) {
      for (const cron of fn.crons) {
        const key = `${fn.id} ${cron.text}`;
        wanted.add(key);
        const planned = this.crons.get(key);
        if (planned) Object.assign(planned, { fn, cron });
        else this.planCron(fn, cron, this.now());
      }
    }
    for (const key of this.crons.keys()) if (!wanted.has(key)) this.crons.delete(key);
    this.pump();
  }

  /** Takes posted events, lets the armed faults strike, and starts what they trigger. */
  send(body: unknown, seed: string | null): IntakeAnswer {
    const now = this.now();
    const { faults, seen } = this;
    const accept = (event: JobEvent) => {
      const subject = { event: event.name };
      if (faults.strike("drop-event", subject)) return;
      const at = now + (faults.strike("delay-event", subject)?.delayMs ?? 0);
      this.queue.push({ kind: "deliver", at, event });
      const again = faults.strike("duplicate-event", subject);
      if (again) this.queue.push({ kind: "deliver", at: at + again.delayMs, event });
    };
    const answer = takeEvents(body, { seed, now, seen, accept });
    this.pump();
    return answer;
  }

  /** Starts a cron function now, as if its tick had come; null when there is no such function. */
  fireCron(functionId: string): Run | null {
    const fn = this.functions.find((one) => isFunction(one.id, functionId) && one.crons.length);
    const [cron] = fn?.crons ?? [];
    if (!fn || !cron) return null;
    const run = this.book.open(fn, timerEvent(cron.text, this.now()));
    this.pump();
    return run;
  }

  /**
   * Keeps crons that tick more often than hourly from starting anything for so long, unless they are fired by hand: who
   * moves the clock over a month says when they run. 0 lets them go. Held for a time only, since who holds may die.
   */
  holdFrequentCrons(forMs: number): void {
    this.heldUntil = performance.now() + forMs;
  }

  /** Starts a function by its registered id, whatever triggers it; the id of the event, or null when there is none such. */
  invoke(functionId: string, data: Record<string, unknown>): string | null {
    const now = this.now();
    const fn = this.functions.find((one) => one.id === functionId);
    if (!fn) return null;
    const event = { id: newId(now), name: "inngest/function.invoked", ts: now, data };
    this.book.open(fn, event);
    this.pump();
    return event.id;
  }

  quiescence(): Quiescence {
    for (let item = this.queue.peek(); item && this.isStale(item); item = this.queue.peek()) {
      this.queue.pop();
    }
    const next = this.queue.peek()?.at ?? null;
    const isDue = next !== null && next <= this.now();
    return {
      settled: !isDue && this.inFlight === 0 && this.slots.parkedCount === 0,
      running: this.inFlight,
      queued: this.queue.size + this.slots.parkedCount,
      nextDueAt: next === null ? null : new Date(next).toISOString(),
    };
  }

  /** Waits until all is settled, at most `timeoutMs` of real time. */
  async settle(timeoutMs: number): Promise<Quiescence> {
    this.pump();
    const { settlers } = this;
    if (!this.quiescence().settled && !this.closing.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, timeoutMs);
        settlers.add(done);
        function done() {
          clearTimeout(timer);
          settlers.delete(done);
          resolve();
        }
      });
    }
    return this.quiescence();
  }

  close(): void {
    this.closing.abort();
    for (const done of [...this.settlers]) done();
  }

  /** Takes everything due at the present clock, in the order it fell due. */
  pump(): void {
    if (this.closing.signal.aborted) return;
    const now = this.now();
    for (let item = this.queue.peek(); item && item.at <= now; item = this.queue.peek()) {
      if (item.kind === "call" && this.inFlight >= MAX_IN_FLIGHT) break;
      this.queue.pop();
      this.take(item, now);
    }
    if (this.settlers.size && this.quiescence().settled) {
      for (const done of [...this.settlers]) done();
    }
  }

  /** Whether an item is of a run that ended or a cron that was given up. */
  private isStale(item: Item): boolean {
    switch (item.kind) {
      case "call":
      case "wake":
        return isOver(item.run);
      case "cron":
        return this.crons.get(`${item.fn.id} ${item.cron.text}`) !== item;
      case "deliver":
        return false;
    }
  }

  private take(item: Item, now: number): void {
    switch (item.kind) {
      case "deliver":
        this.deliver(item.event);
        break;
      case "cron":
        this.fire(item, now);
        break;
      case "wake":
        this.book.settle(item.run, item.stepId, null);
        break;
      case "call":
        this.takeCall(item);
    }
  }

  private takeCall(item: CallItem): void {
    if (this.isStale(item) || !this.slots.acquire(item)) return;
    this.inFlight += 1;
    void this.call(item);
  }

  private deliver(event: JobEvent): void {
    for (const fn of this.functions) if (fn.events.includes(event.name)) this.book.open(fn, event);
  }

  private fire(item: CronItem, now: number): void {
    const { fn, cron } = item;
    if (this.isStale(item)) return;
    if (cron.isFrequent && performance.now() < this.heldUntil) {
      this.planCron(fn, cron, now);
      return;
    }
    const latest = this.cronCatchUp === "once" ? cron.schedule.latest(now) : null;
    const tick = Math.max(item.at, latest ?? item.at);
    this.book.open(fn, timerEvent(cron.text, tick));
    this.planCron(fn, cron, tick);
  }

  private planCron(fn: JobFunction, cron: CronItem["cron"], after: number): void {
    const at = cron.schedule.next(after);
    if (at === null) return;
    const item: CronItem = { kind: "cron", at, fn, cron };
    this.crons.set(`${fn.id} ${cron.text}`, item);
    this.queue.push(item);
  }

  private async call(item: CallItem): Promise<void> {
    const { run } = item;
    const { faults } = this;
    const subject = { event: run.event.name, functionId: run.fn.id };
    run.status = "running";
    run.startedAt ??= this.now();
    run.calls += 1;
    const isRefused = faults.strike("refuse-call", subject) !== undefined;
    const answer = isRefused
      ? failed("The app was not reached: refused on purpose")
      : await callApp(this.options.appUrl, item);
    const slow = faults.strike("slow-call", subject);
    if (slow) await new Promise((resolve) => setTimeout(resolve, slow.delayMs));
    this.inFlight -= 1;
    this.slots.release(item);
    if (answer.kind === "error" && answer.unknownFunction) this.options.onUnknownFunction();
    const isLost = !isRefused && faults.strike("lose-answer", subject) !== undefined;
    if (isLost && !isOver(run)) this.queue.push({ ...item, at: this.now() });
    else this.book.answer(run, item, answer);
    this.pump();
  }
}

function timerEvent(cron: string, tick: number): JobEvent {
  const at = new Date(tick).toISOString();
  const data = { cron, fireAt: at, scheduledAt: at };
  return { id: newId(tick), name: "inngest/scheduled.timer", ts: tick, data };
}
