/**
 * The account page in every state a subscription can be in, at two widths and in both languages: it says the state,
 * asks for one thing at most, and that thing can be reached by keyboard and leads somewhere. A state that asks for
 * nothing has no button that stands out.
 */
import { eq } from "drizzle-orm";
import type { BrowserContext, Page } from "playwright/test";
import { type AccountText, accountText } from "@/components/text/account";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { deps } from "@/deps";
import { addDays } from "@/lib/billing/calendar";
import { formatLongDate } from "@/lib/billing/format";
import { formatWon, parseWon } from "@/lib/billing/money";
import { giveConsent } from "@/lib/operations/consent/give";
import { reconcileDay } from "@/lib/operations/reconciliation/reconcile";
import { refundPayment } from "@/lib/operations/refund/request";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { awake, chooseCard, openWindow, order } from "./support/buying";
import { tabTo } from "./support/keyboard";
import { newPerson, type Person, signInOn, subscribes } from "./support/people";
import { findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import {
  chargesOf,
  move,
  paidAtToss,
  today as seoulToday,
  subscriptionsOf,
  toss,
  variable,
} from "./support/world";

test.use({ time: "moves" });

const BASIC = "basic-month-v1";
const TRIAL = "premium-month-v1";

type Screen = {
  readonly state: string;
  /** Brings a new customer there, through what the app itself does. */
  readonly begin: (person: Person) => Promise<unknown>;
  /** The word or the sentence by which the page names the state. */
  readonly says: (text: AccountText) => string;
  /** The primary action and the address it leads to; null when nothing is asked for. */
  readonly next:
    | readonly [label: (text: AccountText, basic: string) => string, leadsTo: RegExp]
    | null;
};

/** As they are on the day they begin. */
const ORDERS: readonly Screen[] = [
  {
    state: "no subscription",
    begin: async () => undefined,
    says: (text) => text.empty.title,
    next: [(text) => text.empty.plans, /\/pricing$/],
  },
  {
    state: "an order whose card was declined",
    begin: (person) => subscribes(person, BASIC, "short-of-balance"),
    says: (text) => text.badges.incomplete,
    next: [(text) => text.actions.resume, /\/checkout\/chk_\w+\/result$/],
  },
  {
    state: "an order whose charge is open at Toss",
    begin: async (person) => {
      await keepsSilent(person);
      await subscribes(person, BASIC, "executes-then-hangs-up");
    },
    says: (text) => text.badges.checking,
    next: [(text) => text.actions.watch, /\/checkout\/chk_\w+\/result$/],
  },
  {
    state: "an order that was cancelled",
    begin: async (person) => {
      await subscribes(person, BASIC, "short-of-balance");
      await cancels(person);
    },
    says: (text) => text.headline.orderCanceled,
    next: [(text) => text.actions.startAgain, /\/pricing$/],
  },
];

const TRIALS: readonly Screen[] = [
  {
    state: "a trial without consent",
    begin: (person) => subscribes(person, TRIAL),
    says: (text) => text.badges.trialing,
    next: [(text) => text.consent.look, /\/account\/consent$/],
  },
  {
    state: "a trial with consent",
    begin: async (person) => {
      await subscribes(person, TRIAL);
      await agrees(person);
    },
    says: (text) => text.detail.trialAgreed,
    next: null,
  },
  {
    state: "a trial that was cancelled",
    begin: async (person) => {
      await subscribes(person, TRIAL);
      await cancels(person);
    },
    says: (text) => text.badges.canceling,
    next: null,
  },
];

const SUBSCRIPTIONS: readonly Screen[] = [
  {
    state: "in use",
    begin: (person) => subscribes(person, BASIC),
    says: (text) => text.badges.active,
    next: null,
  },
  {
    state: "in use and cancelled",
    begin: async (person) => {
      await subscribes(person, BASIC);
      await cancels(person);
    },
    says: (text) => text.badges.canceling,
    next: null,
  },
  {
    state: "in use, the card gone",
    begin: async (person) => {
      await subscribes(person, BASIC);
      await toss.deleteBillingKey({ customerKey: person.customerKey });
    },
    says: (text) => text.badges.noCard,
    next: [(text) => text.actions.addCard, /\/account\/card$/],
  },
  {
    state: "ended with a refund",
    begin: async (person) => {
      await subscribes(person, BASIC);
      const [charge] = await chargesOf(person);
      const order = { chargeId: charge?.id ?? "", amountWon: parseWon(9_570), reason: "중도 해지" };
      const requestId = deps().newId("refund");
      const asked = { ...order, requestId, actor: person.actor, next: "end-now" as const };
      expect(await refundPayment(deps(), asked)).toMatchObject({ ok: true });
    },
    says: (text) => text.detail.ended["canceled-with-refund"],
    next: [(text) => text.actions.startAgain, /\/pricing$/],
  },
];

/** As they are when two weeks have passed. */
const TWO_WEEKS_LATER: readonly Screen[] = [
  {
    state: "an order that ran out",
    begin: (person) => subscribes(person, BASIC, "short-of-balance"),
    says: (text) => text.headline.orderExpired,
    next: [(text) => text.actions.startAgain, /\/pricing$/],
  },
  {
    state: "ended without consent",
    begin: (person) => subscribes(person, TRIAL),
    says: (text) => text.detail.ended["no-consent"],
    next: [(text) => text.actions.startAgain, /\/pricing$/],
  },
];

/** As they are a month after they began. */
const A_MONTH_LATER: readonly Screen[] = [
  {
    state: "a renewal that is open at Toss",
    begin: async (person) => {
      await subscribesUntil(person, { kind: "hang-up-after-execute" });
      await keepsSilent(person);
    },
    says: (text) => text.badges.checking,
    next: null,
  },
  {
    state: "past due, short of balance",
    begin: (person) => subscribesUntil(person, { kind: "decline", code: "REJECT_CARD_PAYMENT" }),
    says: (text) => text.badges.pastDue,
    next: [(text, basic) => text.actions.payNow(basic), /\/account\?notice=paid$/],
  },
  {
    state: "past due, refused for good",
    begin: (person) => subscribesUntil(person, { kind: "decline", code: "INVALID_STOPPED_CARD" }),
    says: (text) => text.badges.pastDue,
    next: [(text, basic) => text.actions.payWithOther(basic), /\/account\/card$/],
  },
  {
    state: "ended as it was cancelled",
    begin: async (person) => {
      await subscribes(person, BASIC);
      await cancels(person);
    },
    says: (text) => text.detail.ended.canceled,
    next: [(text) => text.actions.startAgain, /\/pricing$/],
  },
];

/** As they are when all tries of a renewal have failed. */
const AFTER_ALL_TRIES: readonly Screen[] = [
  {
    state: "ended unpaid",
    begin: (person) =>
      subscribesUntil(person, { kind: "decline", code: "REJECT_CARD_PAYMENT" }, 50),
    says: (text) => text.detail.ended.unpaid,
    next: [(text) => text.actions.startAgain, /\/pricing$/],
  },
];

const WAYS = [
  { locale: "ko", width: 390 },
  { locale: "en", width: 390 },
  { locale: "ko", width: 1280 },
  { locale: "en", width: 1280 },
] as const;

for (const [what, screens] of [
  ["an order", ORDERS],
  ["a trial", TRIALS],
  ["a subscription", SUBSCRIPTIONS],
] as const) {
  test(`${what} asks for one thing at most in every state, and it leads somewhere`, async ({
    page,
    context,
  }) => {
    await walkAll(page, context, await beginAll(screens));
  });
}

test("what two weeks have ended asks for one thing, and it leads somewhere", async ({
  page,
  context,
}) => {
  const begun = await beginAll(TWO_WEEKS_LATER);
  await move("+15days");
  await walkAll(page, context, begun);
});

test("a renewal asks for one thing at most from its day to its end, and it leads somewhere", async ({
  page,
  context,
}) => {
  const aMonthLater = await beginAll(A_MONTH_LATER);
  const afterAllTries = await beginAll(AFTER_ALL_TRIES);
  await move("+1month");
  await walkAll(page, context, aMonthLater);
  await move("+15days");
  await walkAll(page, context, afterAllTries);
});

test("an order that was not paid is taken up again, or cancelled as an order", async ({
  page,
  customer,
}) => {
  await order(page, "BASIC 시작하기");
  await chooseCard(await openWindow(page, "9,900원 결제하고 시작하기"), "잔액이 부족한 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제하지 못했어요");
  await page.goto("/account/card");
  await expect(page.getByRole("main")).toContainText("카카오뱅크카드");
  await page.goto("/account");
  await page.getByRole("link", { name: "주문 취소하기" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("주문 취소");
  await expect(page.getByRole("main")).not.toContainText("환불");
  await expect(page.getByRole("main")).not.toContainText("밀린");
  await (await awake(page.getByRole("button", { name: "주문 취소하기" }))).click();
  await expect(page.getByRole("heading", { name: "주문을 취소했어요" })).toBeVisible();
  await page.goto("/pricing");
  await expect(page.getByRole("button", { name: "PREMIUM 14일 무료 체험" })).toBeVisible();
  expect(await subscriptionsOf(customer)).toMatchObject([{ status: "ended", n: 0 }]);
});

test("who has used the free trial is offered none, and is told why before paying", async ({
  page,
  customer,
}) => {
  await subscribes(customer, TRIAL);
  const lastDay = formatLongDate(addDays(seoulToday(), 13));
  await move("+15days");
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText(`${lastDay}에 구독이 끝났어요`);
  await page.goto("/pricing");
  const premium = page.getByRole("region", { name: "PREMIUM" });
  await expect(premium).toContainText("무료 체험은 처음 구독할 때만 쓸 수 있어서");
  await expect(premium).not.toContainText("14일 무료");
  await premium.getByRole("button", { name: "PREMIUM 시작하기" }).click();
  await page.waitForURL("**/checkout/chk_*");
  const summary = page.getByRole("region", { name: "PREMIUM" });
  await expect(summary).toContainText("오늘 결제할 금액29,000원");
  await expect(summary).toContainText("무료 체험은 처음 구독할 때만 쓸 수 있어서");
});

test("an operator's first page and what a one-time buyer sees lead on", async ({
  page,
  context,
}) => {
  const buyer = await newPerson();
  await signInOn(context, buyer);
  await order(page, "150,000원 주문하기");
  await chooseCard(await openWindow(page, "150,000원 결제하기"), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("150,000원을 결제했어요");
  await expect(page.getByRole("link", { name: "내 구독 보기" })).toHaveCount(0);
  await expectOnePrimary(page, "결제 내역 보기");
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText(accountText.ko.onlyBought.title);
  await expect(page.getByRole("link", { name: accountText.ko.empty.plans })).toBeVisible();
  await expectOnePrimary(page, accountText.ko.onlyBought.payments);
  await page.getByRole("link", { name: accountText.ko.onlyBought.payments }).click();
  const bought = page.getByRole("main").getByRole("listitem");
  await expect(bought).toHaveCount(1);
  await expect(bought.getByRole("link", { name: "매출전표" })).toBeVisible();

  const operator = await newPerson();
  await db().update(users).set({ role: "operator" }).where(eq(users.id, operator.userId));
  await signInOn(context, operator);
  // Led on before the page has loaded: its own load is never reached.
  await page.goto("/sign-in?next=/pricing", { waitUntil: "commit" });
  await page.waitForURL("**/pricing");
  await page.goto("/sign-in", { waitUntil: "commit" });
  await page.waitForURL("**/admin");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("오늘 확인할 것");
  for (const name of ["결제와 환불", "장부", "웹훅"])
    await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
});

test("the price list shows a subscriber what is theirs, and orders nothing that would be refused", async ({
  page,
  customer,
}) => {
  await subscribes(customer, BASIC);
  const basic = page.getByRole("region", { name: "BASIC" });
  const premium = page.getByRole("region", { name: "PREMIUM" });
  await page.goto("/pricing");
  await expect(page.getByRole("main")).toContainText("BASIC 월간 구독을 이용하고 있어요");
  await expect(basic).toContainText("이용 중");
  await expect(premium).toContainText("지금 구독이 끝나면 주문할 수 있어요");
  await expect(basic.or(premium).getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "150,000원 주문하기" })).toBeVisible();
  await page.goto("/pricing?interval=year");
  await expect(basic).toContainText("지금 구독이 끝나면 주문할 수 있어요");
  await expect(basic).not.toContainText("이용 중");

  await page.goto("/account/cancel");
  await (await awake(page.getByRole("button", { name: "쓰고 해지하기" }))).click();
  await page.waitForURL("**/account?notice=canceled");
  await page.goto("/pricing");
  await expect(premium).toContainText("부터 주문할 수 있어요");
  await basic.getByRole("link", { name: "내 구독 보기" }).click();
  await page.waitForURL("**/account");
});

test("what Toss charged wrongly is one task with both amounts, and what each button will do", async ({
  page,
  customer,
  context,
}) => {
  await subscribes(customer, BASIC, "wrong-amount");
  expect(await reconcileDay(deps(), seoulToday())).toMatchObject({ kind: "done" });
  const operator = await newPerson();
  await db().update(users).set({ role: "operator" }).where(eq(users.id, operator.userId));
  await signInOn(context, operator);
  await page.goto("/admin");
  const [charge] = await chargesOf(customer);
  const task = page.getByRole("listitem").filter({ hasText: charge?.orderId ?? "" });
  await expect(task).toHaveCount(1);
  for (const words of [customer.email, "청구한 금액9,900원", "토스에서 결제된 금액10,900원"])
    await expect(task).toContainText(words);
  await expect(task).toContainText("취소되지 않았다면 아무것도 바뀌지 않아요");
  await expect(task).toContainText("고객에게 10,900원이 모두 돌아가고");
  await expect(page.getByRole("main")).not.toContainText("answer-differs");
  await (await awake(task.getByRole("button", { name: "토스에 다시 물어보기" }))).click();
  await expect(task).toContainText("아직 닫을 수 없어요");
  await task.getByLabel("취소하는 이유").fill("금액 오류");
  await task.getByRole("button", { name: "토스에서 10,900원 취소하기" }).click();
  await expect(page.getByText("토스에서 취소했어요. 고객에게 돈이 돌아가요.")).toBeVisible();
  await expect(task).toHaveCount(0);
  expect(await paidAtToss(customer)).toEqual([]);
});

type Begun = Screen & { readonly person: Person };

async function beginAll(screens: readonly Screen[]): Promise<readonly Begun[]> {
  return Promise.all(
    screens.map(async (screen) => {
      const person = await newPerson();
      await screen.begin(person);
      return { ...screen, person };
    }),
  );
}

async function walkAll(page: Page, context: BrowserContext, begun: readonly Begun[]) {
  for (const one of begun) await walk(page, context, one);
  await speaksAgain(begun);
}

async function walk(
  page: Page,
  context: BrowserContext,
  { state, person, says, next }: Begun,
): Promise<void> {
  await test.step(state, async () => {
    await signInOn(context, person);
    for (const { locale, width } of WAYS) {
      await context.addCookies([{ name: "locale", value: locale, url: variable("APP_URL") }]);
      await page.setViewportSize({ width, height: 844 });
      const text = accountText[locale];
      await expect(async () => {
        await page.goto("/account");
        // Jobs may still be at work on what was just begun.
        await expect(page.getByRole("main")).toContainText(says(text), { timeout: 1_000 });
      }).toPass();
      await expectOnePrimary(page, next && next[0](text, formatWon(parseWon(9_900), locale)));
      await expectNoSideways(page);
      // Everything but the words and the width is the same in the other ways.
      if (locale === "en" && width === 1280) await expectAccessible(page);
    }
    for (const path of ["/account/cancel", "/account/card"]) await expectWayOn(page, path);
    if (!next) return;
    await page.goto("/account");
    const name = next[0](accountText.en, formatWon(parseWon(9_900), "en"));
    await awake(primaries(page).first());
    await page.keyboard.press("Tab");
    await tabTo(page, name);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => next[1].test(url.pathname + url.search));
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  });
}

/** What stands out of the page as the thing to do. */
function primaries(page: Page) {
  return page.getByRole("main").locator("a.bg-accent, button.bg-accent").filter({ visible: true });
}

async function expectOnePrimary(page: Page, name: string | null): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(primaries(page)).toHaveText(name === null ? [] : [name]);
}

/** A page that can be left by something it offers itself. */
async function expectWayOn(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  const main = page.getByRole("main");
  const ways = main.locator("a, button").filter({ visible: true });
  const tabs = main.getByRole("navigation").locator("a");
  await expect
    .poll(async () => (await ways.count()) - (await tabs.count()), path)
    .toBeGreaterThan(0);
}

async function expectAccessible(page: Page): Promise<void> {
  const violations = await findViolations(page);
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)])).toEqual([]);
}

async function expectNoSideways(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
}

type RenewalFault =
  | { readonly kind: "hang-up-after-execute" }
  | { readonly kind: "decline"; readonly code: "REJECT_CARD_PAYMENT" | "INVALID_STOPPED_CARD" };

/** Subscribes with a card whose next charges go wrong. */
async function subscribesUntil(person: Person, fault: RenewalFault, times = 1): Promise<void> {
  await subscribes(person, BASIC);
  const { customerKey } = person;
  await toss.addFault({ ...fault, match: { operation: "charge", customerKey }, times });
}

/** The faults under which Toss does not say what became of a charge. */
const silences = new Map<Person, string>();

async function keepsSilent(person: Person): Promise<void> {
  const match = { operation: "query", customerKey: person.customerKey } as const;
  const { id } = await toss.addFault({ kind: "hang-up-before", match, probability: 1 });
  silences.set(person, id);
}

/** Nothing is left open for the tests that follow. */
async function speaksAgain(about: readonly { readonly person: Person }[]): Promise<void> {
  for (const { person } of about) {
    const id = silences.get(person);
    if (id) await toss.clearFaults(id);
  }
}

async function cancels(person: Person): Promise<void> {
  const [subscription] = await subscriptionsOf(person);
  const canceled = await cancelSubscription(deps(), {
    ...person,
    subscriptionId: subscription?.id ?? "",
  });
  expect(canceled).toMatchObject({ ok: true });
}

async function agrees(person: Person): Promise<void> {
  const [subscription] = await subscriptionsOf(person);
  const proof = { textVersion: "test", ip: null, userAgent: null };
  const agreed = await giveConsent(deps(), {
    ...{ ...person, ...proof },
    subscriptionId: subscription?.id ?? "",
  });
  expect(agreed).toMatchObject({ ok: true });
}
