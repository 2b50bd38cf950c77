/** What waits its turn: taken in order of `at` (ms), then in the order it was put in. */
export class TimeQueue<T extends { at: number }> {
  private readonly heap: { item: T; order: number }[] = [];
  private count = 0;

  get size(): number {
    return this.heap.length;
  }

  peek(): T | undefined {
    return this.heap[0]?.item;
  }

  push(item: T): void {
    const { heap } = this;
    heap.push({ item, order: this.count++ });
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfBefore(index, parent)) break;
      index = parent;
    }
  }

  pop(): T | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last || first === last) return first?.item;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.swapIfBefore(child, index)) return first.item;
      index = child;
    }
  }

  private swapIfBefore(lower: number, upper: number): boolean {
    const { heap } = this;
    const [below, above] = [heap[lower], heap[upper]];
    if (!below || !above || !this.isBefore(lower, upper)) return false;
    heap[upper] = below;
    heap[lower] = above;
    return true;
  }

  private isBefore(one: number, other: number): boolean {
    const [a, b] = [this.heap[one], this.heap[other]];
    if (!a || !b) return false;
    return a.item.at < b.item.at || (a.item.at === b.item.at && a.order < b.order);
  }
}

type Bucket<T> = { used: number; limit: number; parked: T[] };
export type Slot = { bucket: string; limit: number };

/**
 * Concurrency: a step runs only while every bucket it names has room.
 * What finds no room is parked at the first full bucket and handed back when a place is free, so a
 * long queue behind a small limit is not walked again at each step.
 */
export class Slots<T extends { slots: readonly Slot[] }> {
  private readonly buckets = new Map<string, Bucket<T>>();
  private readonly handBack: (item: T) => void;
  parkedCount = 0;

  constructor(handBack: (item: T) => void) {
    this.handBack = handBack;
  }

  /** Takes a place in every bucket, or parks the item and answers false. */
  acquire(item: T): boolean {
    const wanted = item.slots.map((slot) => this.bucket(slot));
    const full = wanted.find((bucket) => bucket.used >= bucket.limit);
    if (!full) {
      for (const bucket of wanted) bucket.used += 1;
      return true;
    }
    full.parked.push(item);
    this.parkedCount += 1;
    // The place this item leaves free in its other buckets belongs to whoever waits there.
    for (const bucket of wanted) if (bucket.used < bucket.limit) this.wakeOne(bucket);
    return false;
  }

  release(item: T): void {
    for (const slot of item.slots) {
      const bucket = this.bucket(slot);
      bucket.used -= 1;
      this.wakeOne(bucket);
      if (bucket.used === 0 && bucket.parked.length === 0) this.buckets.delete(slot.bucket);
    }
  }

  private wakeOne(bucket: Bucket<T>): void {
    const item = bucket.parked.shift();
    if (!item) return;
    this.parkedCount -= 1;
    this.handBack(item);
  }

  private bucket({ bucket: name, limit }: Slot): Bucket<T> {
    const known = this.buckets.get(name);
    if (known) {
      known.limit = limit;
      return known;
    }
    const fresh: Bucket<T> = { used: 0, limit, parked: [] };
    this.buckets.set(name, fresh);
    return fresh;
  }
}

/**
 * Throttle (GCRA): when the next run of a bucket may start, in ms, and books that place.
 * `limit + burst - 1` may start at once, then one every period / limit.
 */
export class Throttle {
  private readonly arrivals = new Map<string, number>();

  book(
    bucket: string,
    now: number,
    rule: { limit: number; periodMs: number; burst: number },
  ): number {
    const intervalMs = rule.periodMs / rule.limit;
    const arrival = Math.max(this.arrivals.get(bucket) ?? now, now) + intervalMs;
    this.arrivals.set(bucket, arrival);
    return Math.max(now, Math.ceil(arrival - intervalMs * (rule.limit + rule.burst - 1)));
  }
}
