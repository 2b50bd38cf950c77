/** Workers who share a queue: no row is worked on by two at once, and none is forgotten when its worker dies. */

import { eq, isNull, sql } from "drizzle-orm";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { leaseFrom } from "@/lib/billing/lease";
import { db, transaction } from "./client";
import { isAnyDue, isDue, nextDueAt, type Queue, takeDue, takeOne } from "./queue";
import { instant } from "./schema/columns";

const errands = pgTable("errands", {
  id: text("id").primaryKey(),
  dueAt: instant("due_at"),
  leasedUntil: instant("leased_until"),
  tries: integer("tries").notNull().default(0),
  doneAt: instant("done_at"),
});
type Errand = typeof errands.$inferInsert;

/** Without leases of its own: what was taken is not due until its lease is over. */
const plain: Queue<typeof errands> = {
  table: errands,
  dueAt: "dueAt",
  tries: "tries",
  waits: isNull(errands.doneAt),
};
const leased: Queue<typeof errands> = { ...plain, leasedUntil: "leasedUntil" };
const both = [
  ["whose leases stand in the row", leased],
  ["in which the new time is the lease", plain],
] as const;

const MINUTE = 60_000;
const ten = new Date("2027-01-31T10:00:00+09:00");
const at = (minutes: number) => new Date(ten.getTime() + minutes * MINUTE);

beforeAll(async () => {
  await db().execute(sql`create table errands (
    id text primary key, due_at timestamptz(3), leased_until timestamptz(3), tries integer not null default 0, done_at timestamptz(3))`);
});
beforeEach(() => transaction(async (tx) => void (await tx.delete(errands))));

function write(...rows: readonly Errand[]): Promise<void> {
  return transaction(async (tx) => void (await tx.insert(errands).values([...rows])));
}

/** A worker takes what is due `minutes` after ten, for five minutes. */
async function takes(queue: Queue<typeof errands>, minutes: number, limit = 10) {
  const lease = leaseFrom(at(minutes), 5 * MINUTE);
  const taken = await transaction((tx) => takeDue(tx, queue, { ...lease, limit }));
  return taken.map(({ id }) => id).toSorted();
}

/** A worker takes one errand by its id, for five minutes. */
function takesOne(queue: Queue<typeof errands>, minutes: number, isTry = true) {
  const take = { ...leaseFrom(at(minutes), 5 * MINUTE), id: "errand", isTry };
  return transaction((tx) => takeOne(tx, queue, take));
}

async function errand(): Promise<Errand | undefined> {
  const [row] = await db().select().from(errands).where(eq(errands.id, "errand"));
  return row;
}

describe.each(both)("a queue %s", (_, queue) => {
  test("gives two workers at once different rows, and neither waits for the other", async () => {
    await write(
      { id: "first", dueAt: at(-3) },
      { id: "second", dueAt: at(-2) },
      { id: "third", dueAt: at(-1) },
    );
    const lease = leaseFrom(ten, 5 * MINUTE);
    await transaction(async (one) => {
      const ofOne = await takeDue(one, queue, { ...lease, limit: 2 });
      const ofTheOther = await transaction(async (other) => {
        await other.execute(sql`set local lock_timeout = '2s'`);
        return takeDue(other, queue, { ...lease, limit: 2 });
      });
      expect(ofOne.map(({ id }) => id).toSorted()).toEqual(["first", "second"]);
      expect(ofTheOther.map(({ id }) => id)).toEqual(["third"]);
    });
    expect(await takes(queue, 0)).toEqual([]);
  });

  test("gives the work of a worker that died to another, once its lease is over", async () => {
    await write({ id: "errand", dueAt: ten });
    expect(await takes(queue, 0)).toEqual(["errand"]);
    expect(await errand()).toMatchObject({ dueAt: at(5), tries: 1 });
    expect(await takes(queue, 4.999)).toEqual([]);
    expect(await takes(queue, 5)).toEqual(["errand"]);
    expect(await errand()).toMatchObject({ dueAt: at(10), tries: 2 });
  });

  test("takes those first that have waited longest, and nothing before its time", async () => {
    await write(
      { id: "d", dueAt: at(1) },
      { id: "c", dueAt: at(0) },
      { id: "b", dueAt: at(-1) },
      { id: "a", dueAt: at(-1) },
      { id: "z", dueAt: at(-2) },
    );
    expect(await takes(queue, 0, 1)).toEqual(["z"]);
    expect(await takes(queue, 0, 1)).toEqual(["a"]);
    expect(await takes(queue, 0)).toEqual(["b", "c"]);
    expect(await takes(queue, 0)).toEqual([]);
  });

  test("takes nothing that is done, or has no time, or is not asked for", async () => {
    await write(
      { id: "done", dueAt: at(-1), doneAt: ten },
      { id: "parked", dueAt: null },
      { id: "other", dueAt: at(-1) },
      { id: "errand", dueAt: at(-1) },
    );
    const lease = leaseFrom(ten, 5 * MINUTE);
    const where = eq(errands.id, "errand");
    const taken = await transaction((tx) => takeDue(tx, queue, { ...lease, limit: 10, where }));
    expect(taken).toMatchObject([{ id: "errand", dueAt: at(5), tries: 1, doneAt: null }]);
    expect(await takes(queue, 0)).toEqual(["other"]);
  });

  test("gives one row to one of two who want it at the same time", async () => {
    await write({ id: "errand", dueAt: ten });
    const taken = await Promise.all([takesOne(queue, 0), takesOne(queue, 0)]);
    expect(taken.filter((row) => row !== null)).toMatchObject([{ id: "errand", tries: 1 }]);
    expect(await takesOne(queue, 4.999)).toBeNull();
    expect(await takesOne(queue, 5)).toMatchObject({ dueAt: at(10), tries: 2 });
  });

  test("counts no try where one is only looked at out of turn, and gives no row that is done", async () => {
    await write({ id: "errand", dueAt: ten });
    expect(await takesOne(queue, 0, false)).toMatchObject({ dueAt: at(5), tries: 0 });
    await transaction(async (tx) => void (await tx.update(errands).set({ doneAt: at(1) })));
    expect(await takesOne(queue, 10)).toBeNull();
  });

  test("tells whether anything is due, and when the next is", async () => {
    await write({ id: "done", dueAt: at(1), doneAt: ten }, { id: "errand", dueAt: at(2) });
    expect(await nextDueAt(queue, ten)).toEqual(at(2));
    expect(await nextDueAt(queue, at(2))).toBeNull();
    expect(await isAnyDue(queue, at(1.999))).toBe(false);
    expect(await isAnyDue(queue, at(2))).toBe(true);
    const due = await db()
      .select()
      .from(errands)
      .where(isDue(queue, at(2)));
    expect(due.map(({ id }) => id)).toEqual(["errand"]);
  });
});

describe("an errand that is hastened while a worker owns it", () => {
  const hasten = () =>
    transaction(async (tx) => void (await tx.update(errands).set({ dueAt: at(1) })));

  test("stays with that worker where the lease stands in the row", async () => {
    await write({ id: "errand", dueAt: ten });
    await takes(leased, 0);
    await hasten();
    expect(await takes(leased, 1)).toEqual([]);
    expect(await takesOne(leased, 1)).toBeNull();
    expect(await isAnyDue(leased, at(1))).toBe(true);
    expect(await nextDueAt(leased, at(1))).toEqual(at(5));
    expect(await takes(leased, 5)).toEqual(["errand"]);
  });

  test("is free again where only its time is", async () => {
    await write({ id: "errand", dueAt: ten });
    await takes(plain, 0);
    await hasten();
    expect(await takes(plain, 1)).toEqual(["errand"]);
  });
});

test("a row that nobody owns is taken before its time only where leases stand in the rows", async () => {
  await write({ id: "errand", dueAt: at(60) });
  expect(await takesOne(plain, 0)).toBeNull();
  expect(await takesOne(leased, 0)).toMatchObject({ dueAt: at(5), leasedUntil: at(5) });
});
