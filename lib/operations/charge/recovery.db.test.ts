/** What happens when a process dies, an answer is lost, or two do the same at once. */
import { beforeEach, expect, test } from "vitest";
import { findCheckoutProgress, markCheckoutsExpired } from "@/db/checkout";
import { transaction } from "@/db/client";
import { parseWon } from "@/lib/billing/money";
import { acceptCard } from "@/lib/operations/card/accept";
import { resumeRegistrations } from "@/lib/operations/card/resume-registrations";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import type { Deps } from "@/lib/runtime/deps";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import { collectCharges } from "./collect";
import { settleCharges } from "./settle";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

/** The process dies: the call reaches Toss, and its answer nobody. */
class Died extends Error {}

function dyingAfter(method: "chargeBillingKey" | "issueBillingKey"): Deps {
  const gateway = { ...story.deps.gateway };
  gateway[method] = async (...args: never[]) => {
    await (story.deps.gateway[method] as (...args: never[]) => Promise<unknown>)(...args);
    throw new Died();
  };
  return { ...story.deps, gateway };
}

function dyingBefore(method: "chargeBillingKey" | "issueBillingKey"): Deps {
  return {
    ...story.deps,
    gateway: {
      ...story.deps.gateway,
      [method]: () => {
        throw new Died();
      },
    },
  };
}

async function openCheckout(person: Person, priceId = "basic-month-v1") {
  const created = await createCheckout(story.deps, { ...person, priceId });
  if (!created.ok) throw new Error(created.refusal.code);
  await agreeToCheckout(story.deps, {
    ...person,
    checkoutId: created.value.checkoutId,
    termsVersion: "test",
  });
  return created.value.checkoutId;
}

async function renewalDue(scenario: Partial<NewFaultRule> & Pick<NewFaultRule, "kind">) {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  await story.toss.control.addFault({
    ...scenario,
    match: { operation: "charge", customerKey: person.customerKey },
  } as NewFaultRule);
  return person;
}

test("died after Toss charged, before recording: the next worker asks Toss and books the one payment", async () => {
  story.at("2027-01-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-02-10");
  const { chargeIds } = await claimRenewals(story.deps, 10);
  await expect(collectCharges(dyingAfter("chargeBillingKey"), chargeIds)).rejects.toThrow(Died);
  expect(await story.paidAtToss(person)).toHaveLength(2);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "pending" });

  await collectCharges(story.deps, chargeIds);
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "pending" });
  story.minutesLater(3);
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "approved", repeats: 0 });
  expect(await story.paidAtToss(person)).toHaveLength(2);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 19_800 });
});

test("died after claiming, or before the request left: the same attempt is sent later, with its own key", async () => {
  story.at("2027-03-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-04-10");
  const { chargeIds } = await claimRenewals(story.deps, 10);
  const before = (await story.chargesOf(person)).at(-1);
  await expect(collectCharges(dyingBefore("chargeBillingKey"), chargeIds)).rejects.toThrow(Died);
  for (const minutes of [3, 3, 5]) {
    story.minutesLater(minutes);
    await story.work();
  }
  expect(await story.paidAtToss(person)).toHaveLength(2);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({
    id: before?.id,
    status: "approved",
    idempotencyKey: before?.idempotencyKey,
    repeats: 1,
  });
});

test("an event lost after the claim delays the charge and never loses it", async () => {
  story.at("2027-05-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-06-10");
  await claimRenewals(story.deps, 10);
  story.minutesLater(2);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.minutesLater(1);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

const LOST_BUT_EXECUTED = ["hang-up-after-execute", "500-executed", "truncated-json"] as const;
test.each(LOST_BUT_EXECUTED)(
  "Toss charged but answered with %s: unknown, then booked once",
  async (kind) => {
    story.at("2027-07-10");
    const person = await renewalDue({ kind });
    story.at("2027-08-10");
    const { chargeIds } = await claimRenewals(story.deps, 10);
    await collectCharges(story.deps, chargeIds);
    expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "unknown" });
    expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
    for (const minutes of [2, 5]) {
      story.minutesLater(minutes);
      await story.work();
    }
    expect(await story.paidAtToss(person)).toHaveLength(2);
    expect((await story.chargesOf(person)).at(-1)).toMatchObject({
      status: "approved",
      repeats: 0,
    });
  },
);

test("charged at Toss, and given back there before anybody here knew: booked as paid and given back", async () => {
  story.at("2027-07-11");
  const person = await renewalDue({ kind: "hang-up-after-execute" });
  story.at("2027-08-11");
  const { chargeIds } = await claimRenewals(story.deps, 10);
  await collectCharges(story.deps, chargeIds);
  const payment = (await story.paidAtToss(person)).at(-1);
  if (!payment) throw new Error("Toss has not charged");
  await story.deps.gateway.cancelPayment(
    {
      paymentKey: payment.paymentKey,
      amountWon: parseWon(payment.totalAmount),
      balanceWon: parseWon(payment.totalAmount),
      reason: "개발자센터에서 취소",
    },
    "by-hand",
  );
  story.minutesLater(3);
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "approved" });
  expect(await story.refundsOf(person)).toMatchObject([
    { status: "done", amountWon: payment.totalAmount },
  ]);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 9_900 });
});

const NOT_EXECUTED: readonly (Partial<NewFaultRule> & Pick<NewFaultRule, "kind">)[] = [
  { kind: "hang-up-before" },
  { kind: "500-not-executed", store: false },
  { kind: "500-not-executed", store: true },
  { kind: "429" },
  { kind: "html-page" },
  { kind: "decline", code: "PROVIDER_ERROR" },
] as const;
test.each(NOT_EXECUTED)(
  "Toss did not charge and answered with $kind: asked first, then repeated, charged once",
  async (fault) => {
    story.at("2027-09-10");
    const person = await renewalDue(fault);
    story.at("2027-10-10");
    await story.work();
    expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "unknown" });
    for (const minutes of [1, 2, 5, 10, 20]) {
      story.minutesLater(minutes);
      await story.work();
    }
    expect(await story.paidAtToss(person)).toHaveLength(2);
    const charges = await story.chargesOf(person);
    expect(charges).toHaveLength(2);
    expect(charges.at(-1)).toMatchObject({ status: "approved" });
  },
);

test.each(["wrong-amount", "wrong-order-id"] as const)(
  "an answer with %s is never booked, nor tried again",
  async (kind) => {
    story.at("2027-11-10");
    const person = await renewalDue({ kind });
    story.at("2027-12-10");
    await story.work();
    const charge = (await story.chargesOf(person)).at(-1);
    if (kind === "wrong-amount")
      expect(charge).toMatchObject({ status: "unknown", needsReview: true, settleAt: null });
    for (const minutes of [5, 60, 600]) {
      story.minutesLater(minutes);
      await story.work();
    }
    expect(await story.chargesOf(person)).toHaveLength(2);
    expect(
      (await story.toss.control.state({ customerKey: person.customerKey })).payments,
    ).toHaveLength(2);
  },
);

test("died between issue and storing: the same key comes back, and the first charge happens once", async () => {
  story.at("2027-01-10");
  const person = await story.person();
  const checkoutId = await openCheckout(person);
  await story.returnWithCard(person, checkoutId);
  await expect(completeCheckout(dyingAfter("issueBillingKey"), checkoutId)).rejects.toThrow(Died);
  story.minutesLater(5);
  await resumeRegistrations(story.deps, 10);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 1 });
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys).toHaveLength(1);
  expect(state.payments).toHaveLength(1);
});

test("died between card and first charge: a job finishes what the browser left", async () => {
  story.at("2027-02-10");
  const person = await story.person();
  const checkoutId = await openCheckout(person);
  await story.returnWithCard(person, checkoutId);
  await expect(completeCheckout(dyingBefore("chargeBillingKey"), checkoutId)).rejects.toThrow(Died);
  expect(await findCheckoutProgress(person.accountId, checkoutId)).toEqual({ kind: "checking" });
  for (const minutes of [3, 3, 5]) {
    story.minutesLater(minutes);
    await story.work();
  }
  expect(await findCheckoutProgress(person.accountId, checkoutId)).toEqual({ kind: "done" });
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("the closed tab: a card that came back is charged by a job a minute later", async () => {
  story.at("2027-03-10");
  const person = await story.person();
  const checkoutId = await openCheckout(person);
  await story.returnWithCard(person, checkoutId);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(0);
  story.minutesLater(2);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("opened five times at once, a returned card makes one key, one subscription and one payment", async () => {
  story.at("2027-04-10");
  const person = await story.person();
  const checkoutId = await openCheckout(person);
  const { authKey } = await story.toss.control.authorizeBilling({
    customerKey: person.customerKey,
    scenario: "normal",
  });
  const returned = { customer: person, checkoutId, authKey, customerKey: person.customerKey };
  const accepted = await Promise.all(
    Array.from({ length: 5 }, () => acceptCard(story.deps, returned)),
  );
  expect(new Set(accepted.map((result) => result.ok && result.value.registrationId)).size).toBe(1);
  await Promise.all(Array.from({ length: 5 }, () => completeCheckout(story.deps, checkoutId)));
  await completeCheckout(story.deps, checkoutId);
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys).toHaveLength(1);
  expect(state.payments).toHaveLength(1);
  expect(await story.chargesOf(person)).toHaveLength(1);
});

test("two checkouts finished at once give one subscription; the other card is deleted at Toss", async () => {
  story.at("2027-05-10");
  const person = await story.person();
  const first = await openCheckout(person);
  const second = await openCheckout(person, "basic-year-v1");
  await story.returnWithCard(person, first);
  await story.returnWithCard(person, second);
  await Promise.all([completeCheckout(story.deps, first), completeCheckout(story.deps, second)]);
  await story.work();
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.payments).toHaveLength(1);
  expect(state.billingKeys.filter((key) => key.removedAt === null)).toHaveLength(1);
});

test("the first charge is declined: the customer goes on with another card, and pays once", async () => {
  story.at("2027-06-10");
  const person = await story.person();
  const checkoutId = await story.subscribe(person, "basic-month-v1", "stopped-card");
  expect(await findCheckoutProgress(person.accountId, checkoutId)).toEqual({
    kind: "declined",
    reason: "stopped-card",
    mayRetry: false,
  });
  await completeCheckout(story.deps, checkoutId);
  expect(await story.chargesOf(person)).toHaveLength(1);
  story.at("2027-06-11", 9);
  await story.returnWithCard(person, checkoutId);
  await completeCheckout(story.deps, checkoutId);
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "active",
    terms: { anchorOn: "2027-06-11" },
    n: 1,
  });
  await story.work();
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys.filter((key) => key.removedAt === null)).toHaveLength(1);
  expect((await story.invoicesOf(person)).map((invoice) => invoice.status)).toEqual([
    "void",
    "paid",
  ]);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, receivable: 0, unearned: 0 });
});

test("the same card once more, on the customer's own click", async () => {
  story.at("2027-07-10");
  const person = await story.person();
  const checkoutId = await story.subscribe(person, "basic-month-v1", "declined-once");
  expect((await findCheckoutProgress(person.accountId, checkoutId))?.kind).toBe("declined");
  await Promise.all(
    [1, 2, 3].map(() => completeCheckout(story.deps, checkoutId, { retryCard: true })),
  );
  expect(await findCheckoutProgress(person.accountId, checkoutId)).toEqual({ kind: "done" });
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("an abandoned order ends after a day: invoice void, key deleted, and a new order is free to start", async () => {
  story.at("2027-08-10");
  const person = await story.person();
  const checkoutId = await story.subscribe(person, "basic-month-v1", "stopped-card");
  story.at("2027-08-11", 11);
  await story.work();
  expect(await findCheckoutProgress(person.accountId, checkoutId)).toEqual({ kind: "expired" });
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "expired",
  });
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys.filter((key) => key.removedAt === null)).toHaveLength(0);
  await story.subscribe(person, "basic-month-v1");
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
});

test("settling leaves an attempt alone while its worker may still be alive", async () => {
  story.at("2027-09-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-10-10");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  const calls = story.calls.length;
  const collecting = collectCharges(story.deps, chargeIds);
  await Promise.all([
    collecting,
    settleCharges(story.deps, 10),
    collectCharges(story.deps, chargeIds),
  ]);
  const sent = story.calls.slice(calls).filter((call) => call.method === "POST");
  expect(sent).toHaveLength(chargeIds.length);
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("an attempt that cannot be settled here is told to the log, and does not hold up the others", async () => {
  story.at("2027-01-10");
  const people = [await story.person(), await story.person(), await story.person()];
  for (const person of people) await story.subscribe(person, "basic-month-v1");
  story.at("2027-02-10");
  await claimRenewals(story.deps, 100);
  story.minutesLater(5);
  const [first] = await Promise.all(people.map((person) => story.subscriptionOf(person)));
  const vault = {
    ...story.deps.vault,
    open(sealed: string, context: string) {
      if (context === first?.paymentMethodId) throw new Error("No secret with that name");
      return story.deps.vault.open(sealed, context);
    },
  };
  await settleCharges({ ...story.deps, vault }, 100);
  const paid = await Promise.all(people.map((person) => story.paidAtToss(person)));
  expect(paid.map((payments) => payments.length)).toEqual([1, 2, 2]);
});

test("a card whose key is made when its order is over is deleted at Toss, though the worker dies beside it", async () => {
  story.at("2027-05-10");
  const person = await story.person();
  const { customerKey } = person;
  const checkoutId = await openCheckout(person);
  const { authKey } = await story.toss.control.authorizeBilling({ customerKey });
  await acceptCard(story.deps, { customer: person, checkoutId, authKey, customerKey });
  const outage = { kind: "500-not-executed", match: { operation: "issue", customerKey } } as const;
  await story.toss.control.addFault({ ...outage, times: 1 });
  await completeCheckout(story.deps, checkoutId);
  await transaction((tx) => markCheckoutsExpired(tx, [checkoutId]));

  story.minutesLater(5);
  let instantsLeft = Number.POSITIVE_INFINITY;
  const dying: Deps = {
    ...story.deps,
    vault: {
      ...story.deps.vault,
      seal(plain, context) {
        // Once the key is sealed, what is stored beside it is still stored; the next step, which asks for the time, is not.
        instantsLeft = 0;
        return story.deps.vault.seal(plain, context);
      },
    },
    clock: {
      now() {
        if (instantsLeft-- <= 0) throw new Died();
        return story.deps.clock.now();
      },
    },
  };
  await expect(completeCheckout(dying, checkoutId)).rejects.toThrow(Died);
  story.minutesLater(15);
  await story.work();
  const { billingKeys } = await story.toss.control.state({ customerKey });
  expect(billingKeys).toHaveLength(1);
  expect(billingKeys[0]?.removedAt).not.toBeNull();
});
