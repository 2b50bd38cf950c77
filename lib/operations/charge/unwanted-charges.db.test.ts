/**
 * Somebody leaves, or changes the card, while an attempt is open of which Toss has heard nothing. They are told that
 * nothing more is paid, or that the old card is deleted: so nothing may be sent afterwards.
 */

import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditLog } from "@/db/schema/audit";
import { replaceCard } from "@/lib/operations/card/replace";
import { giveConsent } from "@/lib/operations/consent/give";
import { reconcileDay } from "@/lib/operations/reconciliation/reconcile";
import { refundPayment } from "@/lib/operations/refund/request";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { operator } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { day, won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import { closeCharge } from "./close";
import { collectCharges } from "./collect";
import { settleCharges } from "./settle";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

type Fault = Partial<NewFaultRule> & Pick<NewFaultRule, "kind">;

/** The request of the coming charge is lost on its way to Toss: no money moves. */
async function losesTheRequest(person: Person, fault: Fault = { kind: "hang-up-before" }) {
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  const rule = await story.toss.control.addFault({ ...fault, match } as NewFaultRule);
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "unknown" });
  return rule;
}

async function leaves(person: Person) {
  const { id: subscriptionId } = await story.subscriptionOf(person);
  const left = await cancelSubscription(story.deps, { ...person, subscriptionId });
  expect(left).toMatchObject({ ok: true });
}

async function changesTheCard(person: Person) {
  const { registrationId } = await story.returnWithCard(person, null);
  const state = await replaceCard(story.deps, registrationId);
  if (state.kind !== "issued") throw new Error("No card was issued");
  return state.paymentMethodId;
}

async function minutesPass(minutes: number) {
  for (let minute = 0; minute < minutes; minute++) {
    story.minutesLater(1);
    await story.work();
  }
}

/** Its first month is paid on 31 January, and the second is due on 28 February. */
async function subscriber(): Promise<Person> {
  story.at("2027-01-31");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  return person;
}

async function pastDue(): Promise<Person> {
  const person = await subscriber();
  const { customerKey } = person;
  await story.toss.control.changeCard({ customerKey, scenario: "short-of-balance" });
  for (const on of ["2027-02-28", "2027-03-01"]) {
    story.at(on);
    await story.work();
  }
  await story.toss.control.changeCard({ customerKey, scenario: "normal" });
  story.at("2027-03-03");
  return person;
}

async function expectOver(person: Person) {
  expect(await story.paidAtToss(person)).toHaveLength(1);
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "ended",
    endReason: "canceled",
  });
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "declined" });
  expect((await story.invoicesOf(person)).map((invoice) => invoice.status)).toEqual([
    "paid",
    "void",
  ]);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, receivable: 0 });
  const { billingKeys } = await story.toss.control.state({ customerKey: person.customerKey });
  expect(billingKeys.filter((key) => key.removedAt === null)).toEqual([]);
}

test("past due: cancelled at 10:01, nothing is charged at 10:02", async () => {
  const person = await pastDue();
  await losesTheRequest(person);
  story.at("2027-03-03", 10, 1);
  await leaves(person);
  await minutesPass(30);
  await expectOver(person);
  const charge = (await story.chargesOf(person)).at(-1);
  const trail = await db()
    .select()
    .from(auditLog)
    .where(eq(auditLog.subjectId, charge?.id ?? ""));
  expect(trail).toMatchObject([
    { actor: "system", action: "charge.closed", details: { unwanted: "canceled" } },
  ]);
});

test("on the due day: cancelled at 10:01, nothing is charged at 10:02", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  await losesTheRequest(person);
  story.at("2027-02-28", 10, 1);
  await leaves(person);
  await minutesPass(30);
  await expectOver(person);
});

test("Toss is away for ten days: cancelled on the first, nothing is charged on the last", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  const { customerKey } = person;
  const away = { kind: "hang-up-before", times: 1_000 } as const;
  const rule = await losesTheRequest(person, away);
  const asked = await story.toss.control.addFault({ ...away, match: { operation: "query" } });
  await leaves(person);
  for (const on of ["2027-03-01", "2027-03-05", "2027-03-09"]) {
    story.at(on);
    await story.work();
    expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "unknown" });
  }
  await story.toss.control.clearFaults(rule.id);
  await story.toss.control.clearFaults(asked.id);
  story.at("2027-03-10");
  await story.work();
  await expectOver(person);
  expect((await story.toss.control.state({ customerKey })).payments).toHaveLength(1);
});

test("an operator refunds the last payment and cancels: the open attempt is not sent again", async () => {
  const person = await pastDue();
  await losesTheRequest(person);
  const [paid] = await story.chargesOf(person);
  const order = { chargeId: paid?.id ?? "", amountWon: won(9_900), reason: "고객 요청" };
  const by = { requestId: `ref-${person.accountId}`, actor: operator("usr_operator") };
  expect(await refundPayment(story.deps, { ...order, ...by, next: "cancel" })).toMatchObject({
    ok: true,
  });
  await minutesPass(30);
  expect(await story.paidAtToss(person)).toEqual([]);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "ended" });
});

test("free days that are cancelled on their last morning are not turned into paid ones", async () => {
  story.at("2027-01-20");
  const person = await story.person();
  await story.subscribe(person, "premium-month-v1");
  const { id: subscriptionId } = await story.subscriptionOf(person);
  const proof = { textVersion: "test", ip: null, userAgent: null };
  await giveConsent(story.deps, { ...person, subscriptionId, ...proof });
  story.at("2027-02-03");
  await losesTheRequest(person);
  await leaves(person);
  await minutesPass(30);
  expect(await story.paidAtToss(person)).toEqual([]);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "ended" });
});

test("what was approved before the customer left counts, and is used to its end", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  await losesTheRequest(person, { kind: "hang-up-after-execute" });
  await leaves(person);
  await minutesPass(30);
  expect(await story.paidAtToss(person)).toHaveLength(2);
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "active",
    cancelsOn: "2027-03-31",
  });
});

test.each([
  ["by night, when no card may be called", "2027-02-28", 23],
  ["fifteen days later, when a repeat would need a person", "2027-03-15", 10],
])("it is closed %s", async (_, on, hour) => {
  const person = await subscriber();
  story.at("2027-02-28");
  const outage = { kind: "500-not-executed", times: 1_000 } as const;
  const rule = await losesTheRequest(person, outage);
  story.at(on, hour, 35);
  await story.work();
  expect((await story.chargesOf(person)).at(-1)?.closedAt).toBeNull();
  await leaves(person);
  await minutesPass(5);
  await story.toss.control.clearFaults(rule.id);
  await expectOver(person);
});

test("an operator who closes it reads that nothing more is charged", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  const rule = await losesTheRequest(person, { kind: "500-not-executed", times: 1_000 });
  story.at("2027-03-15");
  await story.work();
  await leaves(person);
  const charge = (await story.chargesOf(person)).at(-1);
  const order = { chargeId: charge?.id ?? "", actor: operator("usr_operator") };
  expect(await closeCharge(story.deps, order)).toEqual({ ok: true, value: "closed-for-good" });
  await story.toss.control.clearFaults(rule.id);
  await minutesPass(30);
  await expectOver(person);
});

test("an approval that Toss made known only afterwards is found in the morning", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  await losesTheRequest(person);
  await leaves(person);
  await minutesPass(5);
  await expectOver(person);
  const charge = (await story.chargesOf(person)).at(-1);
  const { gateway } = story.deps;
  const { billingKeys } = await story.toss.control.state({ customerKey: person.customerKey });
  expect(billingKeys).toHaveLength(1);
  // As the first request would have been, had it only been slow: taken before the key was deleted.
  const late = await story.toss.control.authorizeBilling({ customerKey: person.customerKey });
  const key = await gateway.issueBillingKey(
    { ...late, customerKey: person.customerKey },
    "late-key",
  );
  if (key.kind !== "issued") throw new Error("No key");
  await gateway.chargeBillingKey(
    {
      billingKey: key.billingKey,
      customerKey: person.customerKey,
      orderId: charge?.orderId ?? "",
      orderName: "BASIC",
      amountWon: won(9_900),
      customerEmail: "late@example.com",
      customerName: "김구독",
    },
    "late-charge",
  );
  expect(await story.paidAtToss(person)).toHaveLength(2);
  story.at("2027-03-01", 8);
  expect(await reconcileDay(story.deps, day("2027-02-28"))).toMatchObject({
    kind: "done",
    openCount: 1,
  });
});

test("replaced at 10:01, the old card is not charged at 10:02; the new one pays, by the day after", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  await losesTheRequest(person);
  story.at("2027-02-28", 10, 1);
  const card = await changesTheCard(person);
  expect((await story.messagesTo(person)).at(-1)).toMatchObject({ kind: "card-changed" });
  await minutesPass(30);
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.at("2027-03-01");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  const newest = (await story.chargesOf(person)).at(-1);
  expect(newest).toMatchObject({ status: "approved", paymentMethodId: card });
  const { billingKeys } = await story.toss.control.state({ customerKey: person.customerKey });
  expect(billingKeys.filter((key) => key.removedAt === null)).toHaveLength(1);
});

test("past due, a second card's try is lost and a third card comes: only the third one pays", async () => {
  const person = await pastDue();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-before", match });
  const second = await changesTheCard(person);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({
    status: "unknown",
    paymentMethodId: second,
  });
  story.minutesLater(1);
  const third = await changesTheCard(person);
  await minutesPass(30);
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.at("2027-03-04");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  const newest = (await story.chargesOf(person)).at(-1);
  expect(newest).toMatchObject({ status: "approved", paymentMethodId: third });
});

test("a second card's try that was lost is repeated, as long as nobody thinks otherwise", async () => {
  const person = await pastDue();
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-before", match });
  const second = await changesTheCard(person);
  await minutesPass(5);
  const newest = (await story.chargesOf(person)).at(-1);
  expect(newest).toMatchObject({ status: "approved", paymentMethodId: second, repeats: 1 });
});

test.each(["before", "while"] as const)(
  "cancelled between the claim and the call, %s the call begins: nothing is sent, or it counts",
  async (when) => {
    const person = await subscriber();
    story.at("2027-02-28");
    const { chargeIds } = await claimRenewals(story.deps, 100);
    if (when === "before") await leaves(person);
    await Promise.all([
      collectCharges(story.deps, chargeIds),
      ...(when === "while" ? [leaves(person)] : []),
    ]);
    await minutesPass(5);
    const paid = await story.paidAtToss(person);
    if (when === "before" || paid.length === 1) return expectOver(person);
    expect(paid).toHaveLength(2);
    expect(await story.subscriptionOf(person)).toMatchObject({ cancelsOn: "2027-03-31" });
  },
);

test("a contract that changed without a word to its attempt is asked before the first call, too", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  const { id } = await story.subscriptionOf(person);
  await db().execute(`update subscriptions set cancels_on = '2027-02-28' where id = '${id}'`);
  await collectCharges(story.deps, chargeIds);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ calledAt: null });
  await minutesPass(5);
  expect(await story.paidAtToss(person)).toHaveLength(1);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "ended" });
});

test("a worker that stood still closes nothing that another one has taken over", async () => {
  const person = await subscriber();
  story.at("2027-02-28");
  await losesTheRequest(person);
  story.minutesLater(2);
  let asked = 0;
  const { gateway } = story.deps;
  const slow: Deps = {
    ...story.deps,
    gateway: {
      ...gateway,
      async findByOrderId(...order) {
        const answer = await gateway.findByOrderId(...order);
        if (asked++ > 0) return answer;
        // Its lease is over: the next worker repeats the attempt, and only then the customer leaves.
        story.minutesLater(3);
        await settleCharges(story.deps, 100);
        await leaves(person);
        return answer;
      },
    },
  };
  await settleCharges(slow, 100);
  expect(asked).toBe(1);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "approved" });
  expect(await story.paidAtToss(person)).toHaveLength(2);
});
