/** An operator gives money back, and the next charge is never left to chance. */

import { beforeEach, expect, test } from "vitest";
import { recordInvariants } from "@/lib/operations/ledger/record-invariants";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { operator } from "@/lib/operations/work";
import { won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { type NextOfRefund, refundPayment } from "./request";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

let asked = 0;
const newRequest = () => {
  asked += 1;
  return `refund-payment-${asked}`;
};

async function payer() {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const [charge] = await story.chargesOf(person);
  if (!charge) throw new Error("Nothing was paid");
  return { person, charge };
}

function refund(
  chargeId: string,
  next: NextOfRefund | null,
  { amountWon = 9_900, reason = "고객 요청", requestId = newRequest() } = {},
) {
  const order = { chargeId, amountWon: won(amountWon), reason, requestId, next };
  return refundPayment(story.deps, { ...order, actor: operator("usr_operator") });
}

async function isCanceled(person: Person): Promise<boolean> {
  const subscription = await story.subscriptionOf(person);
  return "cancelsOn" in subscription && subscription.cancelsOn !== null;
}

test("who does not say whether the subscription goes on moves no money", async () => {
  const { person, charge } = await payer();
  expect(await refund(charge.id, null)).toMatchObject({ refusal: { code: "next-undecided" } });
  expect(await story.refundsOf(person)).toEqual([]);
  expect(await isCanceled(person)).toBe(false);
});

test("a refund may leave the subscription as it is, or end it with the paid days", async () => {
  const kept = await payer();
  expect(await refund(kept.charge.id, "keep")).toMatchObject({ value: { status: "done" } });
  expect(await isCanceled(kept.person)).toBe(false);

  const ended = await payer();
  expect(await refund(ended.charge.id, "cancel", { amountWon: 4_000 })).toMatchObject({
    value: { status: "done", amountWon: 4_000 },
  });
  expect(await isCanceled(ended.person)).toBe(true);
  // Nothing more is to be charged, so nothing is asked about what is left.
  expect(await refund(ended.charge.id, null, { amountWon: 5_900 })).toMatchObject({ ok: true });
  const told = (await story.messagesTo(ended.person)).map((message) => message.kind);
  expect(told).toEqual(expect.arrayContaining(["cancel-booked", "refund-done"]));
});

test("what is refused ends no subscription", async () => {
  const { person, charge } = await payer();
  const tooMuch = await refund(charge.id, "cancel", { amountWon: 10_000 });
  expect(tooMuch).toMatchObject({ refusal: { code: "exceeds-refundable", refundableWon: 9_900 } });
  expect(await refund(charge.id, "cancel", { reason: " " })).toMatchObject({
    refusal: { code: "bad-reason" },
  });
  expect(await refund("chg_nobody", "cancel")).toMatchObject({
    refusal: { code: "unknown-charge" },
  });
  expect(await isCanceled(person)).toBe(false);
});

test("sent again after an error page it refunds once, whatever was chosen", async () => {
  const { person, charge } = await payer();
  const requestId = "refund-payment-again";
  await refund(charge.id, "cancel", { amountWon: 3_000, requestId });
  expect(await refund(charge.id, "cancel", { amountWon: 3_000, requestId })).toMatchObject({
    value: { status: "done", amountWon: 3_000 },
  });
  expect(await story.refundsOf(person)).toHaveLength(1);
});

test("ended in the middle of the paid days, nothing is open any more and nothing more is charged", async () => {
  story.at("2027-03-10");
  const { person, charge } = await payer();
  story.at("2027-03-19");
  expect(await refund(charge.id, "end-now", { amountWon: 6_600 })).toMatchObject({
    value: { status: "done" },
  });
  expect(await story.subscriptionOf(person)).toMatchObject({
    ...{ status: "ended", endedOn: "2027-03-19", endReason: "canceled-with-refund" },
  });
  story.at("2027-04-10");
  await story.work();
  expect(await story.chargesOf(person)).toHaveLength(1);
  const { billingKeys } = await story.toss.control.state({ customerKey: person.customerKey });
  expect(billingKeys.filter((key) => key.removedAt === null)).toEqual([]);
});

test("who had cancelled to the end of the period can be let go at once, too, on the day of payment as well", async () => {
  story.at("2027-05-10");
  const { person, charge } = await payer();
  const { id: subscriptionId } = await story.subscriptionOf(person);
  await cancelSubscription(story.deps, { ...person, subscriptionId });
  const requestId = newRequest();
  expect(await refund(charge.id, "end-now", { amountWon: 9_570, requestId })).toMatchObject({
    value: { status: "done" },
  });
  expect(await refund(charge.id, "end-now", { amountWon: 9_570, requestId })).toMatchObject({
    value: { status: "done", amountWon: 9_570 },
  });
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "ended" });
  expect(await recordInvariants(story.deps, ["no-period-is-paid-after-the-end"])).toEqual({
    ...{ broken: [], left: [] },
  });
});

test("while its renewal is at Toss a subscription is not ended at once, and no money moves", async () => {
  story.at("2027-07-10");
  const { person, charge } = await payer();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "wrong-amount", match });
  story.at("2027-08-10");
  await story.work();
  expect(await refund(charge.id, "end-now")).toMatchObject({ refusal: { code: "charge-at-toss" } });
  expect(await story.refundsOf(person)).toEqual([]);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active" });
});
