import { inspect } from "node:util";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { closeDb, type db, transaction } from "./client";
import { users } from "./schema";

afterAll(closeDb);

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
