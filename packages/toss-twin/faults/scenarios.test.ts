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
  emulator = await startTossEmulator({ port: 0, settings: { slowMs: 30 } });
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

async function statusOf(orderId: string): Promise<unknown> {
  return (await toss.call("GET", `/v1/payments/orders/${orderId}`)).json.status;
}

function confirm(body: Record<string, unknown>) {
  return toss.call("POST", "/v1/payments/confirm", { body });
}
