import { beforeEach, describe, expect, it, test } from "vitest";
import { lockPaymentMethod, scheduleKeyDeletion } from "@/db/card";
import { transaction } from "@/db/client";
import { collectCharges } from "@/lib/operations/charge/collect";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import type { Deps } from "@/lib/runtime/deps";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";
import { acceptCard } from "./accept";
import { replaceCard } from "./replace";

let story: Story;

beforeEach(async () => {
  story = await startStory();
  return story.close;
});

/** Dies at its next step once the new billing key is about to be stored. */
function dyingAfterTheKey(deps: Deps): Deps {
  let isStored = false;
  return {
    ...deps,
    vault: {
      ...deps.vault,
      seal(plain, context) {
        isStored = true;
        return deps.vault.seal(plain, context);
      },
    },
    newId(kind) {
      if (isStored) throw new Error("The process died");
      return deps.newId(kind);
    },
  };
}

async function liveKeys(customerKey: string) {
  const { billingKeys } = await story.toss.control.state({ customerKey });
  return billingKeys.filter((key) => key.removedAt === null);
}

/** A Toss at which something happens to the customer, once, while charges are under way. */
function whileCharging(happens: () => Promise<unknown>): Deps {
  const { gateway } = story.deps;
  let hasHappened = false;
  return {
    ...story.deps,
    gateway: {
      ...gateway,
      async chargeBillingKey(...charge) {
        if (!hasHappened) {
          hasHappened = true;
          await happens();
        }
        return gateway.chargeBillingKey(...charge);
      },
    },
  };
}

/** Registers a card in the window and comes back with it; returns the card's id. */
async function registers(person: Person, scenario: ScenarioKey = "normal"): Promise<string> {
  const { registrationId } = await story.returnWithCard(person, null, scenario);
  const state = await replaceCard(story.deps, registrationId);
  if (state.kind !== "issued") throw new Error(`Not registered: ${state.kind}`);
  return state.paymentMethodId;
}

describe("a card change", () => {
  it("whose worker dies beside the stored key is finished by the jobs", async () => {
    story.at("2027-01-31");
    const person = await story.person();
    await story.subscribe(person, "basic-month-v1");
    const before = await story.subscriptionOf(person);
    const { customerKey } = person;
    const { authKey } = await story.toss.control.authorizeBilling({ customerKey });
    const card = { customer: person, checkoutId: null, authKey, customerKey };
    const accepted = await acceptCard(story.deps, card);
    if (!accepted.ok) throw new Error(accepted.refusal.code);

    const dying = replaceCard(dyingAfterTheKey(story.deps), accepted.value.registrationId);
    await expect(dying).rejects.toThrow("The process died");
    story.minutesLater(5);
    await story.work();

    const after = await story.subscriptionOf(person);
    expect(after.paymentMethodId).not.toBe(before.paymentMethodId);
    expect(await liveKeys(customerKey)).toHaveLength(1);
  });

  it("that was to pay at the end of the night leaves no key behind when the customer leaves before", async () => {
    story.at("2027-03-31");
    const person = await story.person();
    await story.subscribe(person, "basic-month-v1");
    const [first] = await liveKeys(person.customerKey);
    await story.toss.control.addFault({
      kind: "decline",
      code: "INVALID_STOPPED_CARD",
      ...(first && { match: { billingKey: first.id } }),
    });
    story.at("2027-04-30");
    await story.work();
    const subscription = await story.subscriptionOf(person);
    expect(subscription.status).toBe("past-due");

    story.at("2027-05-02", 0, 10);
    const { registrationId } = await story.returnWithCard(person, null);
    await replaceCard(story.deps, registrationId);
    expect(await liveKeys(person.customerKey)).toHaveLength(2);
    const order = { ...person, subscriptionId: subscription.id };
    expect(await cancelSubscription(story.deps, order)).toMatchObject({ ok: true });
    story.at("2027-05-02", 11);
    await story.work();

    expect(await story.subscriptionOf(person)).toMatchObject({ status: "ended" });
    expect(await liveKeys(person.customerKey)).toHaveLength(0);
  });

  it("that pays while the customer leaves keeps only the key the subscription names", async () => {
    story.at("2027-06-30");
    const person = await story.person();
    await story.subscribe(person, "basic-month-v1");
    const match = { customerKey: person.customerKey, operation: "charge" } as const;
    await story.toss.control.addFault({ kind: "decline", code: "INVALID_STOPPED_CARD", match });
    story.at("2027-07-30");
    await story.work();
    const subscription = await story.subscriptionOf(person);
    expect(subscription.status).toBe("past-due");

    await story.toss.control.addFault({ kind: "500-executed", match });
    const { registrationId } = await story.returnWithCard(person, null);
    await replaceCard(story.deps, registrationId);
    const order = { ...person, subscriptionId: subscription.id };
    expect(await cancelSubscription(story.deps, order)).toMatchObject({ ok: true });
    story.minutesLater(5);
    await story.work();

    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "active",
      cancelsOn: "2027-08-30",
    });
    expect(await liveKeys(person.customerKey)).toHaveLength(1);
  });

  it("while the old one is at Toss: what the old one's bank says does not keep the new one from paying", async () => {
    story.at("2028-01-31");
    const person = await story.person();
    await story.subscribe(person, "basic-month-v1");
    const { customerKey } = person;
    await story.toss.control.addFault({
      kind: "decline",
      code: "INVALID_STOPPED_CARD",
      match: { operation: "charge", customerKey },
    });
    story.at("2028-02-29");
    const { chargeIds } = await claimRenewals(story.deps, 100);
    await collectCharges(
      whileCharging(() => registers(person)),
      chargeIds,
    );
    const late = await story.subscriptionOf(person);
    expect(late).toMatchObject({ status: "past-due", nextTryOn: "2028-03-01" });

    story.at("2028-03-01");
    await story.work();
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "active",
      n: 2,
      paymentMethodId: late.paymentMethodId,
    });
    const charges = await story.chargesOf(person);
    expect(charges.map((charge) => charge.status)).toEqual(["approved", "declined", "approved"]);
    expect(await liveKeys(customerKey)).toHaveLength(1);
  });
});

test("a card changed while a renewal is at Toss: the renewal counts, and the new card stays", async () => {
  story.at("2027-06-20");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-07-20");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  const cards: string[] = [];
  const deps = whileCharging(async () => cards.push(await registers(person)));
  await collectCharges(deps, chargeIds);
  expect(await story.paidAtToss(person)).toHaveLength(2);
  expect(await story.subscriptionOf(person)).toMatchObject({
    n: 2,
    paymentMethodId: cards[0],
  });
  story.minutesLater(15);
  await story.work();
  expect(await liveKeys(person.customerKey)).toHaveLength(1);
});

test("a renewal that had not left for Toss when the card was changed is paid with the new card, the day after", async () => {
  story.at("2027-08-20");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-09-20");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  const card = await registers(person);
  await collectCharges(story.deps, chargeIds);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.at("2027-09-21");
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({
    status: "approved",
    paymentMethodId: card,
  });
  expect(await liveKeys(person.customerKey)).toHaveLength(1);
});

test("after a standstill of months, a card change brings no second cycle on one day", async () => {
  story.at("2027-10-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2028-01-13");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  for (const hour of [15, 16]) {
    story.at("2028-01-13", hour);
    await registers(person);
    await story.work();
  }
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

describe("past due, with a card that was stopped", () => {
  /** Renews on the tenth and is refused for good. */
  async function stopped(): Promise<Person> {
    story.at("2027-02-10");
    const person = await story.person();
    await story.subscribe(person, "basic-month-v1");
    const { customerKey } = person;
    await story.toss.control.addFault({
      kind: "decline",
      code: "INVALID_STOPPED_CARD",
      match: { operation: "charge", customerKey },
    });
    story.at("2027-03-10");
    await story.work();
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "past-due",
      nextTryOn: null,
    });
    return person;
  }

  it("two cards registered at night: the later one pays in the morning, the earlier is never asked", async () => {
    const person = await stopped();
    story.at("2027-03-12", 0, 10);
    await registers(person, "stopped-card");
    story.at("2027-03-12", 0, 20);
    const later = await registers(person);
    story.at("2027-03-12", 1);
    await story.work();
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "active",
      paymentMethodId: later,
    });
    expect((await story.chargesOf(person)).map((charge) => charge.declineCode)).toEqual([
      null,
      "INVALID_STOPPED_CARD",
      "WITHDRAWN",
      null,
    ]);
    story.minutesLater(15);
    await story.work();
    expect(await liveKeys(person.customerKey)).toHaveLength(1);
  });

  it("a second card registered while the first is at Toss and refused there is asked the day after", async () => {
    const person = await stopped();
    story.at("2027-03-13", 15);
    const { registrationId } = await story.returnWithCard(person, null, "stopped-card");
    const later: string[] = [];
    const deps = whileCharging(async () => later.push(await registers(person)));
    await replaceCard(deps, registrationId);
    expect(await story.subscriptionOf(person)).toMatchObject({ status: "past-due" });
    story.at("2027-03-14");
    await story.work();
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "active",
      paymentMethodId: later[0],
    });
  });

  it("a second card registered while the first is at Toss and pays there stays", async () => {
    const person = await stopped();
    story.at("2027-03-14", 15);
    const { registrationId } = await story.returnWithCard(person, null);
    const later: string[] = [];
    const deps = whileCharging(async () => {
      story.minutesLater(1);
      later.push(await registers(person));
    });
    await replaceCard(deps, registrationId);
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "active",
      paymentMethodId: later[0],
    });
  });

  it("a fault of our own set-up costs nobody the new card", async () => {
    const person = await stopped();
    const match = { operation: "charge" as const, customerKey: person.customerKey };
    await story.toss.control.addFault({ kind: "decline", code: "NOT_MATCHES_CUSTOMER_KEY", match });
    story.at("2027-03-15", 15);
    const card = await registers(person);
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "past-due",
      nextTryOn: "2027-03-16",
      paymentMethodId: card,
    });
    story.at("2027-03-16");
    await story.work();
    expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
  });

  it.each([
    ["normal", "active", 1],
    ["stopped-card", "past-due", 0],
  ] as const)(
    "a new card (%s) outlives the end of another contract that had it, until it was asked",
    async (card, status, kept) => {
      const person = await stopped();
      story.at("2027-03-16", 23, 35);
      const given = await registers(person, card);
      // The other contract got the card at once, and ends.
      await transaction((tx) => scheduleKeyDeletion(tx, [given], story.now()));
      await story.work();
      story.at("2027-03-17", 11);
      await story.work();
      story.at("2027-03-18", 11);
      await story.work();
      const { paymentMethodId, ...after } = await story.subscriptionOf(person);
      expect(after.status).toBe(status);
      expect(paymentMethodId === given).toBe(kept === 1);
      const keys = await liveKeys(person.customerKey);
      const { billingKeyCiphertext } =
        (await transaction((tx) => lockPaymentMethod(tx, given)))?.method ?? {};
      expect(billingKeyCiphertext === null).toBe(kept === 0);
      expect(keys).toHaveLength(1);
    },
  );

  it("no job asks the new card by night, and one asks it in the morning", async () => {
    const person = await stopped();
    const match = { operation: "charge" as const, customerKey: person.customerKey };
    await story.toss.control.addFault({ kind: "429", match });
    story.at("2027-03-16", 23, 28);
    await registers(person);
    story.at("2027-03-16", 23, 35);
    await story.work();
    expect(await story.paidAtToss(person)).toHaveLength(1);
    story.at("2027-03-17", 1);
    await story.work();
    expect(await story.paidAtToss(person)).toHaveLength(2);
  });
});

test("a key that a running subscription uses is not deleted, whoever asks for it", async () => {
  story.at("2027-05-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const { paymentMethodId } = await story.subscriptionOf(person);
  await transaction((tx) => scheduleKeyDeletion(tx, [paymentMethodId], story.now()));
  await story.work();
  expect(await liveKeys(person.customerKey)).toHaveLength(1);
});
