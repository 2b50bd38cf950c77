import { expect, test } from "vitest";
import { watchLocks } from "./lock-order";

const wait = (sql: string, ...params: readonly unknown[]) => ({ sql: `select * ${sql}`, params });

test("a wait for what comes later in the order is in order", () => {
  const lateIn = watchLocks();
  const inTurn = ["accounts", "checkouts", "subscriptions", "charges", "refunds"];
  for (const table of inTurn)
    expect(lateIn(wait(`from "${table}" where id = $1 for update`, "a"))).toEqual([]);
});

test("a wait for what comes earlier is told, with what is held", () => {
  const lateIn = watchLocks();
  lateIn(wait('from "charges" inner join "invoices" for update of "charges", "invoices"'));
  expect(lateIn(wait('from "subscriptions" where id = $1 for update', "a"))).toEqual([
    "subscriptions after charges",
  ]);
});

test("a table that has no place in the order is told as soon as anything is held", () => {
  const lateIn = watchLocks();
  lateIn(wait('from "users" for update'));
  expect(lateIn(wait('from "plans" for update'))).toEqual(["plans after users"]);
});

test("what is skipped when others hold it, and what is only read, is free of the order", () => {
  const lateIn = watchLocks();
  lateIn(wait('from "charges" for update'));
  expect(lateIn(wait('from "checkouts" for update skip locked'))).toEqual([]);
  expect(lateIn(wait('from "checkouts" where id = $1', "a"))).toEqual([]);
});

test("rows that are held already may be asked for again, others of that table may not", () => {
  const lateIn = watchLocks();
  const order = 'from "checkouts" where id = $1 for update';
  lateIn(wait(order, "a"));
  lateIn(wait('from "subscriptions" for update'));
  expect(lateIn(wait(order, "a"))).toEqual([]);
  expect(lateIn(wait(order, "b"))).toEqual(["checkouts after subscriptions"]);
});
