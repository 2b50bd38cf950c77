/** Something sold once is paid in the payment window; what comes back is compared with the order before money moves. */
import { chooseCard, openWindow, order, orderId } from "./support/buying";
import { newPerson, orders, subscribes } from "./support/people";
import { expect, test } from "./support/test";
import { chargesOf, checkoutOf, paidAtToss, rowsOf, toss } from "./support/world";

const ORDER = "150,000원 주문하기";
const PAY = "150,000원 결제하기";

test("a session is bought once", { tag: "@phone" }, async ({ page, customer }) => {
  const id = await order(page, ORDER);
  const { orderId: tossOrder } = await checkoutOf(id);
  await expect(page.getByRole("main")).toContainText("다시 결제되지 않아요");
  const back = page.waitForRequest("**/checkout/*/paid?*");
  await chooseCard(await openWindow(page, PAY), "정상 카드");
  const returned = (await back).url();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("150,000원을 결제했어요");
  await page.goto(returned);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("150,000원을 결제했어요");
  const paid = await ordersPaid(tossOrder);
  expect(paid.map(({ totalAmount, status }) => [totalAmount, status])).toEqual([[150_000, "DONE"]]);
  expect(await chargesOf(customer)).toHaveLength(1);
  await page.goto("/account/payments");
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  await expect(page.getByRole("main")).toContainText("도입 교육");
});

test("a changed amount is told plainly and never confirmed; the order goes on", async ({
  page,
  customer,
}) => {
  const id = await order(page, ORDER);
  const { orderId: tossOrder } = await checkoutOf(id);
  await page.route("**/checkout/*/paid?*", async (route) => {
    const location = route.request().url().replace("amount=150000", "amount=1000");
    await route.fulfill({ status: 302, headers: { location } });
  });
  await chooseCard(await openWindow(page, PAY), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제하지 않았어요");
  await expect(page.getByRole("main")).toContainText("주문 금액과 달라서 결제하지 않았어요");
  expect(await chargesOf(customer)).toEqual([]);
  expect((await ordersPaid(tossOrder)).filter(({ status }) => status === "DONE")).toEqual([]);

  await page.unroute("**/checkout/*/paid?*");
  await page.getByRole("link", { name: "주문으로 돌아가기" }).click();
  expect(orderId(page)).toBe(id);
  await chooseCard(await openWindow(page, PAY), "정상 카드");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("150,000원을 결제했어요");
  expect((await ordersPaid(tossOrder)).filter(({ status }) => status === "DONE")).toHaveLength(1);
});

test("somebody else's order, card or card window is refused, and neither side changes", async ({
  page,
  customer,
}) => {
  const other = await newPerson();
  const [mine, theirs] = [
    await orders(customer, "onboarding-once-v1"),
    await orders(other, "onboarding-once-v1"),
  ];
  const { orderId: theirOrder } = await checkoutOf(theirs);
  const payment = await toss.authorizePayment({
    orderId: theirOrder,
    amount: 150_000,
    orderName: "도입 교육",
  });
  const card = await orders(customer, "basic-month-v1");
  const { authKey } = await toss.authorizeBilling({ customerKey: other.customerKey });
  const before = await Promise.all([rowsOf(customer), rowsOf(other)]);

  const main = page.getByRole("main");
  const query = `paymentKey=${payment.paymentKey}&orderId=${theirOrder}&amount=150000`;
  await page.goto(`/checkout/${mine}/paid?${query}`);
  await expect(main).toContainText("주문 번호가 이 주문과 달라서");
  await page.goto(`/checkout/${card}/card?customerKey=${other.customerKey}&authKey=${authKey}`);
  await expect(main).toContainText("로그인한 계정과 카드를 등록한 계정이 달라서");
  await page.goto(`/checkout/${mine}/paid?orderId=1`);
  await expect(main).toContainText("주소가 온전하지 않아");
  expect(await Promise.all([rowsOf(customer), rowsOf(other)])).toEqual(before);
  expect(await paidAtToss(other)).toEqual([]);
});

test("one authentication registers one card for one order", async ({ page, customer }) => {
  const other = await newPerson();
  const { customerKey } = customer;
  const first = await orders(customer, "basic-month-v1");
  const { authKey } = await toss.authorizeBilling({ customerKey });
  await page.goto(`/checkout/${first}/card?customerKey=${customerKey}&authKey=${authKey}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("9,900원을 결제했어요");
  const second = await orders(customer, "onboarding-once-v1");
  await page.goto(`/checkout/${second}/card?customerKey=${customerKey}&authKey=${authKey}`);
  await expect(page.getByRole("main")).toContainText("이미 다른 곳에 쓰인 카드 인증");
  await page.goto(`/account/card/return?customerKey=${customerKey}&authKey=${authKey}`);
  await expect(page.getByRole("main")).toContainText("이미 다른 곳에 쓰인 카드 인증");
  await subscribes(other, "basic-month-v1");
  expect(await paidAtToss(customer)).toHaveLength(1);
});

async function ordersPaid(orderId: string) {
  return (await toss.state({ orderId })).payments;
}
