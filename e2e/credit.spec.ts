/** Credit pays before the card does, and a contract that is not as expected waits for an operator. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { subscriptions } from "@/db/schema/subscription";
import { deps } from "@/deps";
import { parseWon } from "@/lib/billing/money";
import { grantCredit } from "@/lib/operations/credit/grant";
import { COMMAND } from "@/lib/operations/work";
import { newPerson, signInOn, subscribes } from "./support/people";
import { findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { move, paidAtToss } from "./support/world";

test.use({ time: "moves" });

test("a customer reads that a gift pays first, and is charged the rest", {
  tag: "@phone",
}, async ({ page, customer }) => {
  await subscribes(customer, "basic-month-v1");
  const gift = { accountId: customer.accountId, amountWon: 3_000, reason: "사과의 뜻" };
  const who = { actor: COMMAND, grantedBy: "root@server", requestId: `gift:${customer.accountId}` };
  expect(await grantCredit(deps(), { ...gift, ...who })).toMatchObject({ ok: true });

  await page.goto("/account");
  const card = page.getByRole("region", { name: /6,900원이 결제돼요/ });
  await expect(card).toContainText("크레딧 3,000원을 먼저 써요.");
  await expect(card).toContainText("매달 9,900원 (부가세 포함)");
  await move("+1month");
  expect((await paidAtToss(customer)).map(({ totalAmount }) => totalAmount)).toEqual([
    9_900, 6_900,
  ]);

  await page.goto("/account/payments");
  const newest = page.getByRole("main").getByRole("listitem").first();
  await expect(newest).toContainText("6,900원");
  await expect(newest).toContainText("크레딧 3,000원 사용");
  await page.goto("/account");
  await expect(page.getByRole("region", { name: /9,900원이 결제돼요/ })).toBeVisible();
  expect((await findViolations(page)).map(({ id }) => id)).toEqual([]);
});

test("a contract that is not as expected is charged nothing until an operator has looked", async ({
  page,
  context,
}) => {
  const holder = await newPerson();
  await subscribes(holder, "basic-month-v1");
  await db()
    .update(subscriptions)
    .set({ expectedWon: parseWon(990) })
    .where(eq(subscriptions.accountId, holder.accountId));
  await move("+1month");
  expect(await paidAtToss(holder)).toHaveLength(1);
  await signInOn(context, holder);
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "다음 결제를 확인하고 있어요" })).toBeVisible();

  const colleague = await newPerson();
  await db().update(users).set({ role: "operator" }).where(eq(users.id, colleague.userId));
  await signInOn(context, colleague);
  await page.goto("/admin");
  const task = page.getByRole("listitem").filter({ hasText: holder.email });
  await expect(task).toContainText("990원 결제");
  await expect(task).toContainText("9,900원 결제");
  expect((await findViolations(page)).map(({ id }) => id)).toEqual([]);
  await task.getByLabel("무엇을 확인했나요?").fill("손으로 바뀐 값이었어요");
  await task.getByRole("button", { name: "지금 계산대로 이어 가기" }).click();
  await expect(page.getByText("예상을 다시 계산했어요")).toBeVisible();
  await move("+1day");
  expect((await paidAtToss(holder)).map(({ totalAmount }) => totalAmount)).toEqual([9_900, 9_900]);
});
