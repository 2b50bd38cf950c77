/** What a hostile or hasty customer can do to an order, and what it changes: nothing. */
import { beforeEach, expect, test } from "vitest";
import { findCheckout, findCheckoutProgress } from "@/db/checkout";
import { db } from "@/db/client";
import { prices } from "@/db/schema/catalogue";
import { acceptCard } from "@/lib/operations/card/accept";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { acceptPayment } from "./accept-payment";
import { agreeToCheckout } from "./agree";
import { completeCheckout } from "./complete";
import { createCheckout } from "./create";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

async function agreed(person: Person, priceId: string) {
  const created = await createCheckout(story.deps, { ...person, priceId });
  if (!created.ok) throw new Error(created.refusal.code);
  const { checkoutId } = created.value;
  await agreeToCheckout(story.deps, { ...person, checkoutId, termsVersion: "test" });
  const found = await findCheckout(person.accountId, checkoutId);
  if (!found) throw new Error("lost");
  return found.checkout;
}

async function authorized(checkout: { orderId: string }, amount = 150_000) {
  const order = {
    orderId: checkout.orderId,
    amount,
    orderName: "도입 교육",
    scenario: "normal" as const,
  };
  return (await story.toss.control.authorizePayment(order)).paymentKey;
}

test("an unknown price, and one no longer sold, make no order", async () => {
  const person = await story.person();
  expect(await createCheckout(story.deps, { ...person, priceId: "nothing" })).toMatchObject({
    refusal: { code: "unknown-price" },
  });
  await db()
    .insert(prices)
    .values({
      id: "basic-month-v0",
      planId: "basic",
      interval: "month",
      amountWon: 5_000 as never,
      version: 0,
      active: false,
    });
  expect(await createCheckout(story.deps, { ...person, priceId: "basic-month-v0" })).toMatchObject({
    refusal: { code: "price-not-sold" },
  });
});

test("a second subscription is refused while one is alive, and a second trial is not given", async () => {
  const person = await story.person();
  await story.subscribe(person, "premium-month-v1");
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "trialing" });
  const again = await createCheckout(story.deps, { ...person, priceId: "basic-month-v1" });
  expect(again).toMatchObject({ refusal: { code: "already-subscribed" } });
  story.at("2027-01-24");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "no-consent",
  });
  const later = await agreed(person, "premium-month-v1");
  expect(later).toMatchObject({ trialDays: 0, amountWon: 29_000 });
});

test("nobody can agree to, finish or look at another customer's order", async () => {
  const [owner, stranger] = [await story.person(), await story.person()];
  const { id: checkoutId, orderId } = await agreed(owner, "onboarding-once-v1");
  expect(await findCheckout(stranger.accountId, checkoutId)).toBeNull();
  expect(await findCheckoutProgress(stranger.accountId, checkoutId)).toBeNull();
  const agreement = { ...stranger, checkoutId, termsVersion: "test" };
  expect(await agreeToCheckout(story.deps, agreement)).toMatchObject({
    refusal: { code: "unknown-checkout" },
  });
  const paymentKey = await authorized({ orderId });
  const payment = {
    accountId: stranger.accountId,
    actor: stranger.actor,
    checkoutId,
    paymentKey,
    orderId,
    amount: 150_000,
  };
  expect(await acceptPayment(story.deps, payment)).toMatchObject({
    refusal: { code: "unknown-checkout" },
  });
  const { authKey } = await story.toss.control.authorizeBilling({
    customerKey: stranger.customerKey,
    scenario: "normal",
  });
  const card = { customer: stranger, checkoutId, authKey, customerKey: stranger.customerKey };
  expect(await acceptCard(story.deps, card)).toMatchObject({
    refusal: { code: "unknown-checkout" },
  });
});

test("a card of another customerKey is not taken, nor an auth key that was used", async () => {
  const [owner, stranger] = [await story.person(), await story.person()];
  const { id: checkoutId } = await agreed(owner, "basic-month-v1");
  const { authKey } = await story.toss.control.authorizeBilling({
    customerKey: stranger.customerKey,
    scenario: "normal",
  });
  const foreign = { customer: owner, checkoutId, authKey, customerKey: stranger.customerKey };
  expect(await acceptCard(story.deps, foreign)).toMatchObject({
    refusal: { code: "foreign-customer-key" },
  });
  // Even with the owner's own key in the address, Toss refuses to make a billing key of it.
  const forged = await acceptCard(story.deps, { ...foreign, customerKey: owner.customerKey });
  expect(forged.ok).toBe(true);
  await completeCheckout(story.deps, checkoutId);
  expect(await findCheckoutProgress(owner.accountId, checkoutId)).toMatchObject({
    kind: "card-refused",
  });

  const again = await agreed(stranger, "basic-month-v1");
  const replay = {
    customer: stranger,
    checkoutId: again.id,
    authKey,
    customerKey: stranger.customerKey,
  };
  expect(await acceptCard(story.deps, replay)).toMatchObject({
    refusal: { code: "auth-key-used" },
  });
  expect(await story.chargesOf(owner)).toHaveLength(0);
});

test("no card is taken before the consents are ticked", async () => {
  const person = await story.person();
  const created = await createCheckout(story.deps, { ...person, priceId: "basic-month-v1" });
  const checkoutId = created.ok ? created.value.checkoutId : "";
  const { authKey } = await story.toss.control.authorizeBilling({
    customerKey: person.customerKey,
    scenario: "normal",
  });
  const card = { customer: person, checkoutId, authKey, customerKey: person.customerKey };
  expect(await acceptCard(story.deps, card)).toMatchObject({ refusal: { code: "not-agreed" } });
});

test("paid once: compared with the order, confirmed once, whatever the address says afterwards", async () => {
  const person = await story.person();
  const checkout = await agreed(person, "onboarding-once-v1");
  const paymentKey = await authorized(checkout);
  const payment = {
    accountId: person.accountId,
    actor: person.actor,
    checkoutId: checkout.id,
    paymentKey,
    orderId: checkout.orderId,
    amount: 150_000,
  };
  expect(await acceptPayment(story.deps, { ...payment, amount: 100 })).toMatchObject({
    refusal: { code: "amount-differs" },
  });
  expect(await acceptPayment(story.deps, { ...payment, orderId: "ord_of_somebody" })).toMatchObject(
    { refusal: { code: "foreign-order" } },
  );
  expect(await story.chargesOf(person)).toHaveLength(0);

  await Promise.all([1, 2, 3].map(() => acceptPayment(story.deps, payment)));
  await Promise.all([1, 2, 3].map(() => completeCheckout(story.deps, checkout.id)));
  await completeCheckout(story.deps, checkout.id);
  expect(await findCheckoutProgress(person.accountId, checkout.id)).toEqual({ kind: "done" });
  expect(await story.chargesOf(person)).toMatchObject([
    { status: "approved", paymentKey, amountWon: 150_000, vatWon: 13_636 },
  ]);
  expect(await acceptPayment(story.deps, payment)).toMatchObject({
    refusal: { code: "checkout-completed" },
  });
  expect(await story.ledgerSums(person)).toMatchObject({
    total: 0,
    "pg-clearing": 150_000,
    receivable: 0,
  });
});

test("a declined one-time payment can be paid anew under another order id", async () => {
  const person = await story.person();
  const checkout = await agreed(person, "onboarding-once-v1");
  const owner = {
    accountId: person.accountId,
    actor: person.actor,
    checkoutId: checkout.id,
    amount: 150_000,
  };
  await story.toss.control.addFault({
    kind: "decline",
    code: "REJECT_CARD_PAYMENT",
    match: { operation: "confirm", orderId: checkout.orderId },
  });
  await acceptPayment(story.deps, {
    ...owner,
    orderId: checkout.orderId,
    paymentKey: await authorized(checkout),
  });
  await completeCheckout(story.deps, checkout.id);
  expect(await findCheckoutProgress(person.accountId, checkout.id)).toEqual({
    kind: "declined",
    reason: "insufficient-funds",
    mayRetry: true,
  });
  const renewed = (await findCheckout(person.accountId, checkout.id))?.checkout;
  expect(renewed?.orderId).not.toBe(checkout.orderId);
  const second = { orderId: renewed?.orderId ?? "" };
  await acceptPayment(story.deps, { ...owner, ...second, paymentKey: await authorized(second) });
  await completeCheckout(story.deps, checkout.id);
  expect(await findCheckoutProgress(person.accountId, checkout.id)).toEqual({ kind: "done" });
});

test("Toss confirmed and hung up: unknown, never confirmed twice, then found and booked", async () => {
  const person = await story.person();
  const checkout = await agreed(person, "onboarding-once-v1");
  await story.toss.control.addFault({
    kind: "hang-up-after-execute",
    match: { operation: "confirm", orderId: checkout.orderId },
  });
  const paymentKey = await authorized(checkout);
  await acceptPayment(story.deps, {
    accountId: person.accountId,
    actor: person.actor,
    checkoutId: checkout.id,
    paymentKey,
    orderId: checkout.orderId,
    amount: 150_000,
  });
  const confirms = story.calls.length;
  await completeCheckout(story.deps, checkout.id);
  await completeCheckout(story.deps, checkout.id);
  expect(await findCheckoutProgress(person.accountId, checkout.id)).toEqual({ kind: "done" });
  expect(story.calls.slice(confirms).filter((call) => call.method === "POST")).toHaveLength(1);
});

test("an order cancelled before it started leaves the free trial as it was", async () => {
  story.at("2027-03-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1", "short-of-balance");
  const { id: subscriptionId } = await story.subscriptionOf(person);
  expect(await cancelSubscription(story.deps, { ...person, subscriptionId })).toMatchObject({
    ok: true,
  });
  expect(await agreed(person, "premium-month-v1")).toMatchObject({ trialDays: 14, amountWon: 0 });
});
