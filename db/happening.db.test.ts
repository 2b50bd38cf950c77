/** What a leap of the clock brought about, and who may read whose part of it. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { refundCharge } from "@/lib/operations/refund/send";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { JOB } from "@/lib/operations/work";
import { won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { listHappenings, type Onlooker } from "./happening";

let story: Story;
let payer: Person;
let poor: Person;
let leaver: Person;
let from: Date;
beforeAll(async () => {
  story = await startStory("2027-01-31");
  payer = await story.person();
  poor = await story.person();
  leaver = await story.person();
  await story.subscribe(payer, "basic-month-v1");
  await story.subscribe(poor, "basic-month-v1");
  await story.subscribe(leaver, "enterprise-month-v1");
  await story.toss.control.changeCard({
    customerKey: poor.customerKey,
    scenario: "short-of-balance",
  });
  const { id: subscriptionId } = await story.subscriptionOf(leaver);
  await cancelSubscription(story.deps, { ...leaver, subscriptionId });
  story.minutesLater(1);
  from = story.now();

  story.at("2027-02-28");
  await story.work();
  const [, second] = await story.chargesOf(payer);
  await refundCharge(story.deps, {
    chargeId: second?.id ?? "",
    amountWon: won(4_000),
    reason: "불편을 드려서",
    requestId: "request",
    actor: JOB,
  });
});
afterAll(() => story.close());

const look = (onlooker: Onlooker, to = story.now()) => listHappenings({ from, to }, onlooker);
const kinds = (told: Awaited<ReturnType<typeof look>>) => told.map(({ kind }) => kind);

test("an operator reads everything, by name", async () => {
  const told = await look({ sees: "everybody" });
  expect(kinds(told)).toEqual(["charged", "declined", "refunded", "ended", "mailed"]);
  const [charged, declined, refunded, ended, mailed] = told;
  expect(charged).toMatchObject({ count: 1, amountWon: 9_900, moreCount: 0 });
  expect(charged?.items).toEqual([
    { at: story.now(), name: "김구독", amountWon: 9_900, detail: null },
  ]);
  expect(declined).toMatchObject({ count: 1, items: [{ detail: "REJECT_CARD_PAYMENT" }] });
  expect(refunded).toMatchObject({ count: 1, amountWon: 4_000 });
  expect(ended).toMatchObject({ count: 1, amountWon: null, items: [{ detail: "canceled" }] });
  expect(mailed?.items.map((item) => item.detail)).toContain("구독이 끝났어요");
});

test("a customer reads their own part, and of the others only how many they are", async () => {
  const told = await look({ sees: "oneself", userId: poor.userId });
  const [charged, declined, , ended] = told;
  expect(charged).toEqual({ kind: "charged", count: 1, amountWon: null, items: [], moreCount: 0 });
  expect(declined).toMatchObject({
    count: 1,
    amountWon: 9_900,
    items: [{ name: "김구독", amountWon: 9_900 }],
  });
  expect(ended).toMatchObject({ count: 1, items: [] });
  const mailed = told.find(({ kind }) => kind === "mailed");
  expect(mailed?.items.map((item) => item.detail)).toEqual(["결제하지 못했어요"]);
  expect(mailed?.count).toBeGreaterThan(1);
});

test("somebody who is not signed in reads numbers alone", async () => {
  const told = await look({ sees: "nobody" });
  expect(kinds(told)).toEqual(["charged", "declined", "refunded", "ended", "mailed"]);
  for (const { items, amountWon, moreCount } of told)
    expect({ items, amountWon, moreCount }).toEqual({ items: [], amountWon: null, moreCount: 0 });
});

test("before and after there is nothing, and of many only the first few are named", async () => {
  expect(await look({ sees: "everybody" }, from)).toEqual([]);
  const all = await listHappenings({ from: new Date(0), to: story.now() }, { sees: "everybody" });
  const mailed = all.find(({ kind }) => kind === "mailed");
  expect(mailed?.items).toHaveLength(5);
  expect(mailed?.moreCount).toBe((mailed?.count ?? 0) - 5);
  const times = mailed?.items.map((item) => item.at.getTime()) ?? [];
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});
