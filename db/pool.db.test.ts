/**
 * Transactions and reads share a few connections, and connections die. Whatever the mix and the moment: a transaction
 * happens whole or not at all, its statements never run outside of it, and the pool is as large afterwards as before.
 */
import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { closeDb, db, transaction } from "@/db/client";
import { type DatabaseLine, startDatabaseLine } from "@/lib/testing/database-line";

const SIZE = 4;
/** What is left of the pool for transactions, so that reads find a lane. */
const TRANSACTIONS = 3;
/** So many requests the client library writes ahead of the answers, 100 on each connection. */
const PIPELINES = 100 * SIZE;

let line: DatabaseLine;
let admin: postgres.Sql;

beforeAll(async () => {
  // biome-ignore lint/style/noProcessEnv: this file's pool is small, and its way to the database can be cut
  const { env } = process;
  const url = env.DATABASE_URL ?? "";
  line = await startDatabaseLine(url);
  Object.assign(env, { DATABASE_URL: line.url, DATABASE_POOL: String(SIZE) });
  admin = postgres(url, { max: 2, onnotice: () => undefined });
  await admin`create table notes (id int primary key)`;
  await admin`create table slow_notes (id int primary key)`;
  await admin.unsafe(`
    create function wait_for_the_test() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock(1); return null; end';
    create constraint trigger slow_commit after insert on slow_notes
      deferrable initially deferred for each row execute function wait_for_the_test()`);
});
afterEach(async () => {
  vi.useRealTimers();
  await admin`truncate notes, slow_notes`;
});
afterAll(async () => {
  await closeDb();
  await admin.end();
  await line.close();
});

/** Without parameters, so that its text is on the line each time, and can be cut at. */
const note = (id: number) => sql.raw(`insert into notes values (${id})`);
const noteSlowly = (id: number) => sql.raw(`insert into slow_notes values (${id})`);
const ids = async () =>
  (await admin<{ id: number }[]>`select id from notes order by id`).map(({ id }) => id);

/** What became of work: its value, or the word "failed". */
const outcomeOf = <T>(work: Promise<T>) => work.catch(() => "failed" as const);

const gate = () => {
  let open: () => void = () => undefined;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
};

/** Ends our connections that `which` picks, once there is one. */
async function endConnections(which: string): Promise<void> {
  await expect
    .poll(async () => {
      const ended = await admin.unsafe(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'maedal' and datname = current_database() and ${which}`,
      );
      return ended.length;
    })
    .toBeGreaterThan(0);
}

/** As many transactions as there are lanes for them are open at once, and a read beside them. */
async function expectFullPool(): Promise<void> {
  const { isOpen, open } = gate();
  let begun = 0;
  const all = Array.from({ length: TRANSACTIONS }, () =>
    transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      begun += 1;
      if (begun === TRANSACTIONS) {
        await db().execute(sql`select 1`);
        open();
      }
      await isOpen;
    }),
  );
  await Promise.all(all);
}

test("in any mix of reads and transactions, each transaction has its connection to itself", async () => {
  await expectFullPool();
  class TakenBack extends Error {}
  type Mix = { reads: number; fates: string[]; readsFirst: boolean };
  const mixes = fc.record({
    reads: fc.integer({ min: 0, max: PIPELINES }),
    fates: fc.array(fc.constantFrom("kept", "taken back", "failed"), {
      minLength: 1,
      maxLength: 30,
    }),
    readsFirst: fc.boolean(),
  });
  const run = async ({ reads, fates, readsFirst }: Mix) => {
    await admin`truncate notes`;
    // Drizzle sends a statement once it is awaited.
    const busy = Array.from({ length: SIZE }, async () => db().execute(sql`select pg_sleep(0.1)`));
    const readAll = () =>
      Array.from({ length: reads }, async () =>
        db().execute<{ xact: string | null }>(
          sql`select pg_current_xact_id_if_assigned()::text as xact`,
        ),
      );
    const early = readsFirst ? readAll() : [];
    // So that the reads reach the client library before the transactions do.
    await setImmediate();
    const writes = fates.map((fate, id) =>
      transaction(async (tx) => {
        const xact = sql`select pg_current_xact_id()::text as xact`;
        const [before] = await tx.execute<{ xact: string }>(xact);
        await tx.execute(sql`insert into notes values (${id})`);
        const [after] = await tx.execute<{ xact: string }>(xact);
        expect(after).toEqual(before);
        if (fate === "taken back") throw new TakenBack();
        if (fate === "failed") await tx.execute(note(id));
      }).then(
        () => "kept",
        (fault: unknown) => (fault instanceof TakenBack ? "taken back" : "failed"),
      ),
    );
    const late = readsFirst ? [] : readAll();
    expect(await Promise.all(writes)).toEqual(fates);
    for (const [row] of await Promise.all([...early, ...late])) expect(row?.xact).toBeNull();
    await Promise.all(busy);
    expect(await ids()).toEqual(fates.flatMap((fate, id) => (fate === "kept" ? [id] : [])));
  };
  await fc.assert(fc.asyncProperty(mixes, run), {
    numRuns: 15,
    // The transactions begin where the pipelines of all connections are about to be full.
    examples: [2, 5, 8].map((below): [Mix] => [
      {
        reads: PIPELINES - below,
        fates: Array.from({ length: 10 }, () => "kept"),
        readsFirst: true,
      },
    ]),
  });
  expect(line.warnings()).toBe(0);
});

/** Each loses the connection of a transaction that notes `id`, and tells what became of it. */
const losses: Record<string, (id: number) => Promise<unknown>> = {
  async "at its first statement"(id) {
    line.cutAt("insert into notes", { isReceived: false });
    return outcomeOf(transaction((tx) => tx.execute(note(id))));
  },
  async "between two statements"(id) {
    return outcomeOf(
      transaction(async (tx) => {
        await tx.execute(note(id));
        await endConnections("state = 'idle in transaction'");
        await tx.execute(sql`select 1`);
      }),
    );
  },
  async "after its last statement"(id) {
    return outcomeOf(
      transaction(async (tx) => {
        await tx.execute(note(id));
        await endConnections("state = 'idle in transaction'");
      }),
    );
  },
  async "while a statement waits, with others behind it"(id) {
    return outcomeOf(
      transaction(async (tx) => {
        await tx.execute(note(id));
        const statements = [
          sql`select pg_sleep(60)`,
          ...Array.from({ length: 150 }, (_, at) => note(1000 * (id + 1) + at)),
        ];
        const waits = Promise.all(statements.map((statement) => tx.execute(statement)));
        await Promise.all([
          waits,
          endConnections("state <> 'idle' and query like '%pg_sleep(60)%'"),
        ]);
      }),
    );
  },
  async "while it waits for a row"(id) {
    const { isOpen, open } = gate();
    const held = gate();
    const holder = admin.begin(async (tx) => {
      await tx`insert into notes values (-1)`;
      held.open();
      await isOpen;
      throw new Error("taken back");
    });
    await held.isOpen;
    const ours = outcomeOf(
      transaction(async (tx) => {
        await tx.execute(note(id));
        await tx.execute(note(-1));
      }),
    );
    await endConnections("wait_event_type = 'Lock'");
    const outcome = await ours;
    open();
    await outcomeOf(holder);
    return outcome;
  },
  async "at a savepoint"(id) {
    return outcomeOf(
      transaction(async (tx) => {
        await tx.execute(note(id));
        await tx.transaction(async (inner) => {
          await endConnections("state = 'idle in transaction'");
          await inner.execute(note(id + 1000));
        });
      }),
    );
  },
  async "while it is taken back"(id) {
    line.cutAt("rollback", { isReceived: true });
    return outcomeOf(
      transaction(async (tx) => {
        await tx.execute(note(id));
        throw new Error("taken back");
      }),
    );
  },
  async "before its commit arrives"(id) {
    line.cutAt("commit", { isReceived: false });
    return outcomeOf(transaction((tx) => tx.execute(note(id))));
  },
  async "while it commits"(id) {
    const { isOpen, open } = gate();
    const held = gate();
    const holder = admin.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(1)`;
      held.open();
      await isOpen;
    });
    await held.isOpen;
    const ours = outcomeOf(
      transaction(async (tx) => {
        await tx.execute(note(id));
        await tx.execute(noteSlowly(id));
      }),
    );
    await endConnections("wait_event_type = 'Lock'");
    const outcome = await ours;
    open();
    await holder;
    return outcome;
  },
};

test.for(Object.keys(losses))(
  "a transaction that loses its connection %s fails and leaves nothing, as often as it happens",
  async (phase) => {
    for (let id = 0; id < 2 * SIZE; id++) expect(await losses[phase]?.(id)).toBe("failed");
    expect(await ids()).toEqual([]);
    await expectFullPool();
    expect(line.count()).toBeLessThanOrEqual(SIZE);
  },
);

test("a transaction whose commit was done but never answered is not called done", async () => {
  for (let id = 0; id < 2 * SIZE; id++) {
    line.cutAt("commit", { isReceived: true });
    expect(await outcomeOf(transaction((tx) => tx.execute(note(id))))).toBe("failed");
  }
  expect(await ids()).toHaveLength(2 * SIZE);
  await expectFullPool();
});

test("connections that end while nobody uses them are replaced unnoticed", async () => {
  for (let round = 0; round < 3; round++) {
    await expectFullPool();
    await endConnections("state = 'idle'");
    await transaction((tx) => tx.execute(note(round)));
    await endConnections("state = 'idle'");
    expect(await db().execute(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  }
  expect(await ids()).toEqual([0, 1, 2]);
});

test("a read whose connection ends is asked again, a write outside of a transaction fails", async () => {
  await expectFullPool();
  line.cutAt("as read_twice", { isReceived: true });
  expect(await db().execute(sql`select 1 as read_twice`)).toEqual([{ read_twice: 1 }]);
  line.cutAt("insert into notes", { isReceived: true });
  expect(await outcomeOf(db().execute(note(1)))).toBe("failed");
  await expect.poll(ids).toEqual([1]);
  await expectFullPool();
});

test("a database that is away fails work at once, and is used again as soon as it is back", async () => {
  await expectFullPool();
  const caught = transaction(async (tx) => {
    await tx.execute(note(1));
    line.goDown();
    await tx.execute(note(2));
  });
  expect(await outcomeOf(caught)).toBe("failed");
  for (let at = 0; at < 2 * SIZE; at++) {
    expect(await outcomeOf(db().execute(sql`select 1`))).toBe("failed");
    expect(await outcomeOf(transaction((tx) => tx.execute(note(at))))).toBe("failed");
  }
  line.comeBack();
  await expectFullPool();
  expect(await ids()).toEqual([]);
});

test("a connection that ends while it is opened fails its user and nobody else", async () => {
  await closeDb();
  for (let at = 0; at < 2 * SIZE; at++) {
    line.cutAt("pg_backend_pid", { isReceived: at % 2 === 0 });
    expect(await outcomeOf(transaction((tx) => tx.execute(note(at))))).toBe("failed");
    await closeDb();
  }
  await expectFullPool();
});

test("a server that falls silent is given up on, and new work gets through", async () => {
  await expectFullPool();
  const silent = gate();
  let begun = 0;
  const caught = Array.from({ length: TRANSACTIONS }, () =>
    transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      begun += 1;
      await silent.isOpen;
      await tx.execute(note(1));
    }),
  );
  await expect.poll(() => begun).toBe(TRANSACTIONS);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  line.fallSilent();
  silent.open();
  const outcomes = Promise.all([outcomeOf(db().execute(note(2))), ...caught.map(outcomeOf)]);
  for (const ms of [100, 150_000]) await vi.advanceTimersByTimeAsync(ms);
  expect(await outcomes).toEqual(Array.from({ length: SIZE }, () => "failed"));
  vi.useRealTimers();
  await expectFullPool();
});

test("who waits too long for a connection is told so", async () => {
  await expectFullPool();
  const { isOpen, open } = gate();
  let begun = 0;
  const holders = Array.from({ length: TRANSACTIONS }, () =>
    transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      begun += 1;
      await isOpen;
    }),
  );
  await expect.poll(() => begun).toBe(TRANSACTIONS);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const waits = expect(transaction((tx) => tx.execute(note(1)))).rejects.toThrow(
    "No database connection was free within 30 seconds",
  );
  await vi.advanceTimersByTimeAsync(30_000);
  await waits;
  vi.useRealTimers();
  open();
  await Promise.all(holders);
  await expectFullPool();
});

test("a statement that failed unnoticed takes the whole transaction back", async () => {
  const swallowed = transaction(async (tx) => {
    await tx.execute(note(1));
    await tx.execute(note(1)).catch(() => undefined);
  });
  await expect(swallowed).rejects.toThrow();
  let unwaited: Promise<unknown> = Promise.resolve();
  const unfinished = transaction(async (tx) => {
    await tx.execute(note(1));
    unwaited = outcomeOf(tx.execute(note(1)));
  });
  await expect(unfinished).rejects.toThrow("nobody waited for");
  expect(await unwaited).toBe("failed");
  expect(await ids()).toEqual([]);
});

test("a savepoint is taken back alone", async () => {
  await transaction(async (tx) => {
    await tx.execute(note(1));
    const inner = tx.transaction(async (nested) => {
      await nested.execute(note(2));
      await nested.execute(note(1));
    });
    expect(await outcomeOf(inner)).toBe("failed");
    await tx.transaction((nested) => nested.execute(note(3)));
  });
  expect(await ids()).toEqual([1, 3]);
});

test("a statement after the end of its transaction is refused", async () => {
  let late: () => Promise<unknown> = async () => undefined;
  await transaction(async (tx) => {
    late = async () => tx.execute(note(7));
    await tx.execute(note(1));
  });
  await expect(late()).rejects.toMatchObject({
    cause: { message: expect.stringContaining("over") },
  });
  expect(await ids()).toEqual([1]);
});

test("closing waits for what is running", async () => {
  const running = transaction(async (tx) => {
    await tx.execute(sql`select pg_sleep(0.1)`);
    await tx.execute(note(1));
  });
  const waiting = Array.from({ length: 2 * SIZE }, (_, at) =>
    transaction((tx) => tx.execute(note(at + 2))),
  );
  await closeDb();
  await Promise.all([running, ...waiting]);
  expect(line.count()).toBe(0);
  expect(await ids()).toHaveLength(1 + 2 * SIZE);
});
