import { asc, eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { subscriptionChanges } from "@/db/schema/subscription";
import { operator } from "@/lib/operations/work";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { cancelSubscription } from "./cancel";
import { undoCancel } from "./undo-cancel";

let story: Story;
let person: Person;
let subscriptionId: string;
beforeEach(async () => {
  story = await startStory();
  story.at("2027-01-05");
  person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  subscriptionId = (await story.subscriptionOf(person)).id;
  return story.close;
});

const order = () => ({ accountId: person.accountId, actor: person.actor, subscriptionId });

function changes() {
  return db()
    .select()
    .from(subscriptionChanges)
    .where(eq(subscriptionChanges.subscriptionId, subscriptionId))
    .orderBy(asc(subscriptionChanges.requestedAt), asc(subscriptionChanges.id));
}

test("an end that is booked takes effect on its day", async () => {
  await cancelSubscription(story.deps, order());
  const booked = {
    kind: "cancel",
    status: "booked",
    requestedBy: person.userId,
    takesEffectOn: "2027-02-05",
  };
  expect(await changes()).toMatchObject([{ ...booked, closedAt: null }]);
  await cancelSubscription(story.deps, order());
  expect(await changes()).toMatchObject([booked]);

  story.at("2027-02-05", 0, 10);
  await story.work();
  expect(await changes()).toMatchObject([{ ...booked, status: "applied", closedAt: story.now() }]);
});

test("an end that is undone, and wished for again, is two wishes", async () => {
  await cancelSubscription(story.deps, order());
  story.at("2027-01-06");
  await undoCancel(story.deps, order());
  story.at("2027-01-07");
  await cancelSubscription(story.deps, order());
  expect((await changes()).map(({ status, closedAt }) => [status, closedAt])).toEqual([
    ["undone", new Date("2027-01-06T01:00:00Z")],
    ["booked", null],
  ]);
});

test("an operator who ends a contract at once takes the place of the end that was booked", async () => {
  await cancelSubscription(story.deps, order());
  story.at("2027-01-06");
  const actor = operator("usr_operator");
  await cancelSubscription(story.deps, { ...order(), actor, endsNow: true });
  expect(await changes()).toMatchObject([
    { status: "undone", requestedBy: person.userId },
    { status: "applied", requestedBy: "usr_operator", takesEffectOn: "2027-01-06" },
  ]);
});
