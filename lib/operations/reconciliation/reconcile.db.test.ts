/** Toss's books and ours, compared in the morning: what differs is settled, adopted, or named with its won. */

import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import {
  findFinding,
  listDaysNeverCompared,
  listFindingsOfDay,
  listOpenFindings,
  listReconciledDays,
} from "@/db/reconciliation";
import { charges } from "@/db/schema/charge";
import { collectCharges } from "@/lib/operations/charge/collect";
import { refundCharge } from "@/lib/operations/refund/send";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { operator } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { listAudit } from "@/lib/testing/audit";
import { day, won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { listDaysToReconcile, reconcileDay } from "./reconcile";
import { type Decision, resolveFinding } from "./resolve-finding";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

const agreed = { kind: "done", unexplainedWon: 0, openCount: 0 };

async function payer(on: string) {
  story.at(on);
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const [charge] = await story.chargesOf(person);
  if (!charge?.paymentKey) throw new Error("Nothing was paid");
  return { person, charge, paymentKey: charge.paymentKey };
}

/** Somebody presses "cancel" in Toss's own console. */
async function cancelByHand(paymentKey: string, amountWon: number, balanceWon = 9_900) {
  const cancel = { paymentKey, amountWon: won(amountWon), balanceWon: won(balanceWon) };
  const outcome = await story.deps.gateway.cancelPayment({ ...cancel, reason: "콘솔" }, paymentKey);
  if (outcome.kind !== "canceled") throw new Error(`Not cancelled: ${outcome.kind}`);
  return outcome;
}

/** A payment at the same merchant that nobody here made. */
async function strangersPayment() {
  const { customerKey } = await story.person();
  const [key] = await story.toss.control.issueBillingKeys({ customerKeys: [customerKey] });
  const outcome = await story.deps.gateway.chargeBillingKey(
    {
      billingKey: key?.billingKey ?? "",
      customerKey,
      orderId: `stranger_${customerKey}`,
      orderName: "다른 시스템",
      amountWon: won(5_000),
      customerEmail: "stranger@example.com",
      customerName: "김타인",
    },
    customerKey,
  );
  if (outcome.kind !== "approved") throw new Error(outcome.kind);
  return outcome.paymentKey;
}

function withToss(toss: Partial<Deps["gateway"]>): Deps {
  return { ...story.deps, gateway: { ...story.deps.gateway, ...toss } };
}

const blind = {
  findPayment: async () => ({ kind: "unknown", reason: "timeout" }) as const,
  findByOrderId: async () => ({ kind: "unknown", reason: "timeout", keySpent: false }) as const,
};

async function onlyFinding(on: string) {
  const [finding, ...others] = await listFindingsOfDay(day(on));
  if (!finding || others.length > 0) throw new Error(`${others.length + 1} findings on ${on}`);
  return finding;
}

const actor = operator("usr_operator");
const decide = (findingId: string, how: Decision["how"], note = "확인했음") =>
  resolveFinding(story.deps, { findingId, how, note, actor });

test("books that agree, page by page: 0 won unexplained, and the day's sums stand beside it", async () => {
  const people = [await payer("2027-01-10"), await payer("2027-01-10"), await payer("2027-01-10")];
  const [first] = people;
  const order = { chargeId: first?.charge.id ?? "", amountWon: won(3_300), reason: "중도해지" };
  await refundCharge(story.deps, { ...order, requestId: "r1", actor });
  story.at("2027-01-11", 8);
  expect(await reconcileDay(story.deps, day("2027-01-10"), { pageSize: 2 })).toEqual(agreed);
  const [compared] = await listReconciledDays(10);
  expect(compared).toMatchObject({
    unexplainedWon: 0,
    run: { day: "2027-01-10", transactionCount: 4, paidWon: 29_700, canceledWon: 3_300 },
  });
  expect(await reconcileDay(story.deps, day("2027-01-09"))).toEqual(agreed);
});

test("a refund made in Toss's console is adopted within one run: row, ledger, message", async () => {
  const { person, paymentKey } = await payer("2027-02-10");
  story.at("2027-02-20");
  const { transactionKey } = await cancelByHand(paymentKey, 4_400);
  story.at("2027-02-21", 8);
  expect(await reconcileDay(story.deps, day("2027-02-20"))).toEqual(agreed);
  expect(await reconcileDay(story.deps, day("2027-02-20"))).toEqual(agreed);
  const refunds = await story.refundsOf(person);
  expect(refunds).toHaveLength(1);
  expect(refunds[0]).toMatchObject({
    status: "done",
    requestedBy: "toss",
    transactionKey,
    amountWon: 4_400,
    vatWon: 400,
    reason: "콘솔",
  });
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 5_500 });
  expect((await story.messagesTo(person)).at(-1)).toMatchObject({ kind: "refund-done" });
});

test("several at once are adopted with the VAT that Toss took out of them", async () => {
  const { person, paymentKey } = await payer("2027-02-25");
  for (const [amount, balance] of [
    [3_333, 9_900],
    [3_333, 6_567],
    [1_000, 3_234],
  ] as const) {
    const cancel = { paymentKey, amountWon: won(amount), balanceWon: won(balance), reason: "콘솔" };
    await story.deps.gateway.cancelPayment(cancel, `${paymentKey}:${balance}`);
  }
  await reconcileDay(story.deps, day("2027-02-25"));
  const left = 2_234;
  expect(await story.ledgerSums(person)).toMatchObject({
    "pg-clearing": left,
    "vat-payable": -Math.round(left / 11),
  });
});

test("a charge whose answer was lost is booked, and is no finding", async () => {
  const { person } = await payer("2027-03-10");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-after-execute", match });
  story.at("2027-04-10");
  await collectCharges(story.deps, (await claimRenewals(story.deps, 100)).chargeIds);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "unknown" });
  story.at("2027-04-11", 8);
  expect(await reconcileDay(story.deps, day("2027-04-10"))).toEqual(agreed);
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "approved" });
  expect(await story.subscriptionOf(person)).toMatchObject({ n: 2 });
});

test("money nobody here knows of is named, until somebody explains it", async () => {
  story.at("2027-05-01");
  await strangersPayment();
  story.at("2027-05-02", 8);
  const found = { kind: "done", unexplainedWon: 5_000, openCount: 1 };
  expect(await reconcileDay(story.deps, day("2027-05-01"))).toEqual(found);
  expect(await reconcileDay(story.deps, day("2027-05-01"))).toEqual(found);
  const finding = await onlyFinding("2027-05-01");
  expect(finding).toMatchObject({ kind: "missing-here", resolvedAt: null });

  expect(await decide(finding.id, "explain", " ")).toMatchObject({
    refusal: { code: "note-missing" },
  });
  expect(await decide(finding.id, "adopt")).toMatchObject({ refusal: { code: "not-adoptable" } });
  expect(await decide(finding.id, "explain", "매장 결제")).toMatchObject({
    value: { resolution: "explained", note: "매장 결제", resolvedBy: "usr_operator" },
  });
  expect(await decide(finding.id, "explain")).toMatchObject({
    refusal: { code: "already-resolved" },
  });
  expect(await decide("fnd_unknown", "explain")).toMatchObject({
    refusal: { code: "unknown-finding" },
  });
  expect(await reconcileDay(story.deps, day("2027-05-01"))).toEqual(agreed);
  const trail = await listAudit(new Date(0), 10_000);
  expect(trail.find((entry) => entry.subjectId === finding.id)).toMatchObject({
    actor: "usr_operator",
    action: "finding.explained",
  });
});

test("or is given back at Toss, once, also when the process dies after the call", async () => {
  story.at("2027-05-10");
  const paymentKey = await strangersPayment();
  story.at("2027-05-11", 8);
  await reconcileDay(story.deps, day("2027-05-10"));
  const finding = await onlyFinding("2027-05-10");
  const dying = withToss({
    async cancelPayment(...args) {
      await story.deps.gateway.cancelPayment(...args);
      throw new Error("killed");
    },
  });
  await expect(
    resolveFinding(dying, {
      findingId: finding.id,
      how: "cancel-at-provider",
      note: "모르는 결제",
      actor,
    }),
  ).rejects.toThrow("killed");
  expect(await decide(finding.id, "cancel-at-provider", "모르는 결제")).toMatchObject({
    value: { resolution: "canceled" },
  });
  const answer = await story.deps.gateway.findPayment(paymentKey);
  expect(answer).toMatchObject({ payment: { balanceWon: 0, cancels: [{ amountWon: 5_000 }] } });
  for (const on of ["2027-05-10", "2027-05-11"])
    expect(await reconcileDay(story.deps, day(on))).toEqual(agreed);
});

test("a call that Toss answers badly can be made again", async () => {
  story.at("2027-05-20");
  await strangersPayment();
  await reconcileDay(story.deps, day("2027-05-20"));
  const finding = await onlyFinding("2027-05-20");
  const match = { operation: "cancel" as const };
  await story.toss.control.addFault({ kind: "decline", code: "PROVIDER_ERROR", match });
  expect(await decide(finding.id, "cancel-at-provider")).toMatchObject({
    refusal: { code: "outcome-open" },
  });
  await story.toss.control.addFault({ kind: "decline", code: "EXCEED_CANCEL_LIMIT", match });
  expect(await decide(finding.id, "cancel-at-provider")).toMatchObject({
    refusal: { code: "refused-by-provider", providerCode: "EXCEED_CANCEL_LIMIT" },
  });
  expect(await decide(finding.id, "cancel-at-provider")).toMatchObject({
    value: { resolution: "canceled" },
  });
});

test("a charge over another amount is cancelled at Toss, and the right one is made the next day", async () => {
  const { person } = await payer("2027-06-10");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "wrong-amount", match });
  story.at("2027-07-10");
  await story.work();
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ needsReview: true });
  story.at("2027-07-11", 8);
  expect(await reconcileDay(story.deps, day("2027-07-10"))).toMatchObject({ openCount: 1 });
  const finding = await onlyFinding("2027-07-10");
  expect(finding).toMatchObject({ kind: "missing-here", chargeId: expect.any(String) });
  expect(await decide(finding.id, "adopt")).toMatchObject({ refusal: { code: "not-adoptable" } });
  expect(await decide(finding.id, "cancel-at-provider", "금액 오류")).toMatchObject({ ok: true });
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({
    status: "declined",
    declineCode: "CANCELED_AT_TOSS",
  });
  for (const on of ["2027-07-11", "2027-07-12"]) {
    story.at(on);
    await story.work();
  }
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
  expect(await story.ledgerSums(person)).toMatchObject({ "pg-clearing": 19_800 });
});

test("a list that lags raises no alarm, as long as Toss knows the payment itself", async () => {
  const { charge } = await payer("2027-08-10");
  const order = { chargeId: charge.id, amountWon: won(100), reason: "조정" };
  await refundCharge(story.deps, { ...order, requestId: "r2", actor });
  const lagging = withToss({
    listTransactions: async () => ({ kind: "page", transactions: [], next: null }),
  });
  expect(await reconcileDay(lagging, day("2027-08-10"))).toEqual(agreed);
});

test("what could not be looked into is a finding, looked at again on later mornings, and vanishes", async () => {
  await payer("2027-09-10");
  const lagging = withToss({
    ...blind,
    listTransactions: async () => ({ kind: "page", transactions: [], next: null }),
  });
  expect(await reconcileDay(lagging, day("2027-09-10"))).toMatchObject({ unexplainedWon: 9_900 });
  story.at("2027-09-30", 8);
  const days = await listDaysToReconcile(story.deps);
  expect(days.slice(0, 3)).toEqual(["2027-09-29", "2027-09-28", "2027-09-27"]);
  expect(days).toContain("2027-09-10");
  expect(await reconcileDay(story.deps, day("2027-09-10"))).toEqual(agreed);
  expect(await onlyFinding("2027-09-10")).toMatchObject({
    kind: "missing-there",
    resolution: "vanished",
    resolvedBy: "system",
  });
  expect(await reconcileDay(lagging, day("2027-09-10"))).toMatchObject({ openCount: 1 });
  expect(await onlyFinding("2027-09-10")).toMatchObject({ resolvedAt: null });
  await reconcileDay(story.deps, day("2027-09-10"));
});

test("a list that cannot be read to its end says nothing about the day, and closes no finding", async () => {
  story.at("2027-10-01");
  await strangersPayment();
  await strangersPayment();
  await reconcileDay(story.deps, day("2027-10-01"));
  const broken = withToss({
    listTransactions: async (on, page) =>
      page.startingAfter === null
        ? story.deps.gateway.listTransactions(on, page)
        : { kind: "unknown", reason: "HTTP_429" },
  });
  expect(await reconcileDay(broken, day("2027-10-01"), { pageSize: 1 })).toEqual({
    kind: "failed",
    reason: "HTTP_429",
  });
  const circling = withToss({
    listTransactions: async () => ({ kind: "page", transactions: [], next: "tx_1" }),
  });
  expect(await reconcileDay(circling, day("2027-10-01"))).toMatchObject({ kind: "failed" });
  expect((await listFindingsOfDay(day("2027-10-01"))).map((row) => row.resolvedAt)).toEqual([
    null,
    null,
  ]);
  const [newest] = await listReconciledDays(1);
  expect(newest).toMatchObject({
    run: { status: "failed", failure: "pages-go-in-circles" },
    unexplainedWon: 10_000,
  });
});

test("ours that Toss does not know, and theirs that we do not: both are named", async () => {
  const { charge, paymentKey } = await payer("2027-11-10");
  await db()
    .update(charges)
    .set({ orderId: "ord_forged", paymentKey: "pay_forged" })
    .where(eq(charges.id, charge.id));
  expect(await reconcileDay(story.deps, day("2027-11-10"))).toMatchObject({
    unexplainedWon: 19_800,
    openCount: 2,
  });
  const found = await listFindingsOfDay(day("2027-11-10"));
  expect(new Set(found.map((row) => row.subject))).toEqual(
    new Set([`missing-here:${paymentKey}`, `missing-there:${charge.id}`]),
  );
  const there = found.find((row) => row.kind === "missing-there");
  expect(await decide(there?.id ?? "", "cancel-at-provider")).toMatchObject({
    refusal: { code: "not-cancelable" },
  });
});

test("an operator adopts what could not be booked while Toss was silent", async () => {
  const { person } = await payer("2027-01-10");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-after-execute", match });
  story.at("2027-02-10");
  await collectCharges(story.deps, (await claimRenewals(story.deps, 100)).chargeIds);
  story.at("2027-02-11", 8);
  await reconcileDay(withToss(blind), day("2027-02-10"));
  const finding = (await listFindingsOfDay(day("2027-02-10"))).find(
    (row) => row.chargeId !== null && row.unexplainedWon === 9_900,
  );
  story.minutesLater(10);
  const adopted = await adoptFor(person, finding?.id ?? "");
  expect(adopted).toMatchObject({ value: { resolution: "adopted" } });
  expect(await findFinding(finding?.id ?? "")).toMatchObject({ resolution: "adopted" });
  expect((await listOpenFindings(100)).map((row) => row.id)).not.toContain(finding?.id);
});

test("days that a standstill left out are made up for, until each was compared once", async () => {
  const { person, paymentKey } = await payer("2027-03-12");
  story.at("2027-03-14");
  await cancelByHand(paymentKey, 9_900);
  story.at("2027-03-20", 8);
  const days = await listDaysToReconcile(story.deps);
  expect(days).toEqual(expect.arrayContaining(["2027-03-16", "2027-03-15", "2027-03-14"]));
  for (const missed of days) await reconcileDay(story.deps, missed);
  expect(await story.refundsOf(person)).toMatchObject([{ status: "done", amountWon: 9_900 }]);
  expect(await listDaysToReconcile(story.deps)).not.toContain("2027-03-14");
});

test("a day nobody tried is told from one that Toss could not list", async () => {
  await payer("2027-05-02");
  story.at("2027-05-05", 8);
  const silent = withToss({
    listTransactions: async () => ({ kind: "unknown", reason: "HTTP_500" }),
  });
  await reconcileDay(silent, day("2027-05-03"));
  const missed = await listDaysNeverCompared(day("2027-05-05"), 3);
  expect(missed).toEqual([
    { day: "2027-05-04", hasFailed: false },
    { day: "2027-05-03", hasFailed: true },
    { day: "2027-05-02", hasFailed: false },
  ]);
  await reconcileDay(story.deps, day("2027-05-03"));
  expect((await listDaysNeverCompared(day("2027-05-05"), 2)).map((one) => one.day)).toEqual([
    "2027-05-04",
    "2027-05-02",
  ]);
});

async function adoptFor(person: Person, findingId: string) {
  const result = await decide(findingId, "adopt");
  expect((await story.chargesOf(person)).at(-1)).toMatchObject({ status: "approved" });
  return result;
}
