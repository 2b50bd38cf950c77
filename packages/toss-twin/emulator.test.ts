import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createTossCaller, newOrderId, type TossCaller } from "@/packages/toss-twin/testing/caller";
import { defaultMerchant, startTossEmulator, type TossEmulator } from "./emulator";
import { widgetKey } from "./world";

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

describe("the scenario cards", () => {
  test.each([
    ["normal", 200, undefined],
    ["short-of-balance", 403, "REJECT_CARD_PAYMENT"],
    ["stopped-card", 400, "INVALID_STOPPED_CARD"],
    ["lost-card", 400, "INVALID_CARD_LOST_OR_STOLEN"],
    ["expired-card", 400, "INVALID_CARD_EXPIRATION"],
    ["unknown-card-type", 400, "NOT_SUPPORTED_CARD_TYPE"],
    ["slow", 200, undefined],
    ["error-500-not-executed", 500, "FAILED_INTERNAL_SYSTEM_PROCESSING"],
  ] as const)("%s answers a charge with %i %s", async (scenario, status, code) => {
    const orderId = newOrderId();
    const answer = await toss.charge(await toss.register(scenario), { body: { orderId } });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(await statusOf(orderId)).toBe(status === 200 ? "DONE" : undefined);
  });

  test("declined once: refused, then approved", async () => {
    const card = await toss.register("declined-once");
    expect((await toss.charge(card)).json.code).toBe("REJECT_CARD_PAYMENT");
    expect((await toss.charge(card)).status).toBe(200);
    expect((await toss.charge(card)).status).toBe(200);
  });

  test("provider hiccup: two temporary errors, then approved", async () => {
    const card = await toss.register("provider-hiccup");
    expect((await toss.charge(card)).json.code).toBe("PROVIDER_ERROR");
    expect((await toss.charge(card)).json.code).toBe("PROVIDER_ERROR");
    expect((await toss.charge(card)).status).toBe(200);
  });

  test("executes, then hangs up: no answer, yet the money moved and the key replays", async () => {
    const card = await toss.register("executes-then-hangs-up");
    const orderId = newOrderId();
    await expect(toss.charge(card, { key: "lost", body: { orderId } })).rejects.toThrow();
    expect(await statusOf(orderId)).toBe("DONE");
    expect((await toss.charge(card, { key: "lost", body: { orderId } })).json.orderId).toBe(
      orderId,
    );
  });

  test("500 although executed: the order is DONE all the same", async () => {
    const orderId = newOrderId();
    const card = await toss.register("error-500-executed");
    expect((await toss.charge(card, { body: { orderId } })).status).toBe(500);
    expect(await statusOf(orderId)).toBe("DONE");
  });

  test("broken answer: 200 with half a JSON text", async () => {
    const answer = await toss.charge(await toss.register("broken-answer"));
    expect(answer.status).toBe(200);
    expect(() => JSON.parse(answer.text)).toThrow();
  });

  test("wrong amount: DONE with another sum than was asked", async () => {
    const answer = await toss.charge(await toss.register("wrong-amount"));
    expect(answer.json).toMatchObject({ status: "DONE", totalAmount: 10_900 });
  });

  test("in the payment window a refusal ends the payment, and the next try goes on", async () => {
    const order = { orderId: newOrderId(), amount: 9_900, orderName: "전자책" };
    const scenario = "declined-once" as const;
    const first = await toss.control.authorizePayment({ ...order, scenario });
    expect((await confirm(first)).json.code).toBe("REJECT_CARD_PAYMENT");
    expect(await statusOf(order.orderId)).toBe("ABORTED");
    const second = await toss.control.authorizePayment({ ...order, scenario });
    expect((await confirm(second)).json.status).toBe("DONE");
  });
});

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

describe("faults", () => {
  test("strike the next matching call once, and leave the others alone", async () => {
    const card = await toss.register();
    const orderId = newOrderId();
    await toss.control.addFault({ kind: "decline", code: "FDS_ERROR", match: { orderId } });
    expect((await toss.charge(card)).status).toBe(200);
    expect((await toss.charge(card, { body: { orderId } })).json.code).toBe("FDS_ERROR");
    expect((await toss.charge(card, { body: { orderId } })).status).toBe(200);
    expect(await toss.control.faults()).toEqual([]);
  });

  test.each([
    ["429", 429, false],
    ["outage", 503, false],
    ["html-page", 502, false],
    ["500-not-executed", 500, false],
    ["500-executed", 500, true],
    ["truncated-json", 200, true],
    ["wrong-order-id", 200, true],
    ["wrong-amount", 200, true],
  ] as const)("%s answers %i and executed is %s", async (kind, status, isExecuted) => {
    const card = await toss.register();
    const orderId = newOrderId();
    await toss.control.addFault({ kind, match: { operation: "charge" } });
    expect((await toss.charge(card, { body: { orderId } })).status).toBe(status);
    expect(await statusOf(orderId)).toBe(isExecuted ? "DONE" : undefined);
  });

  test.each([
    ["hang-up-before", undefined],
    ["hang-up-after-execute", "DONE"],
  ] as const)("%s cuts the line and leaves the order %s", async (kind, status) => {
    const card = await toss.register();
    const orderId = newOrderId();
    await toss.control.addFault({ kind, match: { billingKey: card.billingKey } });
    await expect(toss.charge(card, { body: { orderId } })).rejects.toThrow();
    expect(await statusOf(orderId)).toBe(status);
  });

  test("an outage lasts until it is cleared, for queries too", async () => {
    await toss.control.addFault({ kind: "outage" });
    for (let count = 0; count < 3; count += 1) {
      expect((await toss.call("GET", "/v1/payments/none")).status).toBe(503);
    }
    await toss.control.clearFaults();
    expect((await toss.call("GET", "/v1/payments/none")).status).toBe(404);
  });

  test("a 500 executes again under its key, unless it is to be stored", async () => {
    const card = await toss.register();
    await toss.control.addFault({ kind: "500-not-executed" });
    expect((await toss.charge(card, { key: "loose" })).status).toBe(500);
    expect((await toss.charge(card, { key: "loose" })).status).toBe(200);
    await toss.control.addFault({ kind: "500-not-executed", store: true });
    expect((await toss.charge(card, { key: "bound" })).status).toBe(500);
    expect((await toss.charge(card, { key: "bound" })).status).toBe(500);
  });
});

describe("the window", () => {
  const urls = { successUrl: "https://shop.test/ok?kept=1%20a", failUrl: "https://shop.test/no" };
  const billing = {
    ...{ kind: "billing", method: "카드", clientKey: defaultMerchant.clientKey, ...urls },
    customerKey: "customer=1@x",
  };

  test("redirects with encoded parameters behind the query that was there, once", async () => {
    const { id } = await openWindow({ ...billing, target: "iframe" });
    const end = await post(`/window/${id}/finish`, { scenario: "normal" });
    expect(end.json.url).toMatch(
      /^https:\/\/shop\.test\/ok\?kept=1%20a&customerKey=customer%3D1%40x&authKey=bln_\w+$/,
    );
    expect((await post(`/window/${id}/finish`, { scenario: "normal" })).status).toBe(404);
  });

  test("given up is USER_CANCEL in a frame and PAY_PROCESS_CANCELED on a page of its own", async () => {
    const framed = await openWindow({ ...billing, target: "iframe" });
    expect((await post(`/window/${framed.id}/close`, {})).json.code).toBe("USER_CANCEL");
    const own = await openWindow({ ...billing, target: "self" });
    expect((await post(`/window/${own.id}/close`, {})).json.url).toContain("PAY_PROCESS_CANCELED");
  });

  test("names the order when a payment fails, and escapes what it shows", async () => {
    const { id } = await openWindow({
      ...{ kind: "payment", method: "CARD", clientKey: defaultMerchant.clientKey, ...urls },
      ...{ target: "self", amount: 9_900, orderId: "order-0001", orderName: "<script>1</script>" },
    });
    const page = await (await fetch(`${emulator.url}/window/${id}`)).text();
    expect(page).toContain("9,900원 결제하기");
    expect(page).not.toContain("<script>1");
    const end = await post(`/window/${id}/finish`, { scenario: "refused-at-registration" });
    expect(end.json.url).toMatch(/code=REJECT_CARD_COMPANY&message=.+&orderId=order-0001$/);
  });

  test("opens a virtual account for whom, how long and with the escrow the shop asked", async () => {
    const order = {
      ...{ kind: "payment", method: "가상계좌", clientKey: defaultMerchant.clientKey, ...urls },
      ...{ target: "self", amount: 9_900, orderName: "책", useEscrow: true },
    };
    const account = { customerName: "김토스", validHours: 24, dueDate: null };
    const { id } = await openWindow({ ...order, orderId: "order-0002", account });
    const { now } = await toss.control.clock();
    const end = await post(`/window/${id}/finish`, { scenario: "normal", bank: "20" });
    const query = new URL(String(end.json.url)).searchParams;
    const { json } = await toss.call("POST", "/v1/payments/confirm", {
      body: { paymentKey: query.get("paymentKey"), orderId: "order-0002", amount: 9_900 },
    });
    expect(json).toMatchObject({
      status: "WAITING_FOR_DEPOSIT",
      useEscrow: true,
      virtualAccount: { customerName: "김토스", bankCode: "20" },
    });
    const { dueDate } = z.object({ dueDate: z.string() }).parse(json.virtualAccount);
    const hours = (Date.parse(dueDate) - Date.parse(now)) / 3_600_000;
    expect(Math.round(hours)).toBe(24);

    const tooLong = { ...account, validHours: 9_000 };
    const refused = await post("/sdk/windows", {
      ...order,
      ...{ orderId: "order-0003", account: tooLong },
    });
    expect(refused.json.code).toBe("EXCEED_MAX_VALID_HOURS");
  });

  test("stays open when what was chosen cannot pay, for another choice", async () => {
    const { id } = await openWindow({
      ...{ kind: "payment", method: "", clientKey: defaultMerchant.clientKey, ...urls },
      ...{ target: "self", amount: 150, orderId: "order-0004", orderName: "책" },
    });
    const refused = await post(`/window/${id}/finish`, { scenario: "normal", method: "transfer" });
    expect(refused.json.code).toBe("BELOW_MINIMUM_AMOUNT");
    const paid = await post(`/window/${id}/finish`, { scenario: "normal", method: "card" });
    expect(paid.json.url).toContain("paymentKey=");
  });

  test.each([
    ["an unknown client key", { clientKey: "test_ck_unknown" }, "UNAUTHORIZED_KEY"],
    ["a script for an address", { successUrl: "javascript:alert(1)" }, "INVALID_REQUEST"],
    ["a method without contract", { method: "휴대폰" }, "NOT_SUPPORTED_METHOD"],
  ])("refuses %s", async (_, change, code) => {
    const answer = await post("/sdk/windows", { ...billing, target: "self", ...change });
    expect([answer.status >= 400, answer.json.code]).toEqual([true, code]);
  });

  async function openWindow(body: Record<string, unknown>): Promise<{ id: string }> {
    const { status, json } = await post("/sdk/windows", body);
    expect(status).toBe(200);
    return { id: String(json.id) };
  }
});

describe("hostile input", () => {
  const bodies = [
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "[".repeat(100_000),
    '{"amount":1e999}',
    "\u0000",
  ];

  test.each(bodies)("body %# is INVALID_REQUEST", async (rawBody) => {
    const { billingKey } = await toss.register();
    const answer = await toss.call("POST", `/v1/billing/${billingKey}`, { rawBody });
    expect([answer.status, answer.json.code]).toEqual([400, "INVALID_REQUEST"]);
  });

  test("a body of a megabyte is refused and the connection goes on", async () => {
    const rawBody = JSON.stringify({ filler: "x".repeat(1_000_000) });
    const answer = await toss.call("POST", "/v1/payments/confirm", { rawBody });
    expect(answer.json.code).toBe("INVALID_REQUEST");
    expect((await toss.control.health()).ok).toBe(true);
  });

  test.each([
    { amount: "9900" },
    { amount: 9_900.5 },
    { amount: 2 ** 60 },
    { amount: null },
    { amount: { toString: "9900" } },
    { orderName: 1 },
    { orderId: ["order-0001"] },
    { taxFreeAmount: -1 },
    { taxFreeAmount: 9_901 },
    { customerName: "이".repeat(101) },
    JSON.parse('{"__proto__": {"amount": 1}, "amount": "1"}'),
  ])("a charge with %j is INVALID_REQUEST", async (body: Record<string, unknown>) => {
    expect((await toss.charge(await toss.register(), { body })).json.code).toBe("INVALID_REQUEST");
  });

  test.each([
    ...["/v1/billing/%", "/v1/billing/%ff", "/v1/payments/%2e%2e/x", "/v1/payments/%"],
    ...["//", "/v1//", "/window/../..", "/assets/..%2fmain.ts", "/__proto__", "/constructor", "*"],
  ])("the path %s is no more than unknown", async (path) => {
    expect(await rawStatus("POST", path)).toBe(404);
  });

  test.each(["__proto__", "constructor", "toString"])(
    "a payment called %s is unknown",
    async (key) => {
      const asked = await toss.call("GET", `/v1/payments/${key}`);
      expect(asked.json.code).toBe("NOT_FOUND_PAYMENT");
      const body = { orderId: newOrderId(), amount: 9_900 };
      const confirmed = await toss.call("POST", `/v1/payments/${key}`, { body });
      expect(confirmed.json.code).toBe("NOT_FOUND_PAYMENT");
    },
  );

  test.each(["Basic", "Basic %%%", "Bearer x", "Basic Og==", "Basic 77u/dGVzdF9zazo="])(
    "the authorization %s is refused",
    async (authorization) => {
      const answer = await toss.call("GET", "/v1/payments/x", { headers: { authorization } });
      expect([401, 403]).toContain(answer.status);
    },
  );

  test("a request cut off in the middle harms nobody", async () => {
    const { port } = new URL(emulator.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(
          "POST /v1/payments/confirm HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{",
        );
        socket.destroy();
      });
      socket.on("close", () => resolve());
    });
    expect((await toss.control.health()).ok).toBe(true);
  });

  test("the control API names what is wrong, and takes no plain form of a website", async () => {
    expect((await post("/control/faults", { kind: "unknown" })).status).toBe(400);
    expect((await post("/control/authorize-payment", { amount: "1" })).status).toBe(400);
    expect((await post("/control/clock", { byMs: -1 })).status).toBe(400);
    expect((await post("/control/nothing", {})).status).toBe(404);
    const form = await fetch(`${emulator.url}/control/reset`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "{}",
    });
    expect(form.status).toBe(415);
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

describe("a page of another site", () => {
  const steer = (headers: Readonly<Record<string, string>>, path: string, method = "POST") =>
    new Promise<number>((resolve, reject) => {
      const request = httpRequest(`${emulator.url}${path}`, { method, headers }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      request.on("error", reject);
      request.end(method === "POST" ? "{}" : undefined);
    });
  const json = { "content-type": "application/json" };

  test("steers nothing, by a name of its own that leads here or across origins", async () => {
    expect(await steer({ host: "evil.example" }, "/control/export", "GET")).toBe(403);
    expect(await steer({ host: "evil.example" }, "/", "GET")).toBe(403);
    expect(await steer({ ...json, host: "evil.example" }, "/control/reset")).toBe(403);
    expect(await steer({ ...json, origin: "http://evil.example" }, "/control/reset")).toBe(403);
    expect(await steer({ ...json, origin: emulator.url }, "/control/reset")).toBe(200);
    expect(await steer({ host: "[::1]:1" }, "/", "GET")).toBe(200);
  });

  test("cannot fill the page with what nobody can read", async () => {
    const rawBody = `${"[".repeat(4_000)}${"]".repeat(4_000)}`;
    for (let n = 0; n < 5; n++) await toss.call("POST", "/v1/payments/confirm", { rawBody });
    await toss.call("POST", "/v1/nope", {
      rawBody: JSON.stringify({ billingKey: "x".repeat(200_000) }),
    });
    expect((await (await fetch(`${emulator.url}/`)).text()).length).toBeLessThan(300_000);
  });
});

describe("what the emulator shows", () => {
  test("never holds a whole key, a card number or a secret key", async () => {
    await toss.control.changeSettings({ cardRegistrationApi: true });
    const cardNumber = "9410001111222233";
    const card = { cardNumber, cardExpirationYear: "99", cardExpirationMonth: "12" };
    await toss.call("POST", "/v1/billing/authorizations/card", {
      body: { ...card, customerKey: "customer", customerIdentityNumber: "990101" },
    });
    const { billingKey, customerKey } = await toss.register();
    await toss.charge({ billingKey, customerKey });
    const escaped = '{"card\\u004eumber":"4906251111111111","customerKey":"customer"}';
    await toss.call("POST", "/v1/billing/authorizations/card", { rawBody: escaped });
    for (const rawBody of [
      '{"amount":1000,"cardNumber":4906251111111111}',
      '{"cardNumber":"4906251111111111,"amount":1000}',
      '{"amount":1000,"number":"4906-2511-1111-1111"}',
    ]) {
      await toss.call("POST", "/v1/payments/key-in", { rawBody });
    }
    const shown = [
      JSON.stringify(await toss.control.state()),
      await (await fetch(`${emulator.url}/`)).text(),
    ].join("\n");
    for (const secret of [
      cardNumber,
      "4906251111111111",
      "4906-2511",
      billingKey,
      billingKey.slice(0, -1),
      defaultMerchant.secretKey,
    ]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain(customerKey);
  });

  test("escapes whatever a merchant sent", async () => {
    await toss.charge(await toss.register(), { body: { orderName: "<img src=x onerror=1>" } });
    expect(await (await fetch(`${emulator.url}/`)).text()).not.toContain("<img");
  });
});

async function statusOf(orderId: string): Promise<unknown> {
  return (await toss.call("GET", `/v1/payments/orders/${orderId}`)).json.status;
}

function confirm(body: Record<string, unknown>) {
  return toss.call("POST", "/v1/payments/confirm", { body });
}

function post(path: string, body: Record<string, unknown>) {
  return toss.call("POST", path, { body });
}

/** Sends the path as it stands; fetch would tidy it up first. */
function rawStatus(method: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(emulator.url);
  const user = `${defaultMerchant.secretKey}:`;
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const options = { hostname, port, method, path, auth: user, headers };
    httpRequest(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end("{}");
  });
}
