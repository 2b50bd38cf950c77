/** Toss's webhooks, delivered over HTTP to the running app, and what an operator sees of them. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { charges } from "@/db/schema/charge";
import { refunds } from "@/db/schema/refund";
import { deps } from "@/deps";
import { won } from "@/lib/testing/billing";
import { awake, chooseCard, tossWindow } from "./support/buying";
import { newPerson, type Person, signInOn, subscribes } from "./support/people";
import { findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { toss } from "./support/world";

async function newOperator(): Promise<Person> {
  const person = await newPerson();
  await db().update(users).set({ role: "operator" }).where(eq(users.id, person.userId));
  return person;
}

async function paidCharge(person: Person) {
  const [charge] = await db().select().from(charges).where(eq(charges.accountId, person.accountId));
  if (!charge?.paymentKey) throw new Error("Nothing was paid");
  return { ...charge, paymentKey: charge.paymentKey };
}

test("a refund made in Toss's console is in the inbox and in the books; looking again changes nothing", {
  tag: "@phone",
}, async ({ page, context }) => {
  const payer = await newPerson();
  await subscribes(payer, "basic-month-v1");
  const { id, paymentKey, orderId } = await paidCharge(payer);
  const amounts = { amountWon: won(3_300), balanceWon: won(9_900) };
  await deps().gateway.cancelPayment({ paymentKey, ...amounts, reason: "콘솔" }, paymentKey);

  await signInOn(context, await newOperator());
  await page.goto("/admin");
  await page.getByRole("link", { name: "웹훅" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "웹훅" })).toBeVisible();
  await page.getByLabel("주문번호나 전송번호").fill(orderId);
  const row = page.getByRole("listitem").filter({ hasText: orderId });
  await expect(async () => {
    await page.getByRole("button", { name: "찾기" }).click();
    await expect(row).toContainText("토스에서 취소한 금액을 환불로 적고", { timeout: 1_000 });
  }).toPass();
  await expect(row.getByText("반영했어요")).toBeVisible();

  await row.getByRole("button", { name: "다시 확인" }).click();
  await expect(row.getByRole("status").filter({ hasText: "장부와 같아요" })).toBeVisible();
  await expect(row).toContainText("토스에서 취소한 금액을 환불로 적고");
  expect(await db().select().from(refunds).where(eq(refunds.chargeId, id))).toHaveLength(1);

  await row.getByText("받은 내용").click();
  await expect(row.locator("pre")).toContainText('"secret": "•••"');
  const violations = await findViolations(page);
  expect(violations.map((violation) => violation.id)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);

  await page.getByRole("link", { name: "카드 삭제" }).click();
  await expect(page.getByRole("heading", { name: "찾는 웹훅이 없어요" })).toBeVisible();
});

test("a card deleted at Toss is no longer shown as the one that pays, and a new one is asked for", {
  tag: "@phone",
}, async ({ page, customer }) => {
  await subscribes(customer, "basic-month-v1");
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "9,900원이 결제돼요" })).toBeVisible();
  await expect(page.getByText("등록된 카드 없음")).toHaveCount(0);
  await toss.deleteBillingKey({ customerKey: customer.customerKey });
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("등록된 카드 없음")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole("heading", { name: "카드를 다시 등록해 주세요" })).toBeVisible();
  const violations = await findViolations(page);
  expect(violations.map((violation) => violation.id)).toEqual([]);
  await page.getByRole("link", { name: "카드 등록하기" }).click();
  await (await awake(page.getByRole("button", { name: /카드 등록하기/ }))).click();
  await chooseCard(await tossWindow(page), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제수단을 바꿨어요");
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "9,900원이 결제돼요" })).toBeVisible();
});

test("the inbox is nobody else's, and support may only read", async ({
  page,
  customer,
  context,
  noise,
}) => {
  noise.push(/status of 404/);
  await page.goto("/admin/webhooks");
  await expect(page.getByRole("heading", { name: "웹훅" })).toHaveCount(0);
  await db().update(users).set({ role: "support" }).where(eq(users.id, customer.userId));
  await toss.sendWebhook({ event: "METHOD_UPDATED", data: { customerKey: customer.customerKey } });
  // A stranger's word for an event is shown as such, whatever else in the world bears that name.
  for (const eventType of ["constructor", "__proto__", "toString"])
    await page.request.post("/api/toss/webhook", { data: { eventType } });
  await signInOn(context, customer);
  await expect(async () => {
    await page.goto("/admin/webhooks?group=other");
    await expect(page.getByText("METHOD_UPDATED").first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByText("constructor").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "다시 확인" })).toHaveCount(0);
});
