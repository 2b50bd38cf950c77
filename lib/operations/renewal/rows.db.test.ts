/** What is written of a contract: its terms once, and with each renewal an invoice whose lines say what it is for. */
import { asc, eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { subscriptionItems, subscriptions, subscriptionTerms } from "@/db/schema/subscription";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { type Person, type Story, startStory } from "@/lib/testing/story";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

async function subscriber(priceId: string, startsOn: string): Promise<Person> {
  story.at(startsOn);
  const person = await story.person();
  await story.subscribe(person, priceId);
  return person;
}

async function rowsOf(person: Person) {
  const { id } = await story.subscriptionOf(person);
  const terms = await db()
    .select()
    .from(subscriptionTerms)
    .where(eq(subscriptionTerms.subscriptionId, id))
    .orderBy(asc(subscriptionTerms.seq));
  const items = await db()
    .select()
    .from(subscriptionItems)
    .where(eq(subscriptionItems.subscriptionId, id));
  const [row] = await db().select().from(subscriptions).where(eq(subscriptions.id, id));
  return { terms, items, row };
}

async function days(on: readonly string[]): Promise<void> {
  for (const one of on) {
    story.at(one);
    await story.work();
  }
}

test("terms and items are written when the contract is, and by no renewal again", async () => {
  const person = await subscriber("basic-month-v1", "2027-01-31");
  const born = await rowsOf(person);
  const bornAt = story.now();
  await days(["2027-02-28", "2027-03-31", "2027-04-30"]);
  expect(await story.paidAtToss(person)).toHaveLength(4);
  const { terms, items, row } = await rowsOf(person);
  expect(terms).toMatchObject([
    {
      ...{ seq: 0, startsOn: "2027-01-31", interval: "month", anchorOn: "2027-01-31" },
      recordedAt: bornAt,
    },
  ]);
  expect(items).toMatchObject([
    {
      ...{ seq: 0, position: 0, kind: "plan", key: "basic", priceId: "basic-month-v1" },
      ...{ unitWon: 9_900, quantity: 1 },
    },
  ]);
  expect([terms, items]).toEqual([born.terms, born.items]);
  expect(born.row).toMatchObject({ termsSeq: 0, cycle: 0, n: 1, paidTo: "2027-02-28" });
  expect(row).toMatchObject({
    ...{ termsSeq: 0, cycle: 0, n: 4, paidTo: "2027-05-31", agreedWon: 9_900 },
    ...{ expects: "charge", expectedWon: 9_900, paysTo: "2027-06-30" },
    nextActionAt: new Date("2027-05-31T10:00:00+09:00"),
  });
});

test.for([
  [
    "basic-month-v1",
    "2027-01-31",
    "month",
    9_900,
    ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"],
  ],
  [
    "basic-quarter-v1",
    "2027-11-30",
    "quarter",
    28_000,
    ["2027-11-30", "2028-02-29", "2028-05-30", "2028-08-30", "2028-11-30"],
  ],
  [
    "basic-year-v1",
    "2028-02-29",
    "year",
    99_000,
    ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
  ],
] as const)(
  "each renewal of %s has an invoice of its period, with lines that sum to what is charged",
  async ([priceId, startsOn, interval, amountWon, edges]) => {
    const person = await subscriber(priceId, startsOn);
    await days(edges.slice(1, -1));
    const invoices = await story.invoicesOf(person);
    expect(
      invoices.map((invoice) => [
        ...[invoice.kind, invoice.cycle, invoice.n, invoice.interval],
        ...[invoice.periodStartsOn, invoice.periodEndsOn],
      ]),
    ).toEqual([0, 1, 2, 3].map((n) => ["period", 0, n, interval, edges[n], edges[n + 1]]));
    const charges = await story.chargesOf(person);
    for (const [n, { lines, dueWon, totalWon, id, ...invoice }] of invoices.entries()) {
      expect(lines).toMatchObject([
        {
          ...{ kind: "plan", key: "basic", won: amountWon, netWon: amountWon, unitWon: amountWon },
          ...{ quantity: 1, from: edges[n], to: edges[n + 1] },
        },
      ]);
      const sum = lines.reduce((won, line) => won + line.won, 0);
      expect([sum, totalWon, dueWon]).toEqual([amountWon, amountWon, amountWon]);
      expect(invoice).toMatchObject({
        ...{ creditGrantedWon: 0, creditUsedGrantedWon: 0, creditUsedPaidWon: 0 },
        ...{ forgivenWon: 0, topUpWon: 0, changeId: null, status: "paid" },
      });
      expect(charges.filter(({ invoiceId }) => invoiceId === id)).toMatchObject([
        { status: "approved", amountWon },
      ]);
    }
  },
);

test("free days are no period: the first one is paid after them, and counted from its day", async () => {
  const person = await subscriber("premium-month-v1", "2027-01-31");
  const { terms, row } = await rowsOf(person);
  expect(terms).toMatchObject([{ startsOn: "2027-02-14", anchorOn: "2027-02-14" }]);
  expect(row).toMatchObject({
    ...{ cycle: 0, n: 0, paidTo: "2027-02-14", agreedWon: 0 },
    ...{ expects: "end", expectedWon: 0, paysTo: null },
  });
  expect(await story.invoicesOf(person)).toEqual([]);
});

test("an order that is paid a day late begins on that day, and its first invoice is void", async () => {
  story.at("2027-01-31");
  const person = await story.person();
  const checkoutId = await story.subscribe(person, "basic-month-v1", "stopped-card");
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "incomplete", n: 0 });
  story.at("2027-01-31", 23);
  const early = await rowsOf(person);
  expect(early.terms).toMatchObject([{ startsOn: "2027-01-31", anchorOn: "2027-01-31" }]);
  expect(early.row).toMatchObject({ expects: null, expectedWon: 0, nextActionAt: null });
  story.at("2027-02-01", 9);
  await story.returnWithCard(person, checkoutId);
  await completeCheckout(story.deps, checkoutId);
  const late = await rowsOf(person);
  expect(late.terms).toMatchObject([{ seq: 0, startsOn: "2027-02-01", anchorOn: "2027-02-01" }]);
  expect(late.items).toEqual(early.items);
  expect(late.row).toMatchObject({ status: "active", n: 1, paidTo: "2027-03-01" });
  const invoices = await story.invoicesOf(person);
  expect(
    invoices.map(({ status, cycle, n, periodStartsOn }) => [status, cycle, n, periodStartsOn]),
  ).toEqual([
    ["void", 0, 0, "2027-01-31"],
    ["paid", 0, 0, "2027-02-01"],
  ]);
});
