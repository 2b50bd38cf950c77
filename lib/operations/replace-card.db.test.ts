import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { transaction } from "@/db/client";
import { scheduleKeyDeletion } from "@/db/payment-methods";
import type { Deps } from "@/lib/deps";
import { type Story, startStory } from "@/lib/testing/story";
import { acceptCard } from "./accept-card";
import { cancelSubscription } from "./cancel-subscription";
import { claimRenewals } from "./claim-renewals";
import { collectCharges } from "./collect-charges";
import { replaceCard } from "./replace-card";

let story: Story;

beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());

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
    clock: {
      now() {
        if (isStored) throw new Error("The process died");
        return deps.clock.now();
      },
    },
  };
}

async function liveKeys(customerKey: string) {
  const { billingKeys } = await story.toss.control.state({ customerKey });
  return billingKeys.filter((key) => key.removedAt === null);
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
    const { registrationId } = await story.returnWithCard(person, null);
    await replaceCard(story.deps, registrationId);
    await collectCharges(story.deps, chargeIds);
    const late = await story.subscriptionOf(person);
    expect(late).toMatchObject({ status: "past-due", nextTryOn: "2028-03-01" });

    story.at("2028-03-01");
    await story.work();
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "active",
      periodsPaid: 2,
      paymentMethodId: late.paymentMethodId,
    });
    const charges = await story.chargesOf(person);
    expect(charges.map((charge) => charge.status)).toEqual(["approved", "declined", "approved"]);
    expect(await liveKeys(customerKey)).toHaveLength(1);
  });
});

test("a key that a running subscription uses is not deleted, whoever asks for it", async () => {
  story.at("2028-05-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const { paymentMethodId } = await story.subscriptionOf(person);
  await transaction((tx) => scheduleKeyDeletion(tx, [paymentMethodId], story.now()));
  await story.work();
  expect(await liveKeys(person.customerKey)).toHaveLength(1);
});
