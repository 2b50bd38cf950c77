/** Where JavaScript does not run, as on a poor line or behind a strict filter: pages are read and forms are sent. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { newPerson, orders, PASSWORD, signInOn, subscribes } from "./support/people";
import { expect, test } from "./support/test";
import { subscriptionsOf } from "./support/world";

test.use({ javaScriptEnabled: false });

test("a subscription is cancelled, and the cancellation is undone", { tag: "@phone" }, async ({
  page,
  customer,
}) => {
  await subscribes(customer, "basic-month-v1");
  const main = page.getByRole("main");
  await page.goto("/account");
  await expect(main).toContainText("이용 중");
  await page.getByRole("link", { name: "해지하기" }).click();
  await page.getByRole("button", { name: /까지 쓰고 해지하기$/ }).click();
  await expect(main).toContainText("해지 예약");
  await page.getByRole("button", { name: "해지 취소하기" }).click();
  await expect(main).toContainText("해지를 취소했어요");
  await expect(main).toContainText("이용 중");
  expect(await subscriptionsOf(customer)).toMatchObject([{ status: "active", cancelsOn: null }]);
});

test("each page shows all it has", async ({ page, customer, context }) => {
  const main = page.getByRole("main");
  // Playwright finds no text that stands in a noscript, even where it is shown.
  const askForScript = main.locator("noscript > *");
  await subscribes(customer, "basic-month-v1");
  await page.goto("/account/payments");
  await expect(main).toContainText("BASIC 월간");
  await page.goto("/account/card");
  await expect(main).toContainText("현대카드");
  await expect(askForScript).toBeVisible();
  await expect(askForScript).toContainText("자바스크립트가 필요해요");

  const payer = await newPerson();
  await signInOn(context, payer);
  await page.goto(`/checkout/${await orders(payer, "basic-month-v1")}`);
  await expect(main).toContainText("9,900원");
  await expect(askForScript).toBeVisible();
  await expect(askForScript).toContainText("자바스크립트가 필요해요");

  await db().update(users).set({ role: "operator" }).where(eq(users.id, payer.userId));
  for (const [path, words] of [
    ["/admin", "오늘 들어온 돈"],
    ["/admin/payments", "BASIC 월간"],
    ["/admin/books", "미수금"],
    ["/admin/webhooks", "웹훅"],
  ] as const) {
    await page.goto(path);
    await expect(main).toContainText(words);
  }
});

test("somebody signs in, chooses English and changes their name", async ({ page }) => {
  const { email } = await newPerson({ hasPassword: true });
  await page.goto("/sign-in?next=%2Faccount%2Fprofile");
  await page.getByLabel("이메일").fill(email);
  await page.getByLabel("비밀번호", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await page.getByRole("link", { name: "계속하기" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByLabel("Name").fill("Kim Gudok");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main")).toContainText("Your name has been changed.");
});
