/** A connection that breaks while something is pressed: what is known is said, in place, and the rest is looked up. */
import type { Page } from "playwright/test";
import { awake } from "./support/buying";
import { subscribes } from "./support/people";
import { expect, test } from "./support/test";
import { subscriptionsOf } from "./support/world";

const CANCEL = /까지 쓰고 해지하기$/;

test("offline, nothing is sent and the page says so, under its own header", {
  tag: "@phone",
}, async ({ page, context, customer, noise }) => {
  noise.push(/ERR_INTERNET_DISCONNECTED/);
  const cancel = await onCancelPage(page, customer);
  await context.setOffline(true);
  await cancel.click();
  await expect(page.getByRole("main")).toContainText("바뀐 것은 없어요");
  await expect(page.getByRole("banner").getByRole("link", { name: "내 구독" })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("저희 쪽 문제");
  await context.setOffline(false);
  await expect(page.getByRole("main")).toContainText("이 화면이 지금 상태예요");
  expect(await subscriptionsOf(customer)).toMatchObject([{ cancelsOn: null }]);
  await cancel.click();
  await expect(page.getByRole("main")).toContainText("해지 예약");
});

test("an answer that is lost on its way is looked up: it went through", async ({
  page,
  customer,
  noise,
}) => {
  noise.push(/ERR_CONNECTION_RESET/);
  const cancel = await onCancelPage(page, customer);
  await page.route("**/account/cancel", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch({ maxRedirects: 0 });
    await route.abort("connectionreset");
  });
  await cancel.click();
  await expect(page.getByRole("main")).toContainText("처리됐는지 아직 몰라요");
  await page.unroute("**/account/cancel");
  await page.getByRole("button", { name: "지금 상태 확인하기" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("이미 해지하셨어요");
  expect(await subscriptionsOf(customer)).not.toMatchObject([{ cancelsOn: null }]);
  await page.getByRole("link", { name: "내 구독으로 돌아가기" }).click();
  await expect(page.getByRole("button", { name: "해지 취소하기" })).toBeVisible();
});

async function onCancelPage(page: Page, customer: Parameters<typeof subscribes>[0]) {
  await subscribes(customer, "basic-month-v1");
  await page.goto("/account/cancel");
  return awake(page.getByRole("button", { name: CANCEL }));
}
