import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { listOpenRenewalFindings } from "@/db/renewal-finding";
import { subscriptions } from "@/db/schema/subscription";
import { day, won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { reviewExpectations } from "./review-expectations";

let story: Story;
let person: Person;
beforeEach(async () => {
  story = await startStory();
  story.at("2027-01-05");
  person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  return story.close;
});

async function falsify(columns: Partial<typeof subscriptions.$inferInsert>): Promise<void> {
  await db()
    .update(subscriptions)
    .set(columns)
    .where(eq(subscriptions.accountId, person.accountId));
}

test("what was saved is what the rules say", async () => {
  expect(await reviewExpectations(story.deps)).toEqual({ checked: 1, differ: 0 });
  story.at("2027-02-04", 23);
  expect(await reviewExpectations(story.deps)).toEqual({ checked: 1, differ: 0 });
  expect(await listOpenRenewalFindings(9)).toEqual([]);
});

test.for([
  ["another amount", { expectedWon: won(990) }],
  ["an end", { expects: "end", expectedWon: won(0), paysTo: null }],
  ["another period", { paysTo: day("2027-04-05") }],
] as const)("%s is found the night before, and nobody is charged for it", async ([, lie]) => {
  await falsify(lie);
  story.at("2027-02-04", 23);
  expect(await reviewExpectations(story.deps)).toEqual({ checked: 1, differ: 1 });
  expect(await listOpenRenewalFindings(9)).toMatchObject([
    { finding: { decides: "charge", decidedWon: 9_900 } },
  ]);
  story.at("2027-02-05");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("a lie that hides from the sweep is found among contracts that are not due", async () => {
  await falsify({
    nextActionAt: new Date("2099-01-01T00:00:00Z"),
    expectedWon: won(0),
    expects: "end",
    paysTo: null,
  });
  expect(await reviewExpectations(story.deps)).toEqual({ checked: 1, differ: 1 });
});
