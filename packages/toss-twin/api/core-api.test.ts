import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller, newOrderId, type TossCaller } from "@/packages/toss-twin/testing/caller";
import { widgetKey } from "@/packages/toss-twin/world";

const secondMerchant = {
  mId: "tvsecond",
  clientKey: "test_ck_SecondMerchant000000000002",
  secretKey: "test_sk_SecondMerchant000000000002",
  apiVersion: "2024-06-01",
} as const;

let emulator: TossEmulator;
let toss: TossCaller;

beforeAll(async () => {
  emulator = await startTossEmulator({
    port: 0,
    merchants: [defaultMerchant, secondMerchant],
    settings: { slowMs: 30 },
  });
  toss = createTossCaller(emulator.url, defaultMerchant.secretKey);
});

beforeEach(() => toss.control.reset());

afterAll(() => emulator.close());

describe("what other people's clients send", () => {
  test("the amount of a confirmation as a text, as the redirect's query hands it on", async () => {
    const orderId = newOrderId();
    const asked = await toss.control.authorizePayment({ orderId, amount: 9_900, orderName: "책" });
    const confirmed = await toss.call("POST", "/v1/payments/confirm", {
      body: { ...asked, amount: "9900" },
    });
    expect(confirmed.json).toMatchObject({ status: "DONE", totalAmount: 9_900 });
    const again = { orderId: newOrderId(), amount: 9_900, orderName: "책" };
    const open = await toss.control.authorizePayment(again);
    for (const amount of ["", "1e3", "9900.0", "0x26ac", " 9900", "9".repeat(16)]) {
      const refused = await toss.call("POST", "/v1/payments/confirm", {
        body: { ...open, amount },
      });
      expect(refused.json.code, amount).toBe("INVALID_REQUEST");
    }
  });

  test("a confirmation with the payment key in the address, as Toss first had it", async () => {
    const order = { orderId: newOrderId(), amount: 9_900, orderName: "책" };
    const { paymentKey } = await toss.control.authorizePayment(order);
    const path = `/v1/payments/${paymentKey}`;
    const body = { orderId: order.orderId, amount: "9900" };
    const confirmed = await toss.call("POST", path, { body });
    expect(confirmed.json).toMatchObject({ status: "DONE", paymentKey, orderId: order.orderId });
    const again = await toss.call("POST", path, { body });
    expect(again.json.code).toBe("ALREADY_PROCESSED_PAYMENT");
    const unknown = await toss.call("POST", "/v1/payments/none", { body });
    expect(unknown.json.code).toBe("NOT_FOUND_PAYMENT");
  });

  test("the whole address in the request line, as behind a proxy", async () => {
    const { hostname, port } = new URL(emulator.url);
    const status = await new Promise((resolve, reject) => {
      const path = `${emulator.url}/v1/payments/none`;
      const authorization = `Basic ${Buffer.from(`${defaultMerchant.secretKey}:`).toString("base64")}`;
      httpRequest({ hostname, port, path, headers: { authorization } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once("error", reject)
        .end();
    });
    expect(status).toBe(404);
    const { calls } = await toss.control.state();
    expect(calls.at(-1)).toMatchObject({ path: "/v1/payments/none" });
  });

  test("a virtual account called off before its deposit, which settles nothing", async () => {
    const account = await toss.call("POST", "/v1/virtual-accounts", {
      body: {
        ...{ amount: 70_000, orderId: newOrderId(), orderName: "책", customerName: "김" },
        bank: "88",
      },
    });
    await toss.call("POST", `/v1/payments/${String(account.json.paymentKey)}/cancel`, {
      body: { cancelReason: "변심" },
    });
    const { now } = await toss.control.moveClock({ byMs: 2 * 86_400_000 });
    const today = now.slice(0, 10);
    const [year] = today.split("-");
    const listed = await toss.call(
      "GET",
      `/v1/settlements?startDate=${year}-01-01&endDate=${today}`,
    );
    expect(listed.text).not.toContain("-70000");
  });
});

describe("cash receipts", () => {
  test("give back no more that is free of tax than they held", async () => {
    const order = { orderId: newOrderId(), orderName: "책", amount: 10_000, taxFreeAmount: 5_000 };
    const buyer = { type: "소득공제", customerIdentityNumber: "01000001234" };
    const { json } = await post("/v1/cash-receipts", { ...order, ...buyer });
    const cancel = (body: Record<string, unknown>) =>
      post(`/v1/cash-receipts/${String(json.receiptKey)}/cancel`, body);
    expect((await cancel({ amount: 5_000 })).json.taxFreeAmount).toBe(5_000);
    expect((await cancel({})).json).toMatchObject({ amount: 5_000, taxFreeAmount: 0 });
    expect((await cancel({})).json.code).toBe("NOT_CANCELABLE_AMOUNT");
  });

  test("of a deposit that the bank took back are cancelled with it", async () => {
    const order = { orderId: newOrderId(), orderName: "책", amount: 10_000 };
    const cashReceipt = { type: "소득공제", registrationNumber: "01000001234" };
    const buyer = { customerName: "김", bank: "20", cashReceipt };
    await post("/v1/virtual-accounts", { ...order, ...buyer });
    const { orderId } = order;
    await toss.control.deposit({ orderId });
    await toss.control.depositError({ orderId });
    await toss.control.deposit({ orderId });
    const today = (await toss.control.clock()).now.slice(0, 10);
    const { json } = await toss.call("GET", `/v1/cash-receipts?requestDate=${today}`);
    expect(json.data).toMatchObject([
      { transactionType: "CONFIRM" },
      { transactionType: "CANCEL" },
      { transactionType: "CONFIRM" },
    ]);
  });
});

describe("many at once", () => {
  test("a hundred charges of one order make one payment", async () => {
    const card = await toss.register();
    const body = { orderId: newOrderId() };
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => toss.charge(card, { body, key: `key-${index}` })),
    );
    const refused = answers.filter(({ json }) => json.code === "DUPLICATED_ORDER_ID");
    expect(refused).toHaveLength(99);
    expect((await toss.control.state(body)).payments).toHaveLength(1);
  });

  test("one idempotency key executes once; the others get 409 or the same bytes", async () => {
    const card = await toss.register("slow");
    const body = { orderId: newOrderId() };
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => toss.charge(card, { body, key: "same" })),
    );
    const approved = answers.filter(({ status }) => status === 200);
    expect(new Set(approved.map(({ text }) => text)).size).toBe(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await toss.control.state()).payments).toHaveLength(1);
  });
});

describe("two merchants", () => {
  test("see nothing of each other and may use the same order id", async () => {
    const other = createTossCaller(emulator.url, secondMerchant.secretKey);
    const card = await toss.register();
    const body = { orderId: newOrderId() };
    const charged = await toss.charge(card, { body, key: "k" });
    const paymentPath = `/v1/payments/${String(charged.json.paymentKey)}`;
    expect((await other.charge(card, { body, key: "k" })).json.code).toBe("NOT_FOUND_BILLING");
    expect((await other.call("GET", paymentPath)).status).toBe(404);
    expect((await other.call("GET", `/v1/payments/orders/${body.orderId}`)).status).toBe(404);

    const theirs = await toss.control.authorizePayment({
      ...{ orderId: body.orderId, amount: 500, orderName: "같은 번호", mId: secondMerchant.mId },
    });
    const confirmed = await other.call("POST", "/v1/payments/confirm", { body: theirs });
    expect(confirmed.json).toMatchObject({ status: "DONE", version: "2024-06-01" });
  });

  test("from API version 2024-06-01 a Billing no longer has cardCompany and cardNumber", async () => {
    const fields = ["cardCompany", "cardNumber"];
    for (const { mId, secretKey, apiVersion } of [defaultMerchant, secondMerchant]) {
      const asked = { customerKey: "customer", mId };
      const { authKey } = await toss.control.authorizeBilling(asked);
      const issued = await createTossCaller(emulator.url, secretKey).call(
        "POST",
        "/v1/billing/authorizations/issue",
        { body: { authKey, customerKey: "customer" } },
      );
      const present = fields.filter((name) => name in issued.json);
      expect(present).toEqual(apiVersion === "2024-06-01" ? [] : fields);
    }
  });
});

test("billing takes the key pair of the API, not the widget's; bodies come as JSON", async () => {
  const card = await toss.register();
  const widget = createTossCaller(emulator.url, widgetKey(defaultMerchant.secretKey));
  expect((await widget.charge(card)).json.code).toBe("INVALID_API_KEY");
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect((await toss.charge(card, { headers })).json.code).toBe("INVALID_REQUEST");
  expect((await toss.charge(card)).status).toBe(200);
});

function post(path: string, body: Record<string, unknown>) {
  return toss.call("POST", path, { body });
}
