/** What browsers leave behind: each card that came back from the window comes to an end, and none keeps another waiting. */
import { and, eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { cardRegistrations } from "@/db/schema/card";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import type { Deps } from "@/lib/runtime/deps";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { replaceCard } from "./replace";
import { resumeRegistrations } from "./resume-registrations";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

/** What the job takes at a time here; the running one takes more. */
const BATCH = 5;

async function orders(person: Person): Promise<string> {
  const created = await createCheckout(story.deps, { ...person, priceId: "basic-month-v1" });
  if (!created.ok) throw new Error(created.refusal.code);
  const { checkoutId } = created.value;
  await agreeToCheckout(story.deps, { ...person, checkoutId, termsVersion: "test" });
  return checkoutId;
}

async function buysWithTwoWindows(): Promise<Person> {
  const person = await story.person();
  const checkoutId = await orders(person);
  await story.returnWithCard(person, checkoutId);
  await story.returnWithCard(person, checkoutId);
  await completeCheckout(story.deps, checkoutId);
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 1 });
  return person;
}

async function pendingOf(person: Person) {
  return db()
    .select({ id: cardRegistrations.id, sealedAuthKey: cardRegistrations.authKeyCiphertext })
    .from(cardRegistrations)
    .where(
      and(
        eq(cardRegistrations.accountId, person.accountId),
        eq(cardRegistrations.status, "pending"),
      ),
    );
}

test("the earlier card comes to an end, and keeps no key that nobody needs", async () => {
  const person = await buysWithTwoWindows();
  for (let minute = 0; minute < 90; minute++) {
    story.minutesLater(1);
    await resumeRegistrations(story.deps, BATCH);
  }
  expect(await pendingOf(person)).toEqual([]);
  // At rest, the job finds nothing to do.
  expect(await resumeRegistrations(story.deps, BATCH)).toBe(0);
});

test("of two cards of an order one is left at Toss, the one that pays", async () => {
  const person = await buysWithTwoWindows();
  story.minutesLater(2);
  await story.work();
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys).toHaveLength(2);
  expect(state.billingKeys.filter((key) => key.removedAt === null)).toHaveLength(1);
});

test("the second card comes back while the first is being registered: the first is not kept", async () => {
  const person = await story.person();
  const checkoutId = await orders(person);
  await story.returnWithCard(person, checkoutId);
  const { gateway } = story.deps;
  const deps: Deps = {
    ...story.deps,
    gateway: {
      ...gateway,
      async issueBillingKey(...card) {
        const issued = await gateway.issueBillingKey(...card);
        story.minutesLater(1);
        await story.returnWithCard(person, checkoutId);
        return issued;
      },
    },
  };
  await completeCheckout(deps, checkoutId);
  expect(await story.paidAtToss(person)).toHaveLength(0);
  await completeCheckout(story.deps, checkoutId);
  story.minutesLater(2);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys.filter((key) => key.removedAt === null)).toHaveLength(1);
});

test("a card registered before another one does not take its place when a job finishes it later", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.minutesLater(1);
  await story.returnWithCard(person, null);
  story.minutesLater(1);
  const later = await story.returnWithCard(person, null);
  expect(await replaceCard(story.deps, later.registrationId)).toMatchObject({ kind: "issued" });
  const { paymentMethodId } = await story.subscriptionOf(person);
  story.minutesLater(2);
  await story.work();
  expect((await story.subscriptionOf(person)).paymentMethodId).toBe(paymentMethodId);
  const state = await story.toss.control.state({ customerKey: person.customerKey });
  expect(state.billingKeys).toHaveLength(3);
  expect(state.billingKeys.filter((key) => key.removedAt === null)).toHaveLength(1);
});

test("a card whose sealed key cannot be opened is given up, and does not come up again and again", async () => {
  const person = await story.person();
  await story.returnWithCard(person, await orders(person));
  const { vault } = story.deps;
  const open = () => {
    throw new Error("The key it was sealed with is not there");
  };
  for (let minute = 0; minute < 60; minute++) {
    story.minutesLater(1);
    await resumeRegistrations({ ...story.deps, vault: { ...vault, open } }, BATCH);
  }
  expect(await pendingOf(person)).toEqual([]);
});

test("as many such orders as the job takes at a time keep nobody else's card from being registered", async () => {
  for (let at = 0; at < BATCH; at++) await buysWithTwoWindows();
  story.minutesLater(10);
  const person = await story.person();
  // Comes back from the window and closes the page: the job is to finish it a minute later.
  await story.returnWithCard(person, await orders(person));
  for (let minute = 0; minute < 30; minute++) {
    story.minutesLater(1);
    await resumeRegistrations(story.deps, BATCH);
  }
  expect(await pendingOf(person)).toEqual([]);
  expect(await story.paidAtToss(person)).toHaveLength(1);
});
