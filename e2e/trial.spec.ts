/** A free trial turns into a paid plan only for those who agreed to it, on a page of its own (E-Commerce Act §13⑥). */
import type { Locator, Page } from "playwright/test";
import { addDays } from "@/lib/billing/calendar";
import { formatLongDate } from "@/lib/billing/format";
import { chooseCard, openWindow, order, said } from "./support/buying";
import { expect, test } from "./support/test";
import { chargesOf, keysAfterTidying, move, paidAtToss, today } from "./support/world";

test.use({ time: "moves" });

test("a trial is begun, agreed to and paid", { tag: "@phone" }, async ({ page, customer }) => {
  const endsOn = addDays(today(), 14);
  await beginTrial(page);
  await expect(page.getByRole("main")).toContainText(formatLongDate(endsOn));
  expect(await paidAtToss(customer)).toEqual([]);

  const result = page.url();
  await page.getByRole("link", { name: "유료 전환 동의 살펴보기" }).click();
  const consent = page.getByRole("region", { name: "PREMIUM" });
  await expect(consent).toContainText("지금 가격0원");
  await expect(consent).toContainText("29,000원");
  await expect(consent).toContainText("부가세 포함");
  await expect(consent).toContainText(formatLongDate(endsOn));
  await expect(consent).toContainText(/현대카드 ····\s001\*/);
  await expect(consent).toContainText("해지 방법");
  const [agree, decline] = [
    page.getByRole("button", { name: "동의하고 계속 이용하기" }),
    page.getByRole("button", { name: "동의하지 않기" }),
  ];
  expect(await lookOf(agree)).toEqual(await lookOf(decline));
  await agree.click();
  await expect(said(page, "유료 전환에 동의했어요")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("체험 중");
  expect(await paidAtToss(customer)).toEqual([]);
  await page.goto(result);
  await expect(page.getByRole("main")).toContainText("무료 체험을 시작했어요");
  await expect(page.getByRole("link", { name: "유료 전환 동의 살펴보기" })).toHaveCount(0);

  await move("+14days");
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText("이용 중");
  const paid = await paidAtToss(customer);
  expect(paid.map(({ totalAmount }) => totalAmount)).toEqual([29_000]);
});

test("a trial nobody agreed to ends and costs nothing", async ({ page, customer }) => {
  await beginTrial(page);
  await page.goto("/account");
  await page.getByRole("link", { name: "내용 보고 결정하기" }).click();
  await page.getByRole("button", { name: "동의하지 않기" }).click();
  await expect(said(page, "동의하지 않은 것으로 알고 있을게요")).toBeVisible();
  await expect(page.getByRole("link", { name: "내용 보고 결정하기" })).toBeHidden();
  await expect(page.getByRole("link", { name: "유료 전환 동의 내용 보기" })).toBeVisible();

  await move("+14days");
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText("종료");
  await expect(page.getByRole("main")).toContainText("동의하지 않으셔서 결제하지 않았어요");
  expect(await paidAtToss(customer)).toEqual([]);
  expect(await chargesOf(customer)).toEqual([]);
  await expect.poll(() => keysAfterTidying(customer)).toEqual([]);
});

async function beginTrial(page: Page): Promise<void> {
  await order(page, "PREMIUM 14일 무료 체험");
  const summary = page.getByRole("region", { name: "PREMIUM" });
  await expect(summary).toContainText("오늘 결제할 금액0원");
  await expect(summary).toContainText("29,000원");
  await expect(page.getByRole("button", { name: "동의하고 계속 이용하기" })).toHaveCount(0);
  await chooseCard(await openWindow(page, "카드 등록하고 무료로 시작하기"), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("14일 무료 체험을 시작했어요");
}

/** What must be the same about two answers to one question (§21-2). */
function lookOf(button: Locator) {
  return button.evaluate((element) => {
    const { fontSize, fontWeight, color, backgroundColor, boxShadow } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    return { fontSize, fontWeight, color, backgroundColor, boxShadow, width, height };
  });
}
