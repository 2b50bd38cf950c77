import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addDays, seoulDayOf } from "@/lib/billing/calendar";
import type { ListedTransaction } from "@/lib/billing/reconciliation/reconciliation";
import type { BillingCharge, Gateway } from "@/lib/gateway/gateway";
import { day, won } from "@/lib/testing/billing";
import {
  answers,
  asked,
  calls,
  clientOf,
  payment,
  type Script,
  SECRET_KEY,
  withToss,
} from "@/lib/testing/scripted-toss";
import { startTossEmulator, type TossEmulator } from "@/packages/toss-twin/emulator";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";

/** Whatever must never be told to the log. */
const secrets = new Set([
  SECRET_KEY,
  Buffer.from(`${SECRET_KEY}:`).toString("base64"),
  asked.billingKey.replace("=", ""),
]);

let emulator: TossEmulator;
let toss: Gateway;
beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0, settings: { slowMs: 1_000 } });
  toss = clientOf(emulator.url);
});
afterEach(async () => {
  await emulator.control.clearFaults();
  const told = JSON.stringify(calls);
  for (const secret of secrets) expect(told).not.toContain(secret);
});
afterAll(() => emulator.close());

async function cardOf(scenario: ScenarioKey = "normal") {
  const customerKey = randomUUID();
  const issued = await emulator.control.issueBillingKeys({ customerKeys: [customerKey], scenario });
  const billingKey = issued[0]?.billingKey ?? "";
  for (const secret of [billingKey, encodeURIComponent(billingKey), billingKey.replace(/=+$/, "")])
    secrets.add(secret);
  return { customerKey, billingKey };
}

/** 9,900 won from that card, in an order of its own. */
function order(card: { customerKey: string; billingKey: string }): BillingCharge {
  return { ...asked, ...card, orderId: newKey() };
}

async function pay(scenario: ScenarioKey = "normal") {
  const charge = order(await cardOf(scenario));
  const outcome = await toss.chargeBillingKey(charge, newKey());
  if (outcome.kind !== "approved") throw new Error(`Not approved: ${outcome.kind}`);
  return { ...outcome, orderId: charge.orderId };
}

async function authenticated() {
  const orderId = newKey();
  const window = { orderId, amount: 150_000, orderName: "도입 교육" };
  const { paymentKey } = await emulator.control.authorizePayment(window);
  return { paymentKey, orderId, amountWon: won(window.amount) };
}

const newKey = () => `key_${randomUUID()}`;

describe("a card", () => {
  test("is registered, charged, looked up, refunded in part and deleted", async () => {
    const customerKey = randomUUID();
    const { authKey } = await emulator.control.authorizeBilling({ customerKey });
    secrets.add(authKey);
    const issued = await toss.issueBillingKey({ authKey, customerKey }, newKey());
    if (issued.kind !== "issued") throw new Error(`Not issued: ${issued.kind}`);
    secrets.add(issued.billingKey).add(encodeURIComponent(issued.billingKey));
    secrets.add("94100001");
    expect(issued.card).toEqual({
      issuerCode: "61",
      maskedNumber: "94100001****001*",
      cardType: "신용",
      ownerType: "개인",
    });

    const charge = order({ customerKey, billingKey: issued.billingKey });
    const approved = await toss.chargeBillingKey(charge, newKey());
    expect(approved).toMatchObject({
      kind: "approved",
      amountWon: 9_900,
      suppliedWon: 9_000,
      vatWon: 900,
      receiptUrl: expect.stringContaining("/receipt/"),
      approvedAt: expect.any(Date),
    });
    if (approved.kind !== "approved") return;

    expect(await toss.findByOrderId(charge.orderId, charge.amountWon)).toEqual(approved);
    const { paymentKey } = approved;
    expect(await toss.findByPaymentKey({ ...charge, paymentKey })).toEqual(approved);

    expect(
      await toss.cancelPayment(
        { paymentKey, amountWon: won(3_300), balanceWon: won(9_900), reason: "중도해지" },
        newKey(),
      ),
    ).toMatchObject({ kind: "canceled", canceledWon: 3_300, balanceWon: 6_600 });
    // What was paid stays what was paid, though Toss's own split shrinks with each refund.
    expect(await toss.findByOrderId(charge.orderId, charge.amountWon)).toEqual(approved);

    expect(await toss.deleteBillingKey(issued.billingKey)).toEqual({ kind: "deleted" });
    expect(await toss.deleteBillingKey(issued.billingKey)).toEqual({
      kind: "gone",
      code: "ALREADY_REMOVED_BILLING_KEY",
    });
    expect(await toss.chargeBillingKey({ ...charge, orderId: newKey() }, newKey())).toEqual({
      kind: "declined",
      code: "ALREADY_REMOVED_BILLING_KEY",
      reason: "card-removed",
      declineClass: "hard",
    });
  });

  test("that is charged twice under one key pays once", async () => {
    const charge = order(await cardOf());
    const key = newKey();
    const first = await toss.chargeBillingKey(charge, key);
    expect(first.kind).toBe("approved");
    expect(await toss.chargeBillingKey(charge, key)).toEqual(first);
    const { payments } = await emulator.control.state({ customerKey: charge.customerKey });
    expect(payments).toHaveLength(1);
  });
});

describe("a payment made in the window", () => {
  test("is confirmed once, and found by its key", async () => {
    const made = await authenticated();
    expect(await toss.findByPaymentKey(made)).toEqual({ kind: "in-progress" });
    const key = newKey();
    const confirmed = await toss.confirmPayment(made, key);
    expect(confirmed).toMatchObject({
      kind: "approved",
      paymentKey: made.paymentKey,
      amountWon: 150_000,
      suppliedWon: 136_364,
      vatWon: 13_636,
    });
    expect(await toss.confirmPayment(made, key)).toEqual(confirmed);
    expect(await toss.confirmPayment(made, newKey())).toEqual({
      kind: "unknown",
      reason: "ALREADY_PROCESSED_PAYMENT",
      keySpent: true,
    });
    expect(await toss.findByPaymentKey(made)).toEqual(confirmed);
  });

  test("is not confirmed for another amount", async () => {
    const made = await authenticated();
    expect(await toss.confirmPayment({ ...made, amountWon: won(100) }, newKey())).toEqual({
      kind: "declined",
      code: "INVALID_REQUEST",
      reason: "request-fault",
      declineClass: "config",
    });
    const { payments } = await emulator.control.state({ orderId: made.orderId });
    expect(payments[0]).toMatchObject({ status: "IN_PROGRESS", totalAmount: 150_000 });
  });
});

describe("a refund", () => {
  test("of everything, asked twice under one key, happens once", async () => {
    const { paymentKey, amountWon } = await pay();
    const cancel = { paymentKey, amountWon, balanceWon: amountWon, reason: "청약철회" };
    const key = newKey();
    const canceled = await toss.cancelPayment(cancel, key);
    expect(canceled).toMatchObject({ kind: "canceled", canceledWon: 9_900, balanceWon: 0 });
    expect(await toss.cancelPayment(cancel, key)).toEqual(canceled);
    expect(await toss.cancelPayment(cancel, newKey())).toEqual({
      kind: "unknown",
      reason: "ALREADY_CANCELED_PAYMENT",
      keySpent: true,
    });
  });

  test("in pieces is told piece by piece", async () => {
    const { paymentKey } = await pay();
    const piece = (amountWon: number, balanceWon: number) =>
      toss.cancelPayment(
        { paymentKey, amountWon: won(amountWon), balanceWon: won(balanceWon), reason: "조정" },
        newKey(),
      );
    const first = await piece(3_300, 9_900);
    const second = await piece(6_600, 6_600);
    expect(first).toMatchObject({ kind: "canceled", canceledWon: 3_300, balanceWon: 6_600 });
    expect(second).toMatchObject({ kind: "canceled", canceledWon: 6_600, balanceWon: 0 });
    if (first.kind !== "canceled" || second.kind !== "canceled") return;
    expect(second.transactionKey).not.toBe(first.transactionKey);
    expect(await piece(1, 0)).toMatchObject({ kind: "unknown", reason: "NOT_CANCELABLE_AMOUNT" });
    // The VAT shrinks from 900 to 600 won and then to nothing.
    expect([first.vatWon, second.vatWon]).toEqual([600, 0]);

    expect(await toss.findPayment(paymentKey)).toEqual({
      kind: "executed",
      payment: {
        paymentKey,
        orderId: expect.any(String),
        totalWon: 9_900,
        balanceWon: 0,
        vatWon: 0,
        cancels: [
          {
            transactionKey: first.transactionKey,
            amountWon: 3_300,
            balanceAfterWon: 6_600,
            canceledAt: first.canceledAt,
            reason: "조정",
          },
          {
            transactionKey: second.transactionKey,
            amountWon: 6_600,
            balanceAfterWon: 0,
            canceledAt: second.canceledAt,
            reason: "조정",
          },
        ],
      },
    });
  });

  test("gives nothing back when less is left than we believe, or more is asked than is left", async () => {
    const { paymentKey } = await pay();
    const ask = (amountWon: number, balanceWon: number) =>
      toss.cancelPayment(
        { paymentKey, amountWon: won(amountWon), balanceWon: won(balanceWon), reason: "조정" },
        newKey(),
      );
    expect(await ask(100, 9_800)).toEqual({
      kind: "unknown",
      reason: "NOT_MATCHES_REFUNDABLE_AMOUNT",
      keySpent: true,
    });
    expect(await ask(9_901, 9_900)).toMatchObject({ reason: "NOT_CANCELABLE_AMOUNT" });
    const { payments } = await emulator.control.state();
    expect(payments.find((made) => made.paymentKey === paymentKey)?.balanceAmount).toBe(9_900);
  });
});

describe("the list of a day", () => {
  test("tells each approval and each cancel, page by page, and nothing of the next day", async () => {
    const { paymentKey } = await pay();
    const amounts = { amountWon: won(3_300), balanceWon: won(9_900) };
    await toss.cancelPayment({ paymentKey, ...amounts, reason: "조정" }, newKey());
    const today = seoulDayOf(new Date((await emulator.control.clock()).now));
    const listed: ListedTransaction[] = [];
    for (let startingAfter: string | null = null; ; ) {
      const page = await toss.listTransactions(today, { startingAfter, limit: 3 });
      if (page.kind !== "page") throw new Error(page.reason);
      expect(page.transactions.length).toBeLessThanOrEqual(3);
      listed.push(...page.transactions);
      if (page.next === null) break;
      startingAfter = page.next;
    }
    expect(new Set(listed.map((row) => row.transactionKey)).size).toBe(listed.length);
    expect(
      listed.filter((row) => row.paymentKey === paymentKey).map((row) => [row.kind, row.amountWon]),
    ).toEqual([
      ["approval", 9_900],
      ["cancel", 3_300],
    ]);
    expect(
      await toss.listTransactions(addDays(today, 1), { startingAfter: null, limit: 3 }),
    ).toEqual({ kind: "page", transactions: [], next: null });
  });

  test("is asked for in local time without an offset, and a broken one is not half a list", async () => {
    const row = {
      transactionKey: "tx_1",
      paymentKey: "pay_1",
      orderId: "ord_1",
      status: "CANCELED",
      transactionAt: "2027-01-31T23:59:59+09:00",
      amount: -9_900,
    };
    const ask = (body: unknown) =>
      withToss(answers(200, body), async (client, heard) => {
        const page = await client.listTransactions(day("2027-01-31"), {
          startingAfter: "tx_0",
          limit: 100,
        });
        const { searchParams } = new URL(heard[0]?.url ?? "", "http://toss");
        expect(Object.fromEntries(searchParams)).toEqual({
          startDate: "2027-01-31T00:00:00",
          endDate: "2027-02-01T00:00:00",
          startingAfter: "tx_0",
          limit: "100",
        });
        return page;
      });
    const nextDay = { ...row, transactionAt: "2027-02-01T00:00:00+09:00" };
    const unpaid = { ...row, status: "WAITING_FOR_DEPOSIT" };
    expect(await ask([row, nextDay, unpaid])).toMatchObject({
      transactions: [{ kind: "cancel", amountWon: 9_900, transactionKey: "tx_1" }],
      next: null,
    });
    for (const broken of [[row, { ...row, transactionAt: "?" }], [{ ...row, amount: 0.5 }], {}]) {
      expect(await ask(broken)).toEqual({ kind: "unknown", reason: "unreadable-transactions" });
    }
  });
});

describe("what reaches Toss", () => {
  test("carries the secret key as Basic authentication, and each POST its idempotency key", async () => {
    await withToss(answers(404, { code: "NOT_FOUND", message: "" }), async (client, heard) => {
      await client.issueBillingKey({ authKey: "auth", customerKey: "customer-1" }, "key-1");
      await client.chargeBillingKey(asked, "key-2");
      await client.confirmPayment({ ...asked, paymentKey: "pay_1" }, "key-3");
      const amounts = { amountWon: won(100), balanceWon: won(9_900) };
      await client.cancelPayment({ paymentKey: "pay_1", ...amounts, reason: "조정" }, "key-4");
      await client.findByOrderId("order_1", won(9_900));
      await client.findByPaymentKey({ ...asked, paymentKey: "pay_1" });
      await client.deleteBillingKey("billing-key-1=");

      expect(
        heard.map(({ method, url, headers }) => [method, url, headers["idempotency-key"]]),
      ).toEqual([
        ["POST", "/v1/billing/authorizations/issue", "key-1"],
        ["POST", "/v1/billing/billing-key-1%3D", "key-2"],
        ["POST", "/v1/payments/confirm", "key-3"],
        ["POST", "/v1/payments/pay_1/cancel", "key-4"],
        ["GET", "/v1/payments/orders/order_1", undefined],
        ["GET", "/v1/payments/pay_1", undefined],
        ["DELETE", "/v1/billing/billing-key-1%3D", undefined],
      ]);
      // Made with coreutils: printf '%s:' "$key" | base64
      const basic = "Basic dGVzdF9za19TYW5kYm94TWFlZGFsMDAwMDAwMDAwMDAwMTo=";
      for (const { headers } of heard) expect(headers.authorization).toBe(basic);
      expect(JSON.parse(heard[1]?.body ?? "")).toEqual({
        customerKey: "customer-1",
        orderId: asked.orderId,
        orderName: asked.orderName,
        amount: 9_900,
        customerEmail: "customer@example.com",
        customerName: "김구독",
      });
      expect(JSON.parse(heard[3]?.body ?? "")).toEqual({
        cancelReason: "조정",
        cancelAmount: 100,
        refundableAmount: 9_900,
      });
      for (const at of [4, 5, 6]) expect(heard[at]?.body).toBe("");
    });
  });

  test.each([
    ["../confirm", "..%2Fconfirm"],
    ["a/b?c=d#e", "a%2Fb%3Fc%3Dd%23e"],
    ["key;%2e%2e", "key%3B%252e%252e"],
    ["한글 \r\nhost: evil", "%ED%95%9C%EA%B8%80%20%0D%0Ahost%3A%20evil"],
    ["\\..\\", "%5C..%5C"],
  ])("stays in its own part of the path: %s", async (hostile, encoded) => {
    await withToss(
      answers(404, { code: "NOT_FOUND_PAYMENT", message: "" }),
      async (client, heard) => {
        await client.findByPaymentKey({ ...asked, paymentKey: hostile });
        await client.findByOrderId(hostile, won(9_900));
        await client.deleteBillingKey(hostile);
        expect(heard.map(({ url }) => url)).toEqual([
          `/v1/payments/${encoded}`,
          `/v1/payments/orders/${encoded}`,
          `/v1/billing/${encoded}`,
        ]);
      },
    );
  });

  test("finds its way whether or not the address of Toss ends in a slash", async () => {
    const { orderId, amountWon } = await pay();
    const client = clientOf(`${emulator.url}/`);
    expect(await client.findByOrderId(orderId, amountWon)).toMatchObject({ kind: "approved" });
  });

  test("is never sent on to another address", async () => {
    await withToss(answers(200, payment), async (_, heardElsewhere, elsewhere) => {
      const redirects: Script = (__, response) => {
        response.writeHead(307, { location: `${elsewhere}/v1/billing/x` });
        response.end();
      };
      await withToss(redirects, async (client) => {
        expect(await client.chargeBillingKey(asked, newKey())).toMatchObject({ kind: "unknown" });
      });
      expect(heardElsewhere).toEqual([]);
    });
  });

  test("with a wrong secret key is our own fault, not the customer's", async () => {
    const stranger = clientOf(emulator.url, { secretKey: "test_sk_OfSomebodyElse00000000000" });
    secrets.add("test_sk_OfSomebodyElse00000000000");
    const card = await cardOf();
    expect(await stranger.chargeBillingKey(order(card), newKey())).toEqual({
      kind: "declined",
      code: "UNAUTHORIZED_KEY",
      reason: "merchant-fault",
      declineClass: "config",
    });
    expect(await stranger.deleteBillingKey(card.billingKey)).toEqual({
      kind: "unknown",
      reason: "UNAUTHORIZED_KEY",
    });
  });
});

describe("the log is told", () => {
  test("method, masked path, status, code, trace id and time of each call", async () => {
    const card = await cardOf("short-of-balance");
    const before = calls.length;
    await toss.chargeBillingKey(order(card), newKey());
    await toss.deleteBillingKey(card.billingKey);
    expect(calls.slice(before)).toEqual([
      {
        method: "POST",
        path: "/v1/billing/***",
        ms: expect.any(Number),
        status: 403,
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        code: "REJECT_CARD_PAYMENT",
      },
      {
        method: "DELETE",
        path: "/v1/billing/***",
        ms: expect.any(Number),
        status: 200,
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  test("of an answer that was lost, and no key in it", async () => {
    const before = calls.length;
    await withToss(
      (_, response) => response.destroy(),
      (client) => client.chargeBillingKey(asked, newKey()),
    );
    expect(calls.slice(before)).toEqual([
      { method: "POST", path: "/v1/billing/***", ms: expect.any(Number), lost: "connection-lost" },
    ]);
  });
});

/** What spoils the answer itself, and needs no settings of its own. */
type LineFault = Exclude<NewFaultRule["kind"], "decline" | "delay"> &
  (
    | "hang-up-before"
    | "hang-up-after-execute"
    | "500-executed"
    | "500-not-executed"
    | "truncated-json"
    | "html-page"
    | "outage"
    | "429"
  );

describe("a fault is told as an outcome that is not known:", () => {
  test.each<[LineFault, string, boolean]>([
    ["hang-up-before", "connection-lost", false],
    ["hang-up-after-execute", "connection-lost", true],
    ["500-executed", "FAILED_INTERNAL_SYSTEM_PROCESSING", true],
    ["500-not-executed", "FAILED_INTERNAL_SYSTEM_PROCESSING", false],
    ["truncated-json", "unreadable-answer-200", true],
    ["html-page", "unreadable-answer-502", false],
    ["outage", "unreadable-answer-503", false],
    ["429", "TOO_MANY_REQUESTS", false],
  ])("%s", async (kind, reason, executed) => {
    const charge = order(await cardOf());
    const match = { operation: "charge", customerKey: charge.customerKey } as const;
    await emulator.control.addFault({ kind, match });
    const key = newKey();
    expect(await toss.chargeBillingKey(charge, key)).toEqual({
      kind: "unknown",
      reason,
      keySpent: false,
    });
    await emulator.control.clearFaults();

    const found = await toss.findByOrderId(charge.orderId, charge.amountWon);
    expect(found.kind).toBe(executed ? "approved" : "not-found");
    if (kind === "500-executed") return;
    expect(await toss.chargeBillingKey(charge, key)).toMatchObject({ kind: "approved" });
    const { payments } = await emulator.control.state({ orderId: charge.orderId });
    expect(payments).toHaveLength(1);
  });

  test.each(["wrong-amount", "wrong-order-id"] as const)(
    "%s, which a person must look at",
    async (kind) => {
      const charge = order(await cardOf());
      await emulator.control.addFault({ kind, match: { customerKey: charge.customerKey } });
      expect(await toss.chargeBillingKey(charge, newKey())).toEqual({
        kind: "unknown",
        reason: "answer-differs",
        keySpent: false,
        review: true,
        ...(kind === "wrong-amount" && { takenWon: charge.amountWon + 1_000 }),
      });
    },
  );

  test("a query that goes wrong", async () => {
    const { orderId, amountWon } = await pay();
    for (const kind of [
      "hang-up-before",
      "truncated-json",
      "html-page",
      "429",
      "outage",
    ] as const) {
      await emulator.control.addFault({ kind, match: { operation: "query", orderId } });
      expect(await toss.findByOrderId(orderId, amountWon)).toMatchObject({ kind: "unknown" });
      await emulator.control.clearFaults();
    }
    expect(await toss.findByOrderId(orderId, amountWon)).toMatchObject({ kind: "approved" });
  });

  test("a registration that goes wrong, and the same key still gets the card", async () => {
    const customerKey = randomUUID();
    const { authKey } = await emulator.control.authorizeBilling({ customerKey });
    secrets.add(authKey);
    await emulator.control.addFault({ kind: "hang-up-after-execute", match: { customerKey } });
    const key = newKey();
    expect(await toss.issueBillingKey({ authKey, customerKey }, key)).toEqual({
      kind: "unknown",
      reason: "connection-lost",
    });
    const issued = await toss.issueBillingKey({ authKey, customerKey }, key);
    if (issued.kind !== "issued") throw new Error(`Not issued: ${issued.kind}`);
    secrets.add(issued.billingKey);
    expect(await toss.issueBillingKey({ authKey, customerKey }, newKey())).toEqual({
      kind: "refused",
      code: "NOT_FOUND_BILLING",
      reason: "card-unknown",
      remedy: "restart",
    });
  });

  test("a refund or a deletion that goes wrong", async () => {
    const { paymentKey, amountWon } = await pay();
    const { billingKey } = await cardOf();
    await emulator.control.addFault({ kind: "truncated-json", match: { operation: "cancel" } });
    expect(
      await toss.cancelPayment(
        { paymentKey, amountWon, balanceWon: amountWon, reason: "청약철회" },
        newKey(),
      ),
    ).toEqual({ kind: "unknown", reason: "unreadable-answer-200", keySpent: false });
    await emulator.control.addFault({ kind: "outage", match: { operation: "delete-key" } });
    expect(await toss.deleteBillingKey(billingKey)).toEqual({
      kind: "unknown",
      reason: "unreadable-answer-503",
    });
  });

  test("an answer that does not come in time, before or after its first bytes", async () => {
    const silent: Script = () => undefined;
    const stalling: Script = (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"paymentKey":');
    };
    for (const script of [silent, stalling]) {
      const outcome = await withToss(script, (client) => client.chargeBillingKey(asked, newKey()), {
        chargeTimeoutMs: 40,
      });
      expect(outcome).toEqual({ kind: "unknown", reason: "timeout", keySpent: false });
    }
  });

  test("a slow card that answers after all, though nobody listens any more", async () => {
    const hasty = clientOf(emulator.url, { chargeTimeoutMs: 100 });
    const card = await cardOf("slow");
    let charge = order(card);
    let key = newKey();
    // On a busy machine the first request times out before it has left, and another order is tried.
    await expect
      .poll(
        async () => {
          charge = order(card);
          key = newKey();
          const first = await hasty.chargeBillingKey(charge, key);
          expect(first).toMatchObject({ kind: "unknown", reason: "timeout" });
          return toss.chargeBillingKey(charge, key);
        },
        { interval: 20, timeout: 20_000 },
      )
      .toEqual({ kind: "unknown", reason: "still-running", keySpent: false });
    await expect
      .poll(() => toss.findByOrderId(charge.orderId, charge.amountWon), {
        interval: 20,
        timeout: 20_000,
      })
      .toMatchObject({ kind: "approved" });
    expect(await toss.chargeBillingKey(charge, key)).toMatchObject({ kind: "approved" });
  });

  test("nobody at the other end", async () => {
    const gone = await withToss(answers(200, ""), async (_, __, url) => url);
    const client = clientOf(gone);
    const unknown = { kind: "unknown", reason: "connection-lost" };
    expect(await client.chargeBillingKey(asked, newKey())).toMatchObject(unknown);
    expect(await client.findByOrderId("order_1", won(9_900))).toMatchObject(unknown);
    expect(await client.deleteBillingKey("billing-key-1=")).toEqual(unknown);
  });
});
