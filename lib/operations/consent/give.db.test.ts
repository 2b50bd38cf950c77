/** Consent to the first charge after a free trial: which one counts, and that every rule that asks agrees. */
import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db, transaction } from "@/db/client";
import { listConsentsOf } from "@/db/consent";
import { findDueLoad } from "@/db/renewal-forecast";
import { consents } from "@/db/schema/consent";
import { subscriptions } from "@/db/schema/subscription";
import { saveSubscriptions } from "@/db/subscription";
import { addDays, seoulInstant } from "@/lib/billing/calendar";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { giveConsent } from "./give";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-20");
  return story.close;
});

const proof = { textVersion: "test", ip: null, userAgent: null };

/** 14 free days from 20 January: the first charge comes on 3 February. */
async function tries(): Promise<Person & { subscriptionId: string }> {
  story.at("2027-01-20");
  const person = await story.person();
  await story.subscribe(person, "premium-month-v1");
  return { ...person, subscriptionId: (await story.subscriptionOf(person)).id };
}

async function paidOnTheDay(person: Person): Promise<number> {
  story.at("2027-02-03");
  await story.work();
  return (await story.paidAtToss(person)).length;
}

test("a page left open sends it after the cancellation: refused, and an undo charges nobody", async () => {
  const person = await tries();
  story.at("2027-01-25");
  await cancelSubscription(story.deps, person);
  expect(await giveConsent(story.deps, { ...person, ...proof })).toEqual({
    ok: false,
    refusal: { code: "no-consent-needed" },
  });
  story.at("2027-01-28");
  await undoCancel(story.deps, person);
  expect(await paidOnTheDay(person)).toBe(0);
});

test("a cancellation makes an earlier consent void: taken back, it is asked for anew", async () => {
  const person = await tries();
  await giveConsent(story.deps, { ...person, ...proof });
  story.at("2027-01-25");
  await cancelSubscription(story.deps, person);
  story.at("2027-01-28");
  await undoCancel(story.deps, person);
  expect((await story.messagesTo(person)).at(-1)?.body).toContain("새로 동의해 주세요");
  expect(await paidOnTheDay(person)).toBe(0);
  expect(await story.subscriptionOf(person)).toMatchObject({ endReason: "no-consent" });
});

test("consent given again after the undo counts, and each consent is receipted once", async () => {
  const person = await tries();
  await giveConsent(story.deps, { ...person, ...proof });
  await giveConsent(story.deps, { ...person, ...proof });
  story.at("2027-01-25");
  await cancelSubscription(story.deps, person);
  await undoCancel(story.deps, person);
  await giveConsent(story.deps, { ...person, ...proof });
  expect(await paidOnTheDay(person)).toBe(1);
  const receipts = (await story.messagesTo(person)).filter(({ kind }) => kind === "consent-given");
  expect(receipts).toHaveLength(2);
  expect(receipts[1]?.body).toContain("0원에서 29,000원");
  expect(await listConsentsOf(person.subscriptionId)).toHaveLength(2);
});

test("the forecast counts the trials that will be charged, and no others", async () => {
  const dayAfter = seoulInstant(addDays((await story.subscriptionOf(await tries())).paidTo, 1), 0);
  const countDue = async () => (await transaction((tx) => findDueLoad(tx, dayAfter))).count;
  const alone = await countDue();
  const person = await tries();
  const trial = await story.subscriptionOf(person);
  await giveConsent(story.deps, { ...person, ...proof });
  const [given] = await listConsentsOf(person.subscriptionId);
  if (!given) throw new Error("No consent on record");
  const changes: readonly Partial<typeof given>[] = [
    {},
    { toWon: won(28_999) },
    { toWon: won(30_000) },
    { changesOn: addDays(trial.paidTo, 1) },
    { changesOn: addDays(trial.paidTo, -1) },
    { agreedAt: seoulInstant(trial.paidTo, 10) },
    { agreedAt: new Date(seoulInstant(trial.paidTo, 10).getTime() - 1) },
    { agreedAt: seoulInstant(addDays(trial.paidTo, -30), 0) },
    { agreedAt: new Date(seoulInstant(addDays(trial.paidTo, -30), 0).getTime() - 1) },
    { voidedAt: story.now() },
  ];
  const seen = new Set<boolean>();
  for (const change of changes) {
    const consent = { ...given, ...change };
    await db().update(consents).set(consent).where(eq(consents.id, given.id));
    // Whoever saves the contract saves with it what the consents on record say by then.
    await transaction((tx) => saveSubscriptions(tx, [{ subscription: trial }], story.now()));
    const counts = isConsentFor(trial, consent);
    expect([change, (await countDue()) - alone]).toEqual([change, counts ? 1 : 0]);
    seen.add(counts);
  }
  expect(seen.size).toBe(2);
});

test("consent to one contract covers no other, though both end their free days on one day", async () => {
  const [agrees, keepsSilent] = [await tries(), await tries()];
  await giveConsent(story.deps, { ...agrees, ...proof });
  story.at("2027-02-03");
  await story.work();
  expect(await story.paidAtToss(agrees)).toHaveLength(1);
  expect(await story.subscriptionOf(agrees)).toMatchObject({ status: "active", n: 1 });
  expect(await story.paidAtToss(keepsSilent)).toHaveLength(0);
  expect(await story.subscriptionOf(keepsSilent)).toMatchObject({ endReason: "no-consent" });
});

test("a consent is told to the sweep with itself, a cancellation takes it back, and so does its undo", async () => {
  const person = await tries();
  const expected = async () => {
    const [row] = await db()
      .select()
      .from(subscriptions)
      .where(eq(subscriptions.id, person.subscriptionId));
    return [row?.expects, row?.expectedWon, row?.paysTo];
  };
  expect(await expected()).toEqual(["end", 0, null]);
  await giveConsent(story.deps, { ...person, ...proof });
  expect(await expected()).toEqual(["charge", 29_000, "2027-03-03"]);
  await cancelSubscription(story.deps, person);
  expect(await expected()).toEqual(["end", 0, null]);
  await undoCancel(story.deps, person);
  expect(await expected()).toEqual(["end", 0, null]);
  await giveConsent(story.deps, { ...person, ...proof });
  expect(await expected()).toEqual(["charge", 29_000, "2027-03-03"]);
});
