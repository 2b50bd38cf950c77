/** Two contracts of one account, each for a product of its own, are due at once and want the same credit. */
import { beforeEach, expect, test } from "vitest";
import { transaction } from "@/db/client";
import { findCredit } from "@/db/credit";
import { findViolations, listLaws } from "@/db/laws";
import { CATALOGUE, type Offer } from "@/db/seed/catalogue";
import { syncCatalogue } from "@/db/seed/sync-catalogue";
import { collectCharges } from "@/lib/operations/charge/collect";
import { numberInvoices } from "@/lib/operations/invoice/number";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { won } from "@/lib/testing/billing";
import { walletOf } from "@/lib/testing/contract";
import { giveCredit } from "@/lib/testing/credit";
import { type Person, type Story, startStory } from "@/lib/testing/story";

const words = { ko: "메일", en: "Mail" };
const MAIL: Offer = {
  ...{ id: "mail", kind: "subscription", product: "mail", name: words, description: words },
  ...{ features: [], entitlements: {}, prices: { month: { amountWon: 9_900 } } },
};

let story: Story;
let person: Person;
beforeEach(async () => {
  story = await startStory("2027-01-05");
  await transaction((tx) =>
    syncCatalogue(tx, { offers: [...CATALOGUE, MAIL], minimumWon: won(100) }),
  );
  person = await subscriber(15_000);
  return story.close;
});

async function subscriber(creditWon: number): Promise<Person> {
  const one = await story.person();
  for (const price of ["basic-month-v1", "mail-month-v1"]) await story.subscribe(one, price);
  await giveCredit(story.deps, one, creditWon);
  return one;
}

async function renewedWith(one: Person) {
  const renewals = (await story.invoicesOf(one)).filter(({ n }) => n === 1);
  return renewals
    .map(({ status, creditUsedGrantedWon, dueWon }) => [status, creditUsedGrantedWon, dueWon])
    .toSorted(([, a], [, b]) => Number(a) - Number(b));
}

async function findBrokenLaws(): Promise<readonly string[]> {
  const at = { now: story.now(), since: new Date(0) };
  const broken: string[] = [];
  for (const law of listLaws()) {
    const { sample } = await transaction((tx) => findViolations(tx, law, at));
    if (sample.length > 0) broken.push(`${law}: ${sample}`);
  }
  return broken;
}

test("claimed together: the one pays all of itself, the other with what is left and the card", async () => {
  story.at("2027-02-05");
  await story.work();
  expect(await renewedWith(person)).toEqual([
    ["paid", 5_100, 4_800],
    ["paid", 9_900, 0],
  ]);
  expect(await findCredit(person.accountId)).toEqual(walletOf(0).credit);
});

test("claimed by six workers at once, among others: nobody pays a won of credit twice", async () => {
  const people = [person];
  for (let at = 0; at < 4; at += 1) people.push(await subscriber(15_000));
  story.at("2027-02-05");
  // Claims of three: most accounts have their two contracts with different workers.
  const claims = await Promise.all(Array.from({ length: 6 }, () => claimRenewals(story.deps, 3)));
  for (const { chargeIds } of claims) await collectCharges(story.deps, chargeIds);
  await story.work();
  await numberInvoices();
  for (const one of people) {
    expect(await renewedWith(one)).toEqual([
      ["paid", 5_100, 4_800],
      ["paid", 9_900, 0],
    ]);
    expect(await findCredit(one.accountId)).toEqual(walletOf(0).credit);
    const paid = (await story.paidAtToss(one)).map(({ totalAmount }) => totalAmount);
    expect(paid.toSorted((a, b) => a - b)).toEqual([4_800, 9_900, 9_900]);
  }
  expect(await findBrokenLaws()).toEqual([]);
});

test("a worker that dies after the claim leaves the credit with its invoice, and it is spent once", async () => {
  story.at("2027-02-05");
  const { chargeIds } = await claimRenewals(story.deps, 10);
  expect(chargeIds).toHaveLength(1);
  expect(await findCredit(person.accountId)).toEqual(walletOf(0).credit);
  expect(await claimRenewals(story.deps, 10)).toEqual({ chargeIds: [], taken: 0 });
  story.minutesLater(30);
  await story.work();
  expect(await renewedWith(person)).toEqual([
    ["paid", 5_100, 4_800],
    ["paid", 9_900, 0],
  ]);
  const paid = (await story.paidAtToss(person)).map(({ totalAmount }) => totalAmount);
  expect(paid.toSorted((a, b) => a - b)).toEqual([4_800, 9_900, 9_900]);
});
