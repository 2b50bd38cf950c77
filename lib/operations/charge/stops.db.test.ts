/** What goes wrong for many at once: outages, faults of our own set-up, the night, and the pace of calls. */

import { eq, isNull } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { findCheckout } from "@/db/checkout";
import { db } from "@/db/client";
import { listChargesToReview, listOurFaults } from "@/db/console/tasks";
import { paymentMethods } from "@/db/schema/card";
import { chargingStops } from "@/db/schema/charge";
import { parseCalendarDate } from "@/lib/billing/calendar";
import { isBlackout } from "@/lib/billing/charge/charge";
import { hasAccess } from "@/lib/billing/subscription/subscription";
import { acceptPayment } from "@/lib/operations/checkout/accept-payment";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { operator } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { closeCharge } from "./close";
import { collectCharges } from "./collect";
import { settleCharges } from "./settle";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

async function subscribers(count: number): Promise<readonly Person[]> {
  const people = await Promise.all(Array.from({ length: count }, () => story.person()));
  for (const person of people) await story.subscribe(person, "basic-month-v1");
  return people;
}

const openStops = () => db().select().from(chargingStops).where(isNull(chargingStops.releasedAt));

async function paidBy(people: readonly Person[]): Promise<number> {
  const paid = await Promise.all(people.map((person) => story.paidAtToss(person)));
  return paid.flat().length;
}

test("an outage of four hours is over by itself: everybody has paid, and nothing waits for a person", async () => {
  story.at("2027-01-10");
  const people = await subscribers(14);
  // Charges fail and questions are answered: Toss knows nothing of them.
  const match = { operation: "charge" as const };
  const fault = await story.toss.control.addFault({ kind: "outage", match });
  story.at("2027-02-10");
  for (let minutes = 0; minutes < 240; minutes += 2) {
    await story.work();
    story.minutesLater(2);
  }
  await story.toss.control.clearFaults(fault.id);
  for (let hours = 0; hours < 14; hours++) {
    await story.work();
    story.minutesLater(60);
  }
  expect(await paidBy(people)).toBe(28);
  expect(await listChargesToReview(10)).toEqual([]);
  for (const person of people) expect(await story.chargesOf(person)).toHaveLength(2);
});

test("an outage is seen through a card that was deleted here and is declined without a call", async () => {
  story.at("2027-01-10");
  const people = await subscribers(12);
  const [first] = people;
  if (!first) throw new Error("Nobody subscribed");
  const { paymentMethodId } = await story.subscriptionOf(first);
  await db()
    .update(paymentMethods)
    .set({ billingKeyCiphertext: null, goneAt: story.now() })
    .where(eq(paymentMethods.id, paymentMethodId ?? ""));
  await story.toss.control.addFault({ kind: "outage", match: {} });
  story.at("2027-02-10");
  await collectCharges(story.deps, (await claimRenewals(story.deps, 100)).chargeIds);
  expect((await openStops()).map((stop) => stop.kind)).toEqual(["outage"]);
  await story.toss.control.clearFaults();
  for (const minutes of [6, 10, 20]) {
    story.minutesLater(minutes);
    await story.work();
  }
  expect(await paidBy(people)).toBe(23);
});

test("a refusal that blames our requests, for most of a batch, stops charging; no try is burnt", async () => {
  story.at("2027-01-10");
  const people = await subscribers(8);
  const match = { operation: "charge" as const };
  await story.toss.control.addFault({ kind: "decline", code: "INVALID_REQUEST", match, times: 99 });
  story.at("2027-02-10");
  await story.work();
  expect(await openStops()).toMatchObject([{ kind: "config-fault", reason: "INVALID_REQUEST" }]);
  for (const person of people)
    expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
  expect(await listOurFaults(story.now(), 10)).toMatchObject(
    people.map(() => ({ code: "INVALID_REQUEST" })),
  );

  await story.toss.control.clearFaults();
  await db().update(chargingStops).set({ releasedAt: story.now(), releasedBy: "usr_operator" });
  story.at("2027-02-11");
  await story.work();
  expect(await paidBy(people)).toBe(16);
});

test("a stop of ours between two tries burns neither tries nor days of grace", async () => {
  story.at("2027-01-10");
  const [poor] = await subscribers(1);
  if (!poor) throw new Error("Nobody subscribed");
  const answerCharges = async (code: "REJECT_ACCOUNT_PAYMENT" | "UNAUTHORIZED_KEY") => {
    await story.toss.control.clearFaults();
    const match = { operation: "charge" as const };
    await story.toss.control.addFault({ kind: "decline", code, match, times: 99 });
  };
  const tryOn = async (day: string) => {
    story.at(day);
    await story.work();
    const tries = (await story.chargesOf(poor)).length - 1;
    const { status } = await story.subscriptionOf(poor);
    return [tries, status];
  };
  await answerCharges("REJECT_ACCOUNT_PAYMENT");
  expect(await tryOn("2027-02-10")).toEqual([1, "past-due"]);
  await answerCharges("UNAUTHORIZED_KEY");
  expect(await tryOn("2027-02-11")).toEqual([2, "past-due"]);
  await answerCharges("REJECT_ACCOUNT_PAYMENT");
  for (const day of ["2027-02-12", "2027-02-20", "2027-02-25"])
    expect(await tryOn(day)).toEqual([2, "past-due"]);
  expect(hasAccess(await story.subscriptionOf(poor), parseCalendarDate("2027-02-25"))).toBe(true);
  await db().update(chargingStops).set({ releasedAt: story.now(), releasedBy: "usr_operator" });
  // The second try of the customer's is fifteen days late; the others keep their distances.
  for (const [day, tries] of [
    ["2027-02-26", 3],
    ["2027-02-28", 4],
    ["2027-03-02", 5],
    ["2027-03-07", 6],
  ] as const) {
    expect(await tryOn(day)).toEqual([tries, "past-due"]);
  }
  expect(await tryOn("2027-03-11")).toEqual([7, "ended"]);
});

test("what a customer brings back from a window of another shop stops nobody's renewal", async () => {
  story.at("2027-01-10");
  const [renewing] = await subscribers(1);
  if (!renewing) throw new Error("Nobody subscribed");
  const person = await story.person();
  const created = await createCheckout(story.deps, { ...person, priceId: "onboarding-once-v1" });
  if (!created.ok) throw new Error(created.refusal.code);
  const { checkoutId } = created.value;
  await agreeToCheckout(story.deps, { ...person, checkoutId, termsVersion: "test" });
  const orderId = (await findCheckout(person.accountId, checkoutId))?.checkout.orderId ?? "";
  const match = { operation: "confirm" as const, orderId };
  await story.toss.control.addFault({ kind: "decline", code: "INVALID_API_KEY", match });
  const order = { orderId, amount: 150_000 };
  const { paymentKey } = await story.toss.control.authorizePayment({ ...order, orderName: "책" });
  const { accountId, actor } = person;
  await acceptPayment(story.deps, { accountId, actor, checkoutId, paymentKey, ...order });
  await completeCheckout(story.deps, checkoutId);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ declineCode: "INVALID_API_KEY" });
  story.at("2027-02-10");
  await story.work();
  expect(await story.paidAtToss(renewing)).toHaveLength(2);
});

test("an amount above our own contract's limit burns one try, and no customer is lost by it", async () => {
  story.at("2027-01-10");
  const [person] = await subscribers(1);
  if (!person) throw new Error("Nobody subscribed");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  const code = "EXCEED_MAX_AMOUNT" as const;
  await story.toss.control.addFault({ kind: "decline", code, match, times: 99 });
  for (let day = 10; day <= 28; day++) {
    story.at(`2027-02-${day}`);
    await story.work();
  }
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "past-due" });
  const told = (await story.messagesTo(person)).map((message) => message.kind);
  expect(told.filter((kind) => kind === "payment-failed")).toHaveLength(1);
  await story.toss.control.clearFaults();
  story.at("2027-03-01");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
});

test("an attempt about which Toss gives no usable answer is shown to a person after a day, and asked about further", async () => {
  story.at("2027-01-10");
  const [person] = await subscribers(1);
  if (!person) throw new Error("Nobody subscribed");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-after-execute", match });
  const deaf: Deps = {
    ...story.deps,
    gateway: {
      ...story.deps.gateway,
      findByOrderId: async () => ({ kind: "unknown", reason: "HTTP_404", keySpent: false }),
    },
  };
  story.at("2027-02-10");
  await collectCharges(deaf, (await claimRenewals(deaf, 100)).chargeIds);
  for (let hours = 0; hours < 36; hours += 3) {
    story.minutesLater(180);
    await settleCharges(deaf, 50);
  }
  const shown = (await listChargesToReview(10)).map((charge) => charge.id);
  expect(shown).toEqual([(await story.chargesOf(person)).at(-1)?.id]);
  story.minutesLater(360);
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
  expect(await listChargesToReview(10)).toEqual([]);
});

test("an operator closes what Toss has known nothing of for two weeks, and the subscription goes on", async () => {
  story.at("2027-05-10");
  const [person] = await subscribers(1);
  if (!person) throw new Error("Nobody subscribed");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  const fault = { kind: "500-not-executed" as const, store: false, match, times: 999 };
  const { id } = await story.toss.control.addFault(fault);
  story.at("2027-06-10");
  for (let hours = 0; hours < 15 * 24; hours += 6) {
    await story.work();
    story.minutesLater(360);
  }
  await story.toss.control.clearFaults(id);
  await story.work();
  const [shown] = await listChargesToReview(10);
  if (!shown) throw new Error("Nothing is shown to a person");
  expect(await story.paidAtToss(person)).toHaveLength(1);

  const order = { chargeId: shown.id, actor: operator("usr_operator") };
  await story.toss.control.addFault({ kind: "outage", match: { operation: "query" }, times: 9 });
  expect(await closeCharge(story.deps, order)).toMatchObject({ refusal: { code: "outcome-open" } });
  await story.toss.control.clearFaults();
  expect(await closeCharge(story.deps, order)).toEqual({ ok: true, value: "closed" });
  expect(await closeCharge(story.deps, order)).toMatchObject({
    refusal: { code: "unknown-charge" },
  });
  story.minutesLater(24 * 60);
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ attemptedOn: "2027-06-26" });
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
  expect(await listChargesToReview(10)).toEqual([]);
});

/** Deps for which time passes only when all wait: the first to be woken sets the clock. */
function timed(pace: Deps["pace"]) {
  let ms = story.now().getTime();
  const sleepers: { at: number; wake: () => void }[] = [];
  const called: Date[] = [];
  const { gateway } = story.deps;
  const deps: Deps = {
    ...story.deps,
    pace,
    clock: { now: () => new Date(ms) },
    wait: (duration) =>
      new Promise((wake) => {
        sleepers.push({ at: ms + duration, wake });
      }),
    gateway: {
      ...gateway,
      chargeBillingKey(...charge) {
        called.push(new Date(ms));
        return gateway.chargeBillingKey(...charge);
      },
    },
  };
  async function until(work: Promise<unknown>): Promise<readonly Date[]> {
    let isDone = false;
    const end = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await story.toss.control.health();
      const [next] = sleepers.sort((a, b) => a.at - b.at).splice(0, 1);
      if (next) {
        ms = Math.max(ms, next.at);
        next.wake();
      }
    }
    await end;
    return called;
  }
  return { deps, until };
}

test("of a wave begun just before the nightly hours nothing leaves within them", async () => {
  story.at("2027-01-10");
  const people = await subscribers(20);
  story.at("2027-02-10", 23, 29);
  const { deps, until } = timed({ callsPerSecond: 0.4, callsInFlight: 100 });
  const { chargeIds } = await claimRenewals(deps, 100);
  await until(collectCharges(deps, chargeIds.slice(0, 10)));
  story.minutesLater(0.9);
  const late = timed({ callsPerSecond: 0.4, callsInFlight: 100 });
  const called = await late.until(collectCharges(late.deps, chargeIds.slice(10)));
  expect(called.length).toBeGreaterThan(0);
  expect(called.filter(isBlackout)).toEqual([]);
  for (const hour of [1, 10]) {
    story.at("2027-02-11", hour);
    await story.work();
  }
  expect(await paidBy(people)).toBe(40);
});

test("what was left behind is sent at the pace that all processes share", async () => {
  story.at("2027-01-10");
  const people = await subscribers(3);
  story.at("2027-02-10");
  await claimRenewals(story.deps, 100);
  story.minutesLater(3);
  const { deps, until } = timed({ callsPerSecond: 0.1, callsInFlight: 10 });
  const called = await until(settleCharges(deps, 50));
  const gaps = called.slice(1).map((at, turn) => at.getTime() - (called[turn]?.getTime() ?? 0));
  expect(gaps).toEqual([10_000, 10_000]);
  expect(await paidBy(people)).toBe(6);
});
