/** Where recorded answers of Toss say what its documentation leaves out. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller, newOrderId, type TossCaller } from "@/packages/toss-twin/testing/caller";

let emulator: TossEmulator;
let toss: TossCaller;

beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0 });
  toss = createTossCaller(emulator.url, defaultMerchant.secretKey);
});
beforeEach(() => toss.control.reset());
afterAll(() => emulator.close());

const post = (path: string, body: Record<string, unknown>) => toss.call("POST", path, { body });
const ofApi = /^[0-9A-F]{32}$/;
const ofWindow = /^txrd_a01[0-9a-z]{23}$/;

function accountBody(more: Record<string, unknown> = {}) {
  const order = { orderId: newOrderId(), orderName: "책", amount: 70_000 };
  return { ...order, customerName: "김구독", bank: "88", ...more };
}

async function confirmed(method: "card" | "virtual-account" = "card") {
  const order = { orderId: newOrderId(), amount: 9_900, orderName: "책" };
  const open = await toss.control.authorizePayment({ ...order, method });
  return (await post("/v1/payments/confirm", open)).json;
}

describe("a virtual account that waits for its deposit", () => {
  test("has a receipt, and nobody yet who paid", async () => {
    const { json } = await post("/v1/virtual-accounts", accountBody());
    expect(json).toMatchObject({
      status: "WAITING_FOR_DEPOSIT",
      receipt: { url: expect.stringContaining("/receipt/") },
      virtualAccount: { customerName: "김구독", depositorName: null },
    });
    expect((await fetch(String(Object(json.receipt).url))).status).toBe(200);
    await toss.control.deposit({ orderId: String(json.orderId) });
    const paid = await toss.call("GET", `/v1/payments/${String(json.paymentKey)}`);
    expect(paid.json).toMatchObject({
      status: "DONE",
      virtualAccount: { depositorName: "김구독" },
    });
  });

  test("may be ordered with a number as order id and a text of hours", async () => {
    const orderId = 1_700_000_000_123;
    const body = accountBody({ orderId, validHours: "1" });
    const { status, json } = await post("/v1/virtual-accounts", body);
    expect({ status, orderId: json.orderId }).toEqual({ status: 200, orderId: String(orderId) });
    const { dueDate } = Object(json.virtualAccount);
    expect(Date.parse(dueDate) - Date.parse(String(json.requestedAt))).toBe(3_600_000);
    for (const validHours of ["", "1.5", "soon", "-1"]) {
      const refused = await post("/v1/virtual-accounts", accountBody({ validHours }));
      expect([validHours, refused.json.code]).toEqual([validHours, "INVALID_REQUEST"]);
    }
    for (const wrong of [1.5, 2 ** 60, true]) {
      const refused = await post("/v1/virtual-accounts", accountBody({ orderId: wrong }));
      expect([wrong, refused.status]).toEqual([wrong, 400]);
    }
  });
});

describe("transaction keys", () => {
  test("of the window begin with txrd_a01, in its cancels as well", async () => {
    for (const method of ["card", "virtual-account"] as const)
      expect((await confirmed(method)).lastTransactionKey).toMatch(ofWindow);
    const { paymentKey } = await confirmed();
    const cancel = { cancelReason: "변심" };
    const { json } = await post(`/v1/payments/${String(paymentKey)}/cancel`, cancel);
    expect(json.cancels).toMatchObject([
      { transactionKey: expect.stringMatching(ofWindow), cardDiscountAmount: 0 },
    ]);
  });

  test("of a charge by billing key and of an account made by the API are upper-case hex", async () => {
    const charged = await toss.charge(await toss.register());
    const account = await post("/v1/virtual-accounts", accountBody());
    expect(charged.json.lastTransactionKey).toMatch(ofApi);
    expect(account.json.lastTransactionKey).toMatch(ofApi);
    const cancel = { cancelReason: "변심" };
    const path = `/v1/payments/${String(charged.json.paymentKey)}/cancel`;
    const { json } = await post(path, cancel);
    expect(json.cancels).toMatchObject([{ transactionKey: expect.stringMatching(ofApi) }]);
  });
});

test("an amount may be a text at confirm, and at no charge by billing key", async () => {
  const order = { orderId: newOrderId(), amount: 9_900, orderName: "책" };
  const open = await toss.control.authorizePayment(order);
  const paid = await post("/v1/payments/confirm", { ...open, amount: "9900" });
  expect(paid.json.status).toBe("DONE");
  const card = await toss.register();
  const refused = await toss.charge(card, { body: { amount: "9900" } });
  expect([refused.status, refused.json.code]).toEqual([400, "INVALID_REQUEST"]);
});

test("an expired payment has no secret any more", async () => {
  const order = { orderId: newOrderId(), amount: 9_900, orderName: "책" };
  const { paymentKey } = await toss.control.authorizePayment(order);
  const query = () => toss.call("GET", `/v1/payments/${paymentKey}`);
  expect((await query()).json.secret).toMatch(/^ps_/);
  await toss.control.moveClock({ byMs: 11 * 60_000 });
  expect((await query()).json).toMatchObject({ status: "EXPIRED", secret: null });
});

test("transactions by bare days are refused, until real keys tell otherwise", async () => {
  const refused = await toss.call(
    "GET",
    "/v1/transactions?startDate=2026-03-01&endDate=2026-03-02",
  );
  expect([refused.status, refused.json.code]).toEqual([400, "INVALID_DATE"]);
});

test("a fault is taken back only by a call that says it speaks JSON, without a body too", async () => {
  await toss.control.addFault({ kind: "outage" });
  const clear = (headers: Record<string, string>) =>
    fetch(`${emulator.url}/control/faults`, { method: "DELETE", headers });
  expect((await clear({})).status).toBe(415);
  expect((await clear({ "content-type": "application/json" })).status).toBe(200);
  expect((await toss.call("GET", "/v1/payments/none")).status).toBe(404);
});
