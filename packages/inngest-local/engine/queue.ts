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
 * Concurrency: a step runs only while its bucket has room.
 * What finds no room is parked and handed back when a place is free, so a long queue behind a small limit is not
 * walked again at each step.
 */
export class Slots<T extends { slot: Slot | null }> {
  private readonly buckets = new Map<string, Bucket<T>>();
  private readonly handBack: (item: T) => void;
  parkedCount = 0;

  constructor(handBack: (item: T) => void) {
    this.handBack = handBack;
  }

  /** Takes a place, or parks the item and answers false. */
  acquire(item: T): boolean {
    if (!item.slot) return true;
    const bucket = this.bucket(item.slot);
    if (bucket.used < bucket.limit) {
      bucket.used += 1;
      return true;
    }
    bucket.parked.push(item);
    this.parkedCount += 1;
    return false;
  }

  release(item: T): void {
    if (!item.slot) return;
    const bucket = this.bucket(item.slot);
    bucket.used -= 1;
    const next = bucket.parked.shift();
    if (next) {
      this.parkedCount -= 1;
      this.handBack(next);
    }
    if (bucket.used === 0 && bucket.parked.length === 0) this.buckets.delete(item.slot.bucket);
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
