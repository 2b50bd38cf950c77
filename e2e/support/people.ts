/** People of the tests: each makes an account of their own, so that no story meets another. */

import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { BrowserContext } from "playwright/test";
import { db, transaction } from "@/db/client";
import { accountMembers, accounts, users } from "@/db/schema/account";
import { insertUser } from "@/db/user";
import { deps } from "@/deps";
import { sealSession, sessionCookieName } from "@/lib/auth/next-auth";
import { hashPassword } from "@/lib/auth/passwords";
import { beginSession } from "@/lib/operations/account/begin-session";
import { acceptCard } from "@/lib/operations/card/accept";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import { type Actor, member } from "@/lib/operations/work";
import { systemClock } from "@/lib/runtime/clock";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";
import { now, toss, variable } from "./world";

export type Person = {
  readonly userId: string;
  readonly actor: Actor;
  readonly accountId: string;
  readonly customerKey: string;
  readonly email: string;
  readonly name: string;
};

/** What each of them is called. */
export const PERSON_NAME = "김구독";

export const PASSWORD = "한-문장처럼-긴 비밀번호 1";

/** An address nobody had before. */
export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

export async function newPerson({ hasPassword = false } = {}): Promise<Person> {
  const id = deps().newId("user");
  const person: Person = {
    userId: id,
    actor: member(id),
    accountId: deps().newId("account"),
    customerKey: randomUUID(),
    email: newEmail(),
    name: PERSON_NAME,
  };
  const { userId, accountId, customerKey, email, name } = person;
  const passwordHash = hasPassword ? await hashPassword(PASSWORD) : null;
  await transaction((tx) =>
    insertUser(
      tx,
      { id: userId, email, name, passwordHash, createdAt: now() },
      { id: accountId, customerKey },
    ),
  );
  return person;
}

/** Whoever signed up with this address. */
export async function findPerson(
  email: string,
): Promise<Person & { readonly locale: "ko" | "en" }> {
  const [row] = await db()
    .select({
      userId: users.id,
      accountId: accounts.id,
      customerKey: accounts.customerKey,
      email: users.email,
      name: users.name,
      locale: users.locale,
    })
    .from(users)
    .innerJoin(accountMembers, eq(accountMembers.userId, users.id))
    .innerJoin(accounts, eq(accounts.id, accountMembers.accountId))
    .where(eq(users.email, email));
  if (!row) throw new Error(`Nobody signed up as ${email}`);
  return { ...row, actor: member(row.userId) };
}

/** Gives a browser the cookie that signing in would have given it. */
export async function signInOn(context: BrowserContext, person: Person): Promise<void> {
  const user = { id: person.userId, sessionEpoch: 0 };
  const begun = await beginSession({ ...deps(), clock: systemClock }, user);
  if (!begun.ok) throw new Error(`Nobody to sign in: ${begun.refusal.code}`);
  await giveSession(context, begun.value.sessionId);
}

/** Gives a browser a cookie that names this session, whether or not there is one. */
export async function giveSession(context: BrowserContext, sessionId: string): Promise<void> {
  const value = await sealSession(sessionId);
  await context.addCookies([{ name: sessionCookieName(), value, url: variable("APP_URL") }]);
}

/** An order of this customer, agreed to; the real operations, without a browser. */
export async function orders(person: Person, priceId: string): Promise<string> {
  const created = await createCheckout(deps(), { ...person, priceId });
  if (!created.ok) throw new Error(`No order: ${created.refusal.code}`);
  const { checkoutId } = created.value;
  await agreeToCheckout(deps(), { ...person, checkoutId, termsVersion: "test" });
  return checkoutId;
}

/** Brings this customer to a running subscription or trial; the real operations, without a browser. */
export async function subscribes(
  person: Person,
  priceId: string,
  scenario: ScenarioKey = "normal",
): Promise<string> {
  const checkoutId = await orders(person, priceId);
  await registersCard(person, checkoutId, scenario);
  return checkoutId;
}

/** Comes back from the card window of an order, and goes as far as that leads. */
export async function registersCard(
  person: Person,
  checkoutId: string,
  scenario: ScenarioKey = "normal",
): Promise<void> {
  const { customerKey } = person;
  const { authKey } = await toss.authorizeBilling({ customerKey, scenario });
  const accepted = await acceptCard(deps(), { customer: person, checkoutId, authKey, customerKey });
  if (!accepted.ok) throw new Error(`Card not accepted: ${accepted.refusal.code}`);
  await completeCheckout(deps(), checkoutId);
}
