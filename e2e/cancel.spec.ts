/** Cancelling is as easy as joining: two clicks, from every state, and taken back in one. */
import type { Page } from "playwright/test";
import { chooseCard, openWindow, order, said } from "./support/buying";
import { subscribes } from "./support/people";
import { expect, test } from "./support/test";
import { chargesOf, move, paidAtToss, subscriptionsOf, toss } from "./support/world";

test("joining takes more screens than leaving; leaving is undone in one click", {
  tag: "@phone",
}, async ({ page, customer }) => {
  const joining = countScreens(page);
  await order(page, "BASIC 시작하기");
  await chooseCard(await openWindow(page, "9,900원 결제하고 시작하기"), "정상 카드");
  await page.getByRole("link", { name: "내 구독 보기" }).click();
  const account = page.getByRole("main");
  await expect(account).toContainText("이용 중");
  const joined = joining.end();

  const leaving = countScreens(page);
  await page.getByRole("link", { name: "해지하기" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("해지하기");
  await expect(account).toContainText("이유를 묻지 않아요");
  await expect(account).toContainText("중도 해지");
  await page.getByRole("button", { name: /까지 쓰고 해지하기$/ }).click();
  await expect(said(page, "해지했어요")).toBeVisible();
  await expect(account).toContainText("해지 예약");
  expect(leaving.end()).toBeLessThanOrEqual(joined);

  await page.getByRole("button", { name: "해지 취소하기" }).click();
  await expect(said(page, "해지를 취소했어요")).toBeVisible();
  await expect(account).toContainText("이용 중");
  expect(await paidAtToss(customer)).toHaveLength(1);
});

test("the ways on stand beside each other with the same weight", async ({ page, customer }) => {
  await subscribes(customer, "basic-month-v1");
  await page.goto("/account");
  const actions = page.getByRole("list", { name: "구독 관리" });
  const looks = await actions.locator("a, button").evaluateAll((elements) =>
    elements.map((element) => {
      const { fontSize, fontWeight, color, backgroundColor } = getComputedStyle(element);
      return [fontSize, fontWeight, color, backgroundColor, element.clientHeight].join();
    }),
  );
  expect(looks).toHaveLength(4);
  expect(new Set(looks).size).toBe(1);
});

test.describe("while time goes on", () => {
  test.use({ time: "moves" });

  test("cancelled, it runs to its last day and nothing more is charged", async ({
    page,
    customer,
  }) => {
    await subscribes(customer, "basic-month-v1");
    await cancelInTwoClicks(page);
    await expect(page.getByRole("main")).toContainText("해지 예약");
    await move("+1month");
    await page.reload();
    await expect(page.getByRole("main")).toContainText("종료");
    await expect(page.getByRole("main")).toContainText("해지하신 대로 끝났고");
    expect(await paidAtToss(customer)).toHaveLength(1);
    expect(await chargesOf(customer)).toHaveLength(1);
    await page.getByRole("link", { name: "다시 시작하기" }).click();
    await page.waitForURL("**/pricing");
  });

  test("a trial is cancelled the same way and costs nothing", async ({ page, customer }) => {
    await subscribes(customer, "premium-month-v1");
    await cancelInTwoClicks(page);
    await expect(page.getByRole("main")).toContainText("해지 예약");
    await move("+14days");
    expect((await subscriptionsOf(customer)).map(({ status }) => status)).toEqual(["ended"]);
    expect(await paidAtToss(customer)).toEqual([]);
  });

  test("a past-due subscription is cancelled the same way, and no try follows", async ({
    page,
    customer,
  }) => {
    await subscribes(customer, "basic-month-v1");
    const { customerKey } = customer;
    await toss.addFault({
      kind: "decline",
      code: "REJECT_CARD_PAYMENT",
      match: { operation: "charge", customerKey },
    });
    await move("+1month");
    await page.goto("/account");
    await expect(page.getByRole("main")).toContainText("결제 실패");
    await cancelInTwoClicks(page);
    await expect(page.getByRole("main")).toContainText("종료");
    await move("+15days");
    expect((await chargesOf(customer)).map(({ status }) => status)).toEqual([
      "approved",
      "declined",
    ]);
    expect(await paidAtToss(customer)).toHaveLength(1);
  });
});

async function cancelInTwoClicks(page: Page): Promise<void> {
  await page.goto("/account");
  await page.getByRole("link", { name: "해지하기" }).click();
  await page.getByRole("button", { name: /해지하기$/ }).click();
  await expect(said(page, "해지했어요")).toBeVisible();
}

/** How many addresses of ours a person sees from now on. */
function countScreens(page: Page): { end: () => number } {
  const seen: string[] = [];
  const see = () => {
    const { pathname, origin } = new URL(page.url());
    if (origin === process.env.APP_URL && seen.at(-1) !== pathname) seen.push(pathname);
  };
  page.on("framenavigated", see);
  return {
    end() {
      page.off("framenavigated", see);
      return seen.length;
    },
  };
}
