/** What one customer or one stranger sends in masses keeps nobody else waiting and costs little. */
import { eq, like } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { db } from "@/db/client";
import { paymentMethods } from "@/db/schema/card";
import { checkouts } from "@/db/schema/checkout";
import { webhookEvents } from "@/db/schema/webhook";
import { WEBHOOK_DAYS, WEBHOOK_OF_NOTHING_DAYS } from "@/lib/billing/policy";
import { NAMED_NOTHING, type WebhookResult } from "@/lib/billing/webhook/webhook";
import { takeAddressTry } from "@/lib/http/rate-limit";
import { acceptCard } from "@/lib/operations/card/accept";
import { resumeRegistrations } from "@/lib/operations/card/resume-registrations";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { forgetWebhooks } from "@/lib/operations/webhook/forget";
import { handleWaitingWebhooks, handleWebhook } from "@/lib/operations/webhook/handle";
import { receiveWebhook } from "@/lib/operations/webhook/receive";
import { won } from "@/lib/testing/billing";
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

async function orders(person: Person, priceId: string) {
  const created = await createCheckout(story.deps, { ...person, priceId });
  if (!created.ok) throw new Error(created.refusal.code);
  const { checkoutId } = created.value;
  const agreed = await agreeToCheckout(story.deps, {
    ...person,
    checkoutId,
    termsVersion: "test",
  });
  if (!agreed.ok) throw new Error(agreed.refusal.code);
  return checkoutId;
}

function comesBack(customer: Person, checkoutId: string | null, authKey: string) {
  const { customerKey } = customer;
  return acceptCard(story.deps, { customer, checkoutId, authKey, customerKey });
}

/** Stores webhooks about an order as a stranger would send them; returns their ids. */
async function tells(orderId: string, name: string, count: number) {
  const body = JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", data: { orderId } });
  for (let n = 0; n < count; n++)
    await receiveWebhook(story.deps, { body, transmissionId: `${name}_${n}` });
  return db()
    .select()
    .from(webhookEvents)
    .where(like(webhookEvents.dedupeKey, `${name}\\_%`));
}

it("made-up cards of one customer do not keep another's card from being finished", async () => {
  const [evil, good] = [await story.person(), await story.person()];
  for (let n = 0; n < 110; n++) await comesBack(evil, null, `made-up-${n}`);
  story.minutesLater(1);
  await story.returnWithCard(good, await orders(good, "basic-month-v1"));
  story.minutesLater(2);
  await resumeRegistrations(story.deps, 100);
  expect(await story.chargesOf(good)).toMatchObject([{ status: "approved" }]);
});

it("what is bought once takes no card, which would stay behind", async () => {
  const person = await story.person();
  const checkoutId = await orders(person, "onboarding-once-v1");
  const { customerKey } = person;
  const { authKey } = await story.toss.control.authorizeBilling({ customerKey });
  expect(await comesBack(person, checkoutId, authKey)).toEqual({
    ok: false,
    refusal: { code: "unknown-checkout" },
  });
  await story.work();
  const kept = eq(paymentMethods.accountId, person.accountId);
  expect(await db().$count(paymentMethods, kept)).toBe(0);
});

it("a card that was declined for good is asked once, however often its holder clicks", async () => {
  const person = await story.person();
  const checkoutId = await orders(person, "basic-month-v1");
  await story.returnWithCard(person, checkoutId, "lost-card");
  for (let n = 0; n < 3; n++) await completeCheckout(story.deps, checkoutId, { retryCard: true });
  expect(await story.chargesOf(person)).toMatchObject([
    { status: "declined", declineCode: "INVALID_CARD_LOST_OR_STOLEN" },
  ]);
});

it("a hundred webhooks about one order are answered by asking Toss once", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const [charge] = await story.chargesOf(person);
  const told = await tells(charge?.orderId ?? "", "flood", 100);
  const before = story.calls.length;
  for (const { id } of told) expect(await handleWebhook(story.deps, id)).toBe("nothing-new");
  expect(story.calls.length - before).toBeLessThan(5);

  // What comes after the answer is looked at anew.
  story.minutesLater(1);
  const all = {
    paymentKey: charge?.paymentKey ?? "",
    amountWon: won(9_900),
    balanceWon: won(9_900),
  };
  await story.deps.gateway.cancelPayment({ ...all, reason: "토스에서 취소" }, "by-hand");
  const [late] = await tells(charge?.orderId ?? "", "late", 1);
  expect(await handleWebhook(story.deps, late?.id ?? "")).toBe("refund-adopted");
});

it("webhooks whose outcome stays open do not keep a new one waiting", async () => {
  const evil = await story.person();
  const checkoutId = await orders(evil, "onboarding-once-v1");
  const [order] = await db().select().from(checkouts).where(eq(checkouts.id, checkoutId));
  const { orderId = "", amountWon = 0 } = order ?? {};
  const { accountId, actor } = evil;
  const paid = { accountId, actor, checkoutId, paymentKey: "made-up", orderId, amount: amountWon };
  expect(await acceptPayment(story.deps, paid)).toMatchObject({ ok: true });
  for (const { id } of await tells(orderId, "open", 60)) await handleWebhook(story.deps, id);
  story.minutesLater(10);
  await receiveWebhook(story.deps, {
    body: JSON.stringify({ eventType: "METHOD_UPDATED", data: {} }),
    transmissionId: "hint-lost",
  });
  story.minutesLater(6);
  await handleWaitingWebhooks(story.deps, 50);
  const lost = eq(webhookEvents.dedupeKey, "hint-lost");
  const [genuine] = await db().select().from(webhookEvents).where(lost);
  expect(genuine?.result).toBe("not-used");
});

it("a webhook from the year 0 is stored like any other", async () => {
  for (const createdAt of ["0000-01-01T00:00:00", "1999-12-31T00:00:00Z", "2026-02-30T00:00:00"]) {
    const body = JSON.stringify({ eventType: "X", createdAt });
    expect(await receiveWebhook(story.deps, { body, transmissionId: null })).toMatchObject({
      ok: true,
    });
  }
});

it("forged news of one order make us ask Toss once a minute, and a genuine one is found among them", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const [charge] = await story.chargesOf(person);
  const { orderId = "" } = charge ?? {};
  story.minutesLater(10);
  const known = await story.deps.gateway.findSecret(orderId);
  const genuine = known.kind === "known" ? known.secret : null;
  const secrets = [...Array.from({ length: 60 }, (_, n) => `ps_forged_${n}`), genuine];
  const ids: string[] = [];
  for (const secret of secrets) {
    const body = JSON.stringify({ secret, status: "DONE", transactionKey: "t", orderId });
    const transmissionId = `deposit-${ids.length}`;
    await receiveWebhook(story.deps, { body, transmissionId });
    const [row] = await db()
      .select()
      .from(webhookEvents)
      .where(eq(webhookEvents.dedupeKey, transmissionId));
    ids.push(row?.id ?? "");
  }
  const before = story.calls.length;
  for (const id of ids) await handleWebhook(story.deps, id);
  expect(story.calls.length - before).toBe(1);
  const resultsOf = async () =>
    (await db().select().from(webhookEvents).where(eq(webhookEvents.orderId, orderId)))
      .toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
      .map(({ result }) => result);
  const forged = secrets.slice(0, -1).map(() => "secret-differs");
  expect(await resultsOf()).toEqual([...forged, "outcome-open"]);
  story.minutesLater(10);
  await handleWaitingWebhooks(story.deps, 50);
  expect(await resultsOf()).toEqual([...forged, "nothing-new"]);
});

it("of a webhook no more is kept than is read of it", async () => {
  const orderId = "ord_of_a_flood";
  const data = { orderId, status: "DONE", secret: "x".repeat(10_000), junk: ["y".repeat(100_000)] };
  const body = JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", data, more: { data } });
  await receiveWebhook(story.deps, { body, transmissionId: "fat" });
  const [row] = await db().select().from(webhookEvents).where(eq(webhookEvents.dedupeKey, "fat"));
  expect(row?.body).toEqual({
    eventType: "PAYMENT_STATUS_CHANGED",
    data: { orderId, status: "DONE" },
  });
  // However it is filled, a few KB are the most.
  const full = Object.fromEntries(
    ["eventType", "createdAt", "status", "orderId", "paymentKey", "transactionKey", "billingKey"]
      .concat(["secret", "other"])
      .map((name) => [name, "가".repeat(300)]),
  );
  const fullest = JSON.stringify({ ...full, data: { ...full, data: full } });
  await receiveWebhook(story.deps, { body: fullest, transmissionId: "fullest" });
  const [kept] = await db()
    .select()
    .from(webhookEvents)
    .where(eq(webhookEvents.dedupeKey, "fullest"));
  expect(JSON.stringify(kept?.body).length).toBeLessThan(6_000);
});

it("handled webhooks are forgotten in time, those of nothing sooner; what waits is kept", async () => {
  const receive = async (transmissionId: string, handled: WebhookResult | null) => {
    await receiveWebhook(story.deps, { body: '{"eventType":"OLD"}', transmissionId });
    if (handled !== null)
      await db()
        .update(webhookEvents)
        .set({ result: handled, handledAt: story.now(), lookAt: null })
        .where(eq(webhookEvents.dedupeKey, transmissionId));
  };
  await receive("caused", "charge-approved");
  await receive("same", "nothing-new");
  await receive("waiting", null);
  for (const result of NAMED_NOTHING) await receive(`of-nothing-${result}`, result);
  const left = async () =>
    (await db().select().from(webhookEvents).where(eq(webhookEvents.eventType, "OLD")))
      .map(({ dedupeKey }) => dedupeKey)
      .sort();
  const daysLater = async (days: number) => {
    story.minutesLater(days * 24 * 60);
    await forgetWebhooks(story.deps, 1_000);
  };
  const kept = ["caused", "same", "waiting"];
  const ofNothing = NAMED_NOTHING.map((result) => `of-nothing-${result}`);
  await daysLater(WEBHOOK_OF_NOTHING_DAYS - 1);
  expect(await left()).toEqual([...kept, ...ofNothing].sort());
  await daysLater(2);
  expect(await left()).toEqual(kept);
  await daysLater(WEBHOOK_DAYS - WEBHOOK_OF_NOTHING_DAYS - 2);
  expect(await left()).toEqual(kept);
  await daysLater(2);
  expect(await left()).toEqual(["waiting"]);
});

it("forgetting keeps up with whatever came, batch after batch", async () => {
  const at = story.now();
  const flood = Array.from({ length: 95 }, (_, n) => ({
    provider: "toss",
    ...{ id: `whk_flood_${n}`, dedupeKey: `flood-${n}`, eventType: "FLOOD", body: {} },
    ...{ receivedAt: at, handledAt: at, result: "not-used" as const },
  }));
  await db().insert(webhookEvents).values(flood);
  story.minutesLater((WEBHOOK_OF_NOTHING_DAYS + 1) * 24 * 60);
  expect(await forgetWebhooks(story.deps, 10)).toBeGreaterThanOrEqual(95);
  expect(await db().$count(webhookEvents, eq(webhookEvents.eventType, "FLOOD"))).toBe(0);
});

it("cancelling twice is told once", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const { id: subscriptionId } = await story.subscriptionOf(person);
  for (let n = 0; n < 2; n++) {
    story.minutesLater(1);
    const result = await cancelSubscription(story.deps, { ...person, subscriptionId });
    expect(result).toMatchObject({ ok: true, value: { status: "active" } });
  }
  const told = (await story.messagesTo(person)).filter(({ kind }) => kind === "cancel-booked");
  expect(told).toHaveLength(1);
});

it.each([
  ["one network of IPv6, however it is written", ["2001:db8:7:7::1", "2001:0DB8:7:07::ff:2"], true],
  ["two networks of IPv6", ["2001:db8:7:7::1", "2001:db8:7:8::1"], false],
  ["short addresses of IPv6", ["::1", "0:0:0:0:1::"], true],
  ["an IPv4 address in the dress of IPv6", ["203.0.113.7", "::ffff:203.0.113.7"], true],
  ["two IPv4 addresses", ["203.0.113.7", "203.0.113.8"], false],
])("%s", async (name, [one = "", other = ""], isSame) => {
  const limit = { name, tries: 1, minutes: 10 };
  expect(await takeAddressTry(limit, one, story.now())).toBe(true);
  expect(await takeAddressTry(limit, other, story.now())).toBe(!isSame);
});
