/**
 * A small world in which tests tell stories: the real operations on a real PostgreSQL, the Toss emulator over HTTP,
 * and a clock that stands still until it is moved.
 */

import { randomUUID } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { db, transaction } from "@/db/client";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { ledgerEntries } from "@/db/schema/ledger";
import { messages } from "@/db/schema/message";
import { refunds } from "@/db/schema/refund";
import { subscriptions } from "@/db/schema/subscription";
import { CATALOGUE } from "@/db/seed/catalogue";
import { syncCatalogue } from "@/db/seed/sync-catalogue";
import { parseSubscriptions } from "@/db/subscription";
import { insertUser } from "@/db/user";
import { parseCalendarDate, seoulInstant } from "@/lib/billing/calendar";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import { acceptCard } from "@/lib/operations/card/accept";
import { deleteBillingKeys } from "@/lib/operations/card/delete-keys";
import { resumeRegistrations } from "@/lib/operations/card/resume-registrations";
import { collectCharges } from "@/lib/operations/charge/collect";
import { settleCharges } from "@/lib/operations/charge/settle";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import { expireCheckouts } from "@/lib/operations/checkout/expire";
import { bookReminders } from "@/lib/operations/message/book-reminders";
import { settleRefunds } from "@/lib/operations/refund/settle";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { type Actor, member } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";
import { createIds, type NewId } from "@/lib/runtime/ids";
import { createVault } from "@/lib/runtime/secrets";
import { emptyDatabase } from "@/lib/testing/empty-database";
import { createTossClient } from "@/lib/toss/client";
import { startTossEmulator, type TossEmulator } from "@/packages/toss-twin/emulator";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";

export type Person = {
  readonly userId: string;
  readonly actor: Actor;
  readonly accountId: string;
  readonly customerKey: string;
};

export type Story = Awaited<ReturnType<typeof startStory>>;

/** The secret key of the merchant the emulator always knows. */
const SECRET_KEY = "test_sk_SandboxMaedal0000000000001";

/** Opens a world of its own, empty but for the catalogue, at 10:00 in Seoul on `startsOn`. Close it in the end. */
export async function startStory(
  startsOn = "2027-01-31",
  pace = { callsPerSecond: 10_000, callsInFlight: 1_000 },
) {
  await emptyDatabase();
  let now = seoulInstant(parseCalendarDate(startsOn), 10);
  const toss = await startTossEmulator({ port: 0, clock: () => now, settings: { slowMs: 5 } });
  const calls: Readonly<Record<string, unknown>>[] = [];
  const clock = { now: () => now };
  const newId = createIds(clock);
  const deps: Deps = {
    clock,
    newId,
    gateway: createTossClient({
      secretKey: SECRET_KEY,
      baseUrl: toss.url,
      onCall: (call) => calls.push(call),
    }),
    vault: createVault(env().BILLING_KEY_SECRETS),
    pace,
    wait: async () => undefined,
    hint: async () => undefined,
  };
  const { minimumWon } = deps.gateway.capabilities;
  await transaction((tx) => syncCatalogue(tx, { offers: CATALOGUE, minimumWon }));

  return {
    deps,
    toss,
    /** What the client told the log of its calls. */
    calls,
    now: () => now,
    /** Moves to 10:00, or another hour, of a day. */
    at(day: string, hour = 10, minute = 0) {
      now = seoulInstant(parseCalendarDate(day), hour, minute);
    },
    minutesLater(minutes: number) {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    close: toss.close,
    person: () => newPerson(newId, now),
    /** All the jobs, until none finds anything to do at this instant. */
    async work(on: Deps = deps) {
      for (let round = 0; round < 20; round++) if (!(await workOnce(on))) return;
      throw new Error("The jobs never came to rest");
    },
    /** Orders a price, ticks the consents, registers a card and comes back from the window. */
    subscribe: (person: Person, priceId: string, scenario: ScenarioKey = "normal") =>
      subscribe({ deps, toss }, person, { priceId, scenario }),
    returnWithCard: (person: Person, checkoutId: string | null, scenario: ScenarioKey = "normal") =>
      returnWithCard({ deps, toss }, person, { checkoutId, scenario }),
    subscriptionOf,
    chargesOf,
    invoicesOf,
    refundsOf,
    ledgerSums,
    messagesTo,
    /** What Toss says was paid for this customer. */
    async paidAtToss(person: Person) {
      const state = await toss.control.state({ customerKey: person.customerKey });
      return state.payments.filter((payment) => payment.status === "DONE");
    },
  };
}

async function workOnce(deps: Deps): Promise<boolean> {
  const resumed = await resumeRegistrations(deps, 100);
  const { chargeIds, taken } = await claimRenewals(deps, 100);
  await collectCharges(deps, chargeIds);
  const settled = await settleCharges(deps, 100);
  const refunded = await settleRefunds(deps, 100);
  const expired = await expireCheckouts(deps, 100);
  const deleted = await deleteBillingKeys(deps, 100);
  const reminded = await bookReminders(deps, 100);
  return resumed + taken + settled + refunded + expired + deleted + reminded > 0;
}

/** A signed-up person with an account of their own. */
export async function newPerson(newId: NewId, now: Date): Promise<Person> {
  const userId = newId("user");
  const person: Person = {
    userId,
    actor: member(userId),
    accountId: newId("account"),
    customerKey: randomUUID(),
  };
  const { accountId: id, customerKey } = person;
  const user = { id: userId, email: `${userId}@example.com`, name: "김구독", passwordHash: null };
  await transaction((tx) => insertUser(tx, { ...user, createdAt: now }, { id, customerKey }));
  return person;
}

/** The app's dependencies and the emulator that they talk to. */
type Stage = { readonly deps: Deps; readonly toss: Pick<TossEmulator, "control"> };

/** Orders a price, ticks the consents, registers a card and comes back from the window. */
export async function subscribe(
  { deps, toss }: Stage,
  person: Person,
  { priceId, scenario = "normal" }: { readonly priceId: string; readonly scenario?: ScenarioKey },
) {
  const created = await createCheckout(deps, { ...person, priceId });
  if (!created.ok) throw new Error(`No checkout: ${created.refusal.code}`);
  const { checkoutId } = created.value;
  await agreeToCheckout(deps, { ...person, checkoutId, termsVersion: "test" });
  await returnWithCard({ deps, toss }, person, { checkoutId, scenario });
  await completeCheckout(deps, checkoutId);
  return checkoutId;
}

async function returnWithCard(
  { deps, toss }: Stage,
  person: Person,
  { checkoutId, scenario }: { readonly checkoutId: string | null; readonly scenario: ScenarioKey },
) {
  const { customerKey } = person;
  const { authKey } = await toss.control.authorizeBilling({ customerKey, scenario });
  const accepted = await acceptCard(deps, { customer: person, checkoutId, authKey, customerKey });
  if (!accepted.ok) throw new Error(`Card not accepted: ${accepted.refusal.code}`);
  return { authKey, registrationId: accepted.value.registrationId };
}

async function subscriptionOf(person: Person): Promise<Subscription> {
  const rows = await db()
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.accountId, person.accountId))
    .orderBy(asc(subscriptions.createdAt), asc(subscriptions.id));
  const newest = rows.at(-1);
  if (!newest) throw new Error("No subscription");
  const parsed = (await parseSubscriptions(db(), [newest])).get(newest.id);
  if (!parsed) throw new Error(`${newest.id} has no terms`);
  return parsed;
}

export function chargesOf(person: Person) {
  return db()
    .select()
    .from(charges)
    .where(eq(charges.accountId, person.accountId))
    .orderBy(asc(charges.createdAt), asc(charges.id));
}

export function refundsOf(person: Person) {
  return db()
    .select()
    .from(refunds)
    .where(eq(refunds.accountId, person.accountId))
    .orderBy(asc(refunds.createdAt), asc(refunds.id));
}

function invoicesOf(person: Person) {
  return db()
    .select()
    .from(invoices)
    .where(eq(invoices.accountId, person.accountId))
    .orderBy(asc(invoices.issuedAt), asc(invoices.periodStartsOn));
}

function messagesTo(person: Person) {
  return db()
    .select()
    .from(messages)
    .where(eq(messages.userId, person.userId))
    .orderBy(asc(messages.createdAt), asc(messages.id));
}

/** What each account holds for a customer, and the sum of all, which is always 0. */
async function ledgerSums(person: Person): Promise<Readonly<Record<string, number>>> {
  const rows = await db()
    .select({ account: ledgerEntries.account, amountWon: ledgerEntries.amountWon })
    .from(ledgerEntries)
    .innerJoin(invoices, eq(invoices.id, ledgerEntries.invoiceId))
    .where(eq(invoices.accountId, person.accountId));
  const sums: Record<string, number> = { total: 0 };
  for (const { account, amountWon } of rows) {
    sums[account] = (sums[account] ?? 0) + amountWon;
    sums.total = (sums.total ?? 0) + amountWon;
  }
  return sums;
}
