import { isNull } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { chargingStops } from "@/db/schema/charge";
import { collectCharges } from "@/lib/operations/charge/collect";
import { day } from "@/lib/testing/billing";
import { type Story, startStory } from "@/lib/testing/story";
import { claimRenewals } from "./claim";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

test("a card registered on 31 January pays on 31 January, 28 February and 31 March, once each", async () => {
  story.at("2027-01-31");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "active",
    terms: { anchorOn: "2027-01-31" },
    n: 1,
  });

  story.at("2027-02-27", 23);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);

  story.at("2027-02-28", 9, 59);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);

  story.at("2027-02-28");
  await story.work();
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);

  story.at("2027-03-31");
  await story.work();
  const invoices = await story.invoicesOf(person);
  expect(
    invoices.map((invoice) => [invoice.periodStartsOn, invoice.periodEndsOn, invoice.status]),
  ).toEqual([
    ["2027-01-31", "2027-02-28", "paid"],
    ["2027-02-28", "2027-03-31", "paid"],
    ["2027-03-31", "2027-04-30", "paid"],
  ]);
  expect(await story.ledgerSums(person)).toEqual({
    total: 0,
    receivable: 0,
    unearned: 0,
    "pg-clearing": 29_700,
    revenue: -27_000,
    "vat-payable": -2_700,
  });
});

test("quarterly and yearly contracts follow their own calendars", async () => {
  story.at("2027-11-30");
  const quarterly = await story.person();
  const yearly = await story.person();
  await story.subscribe(quarterly, "basic-quarter-v1");
  await story.subscribe(yearly, "basic-year-v1");
  story.at("2028-02-29");
  await story.work();
  expect(await story.paidAtToss(quarterly)).toHaveLength(2);
  expect(await story.paidAtToss(yearly)).toHaveLength(1);
  story.at("2028-11-30");
  await story.work();
  expect(await story.paidAtToss(yearly)).toHaveLength(2);
});

test("after three days of standstill a due month is charged once, and months missed come one a day, oldest first", async () => {
  story.at("2027-01-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-04-13", 15);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  story.at("2027-04-14");
  await story.work();
  story.at("2027-04-15");
  await story.work();
  story.at("2027-04-16");
  await story.work();
  const invoices = await story.invoicesOf(person);
  expect(invoices.map((invoice) => invoice.periodStartsOn)).toEqual([
    "2027-01-10",
    "2027-02-10",
    "2027-03-10",
    "2027-04-10",
  ]);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 4 });
});

test("nothing is charged between 23:30 and 01:00", async () => {
  story.at("2027-01-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-02-10", 23, 30);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.at("2027-02-11", 0, 59);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.at("2027-02-11", 1);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  expect(await story.subscriptionOf(person)).toMatchObject({
    terms: { anchorOn: "2027-01-10" },
    n: 2,
  });
});

test("a declined renewal goes past due, is tried again the next day, and the anchor stays", async () => {
  story.at("2027-01-31");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  await story.toss.control.addFault({
    kind: "decline",
    code: "REJECT_CARD_PAYMENT",
    match: { operation: "charge", customerKey: person.customerKey },
  });
  story.at("2027-02-28");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "past-due",
    dueOn: "2027-02-28",
    nextTryOn: "2027-03-01",
    endsUnpaidOn: "2027-03-14",
  });
  await story.work();
  expect(await story.chargesOf(person)).toHaveLength(2);
  story.at("2027-03-01");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "active",
    n: 2,
    terms: { anchorOn: "2027-01-31" },
  });
  expect((await story.messagesTo(person)).map((message) => message.kind)).toEqual([
    "paid",
    "payment-failed",
    "paid",
  ]);
  const orders = (await story.chargesOf(person)).map((charge) => charge.orderId);
  expect(new Set(orders).size).toBe(3);
});

test("always short of balance: six attempts in fourteen days, then the contract ends unpaid and the key is deleted", async () => {
  story.at("2027-01-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  await story.toss.control.addFault({
    kind: "decline",
    code: "REJECT_CARD_PAYMENT",
    match: { operation: "charge", customerKey: person.customerKey },
    times: 100,
  });
  for (let date = 10; date <= 28; date++) {
    story.at(`2027-02-${date}`);
    await story.work();
  }
  const attempts = (await story.chargesOf(person)).slice(1).map((charge) => charge.attemptedOn);
  expect(attempts).toEqual([
    "2027-02-10",
    "2027-02-11",
    "2027-02-13",
    "2027-02-15",
    "2027-02-20",
    "2027-02-24",
  ]);
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "unpaid",
    endedOn: "2027-02-24",
  });
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys.every((key) => key.removedAt !== null)).toBe(true);
  expect(await story.ledgerSums(person)).toMatchObject({
    total: 0,
    receivable: 0,
    unearned: 0,
    "pg-clearing": 9_900,
  });
});

test("a stopped card is not tried again; the contract ends after fourteen days unless the card changes", async () => {
  story.at("2027-01-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  await story.toss.control.addFault({
    kind: "decline",
    code: "INVALID_STOPPED_CARD",
    match: { operation: "charge", customerKey: person.customerKey },
    times: 100,
  });
  for (const date of ["10", "11", "13", "15", "20", "23"]) {
    story.at(`2027-02-${date}`);
    await story.work();
  }
  expect(await story.chargesOf(person)).toHaveLength(2);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "past-due", nextTryOn: null });
  story.at("2027-02-24");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "unpaid",
    endedOn: day("2027-02-24"),
  });
});

test("two sweeps at once claim each subscription once", async () => {
  story.at("2027-01-10");
  const people = await Promise.all(Array.from({ length: 12 }, () => story.person()));
  for (const person of people) await story.subscribe(person, "basic-month-v1");
  story.at("2027-02-10");
  const claims = await Promise.all(Array.from({ length: 6 }, () => claimRenewals(story.deps, 5)));
  await Promise.all(claims.map((claim) => collectCharges(story.deps, claim.chargeIds)));
  await Promise.all(claims.map((claim) => collectCharges(story.deps, claim.chargeIds)));
  await story.work();
  for (const person of people) expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("a fault of our own keys stops charging for everybody, burns no try, and goes on when released", async () => {
  story.at("2027-01-10");
  const [first, second] = [await story.person(), await story.person()];
  await story.subscribe(first, "basic-month-v1");
  await story.subscribe(second, "basic-month-v1");
  const match = { operation: "charge" as const, customerKey: first.customerKey };
  await story.toss.control.addFault({ kind: "decline", code: "NOT_SUPPORTED_METHOD", match });
  story.at("2027-02-10");
  await collectCharges(story.deps, (await claimRenewals(story.deps, 1)).chargeIds);
  const stops = await db().select().from(chargingStops).where(isNull(chargingStops.releasedAt));
  if (stops.length === 0)
    await collectCharges(story.deps, (await claimRenewals(story.deps, 100)).chargeIds);
  await story.work();
  story.at("2027-02-11");
  await story.work();
  expect(await story.subscriptionOf(first)).toMatchObject({ status: "active", n: 1 });
  await db().update(chargingStops).set({ releasedAt: story.now(), releasedBy: "usr_operator" });
  story.at("2027-02-12");
  await story.work();
  expect(await story.paidAtToss(first)).toHaveLength(2);
  expect(await story.paidAtToss(second)).toHaveLength(2);
  expect((await story.messagesTo(first)).map((message) => message.kind)).toEqual(["paid", "paid"]);
});

test("an outage at Toss rests the queue, burns no try, and is over by itself", async () => {
  story.at("2027-01-10");
  const people = await Promise.all(Array.from({ length: 14 }, () => story.person()));
  for (const person of people) await story.subscribe(person, "basic-month-v1");
  const fault = await story.toss.control.addFault({
    kind: "outage",
    match: { operation: "charge" },
  });
  story.at("2027-02-10");
  await collectCharges(story.deps, (await claimRenewals(story.deps, 100)).chargeIds);
  const calls = story.calls.length;
  const late = await story.person();
  await story.toss.control.clearFaults(fault.id);
  story.at("2027-02-10", 10, 1);
  await story.work();
  expect(story.calls.slice(calls).filter((call) => call.method === "POST")).toHaveLength(0);
  for (const minutes of [6, 6, 10, 30]) {
    story.minutesLater(minutes);
    await story.work();
  }
  for (const person of people) {
    expect(await story.paidAtToss(person)).toHaveLength(2);
    expect(await story.chargesOf(person)).toHaveLength(2);
  }
  expect(await story.chargesOf(late)).toHaveLength(0);
});
