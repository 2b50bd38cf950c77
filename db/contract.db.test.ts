import { beforeEach, expect, test } from "vitest";
import { unusedOf } from "@/lib/billing/subscription/leave";
import { day } from "@/lib/testing/billing";
import { giveCredit } from "@/lib/testing/credit";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { listContracts } from "./contract";

let story: Story;
let person: Person;
beforeEach(async () => {
  story = await startStory();
  story.at("2027-03-01");
  person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  return story.close;
});

async function contract() {
  const subscription = await story.subscriptionOf(person);
  return (await listContracts([subscription])).get(subscription.id);
}

test("9,900 won for March: once 11 March is over, 20 of 31 days are left, worth 6,388", async () => {
  const held = await contract();
  expect(held?.segments).toEqual([
    { key: "basic", startsOn: "2027-03-01", days: 31, valueWon: 9_900, giftWon: 0 },
  ]);
  expect(held?.base).toEqual([{ paidOn: "2027-03-01", won: 9_900 }]);
  if (held) expect(unusedOf(held, day("2027-03-11"))).toEqual({ moneyWon: 6_388, giftWon: 0 });
});

test("a period that a gift paid in part gives back in money only what the card paid", async () => {
  await giveCredit(story.deps, person, 3_000);
  story.at("2027-04-01");
  await story.work();
  const held = await contract();
  expect(held?.segments).toMatchObject([
    { startsOn: "2027-04-01", days: 30, valueWon: 9_900, giftWon: 3_000 },
  ]);
  if (held) expect(unusedOf(held, day("2027-04-10"))).toEqual({ moneyWon: 4_600, giftWon: 2_000 });
});

test("a renewal that was paid late is worth its money for the days from then on", async () => {
  await story.toss.control.changeCard({
    customerKey: person.customerKey,
    scenario: "short-of-balance",
  });
  story.at("2027-04-01");
  await story.work();
  await story.toss.control.changeCard({ customerKey: person.customerKey, scenario: "normal" });
  story.at("2027-04-02");
  await story.work();
  expect((await contract())?.segments).toMatchObject([
    { startsOn: "2027-04-02", days: 29, valueWon: 9_900 },
  ]);
});
