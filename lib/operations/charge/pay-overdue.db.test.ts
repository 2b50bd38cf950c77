/** A customer has the card on file tried again at what is overdue. */
import { beforeEach, expect, test } from "vitest";
import { findLatestChargeOfSubscription } from "@/db/charge";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { payOverdue } from "./pay-overdue";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

/** Somebody whose renewal was declined this morning. */
async function overdue(startsOn: string, renewsOn: string, times = 1) {
  story.at(startsOn);
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  await declines(person, "REJECT_CARD_PAYMENT", times);
  story.at(renewsOn);
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "past-due" });
  return { person, order: await orderOf(person) };
}

function declines({ customerKey }: Person, code: string, times = 1) {
  const match = { operation: "charge" as const, customerKey };
  return story.toss.control.addFault({ kind: "decline", code: code as never, match, times });
}

async function orderOf(person: Person) {
  const { accountId, actor } = person;
  const { id: subscriptionId } = await story.subscriptionOf(person);
  const seen = await findLatestChargeOfSubscription(subscriptionId);
  return { accountId, actor, subscriptionId, afterChargeId: seen?.id ?? "" };
}

test("with money on the card again it is paid at once, and the next period keeps its day", async () => {
  const { person, order } = await overdue("2027-01-10", "2027-02-10");
  story.at("2027-02-10", 15);
  expect(await payOverdue(story.deps, order)).toEqual({ ok: true, value: { kind: "paid" } });
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
  expect(await story.paidAtToss(person)).toHaveLength(2);
  story.at("2027-02-11");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  story.at("2027-03-10");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(3);
});

test("pressed twice at once, or again on a page that is old, it makes one attempt", async () => {
  const { person, order } = await overdue("2027-01-11", "2027-02-11", 2);
  story.at("2027-02-11", 11);
  await Promise.all([payOverdue(story.deps, order), payOverdue(story.deps, order)]);
  expect(await story.chargesOf(person)).toHaveLength(3);
  expect(await payOverdue(story.deps, order)).toEqual({
    ok: true,
    value: { kind: "declined", reason: "insufficient-funds" },
  });
  expect(await story.chargesOf(person)).toHaveLength(3);
  expect(await payOverdue(story.deps, await orderOf(person))).toMatchObject({
    value: { kind: "paid" },
  });
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("a customer's try that fails leaves the booked tries and the card as they are", async () => {
  const { person, order } = await overdue("2027-01-12", "2027-02-12", 2);
  const before = await story.subscriptionOf(person);
  story.at("2027-02-12", 20);
  expect(await payOverdue(story.deps, order)).toMatchObject({ value: { kind: "declined" } });
  expect(await story.subscriptionOf(person)).toEqual(before);
  story.at("2027-02-13", 9, 59);
  await story.work();
  expect(await story.chargesOf(person)).toHaveLength(3);
  story.at("2027-02-13");
  await story.work();
  expect((await story.chargesOf(person)).map(({ trigger, status }) => [trigger, status])).toEqual([
    ["customer", "approved"],
    ["automatic", "declined"],
    ["customer", "declined"],
    ["automatic", "approved"],
  ]);
});

test("a card that turns out to be lost is not tried again, and another one is asked for", async () => {
  const { person, order } = await overdue("2027-01-13", "2027-02-13");
  await declines(person, "INVALID_CARD_LOST_OR_STOLEN");
  story.at("2027-02-13", 20);
  expect(await payOverdue(story.deps, order)).toMatchObject({ value: { kind: "declined" } });
  expect(await story.subscriptionOf(person)).toMatchObject({ nextTryOn: null });
  expect(await payOverdue(story.deps, await orderOf(person))).toMatchObject({
    refusal: { code: "needs-card" },
  });
  story.at("2027-02-14");
  await story.work();
  expect(await story.chargesOf(person)).toHaveLength(3);
  expect((await story.messagesTo(person)).at(-1)?.body).toContain("다른 카드");
});

test("no card is asked in the nightly hours, and none of which nothing is overdue", async () => {
  const { person, order } = await overdue("2027-01-14", "2027-02-14");
  story.at("2027-02-14", 23, 30);
  expect(await payOverdue(story.deps, order)).toMatchObject({ refusal: { code: "blackout" } });
  story.at("2027-02-15", 0, 59);
  expect(await payOverdue(story.deps, order)).toMatchObject({ refusal: { code: "blackout" } });
  expect(await story.chargesOf(person)).toHaveLength(2);
  await cancelSubscription(story.deps, order);
  story.at("2027-02-15", 1);
  expect(await payOverdue(story.deps, order)).toMatchObject({
    refusal: { code: "nothing-overdue" },
  });
  const stranger = await story.person();
  expect(await payOverdue(story.deps, { ...order, accountId: stranger.accountId })).toMatchObject({
    refusal: { code: "unknown-subscription" },
  });
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("a lost answer is checked and never paid twice, beside the sweep too", async () => {
  const { person, order } = await overdue("2027-01-15", "2027-02-15");
  const { customerKey } = person;
  await story.toss.control.addFault({
    kind: "hang-up-after-execute",
    match: { operation: "charge", customerKey },
  });
  const query = await story.toss.control.addFault({
    kind: "hang-up-before",
    match: { operation: "query", customerKey },
    times: 50,
  });
  story.at("2027-02-16");
  const [answer] = await Promise.all([
    payOverdue(story.deps, order),
    claimRenewals(story.deps, 100),
  ]);
  expect(answer).toMatchObject({ ok: true });
  await story.toss.control.clearFaults(query.id);
  story.minutesLater(10);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
});
