/** Impatience and accidents: what is opened, pressed or reloaded twice happens once, and a closed tab loses nothing. */
import { agree, awake, chooseCard, openWindow, order, said, tossWindow } from "./support/buying";
import { orders, registersCard, subscribes } from "./support/people";
import { expect, test } from "./support/test";
import {
  chargesOf,
  keysAfterTidying,
  keysAtToss,
  paidAtToss,
  passMinutes,
  rowsOf,
  subscriptionsOf,
} from "./support/world";

const PAY = "9,900원 결제하고 시작하기";
const PAID = "9,900원을 결제했어요";

test("reload, back, a second tab and the same address again change nothing", {
  tag: "@phone",
}, async ({ page, context, customer }) => {
  const stale = await context.newPage();
  await stale.goto("/pricing");
  const id = await order(page, "BASIC 시작하기");
  await agree(page);
  await (await awake(page.getByRole("button", { name: PAY }))).dblclick();
  const back = page.waitForRequest("**/checkout/*/card?*");
  await chooseCard(await tossWindow(page), "정상 카드");
  const returned = (await back).url();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText(PAID);
  const before = await rowsOf(customer);

  await page.reload();
  await expect(heading).toHaveText(PAID);
  await page.goto(returned);
  await expect(heading).toHaveText(PAID);
  const tabs = await Promise.all([context.newPage(), context.newPage()]);
  await Promise.all(tabs.map((tab) => tab.goto(returned)));
  for (const tab of tabs) await expect(tab.getByRole("heading", { level: 1 })).toHaveText(PAID);
  await page.goBack();
  await expect(heading).toHaveText(PAID);
  await page.goto(`/checkout/${id}`);
  await expect(heading).toHaveText(PAID);
  await stale.getByRole("button", { name: "BASIC 시작하기" }).click();
  await expect(said(stale, "이미 구독하고 있어요")).toBeVisible();

  expect(await rowsOf(customer)).toEqual(before);
  expect(await paidAtToss(customer)).toHaveLength(1);
  expect(await keysAtToss(customer)).toHaveLength(1);
});

test("the address opened in two tabs at once pays once", async ({ page, context, customer }) => {
  await order(page, "BASIC 시작하기");
  const returned: string[] = [];
  await page.route("**/checkout/*/card?*", async (route) => {
    returned.push(route.request().url());
    await route.abort();
  });
  await chooseCard(await openWindow(page, PAY), "정상 카드");
  await expect.poll(() => returned.length).toBe(1);
  await page.unroute("**/checkout/*/card?*");
  const tabs = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
  await Promise.all(tabs.map((tab) => tab.goto(returned[0] ?? "")));
  for (const tab of tabs) await expect(tab.getByRole("heading", { level: 1 })).toHaveText(PAID);
  expect(await paidAtToss(customer)).toHaveLength(1);
  expect(await chargesOf(customer)).toHaveLength(1);
  expect(await keysAtToss(customer)).toHaveLength(1);
  expect(await subscriptionsOf(customer)).toHaveLength(1);
});

test("two orders finished at once: the one that is closed names the plan that runs", async ({
  page,
  customer,
}) => {
  const closed = await orders(customer, "premium-month-v1");
  await subscribes(customer, "basic-month-v1");
  await registersCard(customer, closed);
  await page.goto(`/checkout/${closed}/result`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "이미 BASIC 구독을 이용하고 있어요",
  );
  await expect(page.getByRole("main")).toContainText("이 PREMIUM 주문은 닫았어요");
  expect(await paidAtToss(customer)).toHaveLength(1);
  await expect.poll(() => keysAfterTidying(customer)).toHaveLength(1);
});

test("when the tab is closed after the window, the jobs finish the order", async ({
  page,
  context,
  customer,
  noise,
}) => {
  noise.push(/ERR_FAILED/);
  await order(page, "BASIC 시작하기");
  await context.route("**/api/checkouts/*/complete", (route) => route.abort());
  await chooseCard(await openWindow(page, PAY), "정상 카드");
  await page.waitForURL("**/result");
  await page.close();
  expect(await paidAtToss(customer)).toEqual([]);

  passMinutes(2);
  await expect.poll(() => keysAfterTidying(customer)).toHaveLength(1);
  await expect.poll(() => paidAtToss(customer)).toHaveLength(1);
  const tab = await context.newPage();
  await tab.goto("/account");
  await expect(tab.getByRole("main")).toContainText("이용 중");
  await tab.goto("/account/payments");
  await expect(tab.getByRole("main").getByRole("listitem")).toHaveCount(1);
});
