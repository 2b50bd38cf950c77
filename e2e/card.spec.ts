/** Another card takes the old one's place; where a payment is overdue, the new card pays it at once. */
import { awake, chooseCard, tossWindow } from "./support/buying";
import { newPerson, subscribes } from "./support/people";
import { expect, test } from "./support/test";
import { chargesOf, keysAfterTidying, move, paidAtToss, rowsOf, toss } from "./support/world";

test("a card is replaced, and the old one is deleted at Toss", { tag: "@phone" }, async ({
  page,
  customer,
}) => {
  await subscribes(customer, "basic-month-v1");
  await page.goto("/account");
  await page.getByRole("link", { name: "결제수단 변경" }).click();
  const change = page.getByRole("button", { name: "다른 카드 등록하기" });
  await expect(page.getByRole("main")).toContainText("현대카드");
  await (await awake(change)).click();
  await (await tossWindow(page)).getByRole("button", { name: "닫기" }).click();
  await expect(page.getByRole("main")).toContainText(/닫았어요/);

  await (await awake(change)).click();
  const back = page.waitForRequest("**/account/card/return?*");
  await chooseCard(await tossWindow(page), "느린 카드");
  const returned = (await back).url();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제수단을 바꿨어요");
  await expect(page.getByRole("main")).toContainText("농협카드");
  await page.reload();
  await page.goto(returned);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제수단을 바꿨어요");
  await page.getByRole("link", { name: "내 구독 보기" }).click();
  await expect(page.getByRole("main")).toContainText("농협카드");
  expect(await paidAtToss(customer)).toHaveLength(1);

  await expect.poll(() => keysAfterTidying(customer)).toHaveLength(1);
});

test("a card registered for somebody else, or used before, is refused", async ({
  page,
  customer,
}) => {
  const other = await newPerson();
  await subscribes(customer, "basic-month-v1");
  await subscribes(other, "basic-month-v1");
  const before = await Promise.all([rowsOf(customer), rowsOf(other)]);
  const { authKey } = await toss.authorizeBilling({ customerKey: other.customerKey });
  const main = page.getByRole("main");
  await page.goto(`/account/card/return?customerKey=${other.customerKey}&authKey=${authKey}`);
  await expect(main).toContainText("로그인한 계정과 카드를 등록한 계정이 달라요");
  await page.goto("/account/card/return?authKey=only");
  await expect(main).toContainText("카드를 등록하지 못했어요");
  expect(await Promise.all([rowsOf(customer), rowsOf(other)])).toEqual(before);
});

test.describe("while time goes on", () => {
  test.use({ time: "moves" });

  test("an overdue payment is made by the new card", { tag: "@phone" }, async ({
    page,
    customer,
  }) => {
    await subscribes(customer, "basic-month-v1");
    await toss.addFault({
      kind: "decline",
      code: "INVALID_STOPPED_CARD",
      match: { operation: "charge", customerKey: customer.customerKey },
    });
    await move("+1month");
    await page.goto("/account");
    await expect(page.getByRole("main")).toContainText("결제 실패");
    await expect(page.getByRole("main")).toContainText("다른 카드를 등록해 주세요");
    await page.getByRole("link", { name: "다른 카드로 9,900원 결제하기" }).click();
    const pay = page.getByRole("button", { name: "다른 카드 등록하고 9,900원 결제하기" });
    await (await awake(pay)).click();
    await chooseCard(await tossWindow(page), "정상 카드");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("밀린 9,900원을 결제했어요");
    await page.getByRole("link", { name: "내 구독 보기" }).click();
    await expect(page.getByRole("main")).toContainText("이용 중");
    expect((await chargesOf(customer)).map(({ status }) => status)).toEqual([
      "approved",
      "declined",
      "approved",
    ]);
    expect(await paidAtToss(customer)).toHaveLength(2);
  });
});
