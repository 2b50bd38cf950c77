/** An operator gives money back on the payments page. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { deps } from "@/deps";
import { addDays } from "@/lib/billing/calendar";
import { formatTableDate } from "@/lib/billing/format";
import { reconcileDay } from "@/lib/operations/reconciliation/reconcile";
import { awake } from "./support/buying";
import { newPerson, type Person, signInOn, subscribes } from "./support/people";
import { findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { chargesOf, move, paidAtToss, today, toss } from "./support/world";

async function newColleague(role: "operator" | "support"): Promise<Person> {
  const person = await newPerson();
  await db().update(users).set({ role }).where(eq(users.id, person.userId));
  return person;
}

test("a part and then the rest of a payment is given back, and the subscription ends as chosen", {
  tag: "@phone",
}, async ({ page, context }) => {
  const payer = await newPerson();
  const order = await subscribes(payer, "basic-month-v1");
  await signInOn(context, await newColleague("operator"));
  await page.goto("/admin");
  await page.getByRole("link", { name: "결제와 환불" }).click();
  await page.getByLabel("이메일, 주문번호").fill(payer.email);
  await page.getByRole("button", { name: "찾기" }).click();
  const row = page.getByRole("listitem").filter({ hasText: payer.email });
  await expect(row).toContainText("결제 완료");
  await row.getByText("환불하기").first().click();
  await expect(row.getByLabel("돌려줄 금액 (원)")).toHaveValue("9,900");
  const violations = await findViolations(page);
  expect(violations.map((violation) => violation.id)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);

  const send = row.getByRole("button", { name: "환불하기" });
  await row.getByLabel("돌려줄 금액 (원)").fill("99,000원");
  await row.getByLabel("사유").fill("고객 요청");
  await row.getByLabel("그대로 두기").check();
  await (await awake(send)).click();
  await expect(row.getByText("9,900원까지 돌려줄 수 있어요.", { exact: true })).toBeVisible();

  await row.getByLabel("돌려줄 금액 (원)").fill("3,300");
  await row.getByLabel("해지하기").check();
  await send.click();
  await expect(page.getByText("환불했어요. 고객에게 메일로 알려요.")).toBeVisible();
  await expect(row).toContainText("3,300원 · 완료 · 고객 요청");
  await expect(row.getByRole("heading", { level: 2 }).locator("..")).toContainText("부분 환불");

  await row.getByText("환불하기").first().click();
  await expect(row.getByLabel("돌려줄 금액 (원)")).toHaveValue("6,600");
  await expect(row.getByLabel("그대로 두기")).toBeVisible();
  await row.getByLabel("지금 끝내기").check();
  await row.getByLabel("사유").fill("나머지");
  await (await awake(row.getByRole("button", { name: "환불하기" }))).click();
  await expect(row).toContainText("6,600원 · 완료 · 나머지");
  await expect(row.getByText("환불하기")).toHaveCount(0);
  await expect(row).not.toContainText("결제 완료");

  const { payments } = await toss.state({ customerKey: payer.customerKey });
  expect(payments).toMatchObject([{ totalAmount: 9_900, balanceAmount: 0 }]);

  await signInOn(context, payer);
  await page.goto("/account/payments");
  await expect(page.getByText("9,900원 환불")).toBeVisible();
  await expect(page.getByText("환불", { exact: true })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("결제 완료");
  await page.goto("/account");
  await expect(page.getByRole("main")).toContainText("종료");
  await expect(page.getByRole("link", { name: "다시 시작하기" })).toBeVisible();
  await page.goto(`/checkout/${order}/result`);
  await expect(page.getByRole("main")).toContainText("지금은 끝난 구독이에요");
});

test("the books say what came in and went back, with the same sums on both sides", {
  tag: "@phone",
}, async ({ page, context }) => {
  const payer = await newPerson();
  await subscribes(payer, "basic-month-v1");
  const yesterday = addDays(today(), -1);
  expect(await reconcileDay(deps(), yesterday)).toMatchObject({ kind: "done" });
  await signInOn(context, await newColleague("support"));
  await page.goto("/admin");
  await page.getByRole("link", { name: "장부", exact: true }).click();
  const row = (name: string) =>
    page.getByRole("region", { name: "계정별 잔액" }).getByRole("row").filter({ hasText: name });
  await expect(row("매출부가세 제외")).toContainText("원");
  const [, debit, credit] = await row("합계").locator("td > div").allTextContents();
  expect(debit).toMatch(/^[1-9][\d,]*원$/);
  expect(debit).toBe(credit);
  const days = page.getByRole("region", { name: "토스와 맞춰 본 날" });
  await expect(days.getByRole("link", { name: formatTableDate(yesterday) })).toBeVisible();
  const violations = await findViolations(page);
  expect(violations.map((violation) => violation.id)).toEqual([]);
  await page.getByLabel("기준일").fill("2020-01-01");
  await page.getByRole("button", { name: "보기" }).click();
  await expect(row("합계")).toContainText("0원");
  for (const day of ["2999-01-01", "2090-01-01", "2027-02-30", "0000-01-01", "x".repeat(500)]) {
    await page.goto(`/admin/books?day=${day}`);
    await expect(page.getByLabel("기준일")).toHaveValue(today());
  }
});

test("support may look, and nobody else is let in", async ({ page, customer, context, noise }) => {
  noise.push(/status of 404/);
  await subscribes(customer, "basic-month-v1");
  await page.goto("/admin/payments");
  await expect(page.getByRole("heading", { name: "결제와 환불" })).toHaveCount(0);
  await signInOn(context, await newColleague("support"));
  await page.goto(`/admin/payments?q=${customer.email}`);
  await expect(page.getByText("결제 완료")).toBeVisible();
  await expect(page.getByText("환불하기")).toHaveCount(0);
});

test.describe("while time goes on", () => {
  test.use({ time: "moves" });

  test("a refund that Toss does not make for days is shown, and an operator may close it", async ({
    page,
    context,
  }) => {
    const payer = await newPerson();
    await subscribes(payer, "basic-month-v1");
    const [payment] = await paidAtToss(payer);
    await toss.addFault({
      kind: "500-not-executed",
      store: false,
      times: 500,
      match: { operation: "cancel", path: `/v1/payments/${payment?.paymentKey}` },
    });
    await signInOn(context, await newColleague("operator"));
    await page.goto(`/admin/payments?q=${payer.email}`);
    await page.getByText("환불하기").first().click();
    await page.getByLabel("사유").fill("고객 요청");
    await page.getByLabel("그대로 두기").check();
    await (await awake(page.getByRole("button", { name: "환불하기" }))).click();
    await expect(page.getByText("9,900원 · 결과 확인 중 · 고객 요청")).toBeVisible();

    await move("+2days");
    await page.goto("/admin");
    const task = page.getByRole("listitem").filter({ hasText: payer.email });
    await expect(task).toContainText("아직 돌려주지 못했어요");
    await (await awake(task.getByRole("button", { name: "돌려주지 않고 닫기" }))).click();
    await expect(page.getByText("돌려주지 않은 것으로 닫았어요")).toBeVisible();
    await expect(task).toHaveCount(0);
    expect(await paidAtToss(payer)).toHaveLength(1);
    expect(await chargesOf(payer)).toMatchObject([{ refundedWon: 0 }]);
  });
});
