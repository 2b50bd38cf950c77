/** The spine of the product: somebody subscribes by month, and a month later the jobs collect the second payment. */
import type { Page } from "playwright/test";
import { addMonths, type CalendarDate } from "@/lib/billing/calendar";
import { formatLongDate, formatPeriod, formatTableDate } from "@/lib/billing/format";
import { agree, awake, chooseCard, tossWindow } from "./support/buying";
import { findPerson, newEmail, PASSWORD, type Person } from "./support/people";
import { expect, test } from "./support/test";
import { chargesOf, jobs, move, paidAtToss, today } from "./support/world";

test.use({ time: "moves" });

test("somebody new subscribes by month, and the jobs collect the second month", {
  tag: "@phone",
}, async ({ page }) => {
  const email = newEmail();
  const startsOn = today();
  const renewsOn = addMonths(startsOn, 1);
  await test.step("the price list leads a stranger to sign up and on to the order", async () => {
    await page.goto("/pricing");
    await page.getByRole("button", { name: "BASIC 시작하기" }).click();
    await page.waitForURL("**/sign-in?next=*basic-month*");
    const chosen = page.getByRole("region", { name: "고른 상품" });
    await expect(chosen).toContainText("BASIC · 월간");
    await expect(chosen).toContainText("9,900원");
    await signUp(page, email);
    await page.waitForURL("**/checkout/chk_*");
  });
  const person = await findPerson(email);
  await test.step("the order page says what is paid today and what comes next", async () => {
    await readOrder(page, startsOn, renewsOn);
    expect(await paidAtToss(person)).toEqual([]);
  });
  await test.step("the card is registered in the Toss window and the first month is paid", async () => {
    await agree(page);
    await page.getByRole("button", { name: "9,900원 결제하고 시작하기" }).click();
    await chooseCard(await tossWindow(page), "정상 카드");
    await readResult(page, renewsOn);
  });
  await test.step("the account says the same", async () => {
    await page.getByRole("link", { name: "내 구독 보기" }).click();
    const card = page.getByRole("region", { name: /9,900원이 결제돼요/ });
    await expect(card).toContainText("이용 중");
    await expect(card).toContainText("매달 9,900원 (부가세 포함)");
    await expect(card.locator(`time[datetime="${renewsOn}"]`)).toBeVisible();
  });
  await test.step("a month later the second payment was made, by the job", async () => {
    await move("+1month");
    await page.getByRole("link", { name: "결제 내역" }).first().click();
    const payments = page.getByRole("main").getByRole("listitem");
    await expect(payments).toHaveCount(2);
    await expect(payments.filter({ hasText: "결제 완료" })).toHaveCount(2);
    await expect(payments.first()).toContainText(formatLongDate(renewsOn));
    await expect(payments.first()).toContainText(`(${formatTableDate(renewsOn)} ~`);
    await expect(payments.first().getByRole("link", { name: "매출전표" })).toBeVisible();
    await expectCollectedByJob(person);
  });
  await test.step("signing out and in again through the form leads back to it all", async () => {
    await page.getByRole("button", { name: "로그아웃" }).click();
    await expect(page.getByRole("link", { name: "로그인" })).toBeVisible();
    await page.goto("/account/payments");
    await page.waitForURL("**/sign-in?next=*");
    await page.getByLabel("이메일").fill(email);
    await page.getByLabel("비밀번호").fill(PASSWORD);
    await page.getByRole("button", { name: "로그인", exact: true }).click();
    await page.waitForURL("**/account/payments");
    await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(2);
  });
});

async function signUp(page: Page, email: string): Promise<void> {
  await page.getByRole("link", { name: "회원가입" }).click();
  await page.waitForURL("**/sign-up?next=*basic-month*");
  await expect(page.getByRole("region", { name: "고른 상품" })).toContainText("BASIC · 월간");
  const back = page.getByRole("main").getByRole("link", { name: "로그인" });
  await expect(back).toHaveAttribute("href", /^\/sign-in\?next=.*basic-month/);
  await page.getByLabel("이메일").fill(email);
  await page.getByLabel("비밀번호").fill(PASSWORD);
  await page.getByLabel("이름").fill("김구독");
  await agree(page);
  await page.getByRole("button", { name: "가입하고 시작하기" }).click();
}

async function readOrder(page: Page, startsOn: CalendarDate, renewsOn: CalendarDate) {
  const summary = page.getByRole("region", { name: "BASIC" });
  await expect(summary).toContainText("오늘 결제할 금액9,900원");
  await expect(summary).toContainText("부가세 포함");
  await expect(summary).toContainText("공급가액 9,000원 + 부가세 900원");
  await expect(summary).toContainText(`오늘 · ${formatLongDate(startsOn)}`);
  await expect(summary).toContainText(formatPeriod({ startsOn, endsOn: renewsOn }));
  await expect(summary).toContainText(`다음 결제 · ${formatLongDate(renewsOn)}`);
  await expect(page.getByRole("region", { name: "해지와 환불" })).toContainText("전액");
  await (await awake(page.getByRole("button", { name: "9,900원 결제하고 시작하기" }))).click();
  const main = page.getByRole("main");
  await expect(main.getByRole("alert")).toContainText("두 항목을 모두 확인하고 동의해 주세요.");
}

async function readResult(page: Page, renewsOn: CalendarDate): Promise<void> {
  const main = page.getByRole("main");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  await expect(main).toContainText(/현대카드 ····\s001\*/);
  await expect(main).toContainText(formatLongDate(renewsOn));
  const [slip] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "매출전표 보기" }).click(),
  ]);
  await expect(slip.locator("body")).toContainText("9,900원");
  await slip.close();
}

/** Our books and Toss's hold the same two payments, and a run of the job made the second one. */
async function expectCollectedByJob(person: Person): Promise<void> {
  const charges = await chargesOf(person);
  expect(charges.map(({ status, trigger }) => [status, trigger])).toEqual([
    ["approved", "customer"],
    ["approved", "automatic"],
  ]);
  const second = charges[1]?.id ?? "none";
  const runs = await jobs.runs({ function: "collect-charges", status: "completed" });
  expect(runs.filter((run) => JSON.stringify(run.event.data).includes(second))).toHaveLength(1);
  const paid = await paidAtToss(person);
  expect(paid.map(({ totalAmount, orderId }) => [totalAmount, orderId]).toSorted()).toEqual(
    charges.map(({ amountWon, orderId }) => [amountWon, orderId]).toSorted(),
  );
}
