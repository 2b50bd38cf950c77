/** What customers are told is true afterwards: each mail and page follows the state after the transaction. */

import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { viewOf } from "@/components/billing/subscription-view";
import { findLatestChargeOfSubscription } from "@/db/charge";
import { db } from "@/db/client";
import { messages } from "@/db/schema/message";
import { findLatestSubscription } from "@/db/subscription";
import { seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { isOpen } from "@/lib/billing/charge/charge";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { askedNext } from "@/lib/billing/renewal/renewal";
import { NO_CREDIT } from "@/lib/billing/subscription/order";
import { collectCharges } from "@/lib/operations/charge/collect";
import { giveConsent } from "@/lib/operations/consent/give";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import type { Deps } from "@/lib/runtime/deps";
import { day } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

async function subscribes(on: string, priceId: string) {
  story.at(on);
  const person = await story.person();
  await story.subscribe(person, priceId);
  return { ...person, subscriptionId: (await story.subscriptionOf(person)).id };
}

async function seenBy(person: Person, declineReason: DeclineReason | null = null) {
  const stored = await findLatestSubscription(person.accountId, "workspace");
  if (!stored) throw new Error("No subscription");
  const { subscription, nextActionAt, hasStarted } = stored;
  const attempt = await findLatestChargeOfSubscription(subscription.id);
  const today = seoulDayOf(story.now());
  const facts = {
    subscription,
    nextActionAt,
    hasStarted,
    isCharging: isOpen(attempt),
    today,
    hasConsent: false,
    hasCard: true,
    asked: askedNext(subscription, attempt, NO_CREDIT),
    declineReason,
  };
  return viewOf(facts, "ko");
}

async function kindsTold(person: Person): Promise<readonly string[]> {
  return (await story.messagesTo(person)).map(({ kind }) => kind);
}

/** The gateway, with something that happens while a charge is at Toss. */
function whileCharging(happens: () => Promise<unknown>): Deps {
  const { gateway } = story.deps;
  return {
    ...story.deps,
    gateway: {
      ...gateway,
      async chargeBillingKey(...charge) {
        await happens();
        return gateway.chargeBillingKey(...charge);
      },
    },
  };
}

describe("somebody leaves on the due day while the renewal is at Toss", () => {
  async function leavesWhileCharging(code?: "REJECT_CARD_PAYMENT") {
    const person = await subscribes("2027-01-31", "basic-month-v1");
    story.at("2027-02-28");
    if (code) {
      const { customerKey } = person;
      await story.toss.control.addFault({
        kind: "decline",
        code,
        match: { operation: "charge", customerKey },
      });
    }
    const { chargeIds } = await claimRenewals(story.deps, 100);
    let seen: Awaited<ReturnType<typeof seenBy>> | null = null;
    const leaves = async () => {
      await cancelSubscription(story.deps, person);
      seen = await seenBy(person);
    };
    await collectCharges(whileCharging(leaves), chargeIds);
    await story.work();
    const told = (await story.messagesTo(person)).filter((mail) => mail.createdAt >= story.now());
    return { person, seen, words: told.map((mail) => mail.body).join("\n"), told };
  }

  test("approved: the mails name the last day of what was paid, and never a day that is over", async () => {
    const { person, seen, words } = await leavesWhileCharging();
    expect(await story.subscriptionOf(person)).toMatchObject({
      status: "active",
      cancelsOn: "2027-03-31",
    });
    expect(words).toContain("2027년 3월 30일");
    expect(words).not.toContain("2027년 2월 27일");
    expect(seen).toMatchObject({
      details: [expect.stringMatching(/3월 30일 \(화\).?까지 쓸 수 있고/)],
    });
    expect(await undoCancel(story.deps, person)).toMatchObject({ ok: true });
  });

  test("declined: it ends, and the mail names the plan and no days", async () => {
    const { person, told } = await leavesWhileCharging("REJECT_CARD_PAYMENT");
    expect(await story.subscriptionOf(person)).toMatchObject({ endReason: "canceled" });
    expect(told.map(({ kind }) => kind).sort()).toEqual(["cancel-pending", "ended"]);
    expect(told.find(({ kind }) => kind === "ended")?.body).toMatch(
      /^BASIC 구독이 끝났어요\. 해지하신 대로/,
    );
  });
});

test("cancelled on the due day before the charge: it is over, and neither mail nor page says otherwise", async () => {
  const person = await subscribes("2027-01-31", "basic-month-v1");
  story.at("2027-02-28", 9);
  await cancelSubscription(story.deps, person);
  const told = (await story.messagesTo(person)).at(-1);
  expect(told?.kind).toBe("cancel-done");
  expect((await seenBy(person)).badge.word).toBe("종료");
  expect(await undoCancel(story.deps, person)).toMatchObject({ ok: false });
  await story.work();
  story.at("2027-02-28", 12);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
});

test("after a standstill the next payment is named by the day on which it is made", async () => {
  const person = await subscribes("2027-01-10", "basic-month-v1");
  story.at("2027-03-11", 12);
  await story.work();
  const receipt = (await story.messagesTo(person)).at(-1);
  expect(receipt?.body).toContain("다음 결제일은 2027년 3월 12일");
  expect((await seenBy(person)).headline).toContain("3월 12일");

  // One cycle a day: nothing more today, the second one tomorrow at ten.
  story.at("2027-03-11", 20);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  story.at("2027-03-12");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(3);
});

test("a trial whose cancellation is undone is promised no payment, and asked for consent", async () => {
  const person = await subscribes("2027-01-20", "premium-month-v1");
  story.at("2027-01-25");
  await cancelSubscription(story.deps, person);
  story.at("2027-01-26");
  await undoCancel(story.deps, person);
  const told = (await story.messagesTo(person)).at(-1);
  expect(told?.kind).toBe("cancel-undone");
  expect(told?.body).not.toContain("다음 결제일은 2027년 2월 3일");
  expect(told?.body).toContain("동의");
  story.at("2027-02-03");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(0);
});

test("a card that is gone is to be registered again, in the mail and on the page alike", async () => {
  const person = await subscribes("2027-01-31", "basic-month-v1");
  story.at("2027-02-28");
  const { customerKey } = person;
  await story.toss.control.addFault({
    kind: "decline",
    code: "ALREADY_REMOVED_BILLING_KEY",
    match: { operation: "charge", customerKey },
  });
  await story.work();
  const told = (await story.messagesTo(person)).at(-1);
  expect(told?.kind).toBe("payment-failed");
  for (const words of [told?.body, (await seenBy(person, "card-removed")).details[0]])
    expect(words).toContain("같은 카드를 다시 등록해도 돼요");
});

describe("reminders", () => {
  test("free days without consent: a week and a day before they end, and nothing is promised", async () => {
    const person = await subscribes("2027-01-20", "premium-month-v1");
    for (let ahead = 0; ahead < 14; ahead++) {
      story.at(`2027-${ahead < 12 ? `01-${20 + ahead}` : `02-0${ahead - 11}`}`, 9);
      await story.work();
      await story.work();
    }
    const reminders = (await story.messagesTo(person)).filter(({ kind }) => kind === "trial-ends");
    expect(reminders.map(({ createdAt }) => seoulDayOf(createdAt))).toEqual([
      "2027-01-27",
      "2027-02-02",
    ]);
    for (const { body } of reminders) expect(body).toContain("동의하지 않으면");
  });

  test("with consent they name day, sum and card; a cancellation stops them", async () => {
    const person = await subscribes("2027-01-20", "premium-month-v1");
    story.minutesLater(1);
    await giveConsent(story.deps, { ...person, textVersion: "test", ip: null, userAgent: null });
    story.at("2027-01-27", 9);
    await story.work();
    const reminder = (await story.messagesTo(person)).at(-1);
    expect(reminder?.body).toContain("2027년 2월 3일 (수)\u2060에 29,000원을 결제해요");
    expect(reminder?.body).toMatch(/결제수단은 .*카드 ····.*예요/);
    story.minutesLater(1);
    await cancelSubscription(story.deps, person);
    story.at("2027-02-02", 9);
    await story.work();
    expect(await kindsTold(person)).toEqual([
      "trial-started",
      "consent-given",
      "trial-ends",
      "cancel-booked",
    ]);
  });

  test("a week's notice that the jobs missed is made up for, though the contract was written meanwhile", async () => {
    const person = await subscribes("2027-01-20", "premium-month-v1");
    story.at("2027-01-27", 12);
    await cancelSubscription(story.deps, person);
    await undoCancel(story.deps, person);
    story.at("2027-01-29", 12);
    await story.work();
    expect(await kindsTold(person)).toContain("trial-ends");
  });

  test("unpaid, the customer is told on the day on which access stops, once", async () => {
    const person = await subscribes("2027-01-31", "basic-month-v1");
    const { customerKey } = person;
    await story.toss.control.addFault({
      kind: "decline",
      code: "REJECT_CARD_PAYMENT",
      match: { operation: "charge", customerKey },
      times: 9,
    });
    story.at("2027-02-28");
    await story.work();
    const failed = (await story.messagesTo(person)).at(-1);
    expect(failed?.body).toContain("2027년 3월 5일 (금)\u2060까지는 그대로 이용할 수 있어요");
    for (const on of ["2027-03-01", "2027-03-03", "2027-03-05"]) {
      story.at(on);
      await story.work();
    }
    expect(await kindsTold(person)).not.toContain("access-stopped");
    story.at("2027-03-06", 9);
    await story.work();
    const stopped = (await story.messagesTo(person)).at(-1);
    expect(stopped).toMatchObject({ kind: "access-stopped", subject: "BASIC 이용이 멈췄어요" });
    expect(stopped?.body).toContain("2027년 3월 10일 (수)\u2060 오전 10시에 다시 결제할게요");
    story.at("2027-03-10");
    await story.work();
    expect((await kindsTold(person)).filter((kind) => kind === "access-stopped")).toHaveLength(1);
  });
});

describe("a mail that waits for the day", () => {
  test("an end at midnight is told at nine", async () => {
    const person = await subscribes("2027-01-31", "basic-month-v1");
    await cancelSubscription(story.deps, person);
    story.at("2027-02-28", 0);
    await story.work();
    const told = (await story.messagesTo(person)).at(-1);
    expect(told).toMatchObject({
      kind: "ended",
      sendAt: seoulInstant(day("2027-02-28"), 9),
    });
  });

  test("is withdrawn when something newer is told of the same contract", async () => {
    const person = await subscribes("2027-01-31", "basic-month-v1");
    const { customerKey } = person;
    await story.toss.control.addFault({
      kind: "decline",
      code: "REJECT_CARD_PAYMENT",
      match: { operation: "charge", customerKey },
    });
    story.at("2027-02-28", 21);
    await story.work();
    expect(await kindsTold(person)).toEqual(["paid", "payment-failed"]);
    story.at("2027-02-28", 22);
    await cancelSubscription(story.deps, person);
    expect(await kindsTold(person)).toEqual(["paid", "cancel-done"]);
    const waiting = await db()
      .select({ id: messages.id })
      .from(messages)
      .where(eq(messages.subscriptionId, person.subscriptionId));
    expect(waiting).toEqual([]);
  });
});
