/** Leaving the Toss window, or failing in it: a calm page, nothing paid, and the order goes on from where it was. */
import {
  awake,
  chooseCard,
  isWide,
  openWindow,
  order,
  orderId,
  said,
  tossWindow,
} from "./support/buying";
import { expect, test } from "./support/test";
import { chargesOf, paidAtToss } from "./support/world";

const PAY = "9,900원 결제하고 시작하기";

test("a closed window and a failed one lose nothing", { tag: "@phone" }, async ({
  page,
  customer,
}) => {
  const id = await order(page, "BASIC 시작하기");
  const first = await openWindow(page, PAY);
  await first.getByRole("button", { name: "닫기" }).click();
  if (isWide(page)) {
    await expect(said(page, "결제창을 닫았어요")).toBeVisible();
    await page.reload();
  } else {
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제를 그만뒀어요");
    await page.getByRole("link", { name: "주문으로 돌아가기" }).click();
  }

  const second = await openWindow(page, PAY);
  await second.getByText("실패를 시험하기").click();
  await second.getByLabel("실패 코드").selectOption("PAY_PROCESS_ABORTED");
  await second.getByRole("button", { name: "실패시키기" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제하지 않았어요");
  await expect(page.getByRole("main")).toContainText("결제창에서 처리가 중단됐어요");
  await page.getByRole("link", { name: "주문으로 돌아가기" }).click();
  expect(await chargesOf(customer)).toEqual([]);

  await chooseCard(await openWindow(page, PAY), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  expect(orderId(page)).toBe(id);
  expect(await paidAtToss(customer)).toHaveLength(1);
});

test("a window whose script does not load is told plainly, and the button works again", async ({
  page,
  customer,
  noise,
}) => {
  noise.push(/ERR_FAILED/);
  await order(page, "BASIC 시작하기");
  await page.route("**/v1/payment", (route) => route.abort());
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  const pay = page.getByRole("button", { name: PAY });
  await (await awake(pay)).click();
  const main = page.getByRole("main");
  await expect(main.getByRole("alert")).toContainText("결제창을 불러오지 못했어요");
  await page.unroute("**/v1/payment");
  await pay.click();
  await expect(page.frameLocator("iframe[title='결제창']").getByRole("main")).toBeVisible();
  expect(await chargesOf(customer)).toEqual([]);
});

test("the window is the only thing a keyboard reaches, and Escape closes it, loaded or not", async ({
  page,
  customer,
}) => {
  await order(page, "BASIC 시작하기");
  const pay = page.getByRole("button", { name: PAY });
  const frame = page.locator("iframe[title='결제창']");
  const isInWindow = () => frame.evaluate((element) => element === document.activeElement);
  const window = await openWindow(page, PAY);
  await expect.poll(isInWindow).toBe(true);
  await expect(window.getByRole("main")).toBeFocused();
  for (const key of ["Shift+Tab", "Tab"]) {
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press(key);
      expect(await isInWindow()).toBe(true);
    }
  }
  await page.keyboard.press("Escape");
  await expect(frame).toHaveCount(0);
  await expect(said(page, "결제창을 닫았어요")).toBeVisible();

  await page.route("**/window/*", () => undefined);
  await pay.click();
  await expect(frame).toHaveCount(1);
  await page.keyboard.press("Tab");
  const isBehind = () => !document.activeElement?.matches("body, [role=dialog], [role=dialog] *");
  expect(await page.evaluate(isBehind)).toBe(false);
  await page.getByRole("dialog", { name: "결제창" }).press("Escape");
  await expect(frame).toHaveCount(0);
  await page.unroute("**/window/*");
  await pay.click();
  await chooseCard(await tossWindow(page), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  expect(await paidAtToss(customer)).toHaveLength(1);
});

test("whatever stands in the fail address, only our own words are shown", async ({
  page,
  customer,
}) => {
  const id = await order(page, "BASIC 시작하기");
  await page.goto(`/checkout/${id}/fail?code=%3Cscript%3E&message=<b>돈을 다시 보내세요</b>`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제하지 않았어요");
  await expect(page.locator("body")).not.toContainText("돈을 다시 보내세요");
  await page.goto(`/checkout/${id}/fail?code=USER_CANCEL`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제를 그만뒀어요");
  expect(await chargesOf(customer)).toEqual([]);
});
