/**
 * Runs the jobs as in production: served by the app's route, started by events and crons, on Postgres and Toss. The job
 * engine may lose, double and repeat events and calls; that must move no money.
 */
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as route from "@/app/api/inngest/route";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { paymentMethods } from "@/db/schema/card";
import { subscriptions } from "@/db/schema/subscription";
import { inngest } from "@/inngest/client";
import { chargesRequested, webhookReceived } from "@/inngest/events";
import { JOBS } from "@/inngest/jobs";
import { parseCalendarDate, seoulInstant } from "@/lib/billing/calendar";
import { requestPasswordReset } from "@/lib/operations/account/request-password-reset";
import { receiveWebhook } from "@/lib/operations/webhook/receive";
import { env } from "@/lib/runtime/env";
import { won } from "@/lib/testing/billing";
import { type JobWorld, startJobWorld } from "@/lib/testing/job-world";
import { chargesOf, newPerson, type Person, refundsOf, subscribe } from "@/lib/testing/story";

const MINUTE = 60_000;

let world: JobWorld;
beforeAll(async () => {
  world = await startJobWorld(route, seoulInstant(parseCalendarDate("2099-01-15"), 12));
});
afterAll(() => world.close());
beforeEach(() => world.calm());

test("the cron claims a renewal at its minute, hands it over in a batch, and it is collected", async () => {
  const payer = await subscriber();
  const dueAt = await nextActionOf(payer);
  await world.moveTo(minutesAfter(dueAt, -1));
  expect(await paidAtToss(payer)).toHaveLength(1);

  await world.moveTo(dueAt);
  expect(await paidAtToss(payer)).toHaveLength(2);
  const charge = await newestCharge(payer);
  expect(charge).toMatchObject({ status: "approved" });
  const [sweep] = world
    .runsOf("sweep-renewals")
    .filter(({ event }) => event.data.scheduledAt === dueAt.toISOString());
  expect(sweep).toMatchObject({ status: "completed", event: { name: "inngest/scheduled.timer" } });
  expect(batchesOf(charge.id)).toMatchObject([{ status: "completed", calls: 1 }]);

  await world.moveTo(minutesAfter(dueAt, 60));
  expect(await paidAtToss(payer)).toHaveLength(2);
});

test("a batch charges once, though its event is doubled, sent again and its answer lost", async () => {
  const payer = await subscriber();
  const dueAt = await nextActionOf(payer);
  await world.moveTo(minutesAfter(dueAt, -1));
  const { faults } = world.executor;
  faults.arm({ kind: "duplicate-event", event: chargesRequested.name, count: 100 });
  faults.arm({ kind: "lose-answer", functionId: "collect-charges", count: 100 });
  await world.moveTo(dueAt);
  const { id, orderId } = await newestCharge(payer);
  expect(batchesOf(id)).toHaveLength(2);
  for (const run of batchesOf(id)) expect(run.calls).toBeGreaterThan(1);
  expect(await paidAtToss(payer)).toHaveLength(2);

  faults.clear();
  const again = { name: chargesRequested.name, data: { chargeIds: [id] } };
  await inngest.send({ ...again, id: `again:${id}` });
  await inngest.send({ ...again, id: `again:${id}` });
  await world.moveTo(world.now());
  expect(batchesOf(id).map((run) => run.status)).toEqual(Array(3).fill("completed"));
  expect(await paidAtToss(payer)).toHaveLength(2);
  expect(await chargesAskedFor(orderId)).toHaveLength(1);
});

test("a batch whose event is lost is charged once, by the job that settles", async () => {
  const payer = await subscriber();
  const dueAt = await nextActionOf(payer);
  await world.moveTo(minutesAfter(dueAt, -1));
  world.executor.faults.arm({ kind: "drop-event", event: chargesRequested.name, count: 100 });
  await world.moveTo(dueAt);
  const { id } = await newestCharge(payer);
  expect(await chargesOf(payer)).toHaveLength(2);
  expect(await paidAtToss(payer)).toHaveLength(1);
  await world.moveTo(minutesAfter(dueAt, 30));
  expect(await paidAtToss(payer)).toHaveLength(2);
  expect(batchesOf(id)).toEqual([]);
});

test("a webhook is handled as soon as it is stored, and a second one changes nothing", async () => {
  world.executor.holdFrequentCrons(Number.MAX_VALUE);
  const payer = await subscriber();
  const first = await cancelByHand(payer);
  expect(webhookRunsOf(first)).toMatchObject([
    { status: "completed", output: { result: "refund-adopted" } },
  ]);
  expect(await refundsOf(payer)).toMatchObject([{ status: "done", amountWon: 4_400 }]);

  await inngest.send({ name: webhookReceived.name, data: { webhookId: first } });
  await world.moveTo(minutesAfter(world.now(), 2));
  const second = await tellOf(payer);
  expect(webhookRunsOf(first).map((run) => run.output)).toEqual(
    Array(2).fill({ result: "refund-adopted" }),
  );
  expect(webhookRunsOf(second)).toMatchObject([{ output: { result: "nothing-new" } }]);
  expect(await refundsOf(payer)).toHaveLength(1);
});

test("a webhook whose event is lost is handled within minutes", async () => {
  world.executor.holdFrequentCrons(Number.MAX_VALUE);
  const payer = await subscriber();
  world.executor.faults.arm({ kind: "drop-event", event: webhookReceived.name });
  const lost = await cancelByHand(payer);
  expect(webhookRunsOf(lost)).toEqual([]);
  expect(await refundsOf(payer)).toEqual([]);
  world.executor.holdFrequentCrons(0);
  await world.moveTo(minutesAfter(world.now(), 10));
  expect(await refundsOf(payer)).toMatchObject([{ status: "done", amountWon: 4_400 }]);
  expect(webhookRunsOf(lost)).toEqual([]);
});

test("no event, step result or error carries a key, a secret or personal data", async () => {
  const { app, deps, toss, executor } = world;
  const payer = await subscriber();
  const poor = await subscriber();
  await toss.control.changeCard({ customerKey: poor.customerKey, scenario: "short-of-balance" });
  const [{ email, name } = { email: "", name: "" }] = await db()
    .select()
    .from(users)
    .where(eq(users.id, payer.userId));
  const afterwards = (work: () => Promise<void>) => work();
  await requestPasswordReset({ ...deps, afterwards }, { email, address: null });
  await cancelByHand(payer);
  const dueAt = await nextActionOf(payer);
  await world.moveTo(minutesAfter(dueAt, -1));
  await db().execute(sql`
    create function refuse_approval() returns trigger language plpgsql as
    $$ begin raise exception 'refused on purpose'; end $$`);
  await db().execute(sql`
    create trigger refuse_approval before update on charges
    for each row when (new.status = 'approved' and old.status <> 'approved')
    execute function refuse_approval()`);
  await world.moveTo(dueAt).finally(async () => {
    await db().execute(sql`drop trigger refuse_approval on charges`);
    await db().execute(sql`drop function refuse_approval()`);
  });
  const broken = batchesOf((await newestCharge(payer)).id);
  expect(broken).toMatchObject([{ error: { message: expect.stringContaining("Failed query") } }]);
  const [, paid] = await paidAtToss(payer);
  await world.moveTo(minutesAfter(dueAt, 30));
  expect(await newestCharge(payer)).toMatchObject({ status: "approved" });
  expect(await paidAtToss(payer)).toHaveLength(2);
  for (const job of JOBS) executor.fireCron(job.id());
  await world.moveTo(world.now());

  const told = app.calls
    .map(({ url, asked, answered }) => `${url} ${asked} ${answered}`)
    .join("\n");
  for (const job of JOBS) expect(told).toContain(`fnId=${job.id("maedal")}`);
  expect(told).toContain((await newestCharge(payer)).id);
  const cards = await db().select().from(paymentMethods);
  const { TOSS_SECRET_KEY, BILLING_KEY_SECRETS, NEXTAUTH_SECRET, DATABASE_URL } = env();
  const secrets = [
    ...cards.map((card) => deps.vault.open(`${card.billingKeyCiphertext}`, card.id)),
    ...cards.flatMap((card) => [card.billingKeyCiphertext, card.billingKeyFingerprint]),
    ...cards.map((card) => card.maskedNumber),
    ...[payer, poor].map(({ customerKey }) => customerKey),
    ...[paid?.paymentKey, "reset-password?token=", email, "@example.com", name],
    ...[TOSS_SECRET_KEY, BILLING_KEY_SECRETS, NEXTAUTH_SECRET, DATABASE_URL],
  ];
  expect(secrets.length).toBeGreaterThan(15);
  for (const secret of secrets) {
    expect(secret).toMatch(/.{3}/);
    expect(told.includes(`${secret}`) ? secret : "untold").toBe("untold");
  }
});

function minutesAfter(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * MINUTE);
}

/** Somebody new whose first month is paid. */
async function subscriber(): Promise<Person> {
  const person = await newPerson(world.deps.newId, world.now());
  await subscribe(world, person, { priceId: "basic-month-v1" });
  expect(await paidAtToss(person)).toHaveLength(1);
  return person;
}

async function paidAtToss(person: Person) {
  const state = await world.toss.control.state({ customerKey: person.customerKey });
  return state.payments.filter(({ status }) => status === "DONE" || status === "PARTIAL_CANCELED");
}

/** Calls to Toss for a charge of this order, those included that Toss answered from its memory. */
async function chargesAskedFor(orderId: string) {
  const { calls } = await world.toss.control.state();
  return calls.filter(
    ({ method, path, requestBody }) =>
      method === "POST" && path.startsWith("/v1/billing/") && requestBody.includes(orderId),
  );
}

async function nextActionOf(person: Person): Promise<Date> {
  const [row] = await db()
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.accountId, person.accountId));
  if (!row?.nextActionAt) throw new Error("Nothing is due");
  return row.nextActionAt;
}

async function newestCharge(person: Person) {
  const charge = (await chargesOf(person)).at(-1);
  if (!charge) throw new Error("No charge");
  return charge;
}

/** Refunds 4,400 won in Toss's own console, and stores the webhook that Toss sends. */
async function cancelByHand(person: Person): Promise<string> {
  const { paymentKey } = await newestCharge(person);
  const outcome = await world.deps.gateway.cancelPayment(
    { paymentKey: `${paymentKey}`, amountWon: won(4_400), balanceWon: won(9_900), reason: "콘솔" },
    `${paymentKey}`,
  );
  expect(outcome.kind).toBe("canceled");
  return tellOf(person);
}

/** Stores a webhook about the newest charge and lets the jobs work. Returns the id of the webhook. */
async function tellOf(person: Person): Promise<string> {
  const { orderId } = await newestCharge(person);
  const body = JSON.stringify({
    eventType: "PAYMENT_STATUS_CHANGED",
    createdAt: "2099-01-01T00:00:00.000000",
    data: { orderId, status: "PARTIAL_CANCELED" },
  });
  let webhookId = "";
  const hint: typeof world.deps.hint = async (hints) => {
    for (const one of hints) if (one.name === webhookReceived.name) webhookId = one.data.webhookId;
    await world.deps.hint(hints);
  };
  const stored = await receiveWebhook(
    { ...world.deps, hint },
    { body, transmissionId: world.deps.newId("webhook") },
  );
  expect(stored.ok).toBe(true);
  await world.moveTo(world.now());
  return webhookId;
}

function batchesOf(chargeId: string) {
  return world
    .runsOf("collect-charges")
    .filter(({ event }) => (event.data.chargeIds as string[]).includes(chargeId));
}

function webhookRunsOf(webhookId: string) {
  return world.runsOf("handle-webhook").filter(({ event }) => event.data.webhookId === webhookId);
}
