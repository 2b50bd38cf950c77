/**
 * Told is told: random lives of customers, each mail and each account page read as a customer reads it, and held
 * against what Toss then really takes, when, and how long access lasts. What a page offers is not refused.
 *
 * A failure prints its seed and path, from which `fc.assert` replays it; without `endOnFailure` it is made smaller,
 * which takes minutes. More `LIVES` look longer.
 */

import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { cancelWordsFor } from "@/components/billing/cancel-words";
import { viewOf } from "@/components/billing/subscription-view";
import { findCardFace } from "@/db/card";
import { nextRegistrationTryAt } from "@/db/card-registration";
import { findLatestChargeOfSubscription, nextSettlementAt } from "@/db/charge";
import { nextCheckoutExpiryAt } from "@/db/checkout";
import { db } from "@/db/client";
import { listConsentsOf } from "@/db/consent";
import { nextMessageAt } from "@/db/message";
import { nextRefundSettlementAt } from "@/db/refund";
import { paymentMethods } from "@/db/schema/card";
import { charges } from "@/db/schema/charge";
import { subscriptions } from "@/db/schema/subscription";
import {
  findLatestSubscription,
  nextSubscriptionActionAt,
  nextSubscriptionReminderAt,
  type StoredSubscription,
} from "@/db/subscription";
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { isOpen, isUnderWay } from "@/lib/billing/charge/charge";
import { isInConsentWindow, needsConsent } from "@/lib/billing/consent/consent";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { askedNext } from "@/lib/billing/renewal/renewal";
import { nextStep } from "@/lib/billing/subscription/next-step";
import { NO_CREDIT, nextTotalWon } from "@/lib/billing/subscription/order";
import {
  hasAccess,
  isRefusal,
  nextPeriod,
  uncancel,
} from "@/lib/billing/subscription/subscription";
import { loseCard } from "@/lib/operations/card/lose";
import { replaceCard } from "@/lib/operations/card/replace";
import { payOverdue } from "@/lib/operations/charge/pay-overdue";
import { giveConsent } from "@/lib/operations/consent/give";
import { refundPayment } from "@/lib/operations/refund/request";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import type { Deps } from "@/lib/runtime/deps";
import { anyAnchor, day } from "@/lib/testing/billing";
import { Reader, type Truth } from "@/lib/testing/reader";
import { type Person, type Story, startStory } from "@/lib/testing/story";

const LIVES = 12;

const DO = [
  "order-basic",
  "order-premium",
  "consent",
  "cancel",
  "undo",
  "change-card",
  "pay-now",
  "lose-card",
  "refund-and-keep",
  "refund-and-cancel",
] as const;
type Deed = (typeof DO)[number];

const FAULTS = [
  { kind: "decline", code: "REJECT_CARD_PAYMENT" },
  { kind: "decline", code: "INVALID_STOPPED_CARD" },
  { kind: "decline", code: "ALREADY_REMOVED_BILLING_KEY" },
  { kind: "hang-up-before" },
  { kind: "hang-up-after-execute" },
  { kind: "500-not-executed" },
] as const;

type Happening =
  | { readonly kind: "does"; readonly deed: Deed }
  /** Done by the customer while the next charge is at Toss. */
  | { readonly kind: "meanwhile"; readonly deed: "cancel" | "change-card" }
  | { readonly kind: "fault"; readonly fault: number; readonly times: number }
  | { readonly kind: "passes"; readonly days: number; readonly hour: number }
  /** The jobs stand still. */
  | { readonly kind: "stands"; readonly days: number };

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("does" as const), deed: fc.constantFrom(...DO) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("meanwhile" as const),
      deed: fc.constantFrom("cancel" as const, "change-card" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      fault: fc.nat(FAULTS.length - 1),
      times: fc.constantFrom(1, 1, 2, 6),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("passes" as const),
      days: fc.constantFrom(0, 1, 3, 7, 14, 31),
      hour: fc.constantFrom(0, 8, 10, 12, 21, 23),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("stands" as const),
      days: fc.constantFrom(1, 3, 20, 65),
    }),
  },
);

type Life = {
  readonly startsOn: CalendarDate;
  readonly first: "order-basic" | "order-premium";
  readonly happenings: readonly Happening[];
};

const anyLife: fc.Arbitrary<Life> = fc.record({
  startsOn: anyAnchor,
  first: fc.constantFrom("order-basic" as const, "order-premium" as const),
  happenings: fc.array(anyHappening, { minLength: 3, maxLength: 14 }),
});

const does = (deed: Deed) => ({ kind: "does", deed }) as const;
const passes = (days: number, hour: number) => ({ kind: "passes", days, hour }) as const;
const fault = (kind: (typeof FAULTS)[number]["kind"], times = 1) => {
  const at = FAULTS.findIndex((one) => one.kind === kind);
  return { kind: "fault", fault: at, times } as const;
};

/** Lives that once heard something untrue: always lived, before the random ones. */
const lives: readonly Life[] = (
  [
    ["order-basic", { kind: "stands", days: 65 }, passes(1, 12), passes(3, 12)],
    ["order-basic", { kind: "meanwhile", deed: "cancel" }, passes(31, 12), does("undo")],
    ["order-basic", { kind: "meanwhile", deed: "change-card" }, passes(31, 12)],
    ["order-premium", does("consent"), passes(1, 12), does("cancel"), does("undo"), passes(14, 12)],
    ["order-basic", passes(14, 12), fault("hang-up-before"), passes(14, 10), does("cancel")],
    ["order-basic", passes(14, 12), fault("hang-up-before"), passes(14, 10), does("change-card")],
    ["order-basic", fault("decline", 6), passes(31, 21), does("change-card"), does("cancel")],
  ] as const
).map(([first, ...happenings]) => ({ startsOn: day("2027-01-31"), first, happenings }));

let story: Story;
beforeEach(async () => {
  story = await startStory();
  return story.close;
});

test("each mail and each page is true afterwards, and no button that is offered refuses", {
  timeout: 60_000 + LIVES * 6_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyLife, async ({ startsOn, first, happenings }) => {
      const life = await Lived.begin(startsOn);
      try {
        await life.live({ kind: "does", deed: first });
        for (const happening of happenings) await life.live(happening);
        await life.live({ kind: "passes", days: 40, hour: 12 });
      } finally {
        await life.leave();
      }
    }),
    { numRuns: LIVES, examples: lives.map((life) => [life]), endOnFailure: true },
  );
});

class Lived {
  private readonly person: Person;
  private readonly reader = new Reader();
  private readonly read = new Set<string>();
  private meanwhile: "cancel" | "change-card" | null = null;

  private constructor(person: Person) {
    this.person = person;
  }

  static async begin(on: CalendarDate): Promise<Lived> {
    story.at(on, 12);
    return new Lived(await story.person());
  }

  async live(happening: Happening): Promise<void> {
    switch (happening.kind) {
      case "does":
        await this.act(happening.deed);
        // What is told of it is read before the jobs do anything more.
        await this.look();
        break;
      case "meanwhile":
        this.meanwhile = happening.deed;
        break;
      case "fault":
        await story.toss.control.addFault({
          ...(FAULTS[happening.fault] ?? FAULTS[0]),
          times: happening.times,
          match: { operation: "charge", customerKey: this.person.customerKey },
        });
        break;
      case "passes":
        await this.passTo(this.later(happening.days, happening.hour));
        break;
      case "stands":
        this.reader.happened("act");
        this.moveTo(this.later(happening.days, 12));
        break;
      default:
        happening satisfies never;
    }
    await this.work();
  }

  /** Nobody of this life is in the way of the next, which may lie in earlier years. */
  async leave(): Promise<void> {
    await story.toss.control.clearFaults();
    const { accountId } = this.person;
    await db()
      .update(subscriptions)
      .set({ nextActionAt: null, nextReminderAt: null })
      .where(eq(subscriptions.accountId, accountId));
    await db().update(charges).set({ settleAt: null }).where(eq(charges.accountId, accountId));
  }

  private later(days: number, hour: number): Date {
    const at = seoulInstant(addDays(seoulDayOf(story.now()), days), hour, hour === 23 ? 45 : 0);
    return at > story.now() ? at : new Date(story.now().getTime() + 60_000);
  }

  private moveTo(at: Date): void {
    story.minutesLater((at.getTime() - story.now().getTime()) / 60_000);
  }

  /** Lets time go on from one instant at which something is booked to the next. */
  private async passTo(to: Date): Promise<void> {
    for (;;) {
      const now = story.now();
      const booked = await Promise.all([
        nextSubscriptionActionAt(now),
        nextSubscriptionReminderAt(now),
        nextSettlementAt(now),
        nextRefundSettlementAt(now),
        nextCheckoutExpiryAt(now),
        nextRegistrationTryAt(now),
        nextMessageAt(now),
      ]);
      const next = Math.min(...booked.map((at) => at?.getTime() ?? Number.POSITIVE_INFINITY));
      if (next > to.getTime()) break;
      this.moveTo(new Date(next));
      await this.work();
    }
    this.moveTo(to);
  }

  private async work(): Promise<void> {
    await story.work(this.deps());
    await this.look();
  }

  /** The gateway, with a customer who acts while a charge is at Toss. */
  private deps(): Deps {
    const { gateway } = story.deps;
    return {
      ...story.deps,
      gateway: {
        ...gateway,
        chargeBillingKey: async (...charge) => {
          const deed = this.meanwhile;
          this.meanwhile = null;
          if (deed) {
            await this.act(deed);
            await this.look();
          }
          return gateway.chargeBillingKey(...charge);
        },
      },
    };
  }

  private async look(): Promise<void> {
    const truth = await this.truth();
    this.reader.check(truth);
    for (const mail of await story.messagesTo(this.person)) {
      if (mail.sendAt > story.now() || this.read.has(mail.id)) continue;
      this.read.add(mail.id);
      this.reader.readMail(mail, truth);
    }
    if (!(await story.chargesOf(this.person)).some(isOpen)) this.reader.checkReceipts(truth);
    const stored = await this.stored();
    if (stored) this.reader.readPage(viewOf(await this.facts(stored), "ko"), truth);
  }

  private stored(): Promise<StoredSubscription | null> {
    return findLatestSubscription(this.person.accountId, "workspace");
  }

  private async truth(): Promise<Truth> {
    const { customerKey } = this.person;
    const now = story.now();
    const stored = await this.stored();
    const { payments } = await story.toss.control.state({ customerKey });
    const approved = payments
      .filter(({ approvedAt }) => approvedAt !== null)
      .sort((a, b) => String(a.approvedAt).localeCompare(String(b.approvedAt)));
    return {
      now,
      attempts: (await story.chargesOf(this.person)).map(({ attemptedOn, amountWon }) => ({
        on: attemptedOn,
        amountWon,
      })),
      approvedWon: approved.map(({ totalAmount }) => totalAmount),
      approvedAt: approved.length > 0 ? new Date(String(approved.at(-1)?.approvedAt)) : null,
      hasAccess: stored !== null && hasAccess(stored.subscription, seoulDayOf(now)),
      isEnded: stored?.subscription.status === "ended",
    };
  }

  private async hasConsent({ subscription }: StoredSubscription): Promise<boolean> {
    const consents = await listConsentsOf(subscription.id);
    return consents.some((consent) => isConsentFor(subscription, consent));
  }

  /** What the account page is made of. */
  private async facts(stored: StoredSubscription) {
    const { accountId } = this.person;
    const { subscription, nextActionAt, hasStarted } = stored;
    const { paymentMethodId } = subscription;
    const card = paymentMethodId ? await findCardFace(accountId, paymentMethodId) : null;
    const attempt = await findLatestChargeOfSubscription(subscription.id);
    return {
      subscription,
      nextActionAt,
      hasStarted,
      today: seoulDayOf(story.now()),
      hasConsent: await this.hasConsent(stored),
      hasCard: card !== null,
      isCharging: isOpen(attempt),
      attemptId: attempt?.id ?? "",
      asked: askedNext(subscription, attempt, NO_CREDIT),
      declineReason: attempt?.declineReason ?? null,
    };
  }

  /** Does it where the account page offers it, and then it must not be refused. */
  private async act(deed: Deed): Promise<void> {
    const stored = await this.stored();
    const subscription = stored?.subscription ?? null;
    const isLive = subscription !== null && subscription.status !== "ended";
    const order = { ...this.person, subscriptionId: subscription?.id ?? "" };
    const today = seoulDayOf(story.now());
    switch (deed) {
      case "order-basic":
      case "order-premium": {
        if (isLive) return;
        this.reader.happened("order");
        const priceId = deed === "order-basic" ? "basic-month-v1" : "premium-month-v1";
        await story.subscribe(this.person, priceId);
        return;
      }
      case "consent": {
        if (!stored || !subscription || !needsConsent(subscription)) return;
        const on = nextPeriod(subscription).startsOn;
        if ((await this.hasConsent(stored)) || !isInConsentWindow(on, story.now())) return;
        this.reader.happened("act");
        const proof = { textVersion: "test", ip: null, userAgent: null };
        return accepted(await giveConsent(story.deps, { ...order, ...proof }));
      }
      case "cancel": {
        if (!isLive || ("cancelsOn" in subscription && subscription.cancelsOn !== null)) return;
        const attempt = await findLatestChargeOfSubscription(subscription.id);
        const words = cancelWordsFor(
          {
            ...{ subscription, today, isChargeAtToss: isUnderWay(attempt) },
            askedWon: attempt?.amountWon ?? nextTotalWon(subscription),
          },
          "ko",
        );
        if (!words) throw new Error("The account page leads to a page where nothing can be done");
        this.reader.happened("act");
        accepted(await cancelSubscription(story.deps, order));
        return this.reader.readCancelPage(words, await this.truth());
      }
      case "undo": {
        if (!subscription || isRefusal(uncancel(subscription, today))) return;
        this.reader.happened("order");
        return accepted(await undoCancel(story.deps, order));
      }
      case "change-card": {
        if (!isLive || subscription.status === "incomplete") return;
        this.reader.happened("act");
        const { registrationId } = await story.returnWithCard(this.person, null);
        const state = await replaceCard(story.deps, registrationId);
        expect(state.kind).toBe("issued");
        return;
      }
      case "pay-now": {
        if (!stored) return;
        const facts = { ...(await this.facts(stored)), now: story.now(), awaitsConsent: false };
        if (nextStep(facts) !== "pay-now") return;
        this.reader.happened("act");
        return accepted(await payOverdue(story.deps, { ...order, afterChargeId: facts.attemptId }));
      }
      case "lose-card": {
        const id = isLive ? subscription.paymentMethodId : null;
        if (id === null) return;
        const [card] = await db().select().from(paymentMethods).where(eq(paymentMethods.id, id));
        await loseCard(story.deps, card?.billingKeyFingerprint ?? "", "whk_test");
        return;
      }
      case "refund-and-keep":
      case "refund-and-cancel": {
        const paid = (await story.chargesOf(this.person)).findLast(
          ({ status, refundedWon }) => status === "approved" && refundedWon === 0,
        );
        if (!paid) return;
        this.reader.happened("act");
        await refundPayment(story.deps, {
          chargeId: paid.id,
          amountWon: paid.amountWon,
          reason: "test",
          requestId: paid.id,
          actor: this.person.actor,
          next: deed === "refund-and-keep" ? "keep" : "cancel",
        });
        return;
      }
      default:
        return deed satisfies never;
    }
  }
}

function accepted(result: { readonly ok: boolean }): void {
  expect(result).toMatchObject({ ok: true });
}
