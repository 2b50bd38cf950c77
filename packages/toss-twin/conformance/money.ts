import { newOrderId, type TossAnswer, type TossCaller } from "@/packages/toss-twin/testing/caller";
import { type ConformanceCase, codeOf, documented, local, seenLive } from "./kit";

const dayMs = 86_400_000;
const refundReceiveAccount = { bank: "신한", accountNumber: "110123456789", holderName: "김토스" };

/** Virtual accounts, cash receipts, settlements, promotions, accounts for billing and limits. */
export const moneyCases: readonly ConformanceCase[] = [
  documented("4.9", "a virtual account waits for its deposit", async (toss) => {
    const { status, json, text } = await issueAccount(toss);
    return [
      [status, json.status, json.method, json.approvedAt, /"accountNumber":"X\d+"/.test(text)],
      [200, "WAITING_FOR_DEPOSIT", "가상계좌", null, true],
    ];
  }),
  documented("4.9", "validHours and dueDate together are refused", async (toss) =>
    codeOf(
      await issueAccount(toss, { validHours: 1, dueDate: "2999-01-01T00:00:00" }),
      400,
      "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
    ),
  ),
  documented(
    "4.9",
    "more than 2160 hours, 90 days or an unknown bank are refused",
    async (toss) => [
      [
        (await issueAccount(toss, { validHours: 2_161 })).json.code,
        (await issueAccount(toss, { dueDate: "2999-01-01T00:00:00" })).json.code,
        (await issueAccount(toss, { bank: "없는은행" })).json.code,
      ],
      ["EXCEED_MAX_VALID_HOURS", "EXCEED_MAX_DUE_DATE", "INVALID_BANK"],
    ],
  ),
  documented("4.4", "before the deposit only the whole can be cancelled", async (toss) => {
    const path = cancelPath(await issueAccount(toss));
    const part = await toss.call("POST", path, { body: { cancelReason: "일부", cancelAmount: 1 } });
    const whole = await toss.call("POST", path, { body: { cancelReason: "변심" } });
    return [
      [whole.json.status, whole.json.balanceAmount],
      ["CANCELED", 0],
      codeOf(part, 403, "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT"),
    ];
  }),
  documented("4.4", "after the deposit a refund needs an account", async (toss) => {
    const issued = await issueAccount(toss);
    await toss.control.deposit({ orderId: String(issued.json.orderId) });
    const path = cancelPath(issued);
    const without = await toss.call("POST", path, { body: { cancelReason: "변심" } });
    const body = { cancelReason: "변심", cancelAmount: 900, refundReceiveAccount };
    const refunded = await toss.call("POST", path, { body });
    return [
      [refunded.json.status, /"refundStatus":"NONE"/.test(refunded.text)],
      ["PARTIAL_CANCELED", true],
      codeOf(without, 400, "INVALID_REFUND_ACCOUNT_INFO"),
    ];
  }),
  documented("5.2", "a deposit error turns DONE into WAITING_FOR_DEPOSIT", async (toss) => {
    const orderId = String((await issueAccount(toss)).json.orderId);
    await toss.control.deposit({ orderId });
    const paid = await toss.call("GET", `/v1/payments/orders/${orderId}`);
    await toss.control.depositError({ orderId });
    const back = await toss.call("GET", `/v1/payments/orders/${orderId}`);
    return [
      [paid.json.status, back.json.status, back.json.approvedAt],
      ["DONE", "WAITING_FOR_DEPOSIT", null],
    ];
  }),
  documented("5.2", "past its date an account stays waiting and is expired", async (toss) => {
    const orderId = String((await issueAccount(toss, { validHours: 1 })).json.orderId);
    await toss.control.moveClock({ byMs: 3_600_000 });
    const { json, text } = await toss.call("GET", `/v1/payments/orders/${orderId}`);
    return [
      [json.status, /"expired":true/.test(text)],
      ["WAITING_FOR_DEPOSIT", true],
    ];
  }),
  seenLive("4.10", "the same order twice gives two cash receipts", async (toss) => {
    const orderId = newOrderId();
    const first = await issueReceipt(toss, { orderId });
    const second = await issueReceipt(toss, { orderId });
    return [
      [first.json.issueStatus, second.status, first.json.receiptKey === second.json.receiptKey],
      ["IN_PROGRESS", 200, false],
    ];
  }),
  documented(
    "4.10",
    "a cancelled receipt has a key of its own that starts with c_",
    async (toss) => {
      const { json } = await issueReceipt(toss);
      const path = `/v1/cash-receipts/${String(json.receiptKey)}/cancel`;
      const canceled = await toss.call("POST", path);
      return [
        [canceled.json.transactionType, String(canceled.json.receiptKey).slice(0, 2)],
        ["CANCEL", "c_"],
      ];
    },
  ),
  seenLive("4.10", "receipts are listed by day only", async (toss) =>
    codeOf(
      await toss.call("GET", "/v1/cash-receipts?startDate=2026-01-01&endDate=2026-01-02"),
      400,
      "INVALID_REQUEST",
    ),
  ),
  documented(
    "4.11",
    "settlements come from the next day, less fees and their VAT",
    async (toss) => {
      const charged = await toss.charge(await toss.register());
      const day = String(charged.json.approvedAt).slice(0, 10);
      const path = `/v1/settlements?startDate=${day}&endDate=${day}&size=5000`;
      const today = await toss.call("GET", path);
      await toss.control.moveClock({ byMs: dayMs });
      const row = rowsOf(await toss.call("GET", path)).find(
        ({ orderId }) => orderId === charged.json.orderId,
      );
      return [
        [
          today.text,
          row?.amount,
          Number(row?.payOutAmount) + Number(row?.supplyAmount) + Number(row?.vat),
        ],
        ["[]", 9_900, 9_900],
      ];
    },
  ),
  documented("4.11", "settlement days are dates without a time", async (toss) =>
    codeOf(
      await toss.call("GET", `/v1/settlements?startDate=${local}&endDate=${local}`),
      400,
      "INVALID_DATE",
    ),
  ),
  documented("4.11", "manual settlement needs its contract", async (toss) =>
    codeOf(
      await toss.call("POST", "/v1/settlements", { body: { paymentKey: "none" } }),
      403,
      "FORBIDDEN_REQUEST",
    ),
  ),
  documented("4.1", "promotions can be asked for billing", async (toss) => [
    (await toss.call("GET", "/v1/promotions?payType=BILLING")).status,
    200,
  ]),
  documented("5.4", "a billing key of an account charges by transfer", async (toss) => {
    const customerKey = crypto.randomUUID();
    const { authKey } = await toss.control.authorizeBilling({ customerKey, method: "transfer" });
    const issued = await toss.call("POST", "/v1/billing/authorizations/issue", {
      body: { authKey, customerKey },
    });
    const card = { customerKey, billingKey: String(issued.json.billingKey) };
    const charged = await toss.charge(card);
    const small = await toss.charge(card, { body: { amount: 199 } });
    return [
      [issued.json.method, issued.json.card, charged.json.method, charged.json.type],
      ["계좌이체", null, "계좌이체", "BILLING"],
      codeOf(small, 400, "BELOW_MINIMUM_AMOUNT"),
    ];
  }),
  documented("1.2", "a widget payment is not confirmed by an individual key", async (toss) => {
    const body = await toss.control.authorizePayment({
      ...{ orderId: newOrderId(), amount: 9_900, orderName: "전자책", keySet: "widget" },
    });
    return codeOf(
      await toss.call("POST", "/v1/payments/confirm", { body }),
      400,
      "INVALID_API_KEY",
    );
  }),
  documented("6.6", "a page of more than 5000 rows is EXCEED_MAX_QUERY_LIMIT", async (toss) => {
    const range = `startDate=${local}&endDate=${local}`;
    const answer = await toss.call("GET", `/v1/transactions?${range}&limit=5001`);
    return codeOf(answer, 400, "EXCEED_MAX_QUERY_LIMIT");
  }),
];

function issueAccount(toss: TossCaller, change: Record<string, unknown> = {}): Promise<TossAnswer> {
  const order = { amount: 9_900, orderId: newOrderId(), orderName: "연간 구독" };
  return toss.call("POST", "/v1/virtual-accounts", {
    body: { ...order, customerName: "김토스", bank: "20", ...change },
  });
}

function issueReceipt(toss: TossCaller, change: Record<string, unknown> = {}): Promise<TossAnswer> {
  const order = { amount: 9_900, orderId: newOrderId(), orderName: "연간 구독" };
  return toss.call("POST", "/v1/cash-receipts", {
    body: { ...order, type: "소득공제", customerIdentityNumber: "0100001234", ...change },
  });
}

function cancelPath({ json }: TossAnswer): string {
  return `/v1/payments/${String(json.paymentKey)}/cancel`;
}

function rowsOf({ text }: TossAnswer): Record<string, unknown>[] {
  const rows: unknown = JSON.parse(text);
  return Array.isArray(rows) ? rows : [];
}
