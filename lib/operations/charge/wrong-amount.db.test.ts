/** Toss moved another sum than was asked: nobody may be left with an attempt that can never be ended. */

import { beforeEach, expect, test } from "vitest";
import { listChargesToReview } from "@/db/console/tasks";
import { listDaysWithFindings, listFindingsOfDay } from "@/db/reconciliation";
import { reconcileDay } from "@/lib/operations/reconciliation/reconcile";
import { resolveFinding } from "@/lib/operations/reconciliation/resolve-finding";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { operator } from "@/lib/operations/work";
import { day, won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { closeCharge } from "./close";
import { collectCharges } from "./collect";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

/** A renewal for which Toss took 1,000 won too much, and the morning after. */
async function overcharged(startsOn: string, renewsOn: string) {
  story.at(startsOn);
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const { customerKey } = person;
  const match = { operation: "charge" as const, customerKey };
  await story.toss.control.addFault({ kind: "wrong-amount", match });
  story.at(renewsOn);
  await story.work();
  const charge = (await story.chargesOf(person)).at(-1);
  const { payments } = await story.toss.control.state({ customerKey });
  const payment = payments.find((one) => one.totalAmount === 10_900);
  if (!charge || !payment) throw new Error("Nothing was overcharged");
  expect(charge).toMatchObject({ status: "unknown", needsReview: true, takenWon: 10_900 });
  return { person, charge, payment };
}

async function giveBack({ paymentKey }: { paymentKey: string }) {
  const all = { paymentKey, amountWon: won(10_900), balanceWon: won(10_900) };
  const given = await story.deps.gateway.cancelPayment({ ...all, reason: "금액 오류" }, paymentKey);
  expect(given).toMatchObject({ kind: "canceled" });
}

async function mailOfReturn(person: Person) {
  const mails = await story.messagesTo(person);
  expect(mails.map((mail) => mail.kind)).not.toContain("payment-failed");
  return mails.filter((mail) => mail.kind === "payment-returned").map((mail) => mail.body);
}

test("the customer reads what was taken and given back, and when the right amount is tried", async () => {
  const { person, charge, payment } = await overcharged("2027-07-10", "2027-08-10");
  expect(await mailOfReturn(person)).toEqual([]);
  expect((await listChargesToReview(100)).find(({ id }) => id === charge.id)).toMatchObject({
    amountWon: 9_900,
    takenWon: 10_900,
  });
  await giveBack(payment);
  story.at("2027-08-11", 8);
  await reconcileDay(story.deps, day("2027-08-10"));
  const [body, ...others] = await mailOfReturn(person);
  expect(others).toEqual([]);
  expect(body).toContain("9,900원을 결제하다가 10,900원이 잘못 결제됐어요");
  expect(body).toContain("10,900원은 전액 취소했어요");
  expect(body).toContain("2027년 8월 12일");
  expect(body).not.toContain("카드사 사정");
});

test("so does the buyer of a first order, to whom nothing is tried again by itself", async () => {
  story.at("2027-09-10");
  const person = await story.person();
  const { customerKey } = person;
  const match = { operation: "charge" as const, customerKey };
  await story.toss.control.addFault({ kind: "wrong-amount", match });
  await story.subscribe(person, "basic-month-v1");
  const [charge] = await story.chargesOf(person);
  const { payments } = await story.toss.control.state({ customerKey });
  await giveBack({ paymentKey: payments[0]?.paymentKey ?? "" });
  const order = { chargeId: charge?.id ?? "", actor: operator("usr_operator") };
  expect(await closeCharge(story.deps, order)).toMatchObject({ ok: true });
  const [body] = await mailOfReturn(person);
  expect(body).toContain("10,900원은 전액 취소했어요");
  expect(body).not.toContain("다시 결제할게요");
});

test("a wrong amount that the answer was lost of is found by asking, with its amount", async () => {
  story.at("2027-10-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const { gateway } = story.deps;
  const dying = {
    ...story.deps,
    gateway: {
      ...gateway,
      async chargeBillingKey(...[charge, key]: Parameters<typeof gateway.chargeBillingKey>) {
        await gateway.chargeBillingKey({ ...charge, amountWon: won(10_900) }, key);
        throw new Error("The process died");
      },
    },
  };
  story.at("2027-11-10");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  await expect(collectCharges(dying, chargeIds)).rejects.toThrow("died");
  story.minutesLater(3);
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({
    status: "unknown",
    unknownReason: "answer-differs",
    takenWon: 10_900,
    needsReview: true,
    settleAt: null,
  });
});

test("given back in Toss's console, the attempt is over with the morning's comparison and the renewal is tried again", async () => {
  const { person, payment } = await overcharged("2027-01-10", "2027-02-10");
  await giveBack(payment);
  story.at("2027-02-11", 8);
  await reconcileDay(story.deps, day("2027-02-10"));
  expect(await listDaysWithFindings(10)).toEqual([]);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({
    status: "declined",
    declineCode: "CANCELED_AT_TOSS",
  });
  story.at("2027-02-12");
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "approved" });
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
});

test("an operator ends the attempt at once, and who left meanwhile is let go", async () => {
  const { person, charge, payment } = await overcharged("2027-03-10", "2027-04-10");
  const { id: subscriptionId } = await story.subscriptionOf(person);
  await cancelSubscription(story.deps, { ...person, subscriptionId });
  const order = { chargeId: charge.id, actor: operator("usr_operator") };
  expect(await closeCharge(story.deps, order)).toMatchObject({ refusal: { code: "outcome-open" } });
  await giveBack(payment);
  expect(await closeCharge(story.deps, order)).toMatchObject({ ok: true });
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "canceled",
  });
});

test("words alone do not close what is not decided; cancelling at Toss does, and says who", async () => {
  const { person, charge } = await overcharged("2027-05-10", "2027-06-10");
  await reconcileDay(story.deps, day("2027-06-10"));
  const [finding] = await listFindingsOfDay(day("2027-06-10"));
  const decision = {
    findingId: finding?.id ?? "",
    actor: operator("usr_operator"),
    note: "금액 오류",
  };
  expect(await resolveFinding(story.deps, { ...decision, how: "explain" })).toMatchObject({
    refusal: { code: "charge-open" },
  });
  expect(
    await resolveFinding(story.deps, { ...decision, how: "cancel-at-provider" }),
  ).toMatchObject({
    ok: true,
  });
  expect((await story.chargesOf(person)).find(({ id }) => id === charge.id)).toMatchObject({
    status: "declined",
  });
  expect((await mailOfReturn(person)).join()).toContain("10,900원은 전액 취소했어요");
});
