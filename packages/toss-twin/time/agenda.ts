type Job = {
  readonly at: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
};

/** How far behind a job must be for the clock to have been moved, rather than for the machine to be busy. */
const jumpMs = 2_000;

/** How often a clock that others may move is looked at. */
const lookEveryMs = 100;

/**
 * What is to happen by itself, in the order of the emulator's clock. After a jump of the clock everything that falls
 * into it happens one after the other, each job before the next instant begins, so that what a job leads to (the next
 * try of a webhook) finds its place in time.
 */
export class Agenda {
  private readonly now: () => number;
  /** A binary heap: the earliest job stands first. */
  private readonly heap: Job[] = [];
  private readonly waiting = new Set<() => void>();
  private timer: NodeJS.Timeout | null = null;
  private running = 0;
  private runningAt = 0;
  private count = 0;
  private readonly closing = new AbortController();

  constructor(now: () => number) {
    this.now = now;
  }

  schedule(at: number, run: Job["run"]): void {
    this.count += 1;
    push(this.heap, { at, order: this.count, run });
    this.arm();
  }

  /** Runs what has come due. Cheap when nothing has. */
  catchUp(): void {
    if (this.closing.signal.aborted) return;
    for (;;) {
      const next = this.heap[0];
      const now = this.now();
      if (!next || next.at > now) break;
      const isJump = now - next.at > jumpMs;
      if (this.running > 0 && isJump && next.at !== this.runningAt) return;
      pop(this.heap);
      this.runningAt = next.at;
      try {
        const done = next.run();
        if (done instanceof Promise) this.follow(done);
      } catch (error) {
        reportFailure(error);
      }
    }
    if (this.running === 0) {
      for (const resolve of this.waiting) resolve();
      this.waiting.clear();
    }
    this.arm();
  }

  /** Resolves when all that is due has been done. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      this.catchUp();
    });
  }

  clear(): void {
    this.heap.length = 0;
  }

  close(): void {
    this.closing.abort();
    if (this.timer) clearTimeout(this.timer);
    for (const resolve of this.waiting) resolve();
  }

  private follow(done: Promise<void>): void {
    this.running += 1;
    const finish = () => {
      this.running -= 1;
      this.catchUp();
    };
    done.then(finish, (error: unknown) => {
      reportFailure(error);
      finish();
    });
  }

  private arm(): void {
    if (this.timer || this.closing.signal.aborted) return;
    const next = this.heap[0];
    if (!next) return;
    const ms = Math.min(lookEveryMs, Math.max(0, next.at - this.now()));
    this.timer = setTimeout(() => {
      this.timer = null;
      this.catchUp();
      this.arm();
    }, ms);
    this.timer.unref();
  }
}

function reportFailure(error: unknown): void {
  console.error("The Toss emulator failed at something it had planned:", error);
}

function isBefore(a: Job, b: Job): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Job[], job: Job): void {
  let index = heap.length;
  while (index > 0) {
    const parentIndex = (index - 1) >>> 1;
    const parent = heap[parentIndex];
    if (!parent || !isBefore(job, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = job;
}

function pop(heap: Job[]): void {
  const job = heap.pop();
  if (!job || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const isRight = right !== undefined && left !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!child || !isBefore(child, job)) break;
    heap[index] = child;
    index = 2 * index + (isRight ? 2 : 1);
  }
  heap[index] = job;
}
