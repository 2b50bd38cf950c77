/**
 * The very first payment finds no answer. The buyer has nothing of what they ordered until it is made: so it is made
 * within minutes or given up, its days begin when it is paid, and the buyer can leave at any time.
 */
import { beforeEach, expect, test } from "vitest";
import { findCheckout, findCheckoutProgress } from "@/db/checkout";
import { seoulDayOf } from "@/lib/billing/calendar";
import { FIRST_CHARGE_MINUTES } from "@/lib/billing/policy";
import { hasAccess } from "@/lib/billing/subscription/subscription";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import type { Deps } from "@/lib/runtime/deps";
import { day } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import { acceptPayment } from "./accept-payment";
import { agreeToCheckout } from "./agree";
import { completeCheckout } from "./complete";
import { createCheckout } from "./create";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-06-10");
  return story.close;
});

type Fault = Partial<NewFaultRule> & Pick<NewFaultRule, "kind">;

/** Orders a month of BASIC, while Toss fails in a way that leaves the outcome open. */
async function ordersWhile(fault: Fault, times = 1) {
  const person = await story.person();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  const rule = await story.toss.control.addFault({ ...fault, match, times } as NewFaultRule);
  // Nor can Toss be asked for it at once.
  const unasked = await story.toss.control.addFault({
    kind: "outage",
    match: { operation: "query" },
  });
  const checkoutId = await story.subscribe(person, "basic-month-v1");
  await story.toss.control.clearFaults(unasked.id);
  expect(await story.chargesOf(person)).toMatchObject([{ status: "unknown" }]);
  return { person, checkoutId, faultId: rule.id };
}

async function minutesPass(minutes: number) {
  for (let minute = 0; minute < minutes; minute++) {
    story.minutesLater(1);
    await story.work();
  }
}

async function cancelsTheOrder(person: Person) {
  const { id: subscriptionId } = await story.subscriptionOf(person);
  return cancelSubscription(story.deps, { ...person, subscriptionId });
}

async function liveKeys({ customerKey }: Person) {
  const { billingKeys } = await story.toss.control.state({ customerKey });
  return billingKeys.filter((key) => key.removedAt === null);
}

async function newestMail(person: Person) {
  return (await story.messagesTo(person)).at(-1);
}

test("within minutes it is repeated, and the buyer has what they ordered", async () => {
  story.at("2027-06-10");
  const { person } = await ordersWhile({ kind: "500-not-executed" });
  await minutesPass(FIRST_CHARGE_MINUTES);
  expect(await story.paidAtToss(person)).toHaveLength(1);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 1 });
});

test("not made within minutes it is given up, days later nothing is charged, and a new try begins a period of its own", async () => {
  story.at("2027-06-10");
  const { person, checkoutId, faultId } = await ordersWhile({ kind: "500-not-executed" }, 1_000);
  await minutesPass(30);
  expect(await story.chargesOf(person)).toMatchObject([
    { status: "declined", declineCode: "NOT_EXECUTED" },
  ]);
  expect(await findCheckoutProgress(person.accountId, checkoutId)).toEqual({
    kind: "declined",
    reason: "not-executed",
    mayRetry: true,
  });
  await story.toss.control.clearFaults(faultId);
  await minutesPass(60);
  expect(await story.paidAtToss(person)).toEqual([]);

  story.at("2027-06-11", 9);
  await completeCheckout(story.deps, checkoutId, { retryCard: true });
  const charge = (await story.chargesOf(person)).at(-1);
  const invoice = (await story.invoicesOf(person)).at(-1);
  expect(charge).toMatchObject({ status: "approved" });
  expect(invoice).toMatchObject({ status: "paid", periodStartsOn: "2027-06-11" });
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("given up and forgotten, nothing is charged on any later day", async () => {
  story.at("2027-06-10");
  const { person, faultId } = await ordersWhile({ kind: "500-not-executed" }, 1_000);
  for (const on of ["2027-06-10", "2027-06-12", "2027-06-14", "2027-06-15"]) {
    story.at(on, 20);
    await story.work();
    expect(hasAccess(await story.subscriptionOf(person), day(on))).toBe(false);
  }
  await story.toss.control.clearFaults(faultId);
  story.at("2027-06-16");
  await story.work();
  expect(await story.paidAtToss(person)).toEqual([]);
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "expired",
  });
  expect(await liveKeys(person)).toEqual([]);
});

test("approved at Toss before its answer was lost, it pays for days from that day on", async () => {
  story.at("2027-06-10");
  const { person } = await ordersWhile({ kind: "hang-up-after-execute" });
  await minutesPass(30);
  const [charge] = await story.chargesOf(person);
  const [invoice] = await story.invoicesOf(person);
  expect(charge?.approvedAt && seoulDayOf(charge.approvedAt)).toBe(invoice?.periodStartsOn);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
});

test("left at 23:59 and never called, it is not called on the next day for the day before", async () => {
  story.at("2027-06-10", 23, 20);
  const person = await story.person();
  const created = await createCheckout(story.deps, { ...person, priceId: "basic-month-v1" });
  if (!created.ok) throw new Error(created.refusal.code);
  const { checkoutId } = created.value;
  await agreeToCheckout(story.deps, { ...person, checkoutId, termsVersion: "test" });
  await story.returnWithCard(person, checkoutId);
  // The process dies once the attempt is written.
  class Died extends Error {}
  const dying: Deps = {
    ...story.deps,
    get pace(): Deps["pace"] {
      throw new Died();
    },
  };
  await expect(completeCheckout(dying, checkoutId)).rejects.toThrow(Died);
  expect(await story.chargesOf(person)).toMatchObject([{ status: "pending", calledAt: null }]);

  story.at("2027-06-11", 9);
  await completeCheckout(story.deps, checkoutId, { retryCard: true });
  expect(await story.invoicesOf(person)).toMatchObject([
    { status: "void", periodStartsOn: "2027-06-10" },
    { status: "paid", periodStartsOn: "2027-06-11" },
  ]);
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("another card, while the attempt with the first is open: the first is not called again, the second pays", async () => {
  story.at("2027-06-10");
  const { person, checkoutId } = await ordersWhile({ kind: "500-not-executed" });
  story.minutesLater(2);
  await story.returnWithCard(person, checkoutId);
  await completeCheckout(story.deps, checkoutId);
  const [first, second] = await story.chargesOf(person);
  expect(first).toMatchObject({ status: "declined", declineCode: "NOT_EXECUTED", repeats: 0 });
  expect(second).toMatchObject({ status: "approved" });
  expect(second?.paymentMethodId).not.toBe(first?.paymentMethodId);
  await minutesPass(5);
  expect(await story.paidAtToss(person)).toHaveLength(1);
  expect(await liveKeys(person)).toHaveLength(1);
});

test("the buyer leaves while the attempt is open: nothing is charged, and they read that", async () => {
  story.at("2027-06-10");
  const { person, checkoutId } = await ordersWhile({ kind: "500-not-executed" });
  expect(await cancelsTheOrder(person)).toMatchObject({ ok: true });
  expect((await newestMail(person))?.body).toContain("결과를 확인하고 있어요");
  // Pressed again, or the page of the order left open: the same, and told once.
  expect(await cancelsTheOrder(person)).toMatchObject({ ok: true });
  await completeCheckout(story.deps, checkoutId, { retryCard: true });
  expect(await story.messagesTo(person)).toHaveLength(1);
  await minutesPass(5);

  expect(await story.paidAtToss(person)).toEqual([]);
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "canceled",
    n: 0,
  });
  expect((await newestMail(person))?.body).toContain("결제된 금액은 없어요");
  expect(await story.invoicesOf(person)).toMatchObject([{ status: "void" }]);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, receivable: 0 });
  expect(await liveKeys(person)).toEqual([]);
  // And is free to order anew.
  await story.subscribe(person, "basic-month-v1");
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
});

test("the buyer left, and the charge turns out approved: all of it goes back at once, and nothing runs", async () => {
  story.at("2027-06-10");
  const { person, checkoutId } = await ordersWhile({ kind: "hang-up-after-execute" });
  expect(await story.paidAtToss(person)).toHaveLength(1);
  await cancelsTheOrder(person);
  await minutesPass(5);

  expect(await story.paidAtToss(person)).toEqual([]);
  const { payments } = await story.toss.control.state({ customerKey: person.customerKey });
  expect(payments).toMatchObject([{ status: "CANCELED", balanceAmount: 0 }]);
  expect(await story.refundsOf(person)).toMatchObject([
    { status: "done", amountWon: 9_900, reason: "주문 취소", requestedBy: "system" },
  ]);
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "canceled-with-refund",
  });
  expect(hasAccess(await story.subscriptionOf(person), day("2027-06-10"))).toBe(false);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 0 });
  expect(await liveKeys(person)).toEqual([]);
  const mails = await story.messagesTo(person);
  expect(mails.map((mail) => mail.kind).sort()).toEqual([
    "order-canceled",
    "order-canceled",
    "refund-done",
  ]);
  expect(mails.map((mail) => mail.body).join()).toContain("9,900원이 결제된 것을 확인했어요");
  // Not "paid", whatever the page of the order is asked.
  expect(await findCheckoutProgress(person.accountId, checkoutId)).toEqual({ kind: "refunded" });
  await minutesPass(30);
  expect(await story.refundsOf(person)).toHaveLength(1);
});

test("the buyer leaves while the charge is on its way and about to be approved: the same", async () => {
  story.at("2027-06-10");
  const person = await story.person();
  const created = await createCheckout(story.deps, { ...person, priceId: "basic-month-v1" });
  if (!created.ok) throw new Error(created.refusal.code);
  const { checkoutId } = created.value;
  await agreeToCheckout(story.deps, { ...person, checkoutId, termsVersion: "test" });
  await story.returnWithCard(person, checkoutId);
  const { gateway } = story.deps;
  const deps: Deps = {
    ...story.deps,
    gateway: {
      ...gateway,
      async chargeBillingKey(...charge) {
        await cancelsTheOrder(person);
        return gateway.chargeBillingKey(...charge);
      },
    },
  };
  await completeCheckout(deps, checkoutId);
  await minutesPass(5);
  expect(await story.paidAtToss(person)).toEqual([]);
  expect(await story.refundsOf(person)).toMatchObject([{ status: "done", amountWon: 9_900 }]);
  expect(await story.subscriptionOf(person)).toMatchObject({ endReason: "canceled-with-refund" });
});

test("an order without an open attempt is cancelled as an order, not as a debt", async () => {
  story.at("2027-06-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1", "short-of-balance");
  await cancelsTheOrder(person);
  expect(await newestMail(person)).toMatchObject({ subject: "주문을 취소했어요" });
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "ended" });
});

test("a one-time payment that cannot be confirmed within minutes is given up as well", async () => {
  story.at("2027-06-10");
  const person = await story.person();
  const created = await createCheckout(story.deps, { ...person, priceId: "onboarding-once-v1" });
  if (!created.ok) throw new Error(created.refusal.code);
  const { checkoutId } = created.value;
  await agreeToCheckout(story.deps, { ...person, checkoutId, termsVersion: "test" });
  const order = await findCheckout(person.accountId, checkoutId);
  if (!order) throw new Error("No order");
  const { orderId, amountWon: amount } = order.checkout;
  const { paymentKey } = await story.toss.control.authorizePayment({
    orderId,
    amount,
    orderName: "도입 지원",
  });
  await acceptPayment(story.deps, { ...person, checkoutId, paymentKey, orderId, amount });
  const rule = await story.toss.control.addFault({
    kind: "500-not-executed",
    match: { operation: "confirm" },
    times: 1_000,
  });
  await completeCheckout(story.deps, checkoutId);
  expect(await story.chargesOf(person)).toMatchObject([{ status: "unknown" }]);
  await minutesPass(60);
  await story.toss.control.clearFaults(rule.id);
  story.at("2027-06-10", 15);
  await story.work();
  expect(await story.chargesOf(person)).toMatchObject([{ status: "declined" }]);
  const { payments } = await story.toss.control.state({ customerKey: person.customerKey });
  expect(payments.filter((payment) => payment.status === "DONE")).toEqual([]);
});
