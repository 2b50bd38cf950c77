/** However a contract comes to its end, the audit log says when and why, and whose word it was. */
import { beforeEach, expect, test } from "vitest";
import { seoulDayOf } from "@/lib/billing/calendar";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { listAudit } from "@/lib/testing/audit";
import { type Person, type Story, startStory } from "@/lib/testing/story";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-31");
  return story.close;
});

async function auditOf(person: Person): Promise<readonly object[]> {
  const { id } = await story.subscriptionOf(person);
  const entries = await listAudit(new Date(0), 10_000);
  return entries
    .filter(({ subjectId }) => subjectId === id)
    .map(({ actor, action, details }) => ({ actor, action, details }))
    .toReversed();
}

test("a card that never pays again", async () => {
  story.at("2027-01-31");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const { customerKey } = person;
  await story.toss.control.changeCard({ customerKey, scenario: "short-of-balance" });
  for (let day = 28; (await story.subscriptionOf(person)).status !== "ended"; day += 1) {
    story.at(new Date(Date.UTC(2027, 1, day)).toISOString().slice(0, 10));
    await story.work();
  }

  const told = await auditOf(person);
  expect(told[0]).toMatchObject({ actor: "system", action: "subscription.begun" });
  expect(told.slice(-2)).toContainEqual({
    actor: "system",
    action: "subscription.ended",
    details: { endReason: "unpaid", endedOn: seoulDayOf(story.now()) },
  });
});

test("a trial to which nobody agreed", async () => {
  story.at("2027-06-01");
  const person = await story.person();
  await story.subscribe(person, "premium-month-v1");
  story.at("2027-06-15");
  await story.work();

  expect(await auditOf(person)).toMatchObject([
    { action: "subscription.begun", details: { status: "trialing" } },
    { actor: "system", action: "subscription.ended", details: { endReason: "no-consent" } },
  ]);
});

test("an order whose card never paid, and whose time is over", async () => {
  story.at("2027-07-01");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1", "short-of-balance");
  story.at("2027-07-03");
  await story.work();

  expect(await auditOf(person)).toContainEqual({
    actor: "system",
    action: "subscription.ended",
    details: { endReason: "expired", endedOn: "2027-07-03" },
  });
});

test("a customer who leaves, by their own word", async () => {
  story.at("2027-08-01");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const { id: subscriptionId } = await story.subscriptionOf(person);
  await cancelSubscription(story.deps, { ...person, subscriptionId });
  story.at("2027-09-01");
  await story.work();

  const told = await auditOf(person);
  expect(told).toContainEqual({
    actor: person.userId,
    action: "subscription.cancel",
    details: { from: "active", to: "active" },
  });
  expect(told.at(-1)).toEqual({
    actor: "system",
    action: "subscription.ended",
    details: { endReason: "canceled", endedOn: "2027-09-01" },
  });
});
