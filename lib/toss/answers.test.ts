/** Answers as Toss might give them, each read for what it proves and no more. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { won } from "@/lib/testing/billing";
import { answers, asked, payment, withToss } from "@/lib/testing/scripted-toss";
import { declineOf } from "./outcome";

const newKey = () => `key_${randomUUID()}`;

describe("an answer to a charge of 9,900 won for order_1", () => {
  const chargeAnswered = (status: number, body: unknown) =>
    withToss(answers(status, body), (client) => client.chargeBillingKey(asked, newKey()));

  test("is read past fields, values and versions nobody knows yet", async () => {
    const future = {
      ...payment,
      version: "2031-01-01",
      method: "뇌파",
      type: "BRANDNEW",
      card: { issuerCode: "9Z", quantum: true },
      receipt: undefined,
      cancels: undefined,
      currency: undefined,
      failure: null,
      nested: { deep: [1, null] },
    };
    expect(await chargeAnswered(200, future)).toEqual({
      kind: "approved",
      paymentKey: payment.paymentKey,
      amountWon: 9_900,
      suppliedWon: 9_000,
      vatWon: 900,
      approvedAt: new Date("2027-01-31T01:00:00Z"),
      receiptUrl: null,
    });
  });

  test("keeps the split Toss made, as long as it sums to the amount", async () => {
    const split = (suppliedAmount: number, vat: number, rest = {}) =>
      chargeAnswered(200, { ...payment, suppliedAmount, vat, ...rest });
    expect(await split(9_001, 899)).toMatchObject({ suppliedWon: 9_001, vatWon: 899 });
    expect(await split(4_545, 455)).toMatchObject({ suppliedWon: 9_000, vatWon: 900 });
    for (const rest of [{ taxFreeAmount: 4_400 }, { taxExemptionAmount: 4_400 }])
      expect(await split(5_000, 500, rest)).toMatchObject({ suppliedWon: 9_400, vatWon: 500 });
    expect(await split(9_001, 899, { taxFreeAmount: null })).toMatchObject({ vatWon: 899 });
  });

  test.each([
    ["another amount", { totalAmount: 9_901 }, { takenWon: 9_901 }],
    ["a broken amount", { totalAmount: 9_900.5 }, {}],
    ["another order", { orderId: "order_2" }, {}],
    ["another currency", { currency: "USD" }, {}],
  ])("of %s is for a person to look at, who reads what was taken", async (_, change, taken) => {
    expect(await chargeAnswered(200, { ...payment, ...change })).toEqual({
      kind: "unknown",
      reason: "answer-differs",
      keySpent: false,
      review: true,
      ...taken,
    });
  });

  test.each<[string, unknown, string]>([
    ["without a body", "", "unreadable-payment"],
    ["without a payment", "null", "unreadable-payment"],
    ["with half a payment", { paymentKey: "pay_1", status: "DONE" }, "unreadable-payment"],
    ["without the time of approval", { ...payment, approvedAt: null }, "unreadable-payment"],
    [
      "with a negative tax",
      { ...payment, suppliedAmount: 10_000, vat: -100 },
      "unreadable-payment",
    ],
    ["with half a won", { ...payment, suppliedAmount: 8_999.5, vat: 900.5 }, "unreadable-payment"],
    ["with an empty payment key", { ...payment, paymentKey: "" }, "unreadable-payment"],
    ["that is no JSON", "DONE", "unreadable-answer-200"],
    ["that is not done", { ...payment, status: "IN_PROGRESS" }, "status-IN_PROGRESS"],
    ["in a state nobody knows yet", { ...payment, status: "ASLEEP" }, "status-ASLEEP"],
  ])("%s is not known", async (_, body, reason) => {
    expect(await chargeAnswered(200, body)).toEqual({ kind: "unknown", reason, keySpent: false });
  });

  test.for<[number, unknown, string, boolean]>([
    [500, { code: "REJECT_CARD_PAYMENT", message: "" }, "REJECT_CARD_PAYMENT", false],
    [400, { code: "A_CODE_OF_NEXT_YEAR", message: "" }, "A_CODE_OF_NEXT_YEAR", true],
    [400, { message: "no code" }, "HTTP_400", true],
    [403, [], "HTTP_403", true],
    [404, "<html>", "unreadable-answer-404", false],
    [502, "", "unreadable-answer-502", false],
    [302, { code: "REJECT_CARD_PAYMENT", message: "" }, "unreadable-answer-302", false],
  ])("of HTTP %d %j leaves the outcome open", async ([status, body, reason, keySpent]) => {
    expect(await chargeAnswered(status, body)).toEqual({ kind: "unknown", reason, keySpent });
  });
});

test("a payment that was taken back since is still known to have been made", async () => {
  for (const [status, balanceAmount] of [
    ["CANCELED", 0],
    ["PARTIAL_CANCELED", 5_000],
  ] as const) {
    const vat = Math.round(balanceAmount / 11);
    const body = { ...payment, status, balanceAmount, suppliedAmount: balanceAmount - vat, vat };
    await withToss(answers(200, body), async (client) => {
      expect(await client.findByOrderId("order_1", won(9_900))).toMatchObject({
        kind: "approved",
        amountWon: 9_900,
        suppliedWon: 9_000,
        vatWon: 900,
      });
    });
  }
});

test.each([
  [404, "NOT_FOUND_PAYMENT", { kind: "not-found" }],
  [404, "NOT_FOUND_HTTP_METHOD", { kind: "unknown", reason: "NOT_FOUND_HTTP_METHOD" }],
  [404, "NOT_FOUND", { kind: "unknown", reason: "NOT_FOUND" }],
  [401, "UNAUTHORIZED_KEY", { kind: "unknown", reason: "UNAUTHORIZED_KEY" }],
  [403, "FORBIDDEN_CONSECUTIVE_REQUEST", { kind: "unknown" }],
])("a query answered %d %s proves no more than it says", async (status, code, outcome) => {
  await withToss(answers(status, { code, message: "" }), async (client) => {
    expect(await client.findByOrderId("order_1", won(9_900))).toMatchObject(outcome);
  });
});

test.each([
  [404, "NOT_FOUND_BILLING", "gone"],
  [400, "BILLING_KEY_NOT_FOUND", "gone"],
  [400, "INVALID_BILL_KEY_REQUEST", "gone"],
  [404, "NOT_FOUND_HTTP_METHOD", "unknown"],
  [400, "INVALID_REQUEST", "unknown"],
])("a deletion answered %d %s leaves the key %s", async (status, code, kind) => {
  await withToss(answers(status, { code, message: "" }), async (client) => {
    expect((await client.deleteBillingKey("billing-key-1=")).kind).toBe(kind);
  });
});

describe("an answer about an order", () => {
  test("that ran out or was refused is told as a decline, with its code", async () => {
    const ask = (body: unknown) =>
      withToss(answers(200, { ...payment, approvedAt: null, ...Object(body) }), (client) =>
        client.findByOrderId("order_1", won(9_900)),
      );
    expect(await ask({ status: "EXPIRED", failure: { code: "EXPIRED_PAYMENT" } })).toEqual({
      kind: "declined",
      code: "EXPIRED_PAYMENT",
      reason: "unknown",
      declineClass: "hard",
    });
    expect(await ask({ status: "ABORTED", failure: { code: "A_NEW_CODE" } })).toEqual({
      kind: "declined",
      code: "A_NEW_CODE",
      reason: "unknown",
      declineClass: "soft",
    });
    expect(await ask({ status: "ABORTED", failure: null })).toMatchObject({ code: "ABORTED" });
    expect(await ask({ status: "A_NEW_STATE" })).toEqual({ kind: "in-progress" });
    expect(await ask({ status: "WAITING_FOR_DEPOSIT" })).toEqual({ kind: "in-progress" });
  });
});

describe("an answer to a refund of 100 won", () => {
  test.each([
    [500, "FAILED_REFUND_PROCESS", "unknown"],
    [400, "PROVIDER_ERROR", "unknown"],
    [409, "IDEMPOTENT_REQUEST_PROCESSING", "unknown"],
    [429, "TOO_MANY_REQUESTS", "unknown"],
    [400, "NOT_MATCHES_REFUNDABLE_AMOUNT", "unknown"],
    [403, "A_NEW_CODE", "unknown"],
    [403, "NOT_CANCELABLE_PAYMENT", "refused"],
    [404, "NOT_FOUND_PAYMENT", "refused"],
  ])("%d %s is %s", async (status, code, kind) => {
    await withToss(answers(status, { code, message: "" }), async (client) => {
      const outcome = await client.cancelPayment(
        { paymentKey: "pay_1", amountWon: won(100), balanceWon: won(100), reason: "조정" },
        newKey(),
      );
      const keySpent = status === 400 || status === 403;
      expect(outcome).toEqual(
        kind === "refused" ? { kind, code } : { kind, reason: code, keySpent },
      );
    });
  });

  test("of another amount than was asked for is not booked", async () => {
    const cancels = [{ cancelAmount: 200, canceledAt: payment.approvedAt, transactionKey: "tx_1" }];
    const overdrawn = {
      ...payment,
      balanceAmount: -100,
      cancels: [{ ...cancels[0], cancelAmount: 100 }],
    };
    for (const body of [{ ...payment, cancels }, overdrawn, payment, "{}"]) {
      await withToss(answers(200, body), async (client) => {
        expect(
          await client.cancelPayment(
            { paymentKey: "pay_1", amountWon: won(100), balanceWon: won(9_900), reason: "조정" },
            newKey(),
          ),
        ).toEqual({ kind: "unknown", reason: "answer-differs", keySpent: false });
      });
    }
  });
});

describe("an answer about what Toss holds of a payment", () => {
  const ask = (status: number, body: unknown) =>
    withToss(answers(status, body), (client) => client.findPayment(payment.paymentKey));

  test("tells a payment that never moved money from one that is not known yet", async () => {
    expect(await ask(404, { code: "NOT_FOUND_PAYMENT", message: "" })).toEqual({
      kind: "not-executed",
    });
    expect(await ask(200, { ...payment, status: "ABORTED" })).toEqual({ kind: "not-executed" });
    expect(await ask(200, { ...payment, status: "IN_PROGRESS" })).toEqual({
      kind: "unknown",
      reason: "status-IN_PROGRESS",
    });
    expect(await ask(500, { code: "COMMON_ERROR", message: "" })).toEqual({
      kind: "unknown",
      reason: "COMMON_ERROR",
    });
  });

  test("is not believed when its sums do not add up, or it is about another payment", async () => {
    const cancels = [{ cancelAmount: 200, canceledAt: payment.approvedAt, transactionKey: "tx_1" }];
    const whole = { ...payment, balanceAmount: 9_700, cancels };
    expect(await ask(200, whole)).toMatchObject({ kind: "executed" });
    for (const wrong of [
      { balanceAmount: 9_900 },
      { paymentKey: "another" },
      { cancels: [{ ...cancels[0], canceledAt: "?" }] },
    ]) {
      expect(await ask(200, { ...whole, ...wrong })).toEqual({
        kind: "unknown",
        reason: "unreadable-payment",
      });
    }
  });
});

describe("a card that comes back", () => {
  test("of another customer is not taken", async () => {
    const billing = { customerKey: "somebody-else", billingKey: "billing-key-2", card: null };
    await withToss(answers(200, billing), async (client) => {
      expect(
        await client.issueBillingKey({ authKey: "auth", customerKey: "customer-1" }, newKey()),
      ).toEqual({ kind: "unknown", reason: "answer-differs" });
    });
  });

  test("is shown as far as Toss tells, in old and new versions of its answers", async () => {
    const registration = { authKey: "auth", customerKey: "customer-1" };
    const billing = { customerKey: "customer-1", billingKey: "billing-key-1=" };
    const card = { issuerCode: "9Z", number: "94100001****001*", cardType: "선불", brandNew: 1 };
    const issue = (body: unknown) =>
      withToss(answers(200, body), (client) => client.issueBillingKey(registration, newKey()));
    expect(await issue({ ...billing, card, method: "새 방법", more: [] })).toMatchObject({
      kind: "issued",
      card: { issuerCode: "9Z", maskedNumber: card.number, cardType: "선불", ownerType: null },
    });
    expect(await issue({ ...billing, cardNumber: "94100001****001*" })).toMatchObject({
      kind: "issued",
      card: { issuerCode: null, maskedNumber: "94100001****001*" },
    });
    expect(await issue({ customerKey: "customer-1" })).toEqual({
      kind: "unknown",
      reason: "unreadable-billing",
    });
  });
});

describe("a refused registration is answered with what helps:", () => {
  test.each<[number, string, string]>([
    [400, "INVALID_CARD_NUMBER", "another-card"],
    [400, "INVALID_CARD_PASSWORD", "another-card"],
    [400, "INVALID_CARD_EXPIRATION", "another-card"],
    [400, "INVALID_CARD_IDENTITY", "another-card"],
    [400, "INVALID_BIRTH_DAY_FORMAT", "another-card"],
    [400, "NOT_SUPPORTED_CARD_TYPE", "another-card"],
    [400, "INVALID_REJECT_CARD", "another-card"],
    [400, "INVALID_STOPPED_CARD", "another-card"],
    [400, "NOT_REGISTERED_CARD_COMPANY", "another-card"],
    [403, "EXCEED_MAX_AUTH_COUNT", "another-card"],
    [403, "REJECT_CARD_COMPANY", "another-card"],
    [403, "REJECT_ACCOUNT_PAYMENT", "another-card"],
    [400, "NOT_SUPPORTED_METHOD", "config"],
    [401, "UNAUTHORIZED_KEY", "config"],
    [400, "INVALID_BILLING_AUTH", "restart"],
    [400, "INVALID_REQUEST", "restart"],
    [404, "NOT_FOUND_BILLING", "restart"],
    [500, "COMMON_ERROR", "unknown"],
    [500, "FAILED_BILL_KEY_AUTH_CREATION", "unknown"],
    [409, "IDEMPOTENT_REQUEST_PROCESSING", "unknown"],
    [400, "A_CODE_OF_NEXT_YEAR", "unknown"],
  ])("%d %s: %s", async (status, code, remedy) => {
    await withToss(answers(status, { code, message: "" }), async (client) => {
      expect(
        await client.issueBillingKey({ authKey: "auth", customerKey: "customer-1" }, newKey()),
      ).toEqual(
        remedy === "unknown"
          ? { kind: "unknown", reason: code }
          : { kind: "refused", ...declineOf(code), remedy },
      );
    });
  });
});
