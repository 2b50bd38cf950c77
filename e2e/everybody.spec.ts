/** For everybody: readable by machines and eyes, in the light and the dark, on a phone, by keyboard, in two languages. */
import type { Page } from "playwright/test";
import { order, tossWindow } from "./support/buying";
import { tabTo } from "./support/keyboard";
import { newPerson, orders, signInOn, subscribes } from "./support/people";
import { findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { toss } from "./support/world";

const PUBLIC = [
  ...[
    "/",
    "/pricing",
    "/pricing?interval=year",
    "/sign-in?error=constructor",
    "/sign-up",
    "/forgot-password",
  ],
  ...[
    "/reset-password?token=none",
    "/invitation?token=none",
    "/terms",
    "/privacy",
    "/refund",
    "/sandbox",
  ],
  ...["/checkout/unavailable?reason=too-many", "/nowhere"],
];

/** What must stand under every page (E-Commerce Act §10 and §13). */
const SELLER = [
  ...["대표", "사업자등록번호", "통신판매업 신고", "주소", "전화", "이메일", "호스팅 제공자"],
  ...["이용약관", "개인정보처리방침", "환불·해지 정책", "사업자정보확인"],
];

test("every public page is clean in the light and the dark", { tag: "@phone" }, async ({
  page,
  noise,
}) => {
  test.setTimeout(180_000);
  noise.push(/status of 404/);
  for (const path of PUBLIC) await expectClean(page, path);
});

test("every page of a customer is clean in the light and the dark", { tag: "@phone" }, async ({
  page,
  customer,
  context,
}) => {
  test.setTimeout(180_000);
  const order = await orders(customer, "premium-month-v1");
  await expectClean(page, `/checkout/${order}`);
  await expectClean(page, `/checkout/${order}/canceled`);
  await expectClean(page, `/checkout/${order}/failed?reason=amount-differs`);
  await expectClean(page, "/account");
  await expectClean(page, "/account/payments");
  const trial = await subscribes(customer, "premium-month-v1");
  await expectClean(page, `/checkout/${trial}/result`);
  for (const path of ["", "/card", "/members", "/profile", "/consent", "/cancel"])
    await expectClean(page, `/account${path}`);

  const payer = await newPerson();
  await signInOn(context, payer);
  const paid = await subscribes(payer, "basic-year-v1");
  await expectClean(page, `/checkout/${paid}/result`);
  for (const path of ["", "/payments", "/cancel"]) await expectClean(page, `/account${path}`);
  const declined = await newPerson();
  await signInOn(context, declined);
  await expectClean(
    page,
    `/checkout/${await subscribes(declined, "basic-month-v1", "short-of-balance")}/result`,
  );
});

test("the seller is named, VAT is said by each price, and English is one press away", async ({
  page,
}) => {
  for (const path of PUBLIC.slice(0, -1)) {
    await page.goto(path);
    const footer = page.getByRole("contentinfo");
    for (const words of SELLER) await expect(footer).toContainText(words);
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
    await expect(page.locator("body")).not.toContainText("VAT 별도");
  }
  for (const interval of ["month", "quarter", "year"]) {
    await page.goto(`/pricing?interval=${interval}`);
    for (const plan of ["BASIC", "PREMIUM", "ENTERPRISE", "도입 교육"])
      await expect(page.getByRole("region", { name: plan })).toContainText("부가세 포함");
  }
  await expect(page.getByRole("region", { name: "BASIC" })).toContainText(
    "월간보다 연 19,800원 아껴요",
  );

  await page.getByRole("button", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("region", { name: "BASIC" })).toContainText("₩99,000");
  await expect(page.getByRole("region", { name: "BASIC" })).toContainText("VAT included");
  expect(page.url()).toContain("/pricing?interval=year");
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
});

test("an order reaches the Toss window by keyboard alone", async ({ page, customer }) => {
  await page.goto("/pricing");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "본문으로 건너뛰기" })).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, "BASIC 시작하기");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/checkout/chk_*");
  for (const box of await page.getByRole("checkbox").all()) {
    await tabTo(page, /\(필수\)$/);
    await expect(box).toBeFocused();
    await page.keyboard.press("Space");
    await expect(box).toBeChecked();
  }
  await tabTo(page, "9,900원 결제하고 시작하기");
  await page.keyboard.press("Enter");
  const window = await tossWindow(page);
  await expect(window.getByRole("radio", { name: "정상 카드" })).toBeVisible();
  expect((await toss.state({ customerKey: customer.customerKey })).payments).toEqual([]);
});

test("every page has one heading, one main part and a title of its own", async ({
  page,
  customer,
}) => {
  const id = await order(page, "BASIC 시작하기");
  for (const path of ["/", "/pricing", `/checkout/${id}`, "/account", "/account/payments"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(page.getByRole("main")).toHaveCount(1);
    expect(await page.title()).toMatch(/매달/);
  }
  expect(customer.name).not.toBe("");
});

async function expectClean(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // In the other colours everything but the contrast is the same.
    const rules = colorScheme === "dark" ? ["color-contrast"] : [];
    const violations = await findViolations(page, rules);
    const told = violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)]);
    expect(told, `${path} in the ${colorScheme}`).toEqual([]);
  }
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
}
