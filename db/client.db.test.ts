import { inspect } from "node:util";
import { eq, like, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { users } from "@/db/schema/account";
import { db, type Tx, transaction } from "./client";

const createdAt = new Date("2027-01-31T10:00:00+09:00");

test("an error names the statement and the law, and none of the values", async () => {
  const person = {
    email: "Loud@example.com",
    name: "비밀이름",
    passwordHash: "secret-hash",
    createdAt,
  };
  const write = () =>
    transaction(async (tx) => {
      await tx.insert(users).values({ id: "usr_loud", ...person });
    });
  const told = await write().catch((fault: unknown) => inspect(fault, { depth: 9 }));
  expect(told).toContain("users_email_lower");
  expect(told).toContain('insert into "users"');
  expect(told).not.toMatch(/Loud@|비밀이름|secret-hash/);
});

test("a statement is prepared once a connection, inside a transaction and outside of it", async () => {
  const ask = (on: Pick<ReturnType<typeof db>, "execute">, n: number) =>
    on.execute(
      sql`select ${n}::int as n, (select count(*)::int from pg_prepared_statements where statement like '%as told%') as told`,
    );
  await transaction(async (tx) => {
    await ask(tx, 1);
    await ask(tx, 2);
    const [row] = await ask(tx, 3);
    expect(row).toEqual({ n: 3, told: 1 });
  });
});

test("of two transactions that wait for each other none is lost: one is begun anew", async () => {
  const [first, second] = ["usr_wait_1", "usr_wait_2"];
  await transaction(async (tx) => {
    for (const id of [first, second])
      await tx.insert(users).values({ id, email: `${id}@example.com`, name: "", createdAt });
  });
  const rename = (tx: Tx, id: string, letter: string) =>
    tx
      .update(users)
      .set({ name: sql`${users.name} || ${letter}` })
      .where(eq(users.id, id));
  const begun: string[] = [];
  let held = 0;
  let meet: () => void = () => undefined;
  const bothHoldOne = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const swap = (letter: string, ids: readonly string[]) =>
    transaction(async (tx) => {
      begun.push(letter);
      // The one begun anew lets the other end, so that a busy machine cannot make them meet again.
      if (begun.length > 2) await Promise.race(swaps);
      for (const id of ids) {
        await rename(tx, id, letter);
        held += 1;
        if (held === 2) meet();
        await bothHoldOne;
      }
    });
  const swaps = [swap("a", [first, second]), swap("b", [second, first])];
  await Promise.all(swaps);
  const rows = await db()
    .select({ name: users.name })
    .from(users)
    .where(like(users.id, "usr_wait_%"));
  for (const { name } of rows) expect(["ab", "ba"]).toContain(name);
  expect(begun).toHaveLength(3);
});
