/** An account with contracts for two products: each has its own card, consent, cancellation and payments. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { plans, prices } from "@/db/schema/catalogue";
import { parseWon } from "@/lib/billing/money";
import { awake, chooseCard, tossWindow } from "./support/buying";
import { newPerson, subscribes } from "./support/people";
import { expectReadable, findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { rowsOf, subscriptionsOf } from "./support/world";

const PLAN = "second-product";
const PRICE = "second-product-month-v1";

/** Sells a second product while `work` runs; nobody else's price list shows it for longer. */
async function sellingTwo<T>(work: () => Promise<T>): Promise<T> {
  const words = { ko: "분석 도구", en: "Analytics" };
  const plan = {
    id: PLAN,
    kind: "subscription" as const,
    product: "analytics",
    name: words,
    description: words,
    features: [{ ko: "보고서 무제한", en: "Unlimited reports" }],
    entitlements: {},
    position: 99,
  };
  const set = { active: true };
  await db()
    .insert(plans)
    .values({ ...plan, ...set })
    .onConflictDoUpdate({ target: plans.id, set });
  await db()
    .insert(prices)
    .values({
      ...{ id: PRICE, planId: PLAN, interval: "month" as const, amountWon: parseWon(4_900) },
      ...{ version: 1, active: true },
    })
    .onConflictDoNothing();
  try {
    return await work();
  } finally {
    await db().update(plans).set({ active: false }).where(eq(plans.id, PLAN));
  }
}

test("each contract is looked after by itself", { tag: "@phone" }, async ({
  page,
  customer,
  noise,
}) => {
  test.setTimeout(120_000);
  noise.push(/status of 404/);
  await sellingTwo(async () => {
    await subscribes(customer, "premium-month-v1");
    await subscribes(customer, PRICE);
  });
  const [trial, paid] = await subscriptionsOf(customer);
  const main = page.getByRole("main");

  await page.goto("/account");
  await expect(main).toContainText("PREMIUM");
  await expect(main).toContainText("분석 도구");
  await expectReadable(page);
  expect(await findViolations(page)).toEqual([]);
  const second = page.getByRole("region").filter({ hasText: "분석 도구" });

  await second.getByRole("link", { name: "결제수단 변경" }).click();
  await expect(page).toHaveURL(/\/account\/card\?subscription=/);
  await (await awake(page.getByRole("button", { name: "다른 카드 등록하기" }))).click();
  await chooseCard(await tossWindow(page), "느린 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제수단을 바꿨어요");
  const [trialAfter, paidAfter] = await subscriptionsOf(customer);
  expect(trialAfter?.paymentMethodId).toBe(trial?.paymentMethodId);
  expect(paidAfter?.paymentMethodId).not.toBe(paid?.paymentMethodId);

  await page.goto("/account");
  await second.getByRole("link", { name: "결제 내역" }).click();
  await expect(main).toContainText("4,900원");
  await page.goto(`/account/payments?subscription=${trial?.id}`);
  await expect(main).not.toContainText("4,900원");

  await page.goto("/account");
  await page.getByRole("link", { name: "내용 보고 결정하기" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("무료 체험이 유료로 바뀌어요");
  await page.getByRole("button", { name: "동의하지 않기" }).click();
  await page.waitForURL("**/account?notice=not-consented");
  await expect(page.getByRole("link", { name: "내용 보고 결정하기" })).toHaveCount(0);

  // The address of the menu names none: one is chosen first.
  for (const path of ["/account/cancel", "/account/card", "/account/consent"]) {
    await page.goto(path);
    await expect(main).toContainText("구독이 여러 개예요");
    await expectReadable(page);
  }
  await page.goto("/account/cancel");
  await page.getByRole("link", { name: "분석 도구 · 월간" }).click();
  await expect(main).toContainText("분석 도구");
  await page.getByRole("button", { name: /해지하기$/ }).click();
  await page.waitForURL("**/account?notice=canceled");
  expect(await subscriptionsOf(customer)).toMatchObject([
    { id: trial?.id, cancelsOn: null },
    { id: paid?.id, cancelsOn: expect.any(String) },
  ]);
  await second.getByRole("button", { name: "해지 취소하기" }).click();
  await page.waitForURL("**/account?notice=undone");

  const other = await newPerson();
  await subscribes(other, "basic-month-v1");
  const [foreign] = await subscriptionsOf(other);
  const before = await rowsOf(other);
  for (const path of ["/account/cancel", "/account/card", "/account/consent"]) {
    const response = await page.goto(`${path}?subscription=${foreign?.id}`);
    expect([path, response?.status()]).toEqual([path, 404]);
  }
  await page.goto(
    `/account/card/return/${foreign?.id}?customerKey=${customer.customerKey}&authKey=made-up`,
  );
  expect(await rowsOf(other)).toEqual(before);
});
