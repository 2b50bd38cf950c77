import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller, newOrderId, type TossCaller } from "@/packages/toss-twin/testing/caller";
import {
  startWebhookReceiver,
  type WebhookReceiver,
} from "@/packages/toss-twin/testing/webhook-receiver";
import { signWebhook } from "./signature";

const minuteMs = 60_000;

let emulator: TossEmulator;
let toss: TossCaller;
let shop: WebhookReceiver;

beforeEach(async () => {
  shop = await startWebhookReceiver();
  emulator = await startTossEmulator({
    port: 0,
    webhooks: [{ mId: defaultMerchant.mId, url: shop.url }],
  });
  toss = createTossCaller(emulator.url, defaultMerchant.secretKey);
});

afterEach(async () => {
  await emulator.close();
  await shop.close();
});

describe("what is told", () => {
  test("a confirmed payment is, with the whole Payment and the three headers", async () => {
    const { orderId } = await buy();
    await toss.control.catchUp();
    const [webhook] = shop.received;
    expect(webhook?.json).toMatchObject({
      eventType: "PAYMENT_STATUS_CHANGED",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
      data: { orderId, status: "DONE", secret: expect.stringMatching(/^ps_/) },
    });
    expect(webhook?.headers).toMatchObject({
      "tosspayments-webhook-transmission-id": expect.stringMatching(/^whtrans_/),
      "tosspayments-webhook-transmission-time": expect.stringMatching(/\+09:00$/),
      "tosspayments-webhook-transmission-retried-count": "0",
    });
    expect(webhook?.headers["tosspayments-webhook-signature"]).toBeUndefined();
  });

  test("a charge by billing key is not, neither approved nor declined; its cancel is", async () => {
    const charged = await toss.charge(await toss.register());
    await toss.charge(await toss.register("short-of-balance"));
    await toss.control.catchUp();
    expect(shop.received).toEqual([]);
    await toss.call("POST", `/v1/payments/${String(charged.json.paymentKey)}/cancel`, {
      body: { cancelReason: "변심" },
    });
    await toss.control.catchUp();
    expect(shop.received.map(statusOf)).toEqual(["CANCELED"]);
  });

  test("a refused and an expired payment are, at the moment they ended", async () => {
    const refused = await toss.control.authorizePayment({ ...order(), scenario: "stopped-card" });
    await toss.call("POST", "/v1/payments/confirm", { body: refused });
    await toss.control.authorizePayment(order());
    await toss.control.moveClock({ byMs: 60 * minuteMs });
    await toss.control.catchUp();
    expect(shop.received.map(statusOf)).toEqual(["ABORTED", "EXPIRED"]);
  });

  test("a deleted billing key is, without the = at its end", async () => {
    const { billingKey } = await toss.register();
    await toss.call("DELETE", `/v1/billing/${billingKey}`);
    await toss.control.catchUp();
    expect(shop.received[0]?.json).toMatchObject({
      eventType: "BILLING_DELETED",
      data: { billingKey: billingKey.slice(0, -1), reason: null },
    });
  });

  test("a virtual account is told of flat and, once paid, in the usual envelope too", async () => {
    const { orderId } = await issueAccount();
    await toss.control.deposit({ orderId });
    await toss.control.catchUp();
    const flat = shop.received.filter(({ json }) => !("eventType" in json));
    expect(flat.map(({ json }) => Object.keys(json))).toEqual(
      Array.from({ length: 2 }, () => [
        "createdAt",
        "secret",
        "status",
        "transactionKey",
        "orderId",
      ]),
    );
    expect(flat.map(({ json }) => json.status)).toEqual(["WAITING_FOR_DEPOSIT", "DONE"]);
    const query = await toss.call("GET", `/v1/payments/orders/${orderId}`);
    expect(flat[1]?.json.secret).toBe(query.json.secret);
    expect(shop.received.map(statusOf)).toContain("DONE");
  });

  test("nothing goes to an address that did not ask for the event", async () => {
    const { id } = await toss.control.registerWebhook({
      url: shop.url,
      events: ["BILLING_DELETED"],
    });
    await buy();
    await toss.control.catchUp();
    expect(shop.received).toEqual([]);
    await toss.control.removeWebhook(id);
    await toss.control.deleteBillingKey(
      await toss.register().then(({ customerKey }) => ({ customerKey })),
    );
    await toss.control.catchUp();
    expect(shop.received).toEqual([]);
  });
});

describe("what is not taken", () => {
  test("is sent again after 1, 4, 16 … 4096 minutes, seven times, and then given up", async () => {
    shop.answers.push(500, 201, 302, 404, 500, 500, 500, 500, 500);
    await buy();
    await toss.control.moveClock({ byMs: 10 * 24 * 60 * minuteMs });
    await toss.control.catchUp();
    const times = shop.received.map(({ headers }) =>
      Date.parse(String(headers["tosspayments-webhook-transmission-time"])),
    );
    const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / minuteMs);
    expect(gaps).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
    const counts = shop.received.map(
      ({ headers }) => headers["tosspayments-webhook-transmission-retried-count"],
    );
    expect(counts).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    const ids = shop.received.map(({ headers }) => headers["tosspayments-webhook-transmission-id"]);
    expect(new Set(ids).size).toBe(1);
    const [delivery] = await toss.control.deliveries();
    expect(delivery).toMatchObject({ state: "failed", dueAt: null });

    await toss.control.resend(delivery?.id ?? "");
    await toss.control.catchUp();
    expect((await toss.control.deliveries())[0]?.state).toBe("failed");
    shop.answers.length = 0;
    await toss.control.resend(delivery?.id ?? "");
    await toss.control.catchUp();
    expect((await toss.control.deliveries())[0]?.state).toBe("delivered");
  });

  test("is what has no answer in time, or no receiver at all", async () => {
    await toss.control.changeSettings({ webhookTimeoutMs: 20 });
    shop.answers.push(0);
    await buy();
    await toss.control.catchUp();
    await toss.control.registerWebhook({ url: "http://127.0.0.1:1/nobody" });
    await buy();
    await toss.control.catchUp();
    const problems = (await toss.control.deliveries()).map(({ attempts }) => attempts[0]?.problem);
    expect(problems).toContainEqual("no answer within 20 ms");
    expect(problems).toContainEqual(expect.stringMatching(/ECONNREFUSED/));
  });

  test("comes again in the order of time when the clock jumps", async () => {
    shop.answers.push(500, 500);
    await buy();
    await toss.control.catchUp();
    await toss.control.authorizePayment(order());
    await toss.control.moveClock({ byMs: 60 * minuteMs });
    await toss.control.catchUp();
    expect(shop.received.map(statusOf)).toEqual(["DONE", "DONE", "DONE", "EXPIRED"]);
  });
});

describe("faults", () => {
  test("dropped, doubled, late and out of order", async () => {
    await toss.control.addFault({ kind: "webhook-dropped" });
    await buy();
    await toss.control.catchUp();
    expect(shop.received).toHaveLength(0);

    await toss.control.addFault({ kind: "webhook-doubled" });
    await buy();
    await toss.control.catchUp();
    expect(shop.received).toHaveLength(2);
    expect(shop.received[0]?.text).toBe(shop.received[1]?.text);

    await toss.control.addFault({ kind: "webhook-late", delayMs: 5 * minuteMs });
    await buy();
    await toss.control.catchUp();
    expect(shop.received).toHaveLength(2);
    await toss.control.moveClock({ byMs: 5 * minuteMs });
    await toss.control.catchUp();
    expect(shop.received).toHaveLength(3);

    await toss.control.addFault({ kind: "webhook-reordered" });
    const first = await buy();
    const second = await buy();
    await toss.control.catchUp();
    expect(shop.received.slice(3).map(orderOf)).toEqual([second.orderId, first.orderId]);
  });

  test("out of order is what came before another, however many came before it", async () => {
    const { json } = await toss.charge(await toss.register());
    const cancel = (cancelReason: string) =>
      toss.call("POST", `/v1/payments/${String(json.paymentKey)}/cancel`, {
        body: { cancelReason, cancelAmount: 100 },
      });
    await cancel("first");
    await toss.control.addFault({ kind: "webhook-reordered" });
    await cancel("second");
    await cancel("third");
    await toss.control.catchUp();
    const reasons = shop.received.map(({ text }) =>
      ["third", "second", "first"].find((reason) => text.includes(reason)),
    );
    expect(reasons).toEqual(["first", "third", "second"]);
  });

  test("strike by billing key what is told of a charge, and leave a body alone that is no JSON", async () => {
    const card = await toss.register();
    const { json } = await toss.charge(card);
    const match = { billingKey: card.billingKey };
    await toss.control.addFault({ kind: "webhook-forged-status", status: "DONE", match });
    const body = { cancelReason: "변심" };
    await toss.call("POST", `/v1/payments/${String(json.paymentKey)}/cancel`, { body });
    await toss.control.catchUp();
    expect(shop.received.at(-1)?.json).toMatchObject({ data: { status: "DONE" } });

    for (const kind of ["webhook-forged-status", "webhook-unknown-event"] as const) {
      await toss.control.addFault({ kind });
      const event = "PAYMENT_STATUS_CHANGED";
      await toss.control.sendWebhook({ event, rawBody: "not json" });
      await toss.control.catchUp();
      expect(shop.received.at(-1)?.text).toBe("not json");
    }
  });

  test("a false status, a false secret, an unknown event, fields of the future", async () => {
    await toss.control.addFault({ kind: "webhook-forged-status", status: "CANCELED" });
    await toss.control.addFault({ kind: "webhook-forged-secret" });
    await toss.control.addFault({ kind: "webhook-unknown-event" });
    await toss.control.addFault({ kind: "webhook-extra-fields" });
    const bought = [await buy(), await buy(), await buy(), await buy()];
    await toss.control.catchUp();
    const of = (index: number) =>
      shop.received.find((webhook) => orderOf(webhook) === bought[index]?.orderId);
    expect(of(0)?.json).toMatchObject({ data: { status: "CANCELED" } });
    const query = await toss.call("GET", `/v1/payments/orders/${bought[1]?.orderId}`);
    expect(of(1)?.json).toMatchObject({ data: { secret: expect.stringMatching(/^ps_/) } });
    expect(of(1)?.text).not.toContain(String(query.json.secret));
    expect(of(2)?.json.eventType).toBe("SOMETHING_NEW");
    expect(of(3)?.json).toMatchObject({ data: { status: "DONE", addedLater: {} } });
  });
});

describe("signatures", () => {
  const key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  const time = "2026-03-02T10:00:01.123456+09:00";
  const body =
    '{"eventType":"payout.changed","createdAt":"2026-03-02T10:00:00+09:00","version":"2024-06-01","eventId":"evt_example_1","entityType":"payout","entityBody":{"amount":{"currency":"KRW","value":5000.0}}}';

  test.each([
    ["text", "H5sibRG6R8PB/rGJzKzU3fbfQ0zqNy/b/KOJ9cvXyfs="],
    ["hex", "h+3RjKjJpDnxPq5v28jtRVnQEyp3DEG3aSPGPI+tk1M="],
  ] as const)("agree with the test vector when the key is read as %s", (encoding, mac) => {
    expect(signWebhook(body, time, { securityKeys: [key], securityKeyEncoding: encoding })).toBe(
      `v1:${mac}`,
    );
  });

  test("stand on payout and seller events, over the very bytes that were sent", async () => {
    const keys = [key, "ab".repeat(32)];
    await toss.control.changeSettings({ securityKeys: keys });
    await toss.control.sendWebhook({ event: "payout.changed", rawBody: body });
    await toss.control.sendWebhook({ event: "seller.changed", data: { id: "seller-1" } });
    await toss.control.catchUp();
    for (const { headers, text } of shop.received) {
      const sentAt = String(headers["tosspayments-webhook-transmission-time"]);
      expect(headers["tosspayments-webhook-signature"]).toBe(
        signWebhook(text, sentAt, { securityKeys: keys, securityKeyEncoding: "text" }),
      );
    }
    expect(shop.received.map(({ text }) => text)).toContain(body);
    expect(shop.received.some(({ json }) => json.entityType === "seller")).toBe(true);
  });
});

function statusOf({ json }: { json: Readonly<Record<string, unknown>> }): unknown {
  const data = typeof json.data === "object" && json.data !== null ? json.data : json;
  return "status" in data ? data.status : undefined;
}

function orderOf({ json }: { json: Readonly<Record<string, unknown>> }): unknown {
  const data = typeof json.data === "object" && json.data !== null ? json.data : {};
  return "orderId" in data ? data.orderId : undefined;
}

function order() {
  return { orderId: newOrderId(), amount: 9_900, orderName: "전자책" };
}

async function buy(): Promise<{ orderId: string }> {
  const body = await toss.control.authorizePayment(order());
  const confirmed = await toss.call("POST", "/v1/payments/confirm", { body });
  expect(confirmed.status).toBe(200);
  return { orderId: body.orderId };
}

async function issueAccount(): Promise<{ orderId: string }> {
  const body = { ...order(), customerName: "김토스", bank: "신한" };
  expect((await toss.call("POST", "/v1/virtual-accounts", { body })).status).toBe(200);
  return body;
}
