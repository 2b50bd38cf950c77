/** The world the tests run in, seen from outside the app: its clock, its books, its emulator and its jobs. */
import { asc, desc, eq, isNull, or } from "drizzle-orm";
import { db } from "@/db/client";
import { accountInvitations, accountMembers, users } from "@/db/schema/account";
import { auditLog } from "@/db/schema/audit";
import { cardRegistrations, paymentMethods } from "@/db/schema/card";
import { callPacing, charges, chargingStops } from "@/db/schema/charge";
import { checkouts } from "@/db/schema/checkout";
import { consents } from "@/db/schema/consent";
import { invoices } from "@/db/schema/invoice";
import { messages } from "@/db/schema/message";
import { refunds } from "@/db/schema/refund";
import { subscriptions } from "@/db/schema/subscription";
import { webhookEvents } from "@/db/schema/webhook";
import { deps } from "@/deps";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { controlExecutor } from "@/packages/inngest-local/control";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { createTossControl } from "@/packages/toss-twin/control/client";
import { findClockTarget, moveTime } from "@/sandbox/entry";
import type { Person } from "./people";

export const toss = createTossControl(variable("TOSS_API_URL"));
export const jobs = controlExecutor(variable("INNGEST_DEV"));

export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The world was not started: ${name} is missing`);
  return value;
}

export function clockFile(): string {
  return variable("SANDBOX_CLOCK_FILE");
}

export function now(): Date {
  return readClockFile(clockFile());
}

export function today(): CalendarDate {
  return seoulDayOf(now());
}

/** Moves the clock as the sandbox's page does: "+1month", "+14days", a day. Only in tests whose time moves. */
export async function move(wish: string): Promise<void> {
  const to = await findClockTarget(wish, now());
  if (!to) throw new Error(`No such time: ${wish}`);
  const { kind } = await moveTime(deps(), { to });
  if (kind !== "arrived") throw new Error(`The clock stopped on the way to ${wish}`);
}

/** Lets a few minutes pass: too little to disturb another test. The jobs are to be fired by hand. */
export function passMinutes(minutes: number): void {
  moveClockFile(clockFile(), new Date(now().getTime() + minutes * 60_000));
}

/**
 * Takes what other tests left behind off the calendar, so that a moving clock need not stop for it; and what they left
 * stopped goes on.
 */
export async function clearCalendar(): Promise<void> {
  await db().update(checkouts).set({ status: "expired" }).where(eq(checkouts.status, "open"));
  await db().update(subscriptions).set({ nextActionAt: null });
  await db().update(charges).set({ settleAt: null });
  await db().update(refunds).set({ settleAt: null });
  await db().update(cardRegistrations).set({ nextTryAt: null });
  await db().update(webhookEvents).set({ lookAt: null });
  await db().delete(chargingStops).where(isNull(chargingStops.releasedAt));
  await db().update(callPacing).set({ unknownsInARow: 0 });
}

/** What Toss says this customer has paid: every approved payment, newest last. */
export async function paidAtToss(person: Pick<Person, "customerKey">) {
  const { payments } = await toss.state({ customerKey: person.customerKey });
  return payments.filter((payment) => payment.status === "DONE");
}

/** The billing keys of this customer that Toss would still charge. */
export async function keysAtToss(person: Pick<Person, "customerKey">) {
  const { billingKeys } = await toss.state({ customerKey: person.customerKey });
  return billingKeys.filter((key) => key.removedAt === null);
}

/** The same after the job that tidies up was asked to run; one that runs already is not started twice. */
export async function keysAfterTidying(person: Pick<Person, "customerKey">) {
  await jobs.fireCron("tidy-up");
  return keysAtToss(person);
}

export async function chargesOf(person: Pick<Person, "accountId">) {
  return db()
    .select()
    .from(charges)
    .where(eq(charges.accountId, person.accountId))
    .orderBy(asc(charges.createdAt), asc(charges.id));
}

export async function checkoutOf(id: string) {
  const [row] = await db().select().from(checkouts).where(eq(checkouts.id, id));
  if (!row) throw new Error(`No checkout ${id}`);
  return row;
}

export async function subscriptionsOf(person: Pick<Person, "accountId">) {
  return db()
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.accountId, person.accountId))
    .orderBy(asc(subscriptions.createdAt), asc(subscriptions.id));
}

/** Every row that belongs to an account, to be compared before and after. */
export async function rowsOf({ userId, accountId }: Pick<Person, "userId" | "accountId">) {
  const database = db();
  return {
    user: await database.select().from(users).where(eq(users.id, userId)),
    checkouts: await database.select().from(checkouts).where(eq(checkouts.accountId, accountId)),
    registrations: await database
      .select()
      .from(cardRegistrations)
      .where(eq(cardRegistrations.accountId, accountId)),
    cards: await database
      .select()
      .from(paymentMethods)
      .where(eq(paymentMethods.accountId, accountId)),
    subscriptions: await database
      .select()
      .from(subscriptions)
      .where(eq(subscriptions.accountId, accountId)),
    consents: await database
      .select({ consent: consents })
      .from(consents)
      .innerJoin(subscriptions, eq(subscriptions.id, consents.subscriptionId))
      .where(eq(subscriptions.accountId, accountId)),
    invoices: await database.select().from(invoices).where(eq(invoices.accountId, accountId)),
    charges: await database.select().from(charges).where(eq(charges.accountId, accountId)),
    members: await database
      .select()
      .from(accountMembers)
      .where(eq(accountMembers.accountId, accountId)),
    invitations: await database
      .select()
      .from(accountInvitations)
      .where(eq(accountInvitations.accountId, accountId)),
    audit: await database
      .select()
      .from(auditLog)
      .where(or(eq(auditLog.actor, userId), eq(auditLog.subjectId, userId))),
  };
}

/** Mails to an address of which nobody need have signed up, newest first. */
export async function mailedTo(email: string) {
  return db()
    .select()
    .from(messages)
    .where(eq(messages.email, email))
    .orderBy(desc(messages.createdAt), desc(messages.id));
}

export async function mailsTo(person: Pick<Person, "userId">) {
  return db()
    .select()
    .from(messages)
    .where(eq(messages.userId, person.userId))
    .orderBy(asc(messages.createdAt), asc(messages.id));
}
