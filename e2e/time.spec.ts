/** The time machine under every page: it moves the sandbox's time from wherever one is, and tells what came of it. */
import { eq } from "drizzle-orm";
import type { Page } from "playwright/test";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { addDays } from "@/lib/billing/calendar";
import { formatLongDate } from "@/lib/billing/format";
import { awake } from "./support/buying";
import { newPerson, type Person, signInOn, subscribes } from "./support/people";
import { findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { pressInBar, timeBar } from "./support/time-bar";
import { paidAtToss, today } from "./support/world";

test.use({ time: "moves" });

const outcome = (page: Page) =>
  timeBar(page).getByRole("region", { name: "옮기는 동안 일어난 일" });

async function press(page: Page, name: string): Promise<void> {
  await pressInBar(page, name);
  await expect(timeBar(page).getByRole("status")).toContainText("다 왔어요", { timeout: 120_000 });
}

/** Subscribed under a name of their own. */
async function named(person: Person, name: string): Promise<Person> {
  await db().update(users).set({ name }).where(eq(users.id, person.userId));
  await subscribes(person, "basic-month-v1");
  return person;
}

test("a customer goes to their next payment, and reads of others only how many there were", {
  tag: "@phone",
}, async ({ page, customer }) => {
  await named(customer, "나구독");
  const other = await named(await newPerson(), "남의이름");
  await page.goto("/account");
  await press(page, "내 다음 결제일까지");
  const charged = outcome(page).getByRole("listitem").filter({ hasText: "결제됐어요" });
  await expect(charged).toContainText("(2건)");
  await expect(charged).toContainText("나구독 · 9,900원");
  await expect(charged).toContainText("다른 고객 1건");
  await expect(outcome(page)).not.toContainText("남의이름");
  expect(await paidAtToss(customer)).toHaveLength(2);
  expect(await paidAtToss(other)).toHaveLength(2);

  const violations = await findViolations(page);
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)])).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  await timeBar(page).getByRole("button", { name: "닫기" }).click();
  await expect(outcome(page)).toHaveCount(0);
});

test("without signing in there are numbers and no names", async ({ page }) => {
  await named(await newPerson(), "남의이름");
  await page.goto("/pricing");
  await expect(timeBar(page).getByRole("button", { name: "다음 결제일까지" })).toHaveCount(0);
  await press(page, "+1개월");
  await expect(outcome(page)).toContainText("결제됐어요 (1건)");
  await expect(outcome(page)).not.toContainText("남의이름");
  await expect(outcome(page)).not.toContainText("9,900원");
});

test("an operator reads every name, by keyboard alone and in English", async ({
  page,
  context,
}) => {
  await named(await newPerson(), "남의이름");
  const operator = await newPerson();
  await db().update(users).set({ role: "operator" }).where(eq(users.id, operator.userId));
  await signInOn(context, operator);
  await page.goto("/pricing");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  const english = page.getByRole("complementary", { name: "Sandbox time" });
  const before = today();
  const week = await awake(english.getByRole("button", { name: "+1 week" }));
  await week.focus();
  await page.keyboard.press("Enter");
  await expect(english.getByRole("status")).toContainText("Arrived.");
  expect(today()).toBe(addDays(before, 7));
  await expect(english).toContainText(formatLongDate(today(), "en"));

  await english.getByRole("button", { name: "To what is next" }).press("Enter");
  const happened = english.getByRole("region", { name: "What happened on the way" });
  await expect(happened).toContainText("남의이름 · ₩9,900", { timeout: 120_000 });
  await page.keyboard.press("Escape");
  await expect(happened).toHaveCount(0);
  await expect(english.getByRole("button", { name: "To what is next" })).toBeFocused();
});

test("after a month the operator's first screen is calm: each morning's comparison was made", async ({
  page,
  context,
}) => {
  await named(await newPerson(), "남의이름");
  const operator = await newPerson();
  await db().update(users).set({ role: "operator" }).where(eq(users.id, operator.userId));
  await signInOn(context, operator);
  await page.goto("/admin");
  await press(page, "+1개월");
  const yesterday = formatLongDate(addDays(today(), -1));
  const compared = page.getByRole("listitem").filter({ hasText: "토스 대사" });
  await expect(compared).toContainText(`${yesterday}의 토스 거래`);
  await expect(compared).toContainText("설명되지 않은 금액 0원");
  await expect(page.getByRole("main")).not.toContainText(/대사 실패|대사 전|읽지 못했어요/);

  await page.goto("/admin/books");
  const days = page.getByRole("table", { name: "토스와 맞춰 본 날" }).getByRole("row");
  expect(await days.count()).toBeGreaterThan(28);
  await expect(page.getByRole("main")).not.toContainText("끝까지 읽지 못했어요");
});

test("a page opened while time moves shows it, and what came of it", async ({ page, context }) => {
  await named(await newPerson(), "남의이름");
  await page.goto("/pricing");
  const second = await context.newPage();
  await pressInBar(page, "+1개월");
  await expect(timeBar(page).getByRole("progressbar")).toBeVisible();
  await second.goto("/sign-in");
  for (const one of [page, second])
    await expect(timeBar(one).getByRole("status")).toContainText("다 왔어요", { timeout: 120_000 });
});
