/** Credit pays renewals first: part of one, all of one, and what is void gives it back. */
import { beforeEach, expect, test } from "vitest";
import { findCredit } from "@/db/credit";
import { listPayments } from "@/db/invoice";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { giveCredit } from "@/lib/testing/credit";
import { type Person, type Story, startStory } from "@/lib/testing/story";

let story: Story;
let person: Person;
beforeEach(async () => {
  story = await startStory();
  story.at("2027-01-05");
  person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  return story.close;
});

const paidWon = async () => (await story.paidAtToss(person)).map(({ totalAmount }) => totalAmount);

test("a gift pays part of the renewal, the card the rest, and then all of it again", async () => {
  await giveCredit(story.deps, person, 3_000);
  story.at("2027-02-05");
  await story.work();
  expect(await paidWon()).toEqual([9_900, 6_900]);
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 0, paidWon: 0 });
  const [, second] = await story.invoicesOf(person);
  expect(second).toMatchObject({
    status: "paid",
    totalWon: 9_900,
    creditUsedGrantedWon: 3_000,
    dueWon: 6_900,
  });

  story.at("2027-03-05");
  await story.work();
  expect(await paidWon()).toEqual([9_900, 6_900, 9_900]);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, receivable: 0, unearned: 0 });
});

test("a gift pays a whole period: nothing is charged, the days go on, and a mail says so", async () => {
  await giveCredit(story.deps, person, 12_000);
  story.at("2027-02-05");
  await story.work();
  await story.work();
  expect(await paidWon()).toEqual([9_900]);
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 2_100, paidWon: 0 });
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "active",
    n: 2,
    paidTo: "2027-03-05",
  });
  const subjects = (await story.messagesTo(person)).map(({ subject }) => subject);
  expect(subjects).toContain("결제할 금액 없이 이용 기간이 이어졌어요");
  const [newest] = await listPayments(person.accountId);
  expect(newest).toMatchObject({ charge: null, invoice: { status: "paid", dueWon: 0 } });

  story.at("2027-03-05");
  await story.work();
  expect(await paidWon()).toEqual([9_900, 7_800]);
});

test("what is left and is too little for a card is forgiven", async () => {
  await giveCredit(story.deps, person, 9_850);
  story.at("2027-02-05");
  await story.work();
  expect(await paidWon()).toEqual([9_900]);
  const [, second] = await story.invoicesOf(person);
  expect(second).toMatchObject({ status: "paid", forgivenWon: 50, dueWon: 0 });
});

test("who leaves while the renewal is overdue has the gift back that was kept for it", async () => {
  await giveCredit(story.deps, person, 3_000);
  await story.toss.control.changeCard({
    customerKey: person.customerKey,
    scenario: "short-of-balance",
  });
  story.at("2027-02-05");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "past-due" });
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 0, paidWon: 0 });

  const { id: subscriptionId } = await story.subscriptionOf(person);
  const { accountId, actor } = person;
  await cancelSubscription(story.deps, { accountId, actor, subscriptionId });
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 3_000, paidWon: 0 });
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, receivable: 0, unearned: 0 });
});
