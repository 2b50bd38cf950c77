/** A first payment that does not go through at once: declined, tried again, or with its answer lost on the way. */
import { awake, chooseCard, openWindow, order, orderId } from "./support/buying";
import { expect, test } from "./support/test";
import { chargesOf, keysAtToss, move, paidAtToss, subscriptionsOf, toss } from "./support/world";

const PAY = "9,900원 결제하고 시작하기";

test("a card that is declined once works when the customer tries it again", {
  tag: "@phone",
}, async ({ page, customer }) => {
  await order(page, "BASIC 시작하기");
  await chooseCard(await openWindow(page, PAY), "한 번 거절되는 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제하지 못했어요");
  await expect(page.getByRole("main")).toContainText("결제된 금액은 없어요");
  expect(await paidAtToss(customer)).toEqual([]);

  await page.reload();
  expect(await chargesOf(customer)).toHaveLength(1);

  const retry = page.getByRole("button", { name: "같은 카드로 다시 결제하기" });
  await (await awake(retry)).dblclick();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  expect(await paidAtToss(customer)).toHaveLength(1);
  expect((await chargesOf(customer)).map(({ status }) => status)).toEqual(["declined", "approved"]);
});

test("where one card is declined, another one pays", async ({ page, customer }) => {
  await order(page, "BASIC 시작하기");
  await chooseCard(await openWindow(page, PAY), "잔액이 부족한 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제하지 못했어요");
  await page.getByRole("link", { name: "다른 카드 등록하기" }).click();
  await expect(page.getByRole("main")).toContainText("지난번에는 결제하지 못했어요");
  await chooseCard(await openWindow(page, PAY), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  await expect(page.getByRole("main")).toContainText("현대카드");
  expect(await paidAtToss(customer)).toHaveLength(1);
  expect(await subscriptionsOf(customer)).toHaveLength(1);
});

test("a card the issuer refuses to register leaves the order as it was", async ({
  page,
  customer,
}) => {
  const id = await order(page, "BASIC 시작하기");
  await chooseCard(await openWindow(page, PAY), "등록이 거절되는 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제하지 않았어요");
  await expect(page.getByRole("main")).toContainText("카드사가 승인하지 않았어요");
  await page.getByRole("link", { name: "주문으로 돌아가기" }).click();
  await chooseCard(await openWindow(page, PAY), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  expect(orderId(page)).toBe(id);
  expect(await paidAtToss(customer)).toHaveLength(1);
  expect(await keysAtToss(customer)).toHaveLength(1);
});

test.describe("while time goes on", () => {
  test.use({ time: "moves" });

  test("a payment whose answer was lost is checked, never made twice", { tag: "@phone" }, async ({
    page,
    customer,
  }) => {
    const fault = await toss.addFault({
      kind: "hang-up-before",
      match: { operation: "query", customerKey: customer.customerKey },
      probability: 1,
    });
    await order(page, "BASIC 시작하기");
    await chooseCard(await openWindow(page, PAY), "승인 후 연결이 끊기는 카드");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("카드사에 확인하고 있어요");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("카드사에 확인하고 있어요");
    const waiting = await page.context().newPage();
    // The order says that it is being checked a moment before the payment stands in the list.
    await expect(async () => {
      await waiting.goto("/account/payments");
      await expect(waiting.getByRole("main")).toContainText("확인 중", { timeout: 1_000 });
    }).toPass();

    await toss.clearFaults(fault.id);
    await move("+1h");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
    await waiting.reload();
    await expect(waiting.getByRole("main")).toContainText("결제 완료");
    expect(await paidAtToss(customer)).toHaveLength(1);
    expect((await chargesOf(customer)).map(({ status }) => status)).toEqual(["approved"]);
  });
});
