/** Money back: once for each request, never more than was paid, and never forgotten when an answer is lost. */

import { beforeEach, expect, test } from "vitest";
import { operator } from "@/lib/operations/work";
import { won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import { giveUpRefund } from "./give-up";
import { type RefundOrder, refundCharge } from "./send";
import { settleRefund } from "./settle";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

let asked = 0;

/** 9,900 won, paid by `person` today. */
async function payer() {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const [charge] = await story.chargesOf(person);
  if (!charge) throw new Error("Nothing was paid");
  return { person, charge };
}

function order(chargeId: string, amountWon: number, terms: Partial<RefundOrder> = {}): RefundOrder {
  asked += 1;
  return {
    chargeId,
    amountWon: won(amountWon),
    reason: "청약철회",
    requestId: `request-${asked}`,
    actor: operator("usr_operator"),
    ...terms,
  };
}

async function paymentOf(person: Person) {
  const { payments } = await story.toss.control.state({ customerKey: person.customerKey });
  const [payment] = payments;
  if (!payment) throw new Error("Toss has no payment");
  return payment;
}

async function faultOnCancel(
  person: Person,
  fault: Partial<NewFaultRule> & Pick<NewFaultRule, "kind">,
) {
  const { paymentKey } = await paymentOf(person);
  const match = { operation: "cancel" as const, path: `/v1/payments/${paymentKey}` };
  return story.toss.control.addFault({ ...fault, match } as NewFaultRule);
}

class Died extends Error {}
const dying = (when: "before" | "after") => ({
  ...story.deps,
  gateway: {
    ...story.deps.gateway,
    async cancelPayment(...args: Parameters<typeof story.deps.gateway.cancelPayment>) {
      if (when === "after") await story.deps.gateway.cancelPayment(...args);
      throw new Died();
    },
  },
});

test("everything, on the day it was paid: money, ledger and VAT go back, and the customer is told 오늘", async () => {
  const { person, charge } = await payer();
  story.minutesLater(1);
  const result = await refundCharge(story.deps, order(charge.id, 9_900));
  expect(result).toMatchObject({
    ok: true,
    value: { status: "done", suppliedWon: 9_000, vatWon: 900, transactionKey: expect.any(String) },
  });
  expect(await paymentOf(person)).toMatchObject({ status: "CANCELED", balanceAmount: 0 });
  expect(await story.ledgerSums(person)).toEqual({
    total: 0,
    receivable: 0,
    unearned: 0,
    "pg-clearing": 0,
    revenue: -9_000,
    refunds: 9_000,
    "vat-payable": 0,
  });
  const told = (await story.messagesTo(person)).at(-1);
  expect(told).toMatchObject({ kind: "refund-done", subject: "9,900원을 환불했어요" });
  expect(told?.body).toContain("오늘");
});

test("in pieces, each with the VAT that Toss took out; the last leaves nothing to ask for", async () => {
  story.at("2027-01-11");
  const { person, charge } = await payer();
  story.at("2027-01-13");
  for (const piece of [3_333, 3_333, 3_234]) {
    story.minutesLater(1);
    expect(await refundCharge(story.deps, order(charge.id, piece))).toMatchObject({ ok: true });
  }
  const refunds = await story.refundsOf(person);
  expect(refunds.map(({ status, vatWon }) => [status, vatWon])).toEqual([
    ["done", 303],
    ["done", 303],
    ["done", 294],
  ]);
  expect(await paymentOf(person)).toMatchObject({ status: "PARTIAL_CANCELED", balanceAmount: 0 });
  expect(await story.ledgerSums(person)).toMatchObject({ "pg-clearing": 0, "vat-payable": 0 });
  expect(await refundCharge(story.deps, order(charge.id, 1))).toEqual({
    ok: false,
    refusal: { code: "exceeds-refundable", refundableWon: 0 },
  });
  const bodies = (await story.messagesTo(person)).map((message) => message.body);
  expect(bodies.filter((body) => body.includes("3~5영업일"))).toHaveLength(3);
});

test("the same request ten times at once refunds once; its id for something else is refused", async () => {
  const { person, charge } = await payer();
  const same = order(charge.id, 4_000);
  const results = await Promise.all(
    Array.from({ length: 10 }, () => refundCharge(story.deps, same)),
  );
  expect(new Set(results.map((result) => result.ok && result.value.id)).size).toBe(1);
  expect(await refundCharge(story.deps, same)).toMatchObject({ value: { status: "done" } });
  expect((await paymentOf(person)).balanceAmount).toBe(5_900);
  expect(await refundCharge(story.deps, { ...same, amountWon: won(5_000) })).toMatchObject({
    refusal: { code: "request-differs" },
  });
});

test("twenty refunds at once never give back more than was paid", async () => {
  const { person, charge } = await payer();
  const results = await Promise.all(
    Array.from({ length: 20 }, () => refundCharge(story.deps, order(charge.id, 1_000))),
  );
  expect(results.filter((result) => result.ok)).toHaveLength(9);
  for (let round = 0; round < 12; round++) {
    story.minutesLater(2);
    await story.work();
  }
  const refunds = await story.refundsOf(person);
  expect(refunds.map((refund) => refund.status)).toEqual(Array.from({ length: 9 }, () => "done"));
  expect((await paymentOf(person)).balanceAmount).toBe(900);
  expect((await story.chargesOf(person))[0]).toMatchObject({ refundedWon: 9_000 });
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 900 });
});

test("refused: what was never paid, what nobody knows, and what has no reason", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1", "stopped-card");
  const [declined] = await story.chargesOf(person);
  expect(await refundCharge(story.deps, order(declined?.id ?? "", 100))).toMatchObject({
    refusal: { code: "not-approved" },
  });
  expect(await refundCharge(story.deps, order("chg_unknown", 100))).toMatchObject({
    refusal: { code: "unknown-charge" },
  });
  for (const reason of [" ", "가".repeat(201)]) {
    expect(await refundCharge(story.deps, order("chg", 100, { reason }))).toMatchObject({
      refusal: { code: "bad-reason" },
    });
  }
});

test.each(["before", "after"] as const)(
  "died %s the call: the next worker asks Toss, and the money goes back once",
  async (when) => {
    const { person, charge } = await payer();
    await expect(refundCharge(dying(when), order(charge.id, 3_300))).rejects.toThrow(Died);
    expect(await refundCharge(story.deps, order(charge.id, 9_900))).toMatchObject({
      refusal: { code: "exceeds-refundable", refundableWon: 6_600 },
    });
    for (const minutes of [1, 2, 3, 5]) {
      story.minutesLater(minutes);
      await story.work();
    }
    expect((await story.refundsOf(person))[0]).toMatchObject({
      status: "done",
      vatWon: 300,
      repeats: when === "before" ? 1 : 0,
    });
    expect((await paymentOf(person)).balanceAmount).toBe(6_600);
    expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 6_600 });
  },
);

test("died after the row was written: it is sent later, with the key it was written with", async () => {
  const { person, charge } = await payer();
  const asleep = { ...story.deps, clock: { now: () => story.now() } };
  const died = refundCharge(
    {
      ...asleep,
      gateway: {
        ...story.deps.gateway,
        cancelPayment: () => {
          throw new Died();
        },
      },
    },
    order(charge.id, 9_900),
  );
  await expect(died).rejects.toThrow(Died);
  const [written] = await story.refundsOf(person);
  story.minutesLater(6);
  await story.work();
  expect((await story.refundsOf(person))[0]).toMatchObject({
    status: "done",
    idempotencyKey: written?.idempotencyKey,
  });
});

const LOST = [
  { kind: "hang-up-after-execute" },
  { kind: "500-executed" },
  { kind: "truncated-json" },
  { kind: "hang-up-before" },
  { kind: "500-not-executed", store: false },
  { kind: "500-not-executed", store: true },
  { kind: "429" },
  { kind: "html-page" },
  { kind: "decline", code: "PROVIDER_ERROR" },
] as const;
test.each(LOST)("answered with $kind: unknown, then given back exactly once", async (fault) => {
  const { person, charge } = await payer();
  story.minutesLater(1);
  await faultOnCancel(person, fault);
  expect(await refundCharge(story.deps, order(charge.id, 3_300))).toMatchObject({
    value: { status: "unknown" },
  });
  for (const minutes of [1, 2, 3, 5, 9, 17]) {
    story.minutesLater(minutes);
    await story.work();
  }
  expect((await story.refundsOf(person))[0]).toMatchObject({ status: "done", settleAt: null });
  expect((await paymentOf(person)).balanceAmount).toBe(6_600);
  expect((await story.messagesTo(person)).map((message) => message.kind)).toEqual([
    "paid",
    "refund-requested",
    "refund-done",
  ]);
});

test("Toss refuses: what was set aside is free again, and nothing is booked", async () => {
  const { person, charge } = await payer();
  await faultOnCancel(person, { kind: "decline", code: "EXCEED_MAX_REFUND_DUE" });
  expect(await refundCharge(story.deps, order(charge.id, 9_900))).toMatchObject({
    value: { status: "refused", refusedCode: "EXCEED_MAX_REFUND_DUE" },
  });
  expect((await story.chargesOf(person))[0]).toMatchObject({ refundedWon: 0 });
  expect(await story.ledgerSums(person)).toMatchObject({ "pg-clearing": 9_900 });
  expect(await refundCharge(story.deps, order(charge.id, 9_900))).toMatchObject({
    value: { status: "done" },
  });
});

test("somebody refunded part of it at Toss: the lock stops ours, theirs is adopted, ours goes out anew", async () => {
  const { person, charge } = await payer();
  const { paymentKey } = await paymentOf(person);
  const byHand = { paymentKey, amountWon: won(2_000), balanceWon: won(9_900), reason: "콘솔" };
  await story.deps.gateway.cancelPayment(byHand, "by-hand-1");
  expect(await refundCharge(story.deps, order(charge.id, 3_300))).toMatchObject({
    value: { status: "unknown", unknownReason: "NOT_MATCHES_REFUNDABLE_AMOUNT" },
  });
  for (const minutes of [3, 5, 9]) {
    story.minutesLater(minutes);
    await story.work();
  }
  const refunds = await story.refundsOf(person);
  expect(
    refunds.map(({ requestedBy, amountWon, status }) => [requestedBy, amountWon, status]),
  ).toEqual([
    ["usr_operator", 3_300, "done"],
    ["toss", 2_000, "done"],
  ]);
  expect((await paymentOf(person)).balanceAmount).toBe(4_600);
  expect(await story.ledgerSums(person)).toMatchObject({
    "pg-clearing": 4_600,
    "vat-payable": -Math.round(4_600 / 11),
  });
});

test("somebody refunded all of it at Toss: ours is refused, and theirs stands here", async () => {
  const { person, charge } = await payer();
  const { paymentKey } = await paymentOf(person);
  const byHand = { paymentKey, amountWon: won(9_900), balanceWon: won(9_900), reason: "콘솔" };
  await story.deps.gateway.cancelPayment(byHand, "by-hand-2");
  await refundCharge(story.deps, order(charge.id, 3_300));
  for (const minutes of [3, 5]) {
    story.minutesLater(minutes);
    await story.work();
  }
  const refunds = await story.refundsOf(person);
  expect(refunds.map(({ amountWon, status }) => [amountWon, status])).toEqual([
    [3_300, "refused"],
    [9_900, "done"],
  ]);
  expect((await story.chargesOf(person))[0]).toMatchObject({ refundedWon: 9_900 });
  expect(await story.ledgerSums(person)).toMatchObject({ "pg-clearing": 0, "vat-payable": 0 });
  expect((await story.messagesTo(person)).map((message) => message.kind)).toContain(
    "refund-failed",
  );
});

test("what Toss cannot do in three repeats is shown to a person, and goes on until Toss can", async () => {
  const { person, charge } = await payer();
  const fault = await faultOnCancel(person, { kind: "500-not-executed", store: false, times: 50 });
  await refundCharge(story.deps, order(charge.id, 3_300));
  for (const minutes of [3, 5, 9, 20, 60]) {
    story.minutesLater(minutes);
    await story.work();
  }
  const [open] = await story.refundsOf(person);
  expect(open).toMatchObject({ status: "unknown", needsReview: true, settleAt: expect.any(Date) });
  await story.toss.control.clearFaults(fault.id);
  story.minutesLater(360);
  await story.work();
  expect((await story.refundsOf(person))[0]).toMatchObject({ status: "done", needsReview: false });
  expect((await paymentOf(person)).balanceAmount).toBe(6_600);
});

test("what Toss cannot do for two weeks waits for a person, who may give it up", async () => {
  const { person, charge } = await payer();
  await faultOnCancel(person, { kind: "500-not-executed", store: false, times: 500 });
  await refundCharge(story.deps, order(charge.id, 3_300));
  for (let days = 0; days <= 15; days++) {
    story.minutesLater(24 * 60);
    await story.work();
  }
  const [open] = await story.refundsOf(person);
  expect(open).toMatchObject({ status: "unknown", needsReview: true, settleAt: null });
  const given = { refundId: open?.id ?? "", actor: operator("usr_operator") };
  expect(await giveUpRefund(story.deps, given)).toMatchObject({
    value: { status: "refused", refusedCode: "GIVEN_UP" },
  });
  expect((await story.chargesOf(person))[0]).toMatchObject({ refundedWon: 0 });
  expect((await paymentOf(person)).balanceAmount).toBe(9_900);
  expect(await giveUpRefund(story.deps, { ...given, refundId: "rfd_unknown" })).toMatchObject({
    refusal: { code: "unknown-refund" },
  });
});

test("a refund that Toss made after all is recorded, not given up", async () => {
  const { person, charge } = await payer();
  await faultOnCancel(person, { kind: "hang-up-after-execute" });
  await refundCharge(story.deps, order(charge.id, 3_300));
  const [open] = await story.refundsOf(person);
  const given = { refundId: open?.id ?? "", actor: operator("usr_operator") };
  expect(await giveUpRefund(story.deps, given)).toMatchObject({ value: { status: "done" } });
});

test("settling leaves a refund alone while its worker may still be alive", async () => {
  const { person, charge } = await payer();
  const calls = story.calls.length;
  const refunding = refundCharge(story.deps, order(charge.id, 9_900));
  await story.work();
  await refunding;
  const [refund] = await story.refundsOf(person);
  await settleRefund(story.deps, refund?.id ?? "");
  expect(refund).toMatchObject({ status: "done" });
  const sent = story.calls.slice(calls).filter((call) => String(call.path).endsWith("/cancel"));
  expect(sent).toHaveLength(1);
});
