/** Pages of other shops, written for Toss as its guides show: with other addresses and keys they work here unchanged. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Page } from "playwright/test";
import { z } from "zod";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { widgetKey } from "@/packages/toss-twin/world";
import { chooseCard, tossWindow } from "./support/buying";
import { expect, test } from "./support/test";

const api = defaultMerchant;
const widget = { clientKey: widgetKey(api.clientKey), secretKey: widgetKey(api.secretKey) };

const samples = [
  {
    name: "the payment window of version 1",
    script: "/v1/payment",
    keys: api,
    onPress: (orderId: string) => `
      TossPayments("${api.clientKey}").requestPayment("카드", {
        amount: 15000, orderId: "${orderId}", orderName: "토스 티셔츠 외 2건",
        customerName: "박토스", successUrl: location.origin + "/success", failUrl: location.origin + "/fail",
      })`,
    onLoad: "",
  },
  {
    name: "the widget of version 1",
    script: "/v1/payment-widget",
    keys: widget,
    onLoad: `
      const widget = PaymentWidget("${widget.clientKey}", PaymentWidget.ANONYMOUS);
      const methods = widget.renderPaymentMethods("#payment-method", { value: 20000 }, { variantKey: "DEFAULT" });
      widget.renderAgreement("#agreement", { variantKey: "AGREEMENT" });
      methods.on("ready", () => methods.updateAmount(15000, methods.UPDATE_REASON.COUPON));`,
    onPress: (orderId: string) => `
      widget.requestPayment({
        orderId: "${orderId}", orderName: "토스 티셔츠 외 2건", customerEmail: "customer123@gmail.com",
        customerName: "김토스", successUrl: location.origin + "/success", failUrl: location.origin + "/fail",
      })`,
  },
  {
    name: "the payment window of version 2",
    script: "/v2/standard",
    keys: api,
    onLoad: `
      const payment = TossPayments("${api.clientKey}").payment({ customerKey: TossPayments.ANONYMOUS });`,
    onPress: (orderId: string) => `
      payment.requestPayment({
        method: "CARD", amount: { currency: "KRW", value: 15000 },
        orderId: "${orderId}", orderName: "토스 티셔츠 외 2건",
        successUrl: location.origin + "/success", failUrl: location.origin + "/fail",
        card: { useEscrow: false, flowMode: "DEFAULT", useCardPoint: false, useAppCardOnly: false },
      })`,
  },
  {
    name: "the widgets of version 2",
    script: "/v2/standard",
    keys: widget,
    onLoad: `
      const widgets = TossPayments("${widget.clientKey}").widgets({ customerKey: "customer-123" });
      widgets.setAmount({ currency: "KRW", value: 15000 }).then(() => Promise.all([
        widgets.renderPaymentMethods({ selector: "#payment-method", variantKey: "DEFAULT" }),
        widgets.renderAgreement({ selector: "#agreement", variantKey: "AGREEMENT" }),
      ]));`,
    onPress: (orderId: string) => `
      widgets.requestPayment({
        orderId: "${orderId}", orderName: "토스 티셔츠 외 2건",
        successUrl: location.origin + "/success", failUrl: location.origin + "/fail",
        customerEmail: "customer123@gmail.com", customerName: "김토스",
      })`,
  },
];

// Payments of other shops are none of our books: they have an emulator of their own.
let toss: TossEmulator;
test.beforeAll(async () => {
  toss = await startTossEmulator({ port: 0 });
});
test.afterAll(() => toss.close());

for (const { name, script, keys, onLoad, onPress } of samples) {
  test(`${name} takes a payment that is confirmed`, { tag: "@phone" }, async ({ page }) => {
    const orderId = `sample-${randomUUID()}`;
    const closeShop = await opensShop(page, { script, onLoad, onPress: onPress(orderId) });
    await page.getByRole("button", { name: "결제하기" }).click();
    await chooseCard(await tossWindow(page), "정상 카드");
    await page.waitForURL("**/success?*");
    const given = Object.fromEntries(new URL(page.url()).searchParams);
    const isWidget = keys.clientKey.startsWith("test_gck_");
    expect(given).toEqual({
      orderId,
      paymentKey: expect.any(String),
      amount: "15000",
      ...(isWidget ? { paymentType: "NORMAL" } : {}),
    });
    const order = { ...given, amount: Number(given.amount) };
    const payment = await asksToss(keys.secretKey, "/v1/payments/confirm", order);
    expect(payment).toMatchObject({ status: "DONE", orderId, totalAmount: 15000 });
    closeShop();
  });
}

test("the card registration of version 2 gives a key that is charged", { tag: "@phone" }, async ({
  page,
}) => {
  const customerKey = randomUUID();
  const closeShop = await opensShop(page, {
    script: "/v2/standard",
    onLoad: `const payment = TossPayments("${api.clientKey}").payment({ customerKey: "${customerKey}" });`,
    onPress: `
      payment.requestBillingAuth({
        method: "CARD", successUrl: location.origin + "/billing", failUrl: location.origin + "/fail",
        customerEmail: "customer123@gmail.com", customerName: "김토스",
      })`,
  });
  await page.getByRole("button", { name: "결제하기" }).click();
  await chooseCard(await tossWindow(page), "정상 카드");
  await page.waitForURL("**/billing?*");
  const given = Object.fromEntries(new URL(page.url()).searchParams);
  expect(given).toEqual({ customerKey, authKey: expect.any(String) });
  const { billingKey } = z
    .object({ billingKey: z.string() })
    .parse(await asksToss(api.secretKey, "/v1/billing/authorizations/issue", given));
  const order = { customerKey, amount: 4900, orderId: `sample-${randomUUID()}`, orderName: "구독" };
  const payment = await asksToss(api.secretKey, `/v1/billing/${billingKey}`, order);
  expect(payment).toMatchObject({ status: "DONE", type: "BILLING", totalAmount: 4900 });
  closeShop();
});

/** Goes to the order page of a shop somewhere else on this machine; returns what closes the shop. */
async function opensShop(
  page: Page,
  { script, onLoad, onPress }: { script: string; onLoad: string; onPress: string },
): Promise<() => void> {
  const html = `<!doctype html><html lang="ko"><head><title>주문서</title><link rel="icon" href="data:," />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <script src="${toss.url}${script}"></script></head>
    <body><div id="payment-method"></div><div id="agreement"></div><button>결제하기</button>
    <script>${onLoad}
      document.querySelector("button").addEventListener("click", () => ${onPress});
    </script></body></html>`;
  const shop = createServer((_, response) => {
    response.setHeader("content-type", "text/html;charset=UTF-8").end(html);
  }).listen(0, "127.0.0.1");
  await once(shop, "listening");
  await page.goto(
    `http://127.0.0.1:${z.object({ port: z.int() }).parse(shop.address()).port}/order`,
  );
  return () => shop.close();
}

/** What the shop's server asks of Toss next. */
async function asksToss(secretKey: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(toss.url + path, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${secretKey}:`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  return response.json();
}
