import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSameSecret } from "@/lib/runtime/secrets";
import { answers, payment, withToss } from "@/lib/testing/scripted-toss";
import { parseWebhook, readWebhook, trimWebhook } from "./webhook";
import { isSignedByToss } from "./webhook-proof";

const parse = (text: string) => parseWebhook(text, (key) => `print-of-${key.replace(/=+$/, "")}`);
const read = (body: object) => readWebhook(parse(JSON.stringify(body)));

describe("where a webhook says to look", () => {
  test("a payment event names its order and payment under data", () => {
    const data = { orderId: "ord_1", paymentKey: "pay_1", status: "CANCELED", secret: "ps_1" };
    expect(read({ eventType: "PAYMENT_STATUS_CHANGED", data })).toMatchObject({
      eventType: "PAYMENT_STATUS_CHANGED",
      orderId: "ord_1",
      paymentKey: "pay_1",
      secret: "ps_1",
    });
  });

  test("a deposit callback is flat and known by its secret and its order", () => {
    const flat = { secret: "ps_1", status: "DONE", transactionKey: "tx_1", orderId: "ord_1" };
    expect(read(flat)).toMatchObject({ eventType: "DEPOSIT_CALLBACK", orderId: "ord_1" });
    expect(read({ status: "DONE", orderId: "ord_1" }).eventType).toBe("UNKNOWN");
    expect(read({ ...flat, eventType: "SOMETHING_NEW" }).eventType).toBe("SOMETHING_NEW");
  });

  test("a billing key gives way to its fingerprint wherever it stands, with and without its =", () => {
    expect(read({ eventType: "BILLING_DELETED", data: { billingKey: "Zx8k=" } }).billingKey).toBe(
      "print-of-Zx8k",
    );
    const nested = parse('{"a":[{"billing_key":"Zx8k"}],"BillingKey":"Zx8k=="}');
    expect(nested).toEqual({ a: [{ billing_key: "print-of-Zx8k" }], BillingKey: "print-of-Zx8k" });
  });

  test("a time without a zone is Seoul's, one with a zone its own, anything else none", () => {
    const saidAt = (createdAt: unknown) => read({ createdAt }).saidAt?.toISOString() ?? null;
    expect(saidAt("2026-03-02T10:15:31.123456")).toBe("2026-03-02T01:15:31.123Z");
    expect(saidAt("2026-03-02T00:00:00")).toBe("2026-03-01T15:00:00.000Z");
    expect(saidAt("2026-03-02T10:00:00+09:00")).toBe("2026-03-02T01:00:00.000Z");
    expect(saidAt("2026-03-02T10:00:00Z")).toBe("2026-03-02T10:00:00.000Z");
    for (const wrong of ["2026-13-02T10:00:00", "2026-03-02", "yesterday", 1_772_413_200, null])
      expect(saidAt(wrong)).toBeNull();
  });

  test("fields of the wrong type or size count as missing", () => {
    expect(read({ eventType: 5, data: { orderId: ["ord_1"], paymentKey: {} } })).toMatchObject({
      eventType: "UNKNOWN",
      orderId: null,
      paymentKey: null,
    });
    expect(read({ eventType: "x".repeat(101), orderId: "o".repeat(65), data: null })).toMatchObject(
      { eventType: "UNKNOWN", orderId: null },
    );
  });
});

test("what is kept of a body says the same as the whole", () => {
  const texts = fc.oneof(fc.string({ maxLength: 400 }), fc.jsonValue());
  const part = fc.record(
    Object.fromEntries(
      ["eventType", "createdAt", "orderId", "paymentKey", "transactionKey", "secret", "more"].map(
        (name) => [name, texts],
      ),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(part, part, (body, data) => {
      const whole = parse(JSON.stringify({ ...body, data }));
      if (whole === null) return;
      const { eventType: _, ...said } = readWebhook(whole);
      expect(readWebhook(trimWebhook(whole))).toMatchObject(said);
    }),
  );
});

describe("what cannot be stored is no webhook", () => {
  test.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["nothing", ""],
    ["null", "null"],
    ["a NUL", '{"eventType":"\\u0000"}'],
    ["a NUL in a name", '{"\\u0000":1}'],
    ["half a character", '{"a":"\\ud800"}'],
    ["a deep nest", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ])("%s", (_, text) => {
    expect(parse(text)).toBeNull();
  });

  test("an escaped backslash before u0000 is no NUL", () => {
    expect(parse(String.raw`{"a":"\\u0000"}`)).toEqual({ a: String.raw`\u0000` });
  });
});

describe("the signature of payouts and sellers", () => {
  const key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  const time = "2026-03-02T10:00:01.123456+09:00";
  const body =
    '{"eventType":"payout.changed","createdAt":"2026-03-02T10:00:00+09:00","version":"2024-06-01","eventId":"evt_example_1","entityType":"payout","entityBody":{"amount":{"currency":"KRW","value":5000.0}}}';
  const byText = "v1:H5sibRG6R8PB/rGJzKzU3fbfQ0zqNy/b/KOJ9cvXyfs=";
  const byHex = "v1:h+3RjKjJpDnxPq5v28jtRVnQEyp3DEG3aSPGPI+tk1M=";
  const fits = (signature: string, { raw = body, at = time, by = key } = {}) =>
    isSignedByToss({ bytes: Buffer.from(raw), signature, time: at, securityKey: by });

  test.each([
    ["by the key's text", byText],
    ["by the key's bytes", byHex],
    ["one of two, while the key is changed", `v1:AAAA, ${byText}`],
  ])("fits %s", (_, signature) => {
    expect(fits(signature)).toBe(true);
  });

  test("does not fit another body, time, key or version, nor a body written anew", () => {
    expect(fits(byText, { raw: JSON.stringify(JSON.parse(body)) })).toBe(false);
    expect(fits(byText, { raw: body.replace("5000.0", "5000.1") })).toBe(false);
    expect(fits(byText, { at: "2026-03-02T10:00:02.123456+09:00" })).toBe(false);
    expect(fits(byText, { by: "another key" })).toBe(false);
    expect(fits(byText.slice(3))).toBe(false);
    expect(fits(byText.replace("v1", "v2"))).toBe(false);
    for (const nothing of ["", ",", "v1:", "v1"]) expect(fits(nothing)).toBe(false);
  });

  test("secrets of any length are compared", () => {
    expect(isSameSecret("ps_1", "ps_1")).toBe(true);
    expect(isSameSecret("ps_1", "ps_12")).toBe(false);
    expect(isSameSecret("", "ps_1")).toBe(false);
  });
});

describe("the secret of an order's payment is asked of Toss", () => {
  test.for<[string, number, unknown, object]>([
    ["told", 200, { ...payment, secret: "ps_1" }, { kind: "known", secret: "ps_1" }],
    ["none, for a payment without one", 200, payment, { kind: "known", secret: null }],
    ["none, for no payment", 404, { code: "NOT_FOUND_PAYMENT" }, { kind: "known", secret: null }],
    ["not known yet", 500, { code: "FAILED" }, { kind: "unknown", reason: "FAILED" }],
    ["not readable", 200, { secret: "ps_1" }, { kind: "unknown", reason: "unreadable-payment" }],
  ])("%s", async ([, status, body, answer]) => {
    await withToss(answers(status, body), async (client, heard) => {
      expect(await client.findSecret("order_1")).toEqual(answer);
      expect(heard[0]?.url).toBe("/v1/payments/orders/order_1");
    });
  });
});
