/** People of a snapshot: what they do is done by the operations that the pages of the app call. */
import { randomUUID } from "node:crypto";
import { transaction } from "@/db/client";
import { insertUser } from "@/db/user";
import { parseWon } from "@/lib/billing/money";
import { acceptCard } from "@/lib/operations/card/accept";
import { issueBillingKey } from "@/lib/operations/card/issue-key";
import { replaceCard } from "@/lib/operations/card/replace";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import { member, operator } from "@/lib/operations/work";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";
import { Failure } from "@/sandbox/world/failure";
import type { Person } from "@/sandbox/year/crowd";
import type { YearWorld } from "@/sandbox/year/world";

export type Cast = ReturnType<typeof createCast>;
type People = ReturnType<typeof createPeople>;

type Deps = YearWorld["deps"];
type Fault = Partial<NewFaultRule> & Pick<NewFaultRule, "kind">;
type Method = "chargeBillingKey" | "cancelPayment" | "issueBillingKey";

/** What a worker throws when it dies between its call and the answer. */
class Died extends Error {}

export const OPERATOR = operator("usr_operator");

export function createCast(world: YearWorld) {
  const people = createPeople(world);
  return { world, ...people, ...createMishaps(world, people) };
}

function createPeople(world: YearWorld) {
  const { deps, toss, sql } = world;

  /** A new customer; the name says what becomes of them. */
  async function join(name: string): Promise<Person> {
    const userId = deps.newId("user");
    const account = { id: deps.newId("account"), customerKey: randomUUID() };
    const user = { id: userId, email: `${name}@example.com`, name, passwordHash: null };
    await transaction((tx) => insertUser(tx, { ...user, createdAt: world.now() }, account));
    const { id: accountId, customerKey } = account;
    return { userId, actor: member(userId), accountId, customerKey };
  }

  async function order(person: Person, priceId: string): Promise<string> {
    const { checkoutId } = unwrap(await createCheckout(deps, { ...person, priceId }));
    unwrap(await agreeToCheckout(deps, { ...person, checkoutId, termsVersion: "snapshot" }));
    return checkoutId;
  }

  async function returnFromWindow(
    person: Person,
    back: { readonly checkoutId: string | null; readonly card?: ScenarioKey },
  ): Promise<string> {
    const { checkoutId, card = "normal" } = back;
    const { customerKey } = person;
    const { authKey } = await toss.authorizeBilling({ customerKey, scenario: card });
    const returned = { customer: person, checkoutId, authKey, customerKey };
    return unwrap(await acceptCard(deps, returned)).registrationId;
  }

  async function subscribe(
    name: string,
    { priceId = "basic-month-v1", card = "normal" }: { priceId?: string; card?: ScenarioKey } = {},
  ): Promise<Person> {
    const person = await join(name);
    const checkoutId = await order(person, priceId);
    await returnFromWindow(person, { checkoutId, card });
    await completeCheckout(deps, checkoutId);
    return person;
  }

  async function chargeOf(person: Person) {
    const [charge] = await sql<
      { id: string; orderId: string; paymentKey: string; amount: number }[]
    >`
      select id, order_id as "orderId", payment_key as "paymentKey", amount_won::int as amount
      from charges where account_id = ${person.accountId} order by created_at desc limit 1`;
    if (!charge) throw new Failure("Nothing was charged.");
    return { ...charge, amountWon: parseWon(charge.amount) };
  }

  async function contractOf(person: Person): Promise<Person & { subscriptionId: string }> {
    const [row] = await sql<{ id: string }[]>`
      select id from subscriptions where account_id = ${person.accountId}
      order by created_at desc limit 1`;
    if (!row) throw new Failure("There is no subscription.");
    return { ...person, subscriptionId: row.id };
  }

  return { join, order, returnFromWindow, subscribe, chargeOf, contractOf };
}

/** What else becomes of people, their cards and their money. */
function createMishaps({ deps, toss }: YearWorld, { returnFromWindow, chargeOf }: People) {
  return {
    async newCard(person: Person) {
      await replaceCard(deps, await returnFromWindow(person, { checkoutId: null }));
    },
    /** A card that Toss refuses when its key is asked for. */
    async bringRefusedCard(person: Person) {
      const registrationId = await returnFromWindow(person, { checkoutId: null });
      const match = { operation: "issue" as const };
      await toss.withFault({ kind: "decline", code: "INVALID_CARD_EXPIRATION", match }, () =>
        issueBillingKey(deps, registrationId),
      );
    },
    /** What happens at the next charge of this person. */
    faultOnCharge: ({ customerKey }: Person, fault: Fault) =>
      toss.addFault({
        ...fault,
        match: { operation: "charge", customerKey },
      } as NewFaultRule),
    async faultOnCancel(person: Person, fault: Fault) {
      const path = `/v1/payments/${(await chargeOf(person)).paymentKey}`;
      await toss.addFault({ ...fault, match: { operation: "cancel", path } } as NewFaultRule);
    },
    refundOrder: async (person: Person, amount: number) => ({
      chargeId: (await chargeOf(person)).id,
      amountWon: parseWon(amount),
      reason: "고객 요청",
      requestId: `snapshot-${person.userId}`,
      actor: OPERATOR,
    }),
    /** Somebody gives money back in Toss's own console. */
    async cancelByHand(person: Person, amount: number) {
      const { paymentKey, amountWon } = await chargeOf(person);
      const cancel = { paymentKey, amountWon: parseWon(amount), balanceWon: amountWon };
      await deps.gateway.cancelPayment({ ...cancel, reason: "콘솔" }, `by-hand-${person.userId}`);
    },
    /** A payment that this app never asked for. */
    async payFromElsewhere(amount: number) {
      const orderId = `elsewhere_${randomUUID()}`;
      const { paymentKey } = await toss.authorizePayment({ orderId, amount, orderName: "다른 곳" });
      const payment = { paymentKey, orderId, amountWon: parseWon(amount) };
      await deps.gateway.confirmPayment(payment, orderId);
    },
    /** Runs something in a worker that dies between its call to Toss and the answer. */
    async dieAfter(method: Method, work: (deps: Deps) => Promise<unknown>) {
      const call = deps.gateway[method] as (...args: never[]) => Promise<unknown>;
      const die = async (...args: never[]) => {
        await call(...args);
        throw new Died();
      };
      const dying = { ...deps, gateway: { ...deps.gateway, [method]: die } };
      await work(dying).catch((fault: unknown) => {
        if (!(fault instanceof Died)) throw fault;
      });
    },
  };
}

type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: { readonly code: string } };

export function unwrap<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Failure(`Refused: ${answer.refusal.code}.`);
  return answer.value;
}
