/**
 * A contract whose row was changed behind the back of the rules: the sweep neither charges nor ends it. It waits as one
 * finding until an operator has looked, and goes on from there once.
 */
import { and, eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findLatestChargeOfSubscription } from "@/db/charge";
import { db, transaction } from "@/db/client";
import { findViolations } from "@/db/laws";
import { auditLog } from "@/db/schema/audit";
import { consents } from "@/db/schema/consent";
import { renewalFindings } from "@/db/schema/renewal";
import { subscriptions } from "@/db/schema/subscription";
import { replaceCard } from "@/lib/operations/card/replace";
import { payOverdue } from "@/lib/operations/charge/pay-overdue";
import { giveConsent } from "@/lib/operations/consent/give";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { operator } from "@/lib/operations/work";
import { day, won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { overwritePrice } from "@/lib/testing/tamper";
import { claimRenewals } from "./claim";
import { resolveRenewalFinding } from "./resolve-finding";
import { reviewExpectations } from "./review-expectations";

let story: Story;
let logged: Readonly<Record<string, unknown>>[];
beforeEach(async () => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line) => logged.push(JSON.parse(String(line))));
  story = await startStory();
  return story.close;
});
afterEach(() => vi.restoreAllMocks());

type Row = Partial<typeof subscriptions.$inferInsert>;
type Holder = Person & { readonly subscriptionId: string };

/** 9,900 won a month from 31 January: the next charge is due on 28 February at ten. */
async function subscriber(priceId = "basic-month-v1"): Promise<Holder> {
  story.at("2027-01-31");
  const person = await story.person();
  await story.subscribe(person, priceId);
  return { ...person, subscriptionId: (await story.subscriptionOf(person)).id };
}

/** What nobody but a fault of ours, or a hand in the database, would do. */
async function tamper({ subscriptionId }: Holder, row: Row): Promise<void> {
  await db().update(subscriptions).set(row).where(eq(subscriptions.id, subscriptionId));
}

async function rowOf({ subscriptionId }: Holder) {
  const rows = await db().select().from(subscriptions).where(eq(subscriptions.id, subscriptionId));
  const { nextActionAt, expects, expectedWon } = rows[0] ?? {};
  return { nextActionAt, expects, expectedWon };
}

function findingsOf({ subscriptionId }: Holder) {
  return db()
    .select()
    .from(renewalFindings)
    .where(eq(renewalFindings.subscriptionId, subscriptionId));
}

async function trailOf({ subscriptionId }: Holder, action: string) {
  const ofSubscription = eq(auditLog.subjectId, subscriptionId);
  return db()
    .select()
    .from(auditLog)
    .where(and(ofSubscription, eq(auditLog.action, action)));
}

const reportsOf = ({ subscriptionId }: Holder) =>
  logged.filter(
    (line) => line.event === "renewal.not-as-expected" && line.subscriptionId === subscriptionId,
  );

async function resolve(holder: Holder, note = "가격표를 확인했어요") {
  const open = (await findingsOf(holder)).filter(({ resolvedAt }) => resolvedAt === null);
  expect(open).toHaveLength(1);
  const findingId = open[0]?.id ?? "";
  return resolveRenewalFinding(story.deps, { findingId, note, actor: operator("usr_operator") });
}

/** The customer pays what is overdue, Toss does it and says nothing of it until it is let to. */
async function payUnanswered(holder: Holder): Promise<() => Promise<unknown>> {
  const { customerKey } = holder;
  await story.toss.control.addFault({
    ...{ kind: "hang-up-after-execute", match: { operation: "charge", customerKey } },
  });
  const silence = await story.toss.control.addFault({
    ...{ kind: "hang-up-before", match: { operation: "query", customerKey }, times: 50 },
  });
  const seen = await findLatestChargeOfSubscription(holder.subscriptionId);
  const order = { ...holder, afterChargeId: seen?.id ?? "" };
  expect(await payOverdue(story.deps, order)).toMatchObject({ value: { kind: "checking" } });
  return () => story.toss.control.clearFaults(silence.id);
}

/** It holds as it was: nothing was charged, nothing ended, and nothing is booked. */
async function expectWaiting(holder: Holder, payments = 1): Promise<void> {
  expect(await story.paidAtToss(holder)).toHaveLength(payments);
  expect(await story.chargesOf(holder)).toHaveLength(payments);
  expect(await story.subscriptionOf(holder)).toMatchObject({ status: "active", n: payments });
  expect(await rowOf(holder)).toMatchObject({ nextActionAt: null });
  const law = "every-live-subscription-has-something-booked";
  const at = { now: story.now(), since: new Date(0) };
  expect((await transaction((tx) => findViolations(tx, law, at))).count).toBe(0);
}

const ends = { expects: "end", expectedWon: won(0), paysTo: null } as const;
const nothing = { expects: null, expectedWon: won(0), paysTo: null } as const;

test.for<[string, Row]>([
  ["more was expected", { expects: "charge", expectedWon: won(99_000) }],
  ["less was expected", { expects: "charge", expectedWon: won(990) }],
  ["an end was expected", ends],
  ["nothing was expected", nothing],
])("where %s the sweep waits, however often it sweeps, and says so once", async ([, row]) => {
  const [holder, other] = [await subscriber(), await subscriber()];
  await tamper(holder, row);
  for (const [on, hour] of [
    ["2027-02-28", 10],
    ["2027-02-28", 18],
    ["2027-03-01", 10],
    ["2027-03-31", 10],
  ] as const) {
    story.at(on, hour);
    await story.work();
  }
  await expectWaiting(holder);
  const { expects, expectedWon } = row;
  const { subscriptionId } = holder;
  const told = { subscriptionId, expects, expectedWon, decides: "charge", decidedWon: 9_900 };
  expect(await findingsOf(holder)).toMatchObject([
    { ...told, foundAt: new Date("2027-02-28T10:00:00+09:00"), resolvedAt: null, note: null },
  ]);
  expect(reportsOf(holder)).toMatchObject([{ level: "error", ...told }]);
  const trail = await trailOf(holder, "renewal.not-as-expected");
  expect(trail).toMatchObject([{ actor: "system", details: told }]);
  // Whoever was swept together with it is charged as ever.
  expect(await story.paidAtToss(other)).toHaveLength(3);
  expect(await findingsOf(other)).toEqual([]);
});

test("a price that was changed in the contract's items is not charged, be it higher or lower", async () => {
  const [dearer, cheaper] = [await subscriber(), await subscriber()];
  for (const [{ subscriptionId }, unitWon] of [
    [dearer, won(19_900)],
    [cheaper, won(4_900)],
  ] as const)
    await overwritePrice(subscriptionId, unitWon);
  story.at("2027-02-28");
  await story.work();
  for (const holder of [dearer, cheaper]) await expectWaiting(holder);
  // The customer agreed to no rise, so the rules would end the contract.
  expect(await findingsOf(dearer)).toMatchObject([{ decides: "end", decidedWon: 0 }]);
  expect(await findingsOf(cheaper)).toMatchObject([{ decides: "charge", decidedWon: 4_900 }]);
});

test("found by three sweeps at once, or booked again by hand, it is one finding", async () => {
  const holder = await subscriber();
  await tamper(holder, { expectedWon: won(990) });
  story.at("2027-02-28");
  await Promise.all([1, 2, 3].map(() => claimRenewals(story.deps, 100)));
  await tamper(holder, { nextActionAt: story.now() });
  await story.work();
  await expectWaiting(holder);
  expect(await findingsOf(holder)).toHaveLength(1);
  expect(await trailOf(holder, "renewal.not-as-expected")).toHaveLength(1);
  expect(reportsOf(holder)).toHaveLength(1);
});

describe("what the customer does meanwhile", () => {
  /** The row says 990 won, and the sweep of 28 February has found it. */
  async function found(): Promise<Holder> {
    const holder = await subscriber();
    await tamper(holder, { expectedWon: won(990) });
    story.at("2027-02-28");
    await story.work();
    await expectWaiting(holder);
    return holder;
  }

  test("another card is kept, and releases nothing", async () => {
    const holder = await found();
    story.at("2027-02-28", 11);
    const { registrationId } = await story.returnWithCard(holder, null);
    await replaceCard(story.deps, registrationId);
    for (const on of ["2027-02-28", "2027-03-01"]) {
      story.at(on, 12);
      await story.work();
    }
    await expectWaiting(holder);
    expect(await findingsOf(holder)).toMatchObject([{ resolvedAt: null }]);

    // With the operator's word the new card pays, once.
    expect(await resolve(holder)).toMatchObject({ ok: true });
    await story.work();
    expect(await story.paidAtToss(holder)).toHaveLength(2);
    const { paymentMethodId } = await story.subscriptionOf(holder);
    expect((await story.chargesOf(holder)).map((charge) => charge.paymentMethodId)).toEqual([
      expect.not.stringMatching(paymentMethodId ?? ""),
      paymentMethodId,
    ]);
  });

  test("a cancel on that day ends it, and nothing is charged or owed", async () => {
    const holder = await found();
    story.at("2027-02-28", 12);
    await cancelSubscription(story.deps, holder);
    await story.work();
    expect(await story.subscriptionOf(holder)).toMatchObject({
      ...{ status: "ended", endReason: "canceled", endedOn: "2027-02-28" },
    });
    expect(await story.paidAtToss(holder)).toHaveLength(1);
    // Looked at later, it stays over.
    expect(await resolve(holder)).toMatchObject({ ok: true });
    story.at("2027-03-31");
    await story.work();
    expect(await story.subscriptionOf(holder)).toMatchObject({ status: "ended", n: 1 });
    expect(await story.chargesOf(holder)).toHaveLength(1);
  });

  test("a cancel before that day ends it on the day; taken back, it waits again", async () => {
    const [leaves, stays] = [await subscriber(), await subscriber()];
    for (const holder of [leaves, stays]) await tamper(holder, { expectedWon: won(990) });
    story.at("2027-02-26", 23);
    expect(await reviewExpectations(story.deps)).toMatchObject({ differ: 2 });
    story.at("2027-02-27");
    for (const holder of [leaves, stays]) await cancelSubscription(story.deps, holder);
    await undoCancel(story.deps, stays);
    await story.work();
    expect(await story.subscriptionOf(leaves)).toMatchObject({ status: "active" });
    story.at("2027-02-28");
    await story.work();
    expect(await story.subscriptionOf(leaves)).toMatchObject({
      ...{ status: "ended", endReason: "canceled", endedOn: "2027-02-28" },
    });
    await expectWaiting(stays);
  });

  test("what is overdue they may pay themselves, and what comes next waits", async () => {
    const holder = await subscriber();
    const match = { operation: "charge", customerKey: holder.customerKey } as const;
    await story.toss.control.addFault({ kind: "decline", code: "REJECT_CARD_PAYMENT", match });
    story.at("2027-02-28");
    await story.work();
    await tamper(holder, { expectedWon: won(990) });
    story.at("2027-03-01");
    await story.work();
    expect(await story.subscriptionOf(holder)).toMatchObject({ status: "past-due", n: 1 });
    expect(await findingsOf(holder)).toMatchObject([{ decides: "charge", decidedWon: 9_900 }]);
    const seen = await findLatestChargeOfSubscription(holder.subscriptionId);
    const order = { ...holder, afterChargeId: seen?.id ?? "" };
    expect(await payOverdue(story.deps, order)).toMatchObject({ value: { kind: "paid" } });
    expect(await story.subscriptionOf(holder)).toMatchObject({ status: "active", n: 2 });
    story.at("2027-03-31");
    await story.work();
    expect(await story.paidAtToss(holder)).toHaveLength(2);
    expect(await resolve(holder)).toMatchObject({ ok: true });
    await story.work();
    expect((await story.paidAtToss(holder)).map(({ totalAmount }) => totalAmount)).toEqual([
      9_900, 9_900, 9_900,
    ]);
  });

  test("and an operator looks while that payment is at Toss: it is paid once", async () => {
    const holder = await subscriber();
    const match = { operation: "charge", customerKey: holder.customerKey } as const;
    await story.toss.control.addFault({ kind: "decline", code: "REJECT_CARD_PAYMENT", match });
    story.at("2027-02-28");
    await story.work();
    await tamper(holder, { expectedWon: won(990) });
    story.at("2027-03-01");
    await story.work();
    const answers = await payUnanswered(holder);
    expect(await resolve(holder)).toMatchObject({ ok: true });
    await story.work();
    await answers();
    story.minutesLater(10);
    await story.work();
    expect(await story.paidAtToss(holder)).toHaveLength(2);
    expect(await story.subscriptionOf(holder)).toMatchObject({ status: "active", n: 2 });
  });
});

test("what they leave while their payment is at Toss ends with its outcome, though an operator looks meanwhile", async () => {
  const holder = await subscriber();
  const match = { operation: "charge", customerKey: holder.customerKey } as const;
  await story.toss.control.addFault({
    ...{ kind: "decline", code: "REJECT_CARD_PAYMENT", match, times: 2 },
  });
  for (const on of ["2027-02-28", "2027-03-01"]) {
    story.at(on);
    await story.work();
  }
  expect(await story.subscriptionOf(holder)).toMatchObject({ nextTryOn: "2027-03-03" });
  await tamper(holder, { expectedWon: won(990) });
  story.at("2027-03-01", 23);
  await reviewExpectations(story.deps);
  story.at("2027-03-02");
  const answers = await payUnanswered(holder);
  await cancelSubscription(story.deps, holder);
  expect(await resolve(holder)).toMatchObject({ ok: true });
  expect(await rowOf(holder)).toMatchObject({ nextActionAt: null });
  await story.work();
  await answers();
  story.minutesLater(10);
  await story.work();
  // The payment had been made: its days are used to their end.
  expect(await story.subscriptionOf(holder)).toMatchObject({
    ...{ status: "active", n: 2, cancelsOn: "2027-03-31" },
  });
  expect(await story.paidAtToss(holder)).toHaveLength(2);
  expect(await findingsOf(holder)).toHaveLength(1);
  story.at("2027-03-31");
  await story.work();
  expect(await story.subscriptionOf(holder)).toMatchObject({ status: "ended", n: 2 });
});

describe("free days", () => {
  /** 14 free days from 31 January: the first charge comes on 14 February. */
  const trial = () => subscriber("premium-month-v1");
  const proof = { textVersion: "test", ip: null, userAgent: null };

  test("for which a charge is expected that nobody agreed to wait, with whatever is done in them", async () => {
    const holder = await trial();
    await tamper(holder, {
      expects: "charge",
      expectedWon: won(29_000),
      paysTo: day("2027-03-14"),
    });
    story.at("2027-02-12", 23);
    expect(await reviewExpectations(story.deps)).toMatchObject({ differ: 1 });
    expect(await findingsOf(holder)).toMatchObject([{ decides: "end", decidedWon: 0 }]);
    // Neither a wish that was taken back nor another card lets the machine go on.
    story.at("2027-02-13");
    await cancelSubscription(story.deps, holder);
    await undoCancel(story.deps, holder);
    const { registrationId } = await story.returnWithCard(holder, null);
    await replaceCard(story.deps, registrationId);
    story.at("2027-02-14");
    await story.work();
    expect(await story.subscriptionOf(holder)).toMatchObject({ status: "trialing", n: 0 });
    expect(await story.chargesOf(holder)).toEqual([]);

    expect(await resolve(holder)).toMatchObject({ ok: true });
    await story.work();
    expect(await story.subscriptionOf(holder)).toMatchObject({
      ...{ status: "ended", endReason: "no-consent" },
    });
    expect(await story.chargesOf(holder)).toEqual([]);
  });

  test("whose consent was taken away or put there by hand wait", async () => {
    const [without, planted] = [await trial(), await trial()];
    story.at("2027-02-05");
    await giveConsent(story.deps, { ...without, ...proof });
    const [given] = await db().select().from(consents);
    if (!given) throw new Error("No consent on record");
    const copy = { ...given, id: "cns_planted", subscriptionId: planted.subscriptionId };
    await db().update(consents).set({ voidedAt: story.now() });
    await db().insert(consents).values(copy);
    story.at("2027-02-14");
    await story.work();
    for (const holder of [without, planted]) {
      expect(await story.chargesOf(holder)).toEqual([]);
      expect(await story.subscriptionOf(holder)).toMatchObject({ status: "trialing" });
    }
    expect(await findingsOf(without)).toMatchObject([{ expects: "charge", decides: "end" }]);
    expect(await findingsOf(planted)).toMatchObject([
      { expects: "end", decides: "charge", decidedWon: 29_000 },
    ]);
  });
});

describe("an operator looks", () => {
  test("with a note, and the next sweep charges the right amount, once", async () => {
    const holder = await subscriber();
    await tamper(holder, { expectedWon: won(990) });
    story.at("2027-02-28");
    await story.work();
    story.at("2027-03-03", 15);
    expect(await resolve(holder, `  ${"확인 ".repeat(100)}`)).toEqual({ ok: true, value: null });
    expect(await rowOf(holder)).toEqual({
      ...{ nextActionAt: story.now(), expects: "charge", expectedWon: 9_900 },
    });
    // Nothing is charged by looking.
    expect(await story.chargesOf(holder)).toHaveLength(1);
    await Promise.all([1, 2, 3].map(() => claimRenewals(story.deps, 100)));
    await story.work();
    story.minutesLater(10);
    await story.work();
    story.at("2027-03-04");
    await story.work();
    const paid = await story.paidAtToss(holder);
    expect(paid.map(({ totalAmount }) => totalAmount)).toEqual([9_900, 9_900]);
    expect(await story.subscriptionOf(holder)).toMatchObject({ n: 2, paidTo: "2027-03-31" });
    // The next one keeps its day.
    story.at("2027-03-31");
    await story.work();
    expect(await story.paidAtToss(holder)).toHaveLength(3);

    const [finding] = await findingsOf(holder);
    expect(finding).toMatchObject({
      resolvedAt: new Date("2027-03-03T15:00:00+09:00"),
      resolvedBy: "usr_operator",
    });
    expect(finding?.note).toMatch(/^확인 .*확인/);
    expect(finding?.note?.length).toBeLessThanOrEqual(200);
    expect(await trailOf(holder, "renewal.finding-resolved")).toMatchObject([
      { actor: "usr_operator", details: { findingId: finding?.id, note: finding?.note } },
    ]);
    expect(await findingsOf(holder)).toHaveLength(1);
  });

  test("before the day, and the charge comes on the day", async () => {
    const holder = await subscriber();
    await tamper(holder, { expectedWon: won(990) });
    story.at("2027-02-26", 23);
    await reviewExpectations(story.deps);
    story.at("2027-02-27");
    expect(await resolve(holder)).toMatchObject({ ok: true });
    await story.work();
    expect(await story.paidAtToss(holder)).toHaveLength(1);
    expect(await rowOf(holder)).toMatchObject({
      nextActionAt: new Date("2027-02-28T10:00:00+09:00"),
    });
    story.at("2027-02-28");
    await story.work();
    expect(await story.paidAtToss(holder)).toHaveLength(2);
  });

  test("not without a note, not twice, and not at what is not there", async () => {
    const holder = await subscriber();
    await tamper(holder, { expectedWon: won(990) });
    story.at("2027-02-28");
    await story.work();
    for (const note of ["", "   \n"]) {
      expect(await resolve(holder, note)).toEqual({
        ok: false,
        refusal: { code: "note-missing" },
      });
    }
    await story.work();
    await expectWaiting(holder);
    expect(await trailOf(holder, "renewal.finding-resolved")).toEqual([]);

    const [finding] = await findingsOf(holder);
    const order = { findingId: finding?.id ?? "", note: "확인", actor: operator("usr_second") };
    const answers = await Promise.all([
      resolveRenewalFinding(story.deps, order),
      resolveRenewalFinding(story.deps, { ...order, actor: operator("usr_third") }),
    ]);
    const unknown = { ok: false, refusal: { code: "unknown-finding" } };
    expect(answers).toContainEqual({ ok: true, value: null });
    expect(answers).toContainEqual(unknown);
    expect(await resolveRenewalFinding(story.deps, order)).toEqual(unknown);
    expect(await resolveRenewalFinding(story.deps, { ...order, findingId: "fnd_unknown" })).toEqual(
      unknown,
    );
    expect(await trailOf(holder, "renewal.finding-resolved")).toHaveLength(1);
    await story.work();
    expect(await story.paidAtToss(holder)).toHaveLength(2);
  });

  test("and what is changed again after that is found again", async () => {
    const holder = await subscriber();
    await tamper(holder, { expectedWon: won(990) });
    story.at("2027-02-28");
    await story.work();
    expect(await resolve(holder)).toMatchObject({ ok: true });
    await tamper(holder, { expectedWon: won(991) });
    await story.work();
    await expectWaiting(holder);
    const open = (await findingsOf(holder)).filter(({ resolvedAt }) => resolvedAt === null);
    expect(open).toMatchObject([{ expectedWon: 991, decidedWon: 9_900 }]);
    expect(reportsOf(holder)).toHaveLength(2);
  });
});
