/**
 * The same verbs on a provider that answers no request twice, tells no VAT and deletes no keys: no won is taken twice
 * or lost, and the books say so.
 */
import { eq, isNull } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { listOurFaults } from "@/db/console/tasks";
import { paymentMethods } from "@/db/schema/card";
import { chargingStops } from "@/db/schema/charge";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import type { Deps } from "@/lib/runtime/deps";
import { day, won } from "@/lib/testing/billing";
import { createPlainProvider, type PlainProvider } from "@/lib/testing/plain-provider";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { acceptCard } from "./card/accept";
import { closeCharge } from "./charge/close";
import { releaseStop } from "./charge/release-stop";
import { agreeToCheckout } from "./checkout/agree";
import { completeCheckout } from "./checkout/complete";
import { createCheckout } from "./checkout/create";
import { reconcileDay } from "./reconciliation/reconcile";
import { refundCharge } from "./refund/send";
import { operator } from "./work";

let story: Story;
let plain: PlainProvider;
let deps: Deps;
beforeAll(async () => {
  story = await startStory("2027-01-31");
  plain = createPlainProvider(story.deps.clock);
  deps = { ...story.deps, gateway: plain.gateway };
});
afterAll(() => story.close());

async function orders(person: Person): Promise<string> {
  const created = await createCheckout(deps, { ...person, priceId: "basic-month-v1" });
  if (!created.ok) throw new Error(`No checkout: ${created.refusal.code}`);
  const { checkoutId } = created.value;
  await agreeToCheckout(deps, { ...person, checkoutId, termsVersion: "test" });
  const { customerKey } = person;
  const authKey = await plain.authorizeCard(customerKey);
  const accepted = await acceptCard(deps, { customer: person, checkoutId, authKey, customerKey });
  if (!accepted.ok) throw new Error(`Card not accepted: ${accepted.refusal.code}`);
  await completeCheckout(deps, checkoutId);
  return checkoutId;
}

async function newSubscriber(): Promise<Person> {
  const person = await story.person();
  await orders(person);
  subscribers.push(person);
  return person;
}

/** Nobody of another test may be due when an answer is to be lost. */
const subscribers: Person[] = [];
afterEach(async () => {
  for (const person of subscribers.splice(0)) {
    const { accountId, actor } = person;
    const { id: subscriptionId } = await story.subscriptionOf(person);
    await cancelSubscription(deps, { accountId, subscriptionId, actor });
  }
});

async function paymentsOf(person: Person) {
  const known = new Set((await story.chargesOf(person)).map((charge) => charge.orderId));
  return plain.payments().filter((payment) => known.has(payment.orderId));
}

test("a renewal is charged once, with the VAT that was shown, and all of it names the provider", async () => {
  story.at("2027-01-31");
  const person = await newSubscriber();
  story.at("2027-02-28");
  await story.work(deps);
  await story.work(deps);
  expect(await story.chargesOf(person)).toMatchObject(
    [1, 2].map(() => ({
      ...{ provider: "plain", status: "approved", amountWon: 9_900 },
      ...{ suppliedWon: 9_000, vatWon: 900 },
    })),
  );
  expect(await paymentsOf(person)).toHaveLength(2);
  expect(await story.ledgerSums(person)).toMatchObject({
    ...{ total: 0, "pg-clearing": 19_800, receivable: 0 },
    ...{ revenue: -18_000, "vat-payable": -1_800 },
  });
  expect(await reconcileDay(deps, day("2027-02-28"))).toMatchObject({ kind: "done", openCount: 0 });
});

test.each(["answer", "request"] as const)(
  "a renewal whose %s is lost is asked for first, and then paid once",
  async (loss) => {
    story.at("2028-01-31");
    const person = await newSubscriber();
    story.at("2028-02-29");
    await plain.loseNext("charge", loss);
    await story.work(deps);
    const open = (await story.chargesOf(person)).at(-1);
    expect(open).toMatchObject({ status: "unknown" });
    expect(await paymentsOf(person)).toHaveLength(loss === "answer" ? 2 : 1);
    for (let minutes = 0; minutes < 12; minutes += 3) {
      story.minutesLater(3);
      await story.work(deps);
    }
    const renewed = await story.chargesOf(person);
    expect(renewed).toHaveLength(2);
    expect(renewed.at(-1)).toMatchObject({ status: "approved", orderId: open?.orderId });
    expect(await paymentsOf(person)).toHaveLength(2);
    expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 19_800 });
  },
);

test.each(["answer", "request"] as const)(
  "a refund whose %s is lost gives back what was asked, once",
  async (loss) => {
    story.at("2029-01-31");
    const person = await newSubscriber();
    const [charge] = await story.chargesOf(person);
    const refund = (amountWon: number, requestId: string) =>
      refundCharge(deps, {
        ...{ chargeId: charge?.id ?? "", amountWon: won(amountWon), reason: "청약철회" },
        ...{ requestId: `${requestId}-${charge?.id}`, actor: operator("usr_operator") },
      });
    await plain.loseNext("cancel", loss);
    expect(await refund(3_300, "first")).toMatchObject({ value: { status: "unknown" } });
    for (let minutes = 0; minutes < 12; minutes += 3) {
      story.minutesLater(3);
      await story.work(deps);
    }
    expect(await refund(6_600, "rest")).toMatchObject({ value: { status: "done" } });
    expect(await story.refundsOf(person)).toMatchObject([
      { ...{ provider: "plain", status: "done" }, ...{ suppliedWon: 3_000, vatWon: 300 } },
      { ...{ provider: "plain", status: "done" }, ...{ suppliedWon: 6_000, vatWon: 600 } },
    ]);
    const [payment] = await paymentsOf(person);
    expect(payment?.cancels.map((cancel) => cancel.amountWon)).toEqual([3_300, 6_600]);
    expect(await story.ledgerSums(person)).toMatchObject({
      ...{ total: 0, "pg-clearing": 0, "vat-payable": 0 },
    });
  },
);

test("a registration whose answer is lost is sent once: the window is opened again", async () => {
  story.at("2030-01-31");
  const person = await story.person();
  const before = plain.heard.filter((operation) => operation === "issue").length;
  await plain.loseNext("issue");
  const checkoutId = await orders(person);
  for (let minutes = 0; minutes < 12; minutes += 3) {
    story.minutesLater(3);
    await story.work(deps);
  }
  expect(plain.heard.filter((operation) => operation === "issue")).toHaveLength(before + 1);
  expect(await story.chargesOf(person)).toEqual([]);
  const { customerKey } = person;
  const authKey = await plain.authorizeCard(customerKey);
  await acceptCard(deps, { customer: person, checkoutId, authKey, customerKey });
  await completeCheckout(deps, checkoutId);
  subscribers.push(person);
  expect(await paymentsOf(person)).toHaveLength(1);
});

test("a key that cannot be deleted is erased here when its contract ends", async () => {
  story.at("2031-01-31");
  const person = await newSubscriber();
  const { id: subscriptionId } = await story.subscriptionOf(person);
  const { accountId, actor } = person;
  const canceled = await cancelSubscription(deps, { accountId, subscriptionId, actor });
  expect(canceled.ok).toBe(true);
  story.at("2031-02-28");
  await story.work(deps);
  expect(await paymentsOf(person)).toHaveLength(1);
  const [card] = await db()
    .select()
    .from(paymentMethods)
    .where(eq(paymentMethods.accountId, accountId));
  expect(card).toMatchObject({ provider: "plain", billingKeyCiphertext: null });
  expect(card?.deletedAt).not.toBeNull();
});

/** For which customers, orders or payments a request came to Toss. */
async function heardAtToss(person: Person): Promise<number> {
  const { customerKey } = person;
  const known = new Set((await story.chargesOf(person)).map((charge) => charge.orderId));
  const { calls } = await story.toss.control.state();
  return calls.filter((call) => {
    const text = JSON.stringify(call);
    return text.includes(customerKey) || [...known].some((orderId) => text.includes(orderId));
  }).length;
}

test("a card is charged by the provider that made its key, or not at all: charging stops, and nobody loses a try", async () => {
  story.at("2033-01-31");
  const people = await Promise.all(Array.from({ length: 5 }, newSubscriber));
  story.at("2033-02-28");
  await story.work(story.deps);
  const heard = plain.heard.length;
  for (const person of people) {
    expect(await heardAtToss(person)).toBe(0);
    expect(await paymentsOf(person)).toHaveLength(1);
    expect((await story.chargesOf(person)).at(-1)).toMatchObject({
      ...{ provider: "plain", status: "declined", declineClass: "config" },
      ...{ declineCode: "OTHER_PROVIDER", declineReason: "other-provider" },
    });
    expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
    const told = await story.messagesTo(person);
    expect(told.filter((message) => message.kind === "payment-failed")).toEqual([]);
  }
  expect(await listOurFaults(story.now(), 10)).toHaveLength(5);
  const stops = await db().select().from(chargingStops).where(isNull(chargingStops.releasedAt));
  expect(stops).toMatchObject([{ kind: "config-fault", reason: "OTHER_PROVIDER" }]);

  await releaseStop(deps, {
    ...{ stopId: stops[0]?.id ?? "", actor: operator("usr_operator"), note: "열쇠를 되돌림" },
  });
  story.at("2033-03-01");
  await story.work(deps);
  expect(plain.heard).toHaveLength(heard + 5);
  for (const person of people) {
    expect(await paymentsOf(person)).toHaveLength(2);
    expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
  }
});

test("an attempt whose answer was lost is asked about at its own provider only, and closed by nobody before", async () => {
  story.at("2034-01-31");
  const person = await newSubscriber();
  story.at("2034-02-28");
  await plain.loseNext("charge", "answer");
  await story.work(deps);
  const lost = (await story.chargesOf(person)).at(-1);
  for (let hours = 0; hours < 30; hours += 1) {
    story.minutesLater(60);
    await story.work(story.deps);
  }
  const chargeId = lost?.id ?? "";
  const close = await closeCharge(story.deps, { chargeId, actor: operator("usr_operator") });
  expect(close).toMatchObject({ refusal: { code: "outcome-open" } });
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({
    ...{ id: chargeId, status: "unknown", needsReview: true },
  });
  expect(await heardAtToss(person)).toBe(0);
  for (let hours = 0; hours < 12; hours += 1) {
    story.minutesLater(60);
    await story.work(deps);
  }
  expect((await story.chargesOf(person)).map(({ id, status }) => [id, status])).toEqual([
    [expect.any(String), "approved"],
    [chargeId, "approved"],
  ]);
  expect(await paymentsOf(person)).toHaveLength(2);
});

test("a refund waits for the provider of its charge, and so does the key of a card", async () => {
  story.at("2035-01-31");
  const person = await newSubscriber();
  const [charge] = await story.chargesOf(person);
  const asked = await refundCharge(story.deps, {
    ...{ chargeId: charge?.id ?? "", amountWon: won(3_300), reason: "청약철회" },
    ...{ requestId: `wait-${charge?.id}`, actor: operator("usr_operator") },
  });
  expect(asked).toMatchObject({ value: { status: "unknown", provider: "plain" } });
  for (let hours = 0; hours < 24; hours += 1) {
    story.minutesLater(60);
    await story.work(hours < 12 ? story.deps : deps);
    if (hours < 12) expect((await story.refundsOf(person))[0]).toMatchObject({ status: "unknown" });
  }
  expect(await story.refundsOf(person)).toMatchObject([{ status: "done", amountWon: 3_300 }]);
  expect((await paymentsOf(person))[0]?.cancels).toHaveLength(1);

  const { id: subscriptionId } = await story.subscriptionOf(person);
  const { accountId, actor } = person;
  await cancelSubscription(story.deps, { accountId, subscriptionId, actor });
  const cardOf = async () => {
    const ofAccount = eq(paymentMethods.accountId, accountId);
    return (await db().select().from(paymentMethods).where(ofAccount))[0];
  };
  story.at("2035-02-28");
  await story.work(story.deps);
  expect((await cardOf())?.deleteAt).not.toBeNull();
  expect((await cardOf())?.billingKeyCiphertext).not.toBeNull();
  expect(await heardAtToss(person)).toBe(0);
  story.minutesLater(60);
  await story.work(deps);
  expect((await cardOf())?.billingKeyCiphertext).toBeNull();
});
