/** Credit that several want to spend: no won of it is spent twice, whatever runs at once or dies in between. */
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db, type Tx, transaction } from "@/db/client";
import { findCredit, lockCredits } from "@/db/credit";
import { appendJournals, type Journal } from "@/db/ledger";
import { type Due, dueOf } from "@/lib/billing/invoice/due";
import {
  invoiceClosedUnpaid,
  invoiceOpened,
  invoicePaid,
  type Posting,
  paidCreditReturned,
} from "@/lib/billing/ledger/ledger";
import { inTransaction, JOB } from "@/lib/operations/work";
import { won } from "@/lib/testing/billing";
import { walletOf } from "@/lib/testing/contract";
import {
  giveCredit,
  newOrderToPay,
  type OpenedOrder,
  type OrderToPay,
  openWithCredit,
} from "@/lib/testing/credit";
import { type Person, type Story, startStory } from "@/lib/testing/story";

let story: Story;
let person: Person;
beforeEach(async () => {
  story = await startStory("2027-01-31");
  person = await story.person();
  return story.close;
});

const creditOf = (grantedWon: number) => walletOf(grantedWon).credit;

function open(order: OrderToPay, believed?: ReturnType<typeof creditOf>): Promise<OpenedOrder> {
  return inTransaction(story.deps, JOB, (work) => openWithCredit(work, order, believed));
}

function ordersOf(payer: Person, count: number, sumWon: number) {
  return Promise.all(Array.from({ length: count }, () => newOrderToPay(story.deps, payer, sumWon)));
}

/** Until so many transactions of this database wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  await expect
    .poll(async () => {
      const [row] = await db().execute<{ waiting: number }>(sql`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      return row?.waiting;
    })
    .toBe(count);
}

/** A transaction that goes on when it is told to. */
function startHolding<T>(work: (tx: Tx) => Promise<T>) {
  let begun: (found: T) => void;
  let goOn: () => void;
  const found = new Promise<T>((resolve) => {
    begun = resolve;
  });
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const ended = transaction(async (tx) => {
    begun(await work(tx));
    await told;
  });
  return { found, ended, release: () => goOn() };
}

const usedOf = ({ due }: OpenedOrder) => due.used.grantedWon;

describe("two spend the same credit at once", () => {
  test("one waits for the other, and its card pays what is not left", async () => {
    await giveCredit(story.deps, person, 150_000);
    const [first, second] = await ordersOf(person, 2, 100_000);
    if (!first || !second) throw new Error("There are two orders");
    const holding = startHolding((tx) => lockCredits(tx, [person.accountId]));
    expect(await holding.found).toEqual(new Map([[person.accountId, creditOf(150_000)]]));
    const opened = Promise.all([open(first), open(second)]);
    await untilWaiting(2);
    holding.release();
    await holding.ended;
    const orders = await opened;
    expect(orders.map(usedOf).toSorted((a, b) => a - b)).toEqual([50_000, 100_000]);
    expect(orders.map(({ due }) => due.dueWon).toSorted((a, b) => a - b)).toEqual([0, 50_000]);
    expect(await findCredit(person.accountId)).toEqual(creditOf(0));
  });

  test("code that does not ask first is refused by the database, and the other is not harmed", async () => {
    await giveCredit(story.deps, person, 150_000);
    const orders = await ordersOf(person, 2, 100_000);
    const opened = await Promise.allSettled(orders.map((order) => open(order, creditOf(150_000))));
    const [refused, ...others] = opened.filter(({ status }) => status === "rejected");
    expect(others).toEqual([]);
    expect(refused).toMatchObject({
      reason: {
        cause: {
          code: "23000",
          message: `credit-granted of account ${person.accountId} falls below zero`,
        },
      },
    });
    expect(await findCredit(person.accountId)).toEqual(creditOf(50_000));
  });

  test("one dies before its commit, and the other has all of it", async () => {
    await giveCredit(story.deps, person, 100_000);
    const [first, second] = await ordersOf(person, 2, 100_000);
    if (!first || !second) throw new Error("There are two orders");
    const survivors: Promise<OpenedOrder>[] = [];
    const killed = inTransaction(story.deps, JOB, async (work) => {
      await openWithCredit(work, first);
      survivors.push(open(second));
      await untilWaiting(1);
      const [own] = await work.tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await db().execute(sql`select pg_terminate_backend(${own?.pid})`);
    });
    await expect(killed).rejects.toThrow();
    const [opened] = await Promise.all(survivors);
    expect(opened?.due).toMatchObject({ used: { grantedWon: 100_000 }, dueWon: 0 });
    expect(await findCredit(person.accountId)).toEqual(creditOf(0));
    // What died can be tried again, and a card pays.
    expect((await open(first)).due).toMatchObject({ used: { grantedWon: 0 }, dueWon: 100_000 });
  });
});

test("fifty at once spend each won once, and the rest is for their cards", async () => {
  await giveCredit(story.deps, person, 20_000);
  const orders = await ordersOf(person, 50, 1_000);
  const opened = await Promise.all(orders.map((order) => open(order)));
  expect(opened.filter((order) => usedOf(order) === 1_000)).toHaveLength(20);
  expect(opened.filter(({ due }) => due.dueWon === 1_000)).toHaveLength(30);
  expect(await findCredit(person.accountId)).toEqual(creditOf(0));
});

test("fifty that believe in the same credit: as many pass as it pays for", async () => {
  await giveCredit(story.deps, person, 20_000);
  const orders = await ordersOf(person, 50, 1_000);
  const opened = await Promise.allSettled(orders.map((order) => open(order, creditOf(20_000))));
  expect(opened.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
  expect(await findCredit(person.accountId)).toEqual(creditOf(0));
});

test("what a void invoice had reserved is there for the next, which may be waiting for it", async () => {
  await giveCredit(story.deps, person, 60_000);
  const [first, second] = await ordersOf(person, 2, 100_000);
  if (!first || !second) throw new Error("There are two orders");
  const { invoiceId, due } = await open(first);
  const holding = startHolding((tx) => appendJournals(tx, [closing(invoiceId, due)], story.now()));
  await holding.found;
  const opened = open(second);
  await untilWaiting(1);
  holding.release();
  await holding.ended;
  expect((await opened).due).toMatchObject({ used: { grantedWon: 60_000 }, dueWon: 40_000 });
  expect(await findCredit(person.accountId)).toEqual(creditOf(0));
});

function closing(invoiceId: string, due: Due): Journal {
  const journalId = story.deps.newId("journal");
  const { accountId } = person;
  return { journalId, invoiceId, chargeId: null, accountId, postings: invoiceClosedUnpaid(due) };
}

describe("statements about many payers, in opposite orders, never wait for each other in a ring", () => {
  /** Straight to the database: our own transactions begin anew when they waited in a ring. */
  function postToAll(invoices: readonly OpenedFor[], postings: readonly Posting[]) {
    return db().transaction((tx) =>
      appendJournals(
        tx,
        invoices.map((invoice) => ({
          ...invoice,
          journalId: story.deps.newId("journal"),
          chargeId: null,
          postings,
        })),
        story.now(),
      ),
    );
  }

  test("when all of them have credit", async () => {
    const invoices = await openFor(8);
    for (const one of invoices) await giveCredit(story.deps, one, 900_000);
    const use = invoiceOpened({ dueWon: won(0), used: creditOf(100) });
    await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        postToAll(at % 2 === 0 ? invoices : invoices.toReversed(), use),
      ),
    );
    for (const { accountId } of invoices)
      expect(await findCredit(accountId)).toEqual(creditOf(900_000 - 60 * 100));
  });

  test("when it is the first credit of each", async () => {
    const earn = invoicePaid({ due: dueOf("change", -100, walletOf()), giftLeftWon: won(0) });
    for (let round = 0; round < 4; round += 1) {
      const invoices = await openFor(8);
      await Promise.all([invoices, invoices.toReversed()].map((all) => postToAll(all, earn)));
      for (const { accountId } of invoices)
        expect(await findCredit(accountId)).toEqual(walletOf(0, 200).credit);
    }
    // A race seldom meets the moment: the rows themselves say in which order they were taken.
    const invoices = (await openFor(8)).toSorted(by((one) => one.accountId)).toReversed();
    await postToAll(invoices, earn);
    const taken = await db().execute<{ accountId: string }>(sql`
      select account_id as "accountId" from credit_holders
      where account_id in ${invoices.map(({ accountId }) => accountId)} order by ctid`);
    expect([...taken]).toEqual([...taken].toSorted(by((one) => one.accountId)));
    expect(taken).toHaveLength(8);
  });
});

function by<T>(wordOf: (one: T) => string) {
  return (one: T, other: T) => (wordOf(one) < wordOf(other) ? -1 : 1);
}

type OpenedFor = { readonly accountId: string; readonly invoiceId: string };

/** New people with an open invoice each, and without credit. */
function openFor(count: number): Promise<readonly OpenedFor[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const payer = await story.person();
      const { invoiceId } = await open(await newOrderToPay(story.deps, payer, 1_000), creditOf(0));
      return { accountId: payer.accountId, invoiceId };
    }),
  );
}

test("two payers held in the wrong order by hand: each statement waits for the first of them", async () => {
  const [a, b] = await Promise.all([story.person(), story.person()]);
  for (const one of [a, b]) await giveCredit(story.deps, one, 10_000);
  const [low, high] = [a, b].toSorted(by((one) => one.accountId));
  const holding = startHolding((tx) => lockCredits(tx, [high?.accountId ?? ""]));
  await holding.found;
  const both = [a.accountId, b.accountId];
  const waiting = [both, both.toReversed()].map((ids) =>
    db().transaction((tx) => lockCredits(tx, ids)),
  );
  await untilWaiting(2);
  // One of the two holds the lower id and waits for the higher, the other waits for the lower: no ring.
  holding.release();
  await holding.ended;
  for (const credits of await Promise.all(waiting))
    expect(credits.get(low?.accountId ?? "")).toEqual(creditOf(10_000));
});

test("who never had credit is not answered, and locks nothing", async () => {
  await giveCredit(story.deps, person, 10_000);
  const other = await story.person();
  const order = await newOrderToPay(story.deps, other, 1_000);
  const ids = [other.accountId, person.accountId];
  expect(await transaction((tx) => lockCredits(tx, ids))).toEqual(
    new Map([[person.accountId, creditOf(10_000)]]),
  );
  // Nobody can even read the table that is locked, and the order of the other goes through.
  const holding = startHolding((tx) => tx.execute(sql`lock table credit_holders`));
  await holding.found;
  const { due } = await open(order, creditOf(0));
  expect(due.dueWon).toBe(1_000);
  holding.release();
  await holding.ended;
});

test("the first credit of an account comes from two at once", async () => {
  await Promise.all(Array.from({ length: 10 }, () => giveCredit(story.deps, person, 1_000)));
  expect(await findCredit(person.accountId)).toEqual(creditOf(10_000));
});

test("paid credit is guarded like granted credit", async () => {
  await giveCredit(story.deps, person, 10_000);
  const { invoiceId } = await open(await newOrderToPay(story.deps, person, 1_000), creditOf(0));
  const { accountId } = person;
  const postings = paidCreditReturned(walletOf(0, 1).credit.paidWon);
  const journal = { journalId: "jnl_1", invoiceId, chargeId: null, accountId, postings };
  await expect(
    transaction((tx) => appendJournals(tx, [journal], story.now())),
  ).rejects.toMatchObject({
    cause: { message: `credit-paid of account ${accountId} falls below zero` },
  });
});
