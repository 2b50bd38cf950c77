/** Cancelling, changing one's mind, changing the card, agreeing to the first charge after a trial. */
import { beforeEach, expect, test } from "vitest";
import { replaceCard } from "@/lib/operations/card/replace";
import { collectCharges } from "@/lib/operations/charge/collect";
import { giveConsent } from "@/lib/operations/consent/give";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { type Story, startStory } from "@/lib/testing/story";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

async function subscriber(priceId = "basic-month-v1") {
  const person = await story.person();
  await story.subscribe(person, priceId);
  const { id: subscriptionId } = await story.subscriptionOf(person);
  return {
    person,
    order: { accountId: person.accountId, actor: person.actor, subscriptionId },
  };
}

async function liveKeys(person: { customerKey: string }) {
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  return state.billingKeys.filter((key) => key.removedAt === null);
}

test("cancelled, used to the last paid day, never charged again, and the card is forgotten at Toss", async () => {
  story.at("2027-01-10");
  const { person, order } = await subscriber();
  expect(await cancelSubscription(story.deps, order)).toMatchObject({
    ok: true,
    value: { status: "active", cancelsOn: "2027-02-10" },
  });
  story.at("2027-02-10", 0);
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "canceled",
    endedOn: "2027-02-10",
  });
  story.at("2027-03-10");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  expect(await liveKeys(person)).toHaveLength(0);
  expect(await cancelSubscription(story.deps, order)).toMatchObject({
    refusal: { code: "already-ended" },
  });
});

test("a cancellation taken back goes on as if nothing had happened", async () => {
  story.at("2027-04-10");
  const { person, order } = await subscriber();
  await cancelSubscription(story.deps, order);
  expect(await undoCancel(story.deps, order)).toMatchObject({
    ok: true,
    value: { cancelsOn: null },
  });
  expect(await undoCancel(story.deps, order)).toMatchObject({
    refusal: { code: "nothing-to-undo" },
  });
  story.at("2027-05-10");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("cancelled before the charge leaves for Toss: no call; cancelled while Toss has it: what is paid is used up", async () => {
  story.at("2027-06-10");
  const early = await subscriber();
  const late = await subscriber();
  story.at("2027-07-10");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  await cancelSubscription(story.deps, early.order);
  const collecting = collectCharges(
    {
      ...story.deps,
      gateway: {
        ...story.deps.gateway,
        async chargeBillingKey(...call) {
          await cancelSubscription(story.deps, late.order);
          return story.deps.gateway.chargeBillingKey(...call);
        },
      },
    },
    chargeIds,
  );
  await collecting;
  await story.work();
  expect(await story.paidAtToss(early.person)).toHaveLength(1);
  expect(await story.paidAtToss(late.person)).toHaveLength(2);
  expect(await story.subscriptionOf(late.person)).toMatchObject({
    status: "active",
    cancelsOn: "2027-08-10",
  });
  expect((await story.subscriptionOf(early.person)).status).toBe("ended");
  expect(await story.ledgerSums(early.person)).toMatchObject({
    total: 0,
    receivable: 0,
    unearned: 0,
  });
});

test("leaving while past due ends at once and stops all tries", async () => {
  story.at("2027-09-10");
  const { person, order } = await subscriber();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({
    kind: "decline",
    code: "REJECT_CARD_PAYMENT",
    match,
    times: 50,
  });
  story.at("2027-10-10");
  await story.work();
  expect(await cancelSubscription(story.deps, order)).toMatchObject({
    ok: true,
    value: { status: "ended", endReason: "canceled" },
  });
  story.at("2027-10-11");
  await story.work();
  expect(await story.chargesOf(person)).toHaveLength(2);
  expect(await liveKeys(person)).toHaveLength(0);
});

test("nobody cancels, resumes or agrees for somebody else", async () => {
  story.at("2027-11-10");
  const { order } = await subscriber();
  const stranger = await story.person();
  const foreign = { ...order, accountId: stranger.accountId };
  const refused = { refusal: { code: "unknown-subscription" } };
  expect(await cancelSubscription(story.deps, foreign)).toMatchObject(refused);
  expect(await undoCancel(story.deps, foreign)).toMatchObject(refused);
  expect(
    await giveConsent(story.deps, { ...foreign, textVersion: "1", ip: null, userAgent: null }),
  ).toMatchObject(refused);
});

test("a new card takes the old one's place, pays the next month, and the old key is deleted", async () => {
  story.at("2027-01-10");
  const { person } = await subscriber();
  const { registrationId } = await story.returnWithCard(person, null);
  expect(await replaceCard(story.deps, registrationId)).toMatchObject({ kind: "issued" });
  await replaceCard(story.deps, registrationId);
  await story.work();
  const keys = await liveKeys(person);
  expect(keys).toHaveLength(1);
  story.at("2027-02-10");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("past due: the new card pays at once, exactly one attempt, and takes over", async () => {
  story.at("2027-03-10");
  const { person } = await subscriber();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "decline", code: "INVALID_STOPPED_CARD", match });
  story.at("2027-04-10");
  await story.work();
  story.at("2027-04-12", 15);
  const { registrationId } = await story.returnWithCard(person, null);
  await Promise.all([1, 2, 3].map(() => replaceCard(story.deps, registrationId)));
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "active",
    terms: { anchorOn: "2027-03-10" },
    n: 2,
  });
  expect(await story.chargesOf(person)).toHaveLength(3);
  await story.work();
  expect(await liveKeys(person)).toHaveLength(1);
});

test("past due: a new card that cannot pay is not kept, and the booked tries stand", async () => {
  story.at("2027-05-10");
  const { person } = await subscriber();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "decline", code: "REJECT_CARD_PAYMENT", match });
  story.at("2027-06-10");
  await story.work();
  const before = await story.subscriptionOf(person);
  const { registrationId } = await story.returnWithCard(person, null, "stopped-card");
  await replaceCard(story.deps, registrationId);
  await story.work();
  expect(await story.subscriptionOf(person)).toEqual(before);
  expect(await liveKeys(person)).toHaveLength(1);
  story.at("2027-06-11");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
});

test("past due at midnight: the new card waits for the banks to wake up", async () => {
  story.at("2027-07-10");
  const { person } = await subscriber();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "decline", code: "REJECT_CARD_PAYMENT", match });
  story.at("2027-08-10");
  await story.work();
  story.at("2027-08-10", 23, 45);
  const { registrationId } = await story.returnWithCard(person, null);
  await replaceCard(story.deps, registrationId);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.at("2027-08-11", 1);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("a card whose kind Toss cannot tell is refused and deleted, the old one stays", async () => {
  story.at("2027-09-10");
  const { person } = await subscriber();
  const { registrationId } = await story.returnWithCard(person, null, "unknown-card-type");
  expect(await replaceCard(story.deps, registrationId)).toEqual({
    kind: "failed",
    code: "NOT_SUPPORTED_CARD_TYPE",
  });
  await story.work();
  expect(await liveKeys(person)).toHaveLength(1);
});

test("a trial with consent is charged on its day; without, the card is never called", async () => {
  story.at("2027-01-10");
  const agreeing = await subscriber("premium-month-v1");
  const silent = await subscriber("premium-month-v1");
  expect(await story.paidAtToss(agreeing.person)).toHaveLength(0);
  story.at("2027-01-12");
  const consent = { ...agreeing.order, textVersion: "1", ip: "203.0.113.7", userAgent: "test" };
  expect(await giveConsent(story.deps, consent)).toMatchObject({ ok: true });
  expect(await giveConsent(story.deps, consent)).toMatchObject({ ok: true });
  story.at("2027-01-24");
  await story.work();
  expect(await story.paidAtToss(agreeing.person)).toMatchObject([{ totalAmount: 29_000 }]);
  expect(await story.subscriptionOf(agreeing.person)).toMatchObject({
    status: "active",
    terms: { anchorOn: "2027-01-24" },
    n: 1,
  });
  expect(await story.paidAtToss(silent.person)).toHaveLength(0);
  expect(await story.subscriptionOf(silent.person)).toMatchObject({
    status: "ended",
    endReason: "no-consent",
  });
  expect(await giveConsent(story.deps, consent)).toMatchObject({
    refusal: { code: "no-consent-needed" },
  });
});
