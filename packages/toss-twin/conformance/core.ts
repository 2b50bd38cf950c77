import { newOrderId } from "@/packages/toss-twin/testing/caller";
import {
  authorized,
  basic,
  type ConformanceCase,
  cancelPathOfNew,
  cardBody,
  chargeBody,
  codeOf,
  documented,
  guessed,
  local,
  run,
  seenLive,
} from "./kit";

export const coreCases: readonly ConformanceCase[] = [
  documented("1.1", "an unknown URL is 404 NOT_FOUND_HTTP_METHOD", async (toss) =>
    codeOf(await toss.call("GET", "/v1/nothing"), 404, "NOT_FOUND_HTTP_METHOD"),
  ),
  documented("1.1", "a known URL with another method is the same", async (toss) =>
    codeOf(await toss.call("PATCH", "/v1/payments/confirm"), 404, "NOT_FOUND_HTTP_METHOD"),
  ),
  documented("1.1", "answers carry a trace id of 32 hex characters", async (toss) => {
    const answer = await toss.call("GET", "/v1/payments/none");
    return [/^[0-9a-f]{32}$/.test(answer.headers.get("x-tosspayments-trace-id") ?? ""), true];
  }),
  seenLive("1.1", "a billing key works raw and percent-encoded", async (toss) => {
    const card = await toss.register();
    const body = chargeBody(card);
    const raw = await toss.call("POST", `/v1/billing/${card.billingKey}`, { body });
    const encoded = await toss.charge(card);
    return [
      [card.billingKey.endsWith("="), raw.status, encoded.status],
      [true, 200, 200],
    ];
  }),
  documented("1.1", "Accept-Language en gives English messages and words", async (toss) => {
    const headers = { "accept-language": "en-US" };
    const refused = await toss.call("GET", "/v1/payments/none", { headers });
    const charged = await toss.charge(await toss.register(), { headers });
    return [
      [/^[\x20-\x7e]+$/.test(String(refused.json.message)), charged.json.method],
      [true, "Card"],
    ];
  }),
  documented("1.2", "a missing or wrong key is 401 UNAUTHORIZED_KEY", async (toss) =>
    codeOf(
      await toss.call("GET", "/v1/payments/none", { headers: basic("test_sk_unknown:") }),
      401,
      "UNAUTHORIZED_KEY",
    ),
  ),
  documented("1.2", "a key encoded without its colon is 403", async (toss) =>
    codeOf(
      await toss.call("GET", "/v1/payments/none", { headers: basic("test_sk_unknown") }),
      403,
      "INCORRECT_BASIC_AUTH_FORMAT",
    ),
  ),
  guessed("14.1", "live keys are never accepted", async (toss) =>
    codeOf(
      await toss.call("GET", "/v1/payments/none", { headers: basic("live_sk_any:") }),
      401,
      "UNAUTHORIZED_KEY",
    ),
  ),
  seenLive("2", "a replay has the same bytes, the echo and two trace ids", async (toss) => {
    const card = await toss.register();
    const key = crypto.randomUUID();
    const first = await toss.charge(card, { key });
    const second = await toss.charge(card, { key, body: { amount: 1 } });
    const trace = second.headers.get("x-tosspayments-trace-id")?.split(",");
    return [
      [second.text, second.headers.get("idempotency-key"), trace?.length, trace?.[1]],
      [first.text, key, 2, first.headers.get("x-tosspayments-trace-id")],
    ];
  }),
  seenLive("2", "a decline stays bound to its key", async (toss) => {
    const card = await toss.register("declined-once");
    const first = await toss.charge(card, { key: `${run}-decline` });
    const again = await toss.charge(card, { key: `${run}-decline` });
    const anew = await toss.charge(card, { key: `${run}-decline-2` });
    return [
      [first.status, again.text, anew.status],
      [403, first.text, 200],
    ];
  }),
  documented("2", "the same key at another URL is another request", async (toss) => {
    const [one, two] = [await toss.register(), await toss.register()];
    const first = await toss.charge(one, { key: `${run}-shared` });
    const second = await toss.charge(two, { key: `${run}-shared` });
    return [
      [second.status, second.text === first.text],
      [200, false],
    ];
  }),
  documented("2", "a key of more than 300 characters is 400", async (toss) =>
    codeOf(
      await toss.charge(await toss.register(), { key: "k".repeat(301) }),
      400,
      "INVALID_IDEMPOTENCY_KEY",
    ),
  ),
  documented("2", "while the first call runs, the second is 409", async (toss) => {
    const card = await toss.register("slow");
    const first = toss.charge(card, { key: `${run}-slow` });
    await toss.call("GET", "/v1/payments/none");
    const second = await toss.charge(card, { key: `${run}-slow` });
    return [
      [second.status, second.json.code, (await first).status],
      [409, "IDEMPOTENT_REQUEST_PROCESSING", 200],
    ];
  }),
  documented("2", "after 15 days the key executes again", async (toss) => {
    const card = await toss.register();
    const first = await toss.charge(card, { key: `${run}-old` });
    await toss.control.moveClock({ byMs: 15 * 86_400_000 });
    const later = await toss.charge(card, { key: `${run}-old` });
    return [
      [later.status, later.text === first.text],
      [200, false],
    ];
  }),
  documented("3", "an orderId has 6 to 64 of its characters", async (toss) => {
    const card = await toss.register();
    const answers = [];
    for (const orderId of ["short", "a".repeat(65), "한글주문번호", "with space"]) {
      answers.push((await toss.charge(card, { body: { orderId } })).json.code);
    }
    return [new Set(answers), new Set(["INVALID_ORDER_ID"])];
  }),
  seenLive("3", "a customerKey of 301 characters is 500 FAILED_DB_PROCESSING", async (toss) =>
    codeOf(
      await toss.charge(await toss.register(), { body: { customerKey: "c".repeat(301) } }),
      500,
      "FAILED_DB_PROCESSING",
    ),
  ),
  documented("3", "less than 100 won is BELOW_MINIMUM_AMOUNT", async (toss) =>
    codeOf(
      await toss.charge(await toss.register(), { body: { amount: 99 } }),
      400,
      "BELOW_MINIMUM_AMOUNT",
    ),
  ),
  documented("4.2", "confirm moves the money of an authenticated payment, once", async (toss) => {
    const body = await authorized(toss);
    const first = await toss.call("POST", "/v1/payments/confirm", { body });
    const second = await toss.call("POST", "/v1/payments/confirm", { body });
    return [
      [first.json.status, first.json.type, second.status, second.json.code],
      ["DONE", "NORMAL", 400, "ALREADY_PROCESSED_PAYMENT"],
    ];
  }),
  guessed("4.2", "another amount than authenticated is 400 INVALID_REQUEST", async (toss) => {
    const body = { ...(await authorized(toss)), amount: 100 };
    const answer = await toss.call("POST", "/v1/payments/confirm", { body });
    return codeOf(answer, 400, "INVALID_REQUEST");
  }),
  seenLive("4.3", "an unknown payment or order is 404 NOT_FOUND_PAYMENT", async (toss) => {
    const byOrder = await toss.call("GET", "/v1/payments/orders/nothing");
    const byKey = await toss.call("GET", "/v1/payments/nothing");
    return [
      [byOrder.status, byOrder.json.code, byKey.json.code],
      [404, "NOT_FOUND_PAYMENT", "NOT_FOUND_PAYMENT"],
    ];
  }),
  seenLive("4.4", "a cancel in one go ends in CANCELED, and cannot be repeated", async (toss) => {
    const path = await cancelPathOfNew(toss);
    const first = await toss.call("POST", path, { body: { cancelReason: "변심" } });
    const second = await toss.call("POST", path, { body: { cancelReason: "변심" } });
    return [
      [first.json.status, first.json.balanceAmount, second.status, second.json.code],
      ["CANCELED", 0, 400, "ALREADY_CANCELED_PAYMENT"],
    ];
  }),
  seenLive("4.4", "pieces that add up stay PARTIAL_CANCELED at balance 0", async (toss) => {
    const path = await cancelPathOfNew(toss);
    const piece = { cancelReason: "일부", cancelAmount: 4_950 };
    const half = await toss.call("POST", path, { body: piece });
    const whole = await toss.call("POST", path, { body: piece });
    const more = await toss.call("POST", path, { body: { cancelReason: "일부" } });
    return [
      [half.json.vat, whole.json.status, whole.json.balanceAmount, more.status, more.json.code],
      [450, "PARTIAL_CANCELED", 0, 403, "NOT_CANCELABLE_AMOUNT"],
    ];
  }),
  seenLive("4.4", "more than the balance is 403 NOT_CANCELABLE_AMOUNT", async (toss) => {
    const body = { cancelReason: "많이", cancelAmount: 9_901 };
    const answer = await toss.call("POST", await cancelPathOfNew(toss), { body });
    return codeOf(answer, 403, "NOT_CANCELABLE_AMOUNT");
  }),
  documented("4.4", "refundableAmount is an optimistic lock", async (toss) => {
    const body = { cancelReason: "잠금", refundableAmount: 1 };
    const answer = await toss.call("POST", await cancelPathOfNew(toss), { body });
    return codeOf(answer, 400, "NOT_MATCHES_REFUNDABLE_AMOUNT");
  }),
  documented("4.4", "an exempt share allows a cancel of the whole only", async (toss) => {
    const path = await cancelPathOfNew(toss, { taxExemptionAmount: 900 });
    const answer = await toss.call("POST", path, {
      body: { cancelReason: "일부", cancelAmount: 1 },
    });
    return codeOf(answer, 403, "NOT_ALLOWED_PARTIAL_REFUND");
  }),
  documented("4.4", "a cancel needs its reason", async (toss) =>
    codeOf(
      await toss.call("POST", await cancelPathOfNew(toss), { body: {} }),
      400,
      "INVALID_REQUEST",
    ),
  ),
  documented("4.1", "key-in is refused without its contract", async (toss) =>
    codeOf(
      await toss.call("POST", "/v1/payments/key-in", { body: {} }),
      400,
      "NOT_SUPPORTED_METHOD",
    ),
  ),
  seenLive("4.5", "an authKey works once", async (toss) => {
    const customerKey = crypto.randomUUID();
    const { authKey } = await toss.control.authorizeBilling({ customerKey });
    const body = { authKey, customerKey };
    const first = await toss.call("POST", "/v1/billing/authorizations/issue", { body });
    const second = await toss.call("POST", "/v1/billing/authorizations/issue", { body });
    return [
      [first.status, first.json.customerKey, String(first.json.billingKey).length],
      [200, customerKey, 44],
      codeOf(second, 404, "NOT_FOUND_BILLING"),
    ];
  }),
  guessed("14.1", "an authKey lives 30 minutes", async (toss) => {
    const { authKey } = await toss.control.authorizeBilling({ customerKey: "customer-1" });
    await toss.control.moveClock({ byMs: 30 * 60_000 });
    const body = { authKey, customerKey: "customer-1" };
    const answer = await toss.call("POST", "/v1/billing/authorizations/issue", { body });
    return codeOf(answer, 404, "NOT_FOUND_BILLING");
  }),
  documented("4.6", "registration by card number is closed", async (toss) =>
    codeOf(
      await toss.call("POST", "/v1/billing/authorizations/card", {
        body: cardBody("9410000000000000"),
      }),
      400,
      "NOT_SUPPORTED_METHOD",
    ),
  ),
  seenLive("8", "an unknown prefix gives a card of unknown kind", async (toss) => {
    await toss.control.changeSettings({ cardRegistrationApi: true });
    const body = cardBody("1234560000000000");
    const issued = await toss.call("POST", "/v1/billing/authorizations/card", { body });
    await toss.control.changeSettings({ cardRegistrationApi: false });
    const card = { customerKey: body.customerKey, billingKey: String(issued.json.billingKey) };
    return [
      [issued.status, issued.text.includes('"cardType":"미확인"')],
      [200, true],
      codeOf(await toss.charge(card), 400, "NOT_SUPPORTED_CARD_TYPE"),
    ];
  }),
  documented(
    "4.7",
    "a charge is DONE at once, of type BILLING, with card and VAT",
    async (toss) => {
      const { json } = await toss.charge(await toss.register(), { body: { amount: 14_900 } });
      return [
        [json.status, json.type, json.method, json.vat, json.suppliedAmount, json.balanceAmount],
        ["DONE", "BILLING", "카드", 1_355, 13_545, 14_900],
      ];
    },
  ),
  documented("5.1", "the tax-free share stays out of the VAT", async (toss) => {
    const body = { amount: 20_000, taxFreeAmount: 5_000 };
    const { json } = await toss.charge(await toss.register(), { body });
    return [
      [json.vat, json.suppliedAmount, json.taxFreeAmount],
      [1_364, 13_636, 5_000],
    ];
  }),
  documented("5.1", "times are +09:00 and receipt, checkout and secret are given", async (toss) => {
    const { text } = await toss.charge(await toss.register());
    const parts = [
      /"approvedAt":"[\d-]{10}T[\d:]{8}\+09:00"/,
      /"secret":"ps_/,
      /"receipt":\{"url":"http/,
      /"checkout":\{"url":"http[^"]*\/checkout"/,
    ];
    return [parts.map((part) => part.test(text)), [true, true, true, true]];
  }),
  documented("4.7", "another customer's key is 400 NOT_MATCHES_CUSTOMER_KEY", async (toss) =>
    codeOf(
      await toss.charge(await toss.register(), { body: { customerKey: "somebody" } }),
      400,
      "NOT_MATCHES_CUSTOMER_KEY",
    ),
  ),
  documented("3", "an order id can be charged once", async (toss) => {
    const card = await toss.register();
    const body = { orderId: newOrderId() };
    await toss.charge(card, { body });
    return codeOf(await toss.charge(card, { body }), 400, "DUPLICATED_ORDER_ID");
  }),
  guessed("14.1", "a declined charge leaves no payment", async (toss) => {
    const body = { orderId: newOrderId() };
    const declined = await toss.charge(await toss.register("short-of-balance"), { body });
    const query = await toss.call("GET", `/v1/payments/orders/${body.orderId}`);
    return [
      [declined.status, declined.json.code, query.status],
      [403, "REJECT_CARD_PAYMENT", 404],
    ];
  }),
  documented("4.8", "a deletion is 200 with an empty body; the key is then gone", async (toss) => {
    const card = await toss.register();
    const path = `/v1/billing/${card.billingKey}`;
    const deleted = await toss.call("DELETE", path);
    const charged = await toss.charge(card);
    return [
      [deleted.status, deleted.text],
      [200, ""],
      codeOf(charged, 400, "ALREADY_REMOVED_BILLING_KEY"),
      codeOf(await toss.call("DELETE", path), 400, "ALREADY_REMOVED_BILLING_KEY"),
    ];
  }),
  documented("4.8", "an unknown billing key is 404 NOT_FOUND_BILLING", async (toss) =>
    codeOf(await toss.call("DELETE", "/v1/billing/unknown="), 404, "NOT_FOUND_BILLING"),
  ),
  seenLive("4.11", "a list date with Z is 400 INVALID_DATE", async (toss) =>
    codeOf(
      await toss.call("GET", `/v1/transactions?startDate=${local}Z&endDate=${local}Z`),
      400,
      "INVALID_DATE",
    ),
  ),
  // Toss's own sample of this call sends bare days: a run with real keys tells which is true.
  guessed("4.11", "a list date without a time is 400 INVALID_DATE", async (toss) =>
    codeOf(
      await toss.call("GET", "/v1/transactions?startDate=2026-03-01&endDate=2026-03-02"),
      400,
      "INVALID_DATE",
    ),
  ),
  documented(
    "4.11",
    "transactions come in pages, a row for each approval and cancel",
    async (toss) => {
      const path = await cancelPathOfNew(toss);
      await toss.call("POST", path, { body: { cancelReason: "변심" } });
      const range = `startDate=${local}&endDate=2999-12-31T00:00:00`;
      const all: unknown = JSON.parse(
        (await toss.call("GET", `/v1/transactions?limit=5000&${range}`)).text,
      );
      const rows = Array.isArray(all) ? all : [];
      const rest: unknown = JSON.parse(
        (
          await toss.call(
            "GET",
            `/v1/transactions?limit=5000&${range}&startingAfter=${rows[0]?.transactionKey}`,
          )
        ).text,
      );
      return [
        [rows.at(-2)?.status, rows.at(-1)?.status, Array.isArray(rest) ? rest.length : null],
        ["DONE", "CANCELED", rows.length - 1],
      ];
    },
  ),
  documented("5.2", "an authenticated payment expires after 10 minutes", async (toss) => {
    const body = await authorized(toss);
    await toss.control.moveClock({ byMs: 10 * 60_000 });
    const confirm = await toss.call("POST", "/v1/payments/confirm", { body });
    const { json } = await toss.call("GET", `/v1/payments/${body.paymentKey}`);
    return [
      [json.status, json.method, json.lastTransactionKey],
      ["EXPIRED", null, null],
      codeOf(confirm, 404, "NOT_FOUND_PAYMENT_SESSION"),
    ];
  }),
  documented(
    "8",
    "the test-code header fails a call with that code and its status",
    async (toss) => {
      const headers = { "tosspayments-test-code": "INVALID_STOPPED_CARD" };
      return codeOf(
        await toss.charge(await toss.register(), { headers }),
        400,
        "INVALID_STOPPED_CARD",
      );
    },
  ),
  documented("8", "an unknown test code is 400 INVALID_TEST_CODE", async (toss) => {
    const headers = { "tosspayments-test-code": "NO_SUCH_CODE" };
    return codeOf(await toss.charge(await toss.register(), { headers }), 400, "INVALID_TEST_CODE");
  }),
  seenLive("8", "the test code comes before the paymentKey is looked up", async (toss) => {
    const headers = { "tosspayments-test-code": "REJECT_CARD_COMPANY" };
    const answer = await toss.call("POST", "/v1/payments/confirm", { rawBody: "{", headers });
    return codeOf(answer, 403, "REJECT_CARD_COMPANY");
  }),
  seenLive("8", "with an idempotency key the failure is bound to that key", async (toss) => {
    const card = await toss.register();
    const headers = { "tosspayments-test-code": "REJECT_CARD_PAYMENT" };
    const failed = await toss.charge(card, { headers, key: `${run}-test` });
    return [(await toss.charge(card, { key: `${run}-test` })).text, failed.text];
  }),
  seenLive("8", "the emulated 409 is not bound to the key", async (toss) => {
    const card = await toss.register();
    const headers = { "tosspayments-test-code": "IDEMPOTENT_REQUEST_PROCESSING" };
    const failed = await toss.charge(card, { headers, key: `${run}-409` });
    return [
      [failed.status, (await toss.charge(card, { key: `${run}-409` })).status],
      [409, 200],
    ];
  }),
];
