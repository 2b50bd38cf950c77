/**
 * Behind a pooler in transaction mode, each transaction meets another backend. Set `PGBOUNCER` to the path of a PgBouncer
 * to run these tests with it; without it they use `lib/testing/pooler.ts`.
 */
import { createServer } from "node:net";
import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkDatabase } from "@/db/check-database";
import { closeDb, db, transaction } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { users } from "@/db/schema/account";
import { prices } from "@/db/schema/catalogue";
import { seedDatabase } from "@/db/seed/seed";
import { won } from "@/lib/testing/billing";
import { startPgBouncer } from "@/lib/testing/pgbouncer";
import { type PoolMode, startPooler } from "@/lib/testing/pooler";

// biome-ignore lint/style/noProcessEnv: these tests put a pooler into DATABASE_URL
const { env } = process;
const direct = env.DATABASE_URL ?? "";
const start = (mode: PoolMode) =>
  env.PGBOUNCER ? startPgBouncer(env.PGBOUNCER, direct, mode) : startPooler(direct, mode);

let pooler: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  pooler = await start("transaction");
  env.DATABASE_URL = pooler.url;
});
afterAll(async () => {
  await closeDb();
  await pooler.close();
});

const createdAt = new Date("2027-01-31T10:00:00+09:00");
const person = (n: number) => ({
  id: `usr_${n}`,
  email: `${n}@example.com`,
  name: "김",
  createdAt,
});

test("255 requests at once, each reading and writing with parameters, all get through", async () => {
  class TakenBack extends Error {}
  const request = async (n: number) => {
    await db()
      .select()
      .from(users)
      .where(eq(users.id, `usr_${n}`));
    await transaction(async (tx) => {
      const backend = sql`select pg_backend_pid() as pid, ${n}::int as n`;
      const before = await tx.execute(backend);
      await tx.insert(users).values(person(n));
      expect(await tx.execute(backend)).toEqual(before);
      if (n % 5 === 0) throw new TakenBack();
    }).catch((fault: unknown) => {
      if (!(fault instanceof TakenBack)) throw fault;
    });
    return db()
      .select({ id: users.id })
      .from(users)
      .where(eq(users.id, `usr_${n}`));
  };
  const found = await Promise.all(Array.from({ length: 255 }, (_, n) => request(n)));
  for (const [n, rows] of found.entries()) expect(rows).toHaveLength(n % 5 === 0 ? 0 : 1);
});

test("migrations and the catalogue go through a pooler, too", async () => {
  await migrateDatabase(pooler.url);
  await seedDatabase(pooler.url, { sandboxPeople: true, minimumWon: won(100) });
  expect(await db().select().from(prices)).not.toHaveLength(0);
});

test("the pooler ends its connections: what is asked afterwards is answered", async () => {
  await db().execute(sql`select 1`);
  const admin = postgres(direct, { max: 1, onnotice: () => undefined });
  await admin`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await admin.end();
  await expect
    .poll(() => transaction((tx) => tx.execute(sql`select 1`)).catch(() => null))
    .not.toBeNull();
});

test("the app starts behind a pooler that keeps transactions whole, and behind none", async () => {
  await checkDatabase(pooler.url);
  await checkDatabase(direct);
});

test("the start is refused, with the cure, behind a pooler that parts transactions", async () => {
  const parting = await start("statement");
  await expect(checkDatabase(parting.url)).rejects.toThrow(
    "Set its pool mode to transaction or session",
  );
  await parting.close();
});

test("the start is refused within ten seconds by a server that says nothing", async () => {
  const silent = createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const url = new URL(direct);
  url.port = String(typeof address === "object" && address?.port);
  const startedAt = performance.now();
  await expect(checkDatabase(url.href)).rejects.toThrow("does not answer");
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  silent.close();
});

test("of several hosts, the first that answers is taken", async () => {
  const { host } = new URL(direct);
  await checkDatabase(direct.replace(host, `127.0.0.1:1,${host}`));
  const nowhere = direct.replace(host, "127.0.0.1:1,127.0.0.1:2");
  await expect(checkDatabase(nowhere)).rejects.toThrow("127.0.0.1:1,127.0.0.1:2/");
});

test("a database that is not there is named", async () => {
  const url = new URL(direct);
  url.pathname = "/nowhere";
  await expect(checkDatabase(url.href)).rejects.toThrow('"nowhere" does not exist');
});
