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

describe("faults of cards and keys", () => {
  test("a card expires, until the fault is cleared", async () => {
    const card = await toss.register();
    const other = await toss.register();
    const match = { customerKey: card.customerKey };
    const { id } = await toss.control.addFault({ kind: "card-expired", match });
    expect((await toss.charge(card)).json.code).toBe("INVALID_CARD_EXPIRATION");
    expect((await toss.charge(card)).json.code).toBe("INVALID_CARD_EXPIRATION");
    expect((await toss.charge(other)).status).toBe(200);
    await toss.control.clearFaults(id);
    expect((await toss.charge(card)).status).toBe(200);
  });

  test("a key turns out to be deleted at Toss", async () => {
    const card = await toss.register();
    await toss.control.addFault({ kind: "key-deleted", match: { billingKey: card.billingKey } });
    expect((await toss.charge(card)).json.code).toBe("ALREADY_REMOVED_BILLING_KEY");
    expect((await toss.charge(card)).json.code).toBe("ALREADY_REMOVED_BILLING_KEY");
  });

  test("the card behind a key is exchanged for one that behaves otherwise", async () => {
    const card = await toss.register();
    await toss.control.changeCard({ ...pick(card), scenario: "declined-once" });
    expect((await toss.charge(card)).json.code).toBe("REJECT_CARD_PAYMENT");
    expect((await toss.charge(card)).status).toBe(200);
  });

  test("a temporary fault n times, then all is well", async () => {
    const card = await toss.register();
    await toss.control.addFault({ kind: "decline", code: "PROVIDER_ERROR", times: 2 });
    const codes = [await toss.charge(card), await toss.charge(card), await toss.charge(card)];
    expect(codes.map(({ status }) => status)).toEqual([400, 400, 200]);
  });

  test("a decline waits for the next payment and leaves questions alone, unless it is told which call", async () => {
    const card = await toss.register();
    const list = "/v1/transactions?startDate=2000-01-01T00:00:00&endDate=2900-01-01T00:00:00";
    const decline = { kind: "decline", code: "REJECT_CARD_PAYMENT" } as const;
    await toss.control.addFault(decline);
    expect((await toss.call("GET", list)).status).toBe(200);
    expect((await toss.charge(card)).json.code).toBe("REJECT_CARD_PAYMENT");
    await toss.control.addFault({ ...decline, match: { operation: "transactions" } });
    expect((await toss.call("GET", list)).json.code).toBe("REJECT_CARD_PAYMENT");
  });

  test("a refusal of a card ends the payment it was asked for; a refusal of the call does not", async () => {
    for (const [code, status] of [
      ["REJECT_CARD_PAYMENT", "ABORTED"],
      ["INVALID_API_KEY", "IN_PROGRESS"],
    ] as const) {
      const order = { orderId: newOrderId(), amount: 9_900 };
      const { paymentKey } = await toss.control.authorizePayment({ ...order, orderName: "책" });
      await toss.control.addFault({ kind: "decline", code });
      const body = { paymentKey, ...order };
      const refused = await toss.call("POST", "/v1/payments/confirm", { body });
      expect(refused.json.code).toBe(code);
      const { json } = await toss.call("GET", `/v1/payments/${paymentKey}`);
      expect(json.status).toBe(status);
    }
  });

  test("a fault lasts as long as the work it is for", async () => {
    const card = await toss.register();
    const seen = await toss.control.withFault({ kind: "outage" }, () => toss.charge(card));
    expect(seen.status).toBe(503);
    expect((await toss.charge(card)).status).toBe(200);
  });
});

describe("a fault of one order, card or customer", () => {
  test.each(["orderId", "billingKey", "customerKey"] as const)(
    "strikes the cancel and the query of its payment by %s, and no other's",
    async (field) => {
      const [card, other] = [await toss.register(), await toss.register()];
      const orderId = newOrderId();
      const charged = await toss.charge(card, { body: { orderId } });
      const foreign = await toss.charge(other);
      const match = { [field]: { ...card, orderId }[field] };
      const fault = { kind: "500-not-executed", match, times: 2 } as const;
      await toss.control.addFault(fault);
      const ask = (paymentKey: unknown) => toss.call("GET", `/v1/payments/${String(paymentKey)}`);
      const cancel = (paymentKey: unknown) =>
        toss.call("POST", `/v1/payments/${String(paymentKey)}/cancel`, {
          body: { cancelReason: "변심" },
        });
      expect((await ask(foreign.json.paymentKey)).status).toBe(200);
      expect((await cancel(foreign.json.paymentKey)).status).toBe(200);
      expect((await ask(charged.json.paymentKey)).status).toBe(500);
      expect((await cancel(charged.json.paymentKey)).status).toBe(500);
      expect((await cancel(charged.json.paymentKey)).status).toBe(200);
    },
  );

  test("is not used up where it can do nothing", async () => {
    const card = await toss.register();
    await toss.charge(card, { key: "first" });
    await toss.control.addFault({ kind: "wrong-amount" });
    await toss.control.addFault({ kind: "decline", code: "FDS_ERROR" });
    await toss.register();
    expect((await toss.charge(card, { key: "first" })).status).toBe(200);
    expect(await toss.control.faults()).toHaveLength(2);
  });

  test("a 500 although executed can be bound to its key, too", async () => {
    const { json } = await toss.charge(await toss.register());
    const cancel = (key: string) =>
      toss.call("POST", `/v1/payments/${String(json.paymentKey)}/cancel`, {
        key,
        body: { cancelReason: "변심", cancelAmount: 1_000 },
      });
    await toss.control.addFault({ kind: "500-executed", store: true });
    expect([(await cancel("bound")).status, (await cancel("bound")).status]).toEqual([500, 500]);
    const query = await toss.call("GET", `/v1/payments/${String(json.paymentKey)}`);
    expect(query.json.balanceAmount).toBe(8_900);
  });
});

describe("faults of the books", () => {
  test("what was paid in the last second of a day is listed on that day and no other", async () => {
    const { now } = await toss.control.clock();
    const day = now.slice(0, 10);
    await toss.control.moveClock({ to: `${day}T23:59:59.500+09:00` });
    const { json } = await toss.charge(await toss.register());
    const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    const listed = async (on: string) =>
      (await toss.call("GET", `/v1/transactions?startDate=${on}T00:00:00&endDate=${on}T23:59:59`))
        .text;
    expect(await listed(day)).toContain(String(json.orderId));
    expect(await listed(next)).not.toContain(String(json.orderId));
  });

  test("transactions of the last minutes are not listed yet", async () => {
    await toss.charge(await toss.register());
    const path = "/v1/transactions?startDate=2000-01-01T00:00:00&endDate=2900-01-01T00:00:00";
    await toss.control.addFault({ kind: "transactions-lag", lagMs: 60_000 });
    expect((await toss.call("GET", path)).text).toBe("[]");
    await toss.control.moveClock({ byMs: 60_000 });
    expect((await toss.call("GET", path)).text).toContain('"amount":9900');
  });

  test("a settlement is short", async () => {
    const card = await toss.register();
    const [orderId, other] = [newOrderId(), newOrderId()];
    const first = await toss.charge(card, { body: { orderId } });
    await toss.charge(card, { body: { orderId: other } });
    await toss.control.moveClock({ byMs: 86_400_000 });
    await toss.control.addFault({ kind: "settlement-short", byWon: 900, match: { orderId } });
    const day = String(first.json.approvedAt).slice(0, 10);
    const { text } = await toss.call("GET", `/v1/settlements?startDate=${day}&endDate=${day}`);
    const rows: { orderId: string; amount: number }[] = JSON.parse(text);
    const amounts = Object.fromEntries(rows.map((row) => [row.orderId, row.amount]));
    expect(amounts).toEqual({ [orderId]: 9_000, [other]: 9_900 });
  });
});

test("the port takes no connections for a while, and then is itself again", async () => {
  const own = await startTossEmulator({ port: 0 });
  const caller = createTossCaller(own.url, defaultMerchant.secretKey);
  const card = await caller.register();
  await caller.control.addFault({ kind: "connection-refused", forMs: 1_000 });
  await expect
    .poll(() =>
      caller.charge(card).then(
        () => "answered",
        () => "refused",
      ),
    )
    .toBe("refused");
  await expect.poll(() => caller.control.health().catch(() => null)).toEqual({ ok: true });
  expect((await caller.charge(card)).status).toBe(200);
  await own.close();
});

test("a port that is closed twice at once opens when the later time is over", async () => {
  const own = await startTossEmulator({ port: 0 });
  const { control } = createTossCaller(own.url, defaultMerchant.secretKey);
  const startedAt = performance.now();
  await Promise.all(
    [1_000, 50].map((forMs) => control.addFault({ kind: "connection-refused", forMs })),
  );
  const isUp = () => control.health().catch(() => null);
  await expect.poll(isUp).toBe(null);
  await expect.poll(isUp).toEqual({ ok: true });
  expect(performance.now() - startedAt).toBeGreaterThan(1_000);
  await own.close();
});

test("calls beyond the limit of a minute are 429", async () => {
  await toss.control.changeSettings({ callsPerMinute: 2 });
  const answers = [];
  for (let count = 0; count < 3; count += 1) {
    answers.push((await toss.call("GET", "/v1/promotions")).status);
  }
  await toss.control.changeSettings({ callsPerMinute: 0 });
  expect(answers.at(-1)).toBe(429);
});

describe("bad input", () => {
  const hostile: readonly unknown[] = [
    null,
    "",
    " ",
    -1,
    0.5,
    1e308,
    "x".repeat(5_000),
    [],
    {},
    [[]],
    true,
    "\u0000",
    "\ud800",
    "<script>",
    { toString: 1 },
  ];
  const paths: readonly (readonly [path: string, fields: readonly string[]])[] = [
    [
      "/v1/virtual-accounts",
      [
        "amount",
        "orderId",
        "orderName",
        "customerName",
        "bank",
        "validHours",
        "dueDate",
        "cashReceipt",
        "taxFreeAmount",
      ],
    ],
    [
      "/v1/cash-receipts",
      ["amount", "orderId", "orderName", "type", "customerIdentityNumber", "taxFreeAmount"],
    ],
    ["/v1/settlements", ["paymentKey"]],
    ["/v1/cash-receipts/none/cancel", ["amount"]],
    [
      "/v1/payments/none/cancel",
      ["cancelReason", "cancelAmount", "refundReceiveAccount", "currency"],
    ],
    ["/control/deposit", ["orderId", "paymentKey", "mId"]],
    ["/control/deposit-error", ["orderId"]],
    ["/control/card", ["billingKey", "id", "customerKey", "scenario"]],
    ["/control/webhooks", ["url", "events", "mId"]],
    ["/control/send-webhook", ["event", "data", "rawBody"]],
    ["/control/clock", ["to", "byMs", "byMonths", "toNextRenewal"]],
    ["/control/settings", ["latencyMs", "securityKeys", "securityKeyEncoding", "callsPerMinute"]],
    ["/control/faults", ["kind", "match", "times", "probability", "forMs"]],
    ["/control/import", ["format", "version", "changes"]],
    ["/control/deliveries/none/resend", ["x"]],
  ];
  const good = {
    ...{ amount: 9_900, orderId: "order-0001", orderName: "책", customerName: "김", bank: "20" },
    ...{ type: "소득공제", customerIdentityNumber: "0100001234", cancelReason: "변심" },
  };

  test.each(paths)("%s answers any value of its fields with a code", async (path, fields) => {
    for (const field of fields) {
      for (const value of hostile) {
        const body = { ...(path.startsWith("/v1") ? good : {}), [field]: value };
        const { status, text, json } = await toss.call("POST", path, { body });
        const isFine =
          status === 200 || (status >= 400 && status < 500 && typeof json.code === "string");
        expect(
          isFine,
          `${field} ${JSON.stringify(value)?.slice(0, 40)} gave ${status} ${text}`,
        ).toBe(true);
      }
    }
  });

  test.each([
    "/v1/settlements?startDate=2026-02-30&endDate=2026-03-01",
    "/v1/settlements?startDate=2026-03-01&endDate=2026-03-01Z",
    "/v1/settlements?startDate=2026-03-02&endDate=2026-03-01",
    "/v1/settlements?startDate=2026-03-01&endDate=2026-03-01&page=0",
    "/v1/settlements?startDate=2026-03-01&endDate=2026-03-01&size=-1",
    "/v1/settlements?startDate=2026-03-01&endDate=2026-03-01&dateType=x",
    "/v1/cash-receipts",
    "/v1/cash-receipts?requestDate=2026-03-01T00:00:00",
    "/v1/cash-receipts?requestDate=2026-03-01&cursor=-1",
    "/v1/promotions?payType=x",
  ])("%s is refused", async (path) => {
    expect((await toss.call("GET", path)).status).toBe(400);
  });
});

function pick({ billingKey }: { billingKey: string }): { billingKey: string } {
  return { billingKey };
}
