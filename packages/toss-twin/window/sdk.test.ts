import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { widgetKey } from "@/packages/toss-twin/world";

let emulator: TossEmulator;

beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0 });
});

afterAll(() => emulator.close());

const { clientKey, secretKey } = defaultMerchant;
const payment = `TossPayments("${clientKey}").payment({ customerKey: "customer-1" })`;
const urls = `successUrl: "https://shop.test/ok", failUrl: "https://shop.test/no"`;
const order = `method: "CARD", amount: { currency: "KRW", value: 9900 }, orderId: "order-1", orderName: "책"`;

describe("SDK version 2", () => {
  test.each([
    ["INVALID_CLIENT_KEY", `TossPayments("nothing")`],
    ["INSECURE_KEY_USAGE", `TossPayments("${secretKey}")`],
    ["INSECURE_KEY_USAGE", `TossPayments("${clientKey}").payment({ customerKey: "${secretKey}" })`],
    ["INVALID_CUSTOMER_KEY", `TossPayments("${clientKey}").payment({ customerKey: "a" })`],
    ["INVALID_CUSTOMER_KEY", `TossPayments("${clientKey}").payment()`],
    [
      "NOT_SUPPORTED_WIDGET_KEY",
      `TossPayments("${widgetKey(clientKey)}").payment({ customerKey: "customer-1" })`,
    ],
    [
      "NOT_SUPPORTED_API_INDIVIDUAL_KEY",
      `TossPayments("${clientKey}").widgets({ customerKey: TossPayments.ANONYMOUS })`,
    ],
    ["V1_METHOD_NOT_SUPPORTED", `TossPayments("${clientKey}").requestPayment("카드", {})`],
    ["NOT_SUPPORTED_METHOD", `${payment}.requestBillingAuth({ method: "카드", ${urls} })`],
    ["INCORRECT_SUCCESS_URL_FORMAT", `${payment}.requestBillingAuth({ method: "CARD" })`],
    [
      "INCORRECT_FAIL_URL_FORMAT",
      `${payment}.requestPayment({ ${order}, successUrl: "https://shop.test/ok" })`,
    ],
    ["INVALID_PARAMETERS", `${payment}.requestPayment()`.replace("()", "(null)")],
    ["INVALID_PARAMETERS", `${payment}.requestPayment({ ${order}, amount: 9900 })`],
    ["INVALID_AMOUNT_CURRENCY", `${payment}.requestPayment({ ${order}, amount: { value: 1 } })`],
    [
      "BELOW_ZERO_AMOUNT",
      `${payment}.requestPayment({ ${order}, amount: { currency: "KRW", value: -1 } })`,
    ],
    ["INVALID_METADATA", `${payment}.requestPayment({ ${order}, metadata: { a: 1 } })`],
    [
      "NOT_SETUP_AMOUNT",
      `TossPayments("${widgetKey(clientKey)}").widgets({ customerKey: TossPayments.ANONYMOUS }).requestPayment({})`,
    ],
  ])("throws %s for %s", async (code, expression) => {
    expect(await codeOf("/v2/standard", expression)).toBe(code);
  });

  test("may be destroyed with nothing open, and knows the anonymous customer", async () => {
    expect(await codeOf("/v2/standard", `${payment}.destroy()`)).toBeUndefined();
    expect(await run("/v2/standard", "TossPayments.ANONYMOUS")).toBe("@@ANONYMOUS");
  });
});

describe("SDK version 1", () => {
  test("is served at both of its addresses", async () => {
    for (const path of ["/v1", "/v1/payment"]) {
      expect(await run(path, "TossPayments.version")).toBe("1.0.0-emulator");
    }
  });

  const parameters = `{ customerKey: "customer-1", ${urls} }`;
  test.each([
    ["INVALID_CLIENT_KEY", `TossPayments("nothing")`],
    ["NOT_SUPPORTED_WIDGET_KEY", `TossPayments("${widgetKey(clientKey)}")`],
    [
      "INVALID_PARAMETER",
      `TossPayments("${clientKey}").requestBillingAuth("휴대폰", ${parameters})`,
    ],
    ["INVALID_PARAMETER", `TossPayments("${clientKey}").requestPayment("카드", { amount: "1" })`],
    [
      "INVALID_PARAMETER",
      `TossPayments("${clientKey}").requestPayment("카드", { amount: 9900, orderId: "order-1", orderName: "책", ${urls}, flowMode: "DIRECT" })`,
    ],
  ])("throws %s for %s", async (code, expression) => {
    expect(await codeOf("/v1/payment", expression)).toBe(code);
  });
});

test.each([
  ["INSECURE_KEY_USAGE", `PaymentWidget("${widgetKey(secretKey)}", "customer-1")`],
  ["NOT_SUPPORTED_API_INDIVIDUAL_KEY", `PaymentWidget("${clientKey}", PaymentWidget.ANONYMOUS)`],
  ["INVALID_CLIENT_KEY", `PaymentWidget("nothing", "customer-1")`],
  ["INVALID_CUSTOMER_KEY", `PaymentWidget("${widgetKey(clientKey)}")`],
  [
    "NOT_SELECTED_PAYMENT_METHOD",
    `PaymentWidget("${widgetKey(clientKey)}", "customer-1").requestPayment({ ${urls} })`,
  ],
])("the widget of version 1 throws %s for %s", async (code, expression) => {
  expect(await codeOf("/v1/payment-widget", expression)).toBe(code);
});

/** Runs the script as a page would load it, then the expression, in a window that has nothing to show. */
async function run(path: string, expression: string): Promise<unknown> {
  const script = await (await fetch(emulator.url + path)).text();
  const announced: string[] = [];
  const window: Record<string, unknown> = {
    dispatchEvent: ({ type }: Event) => announced.push(type),
    matchMedia: () => ({ matches: false }),
  };
  const context = createContext({
    window,
    document: { currentScript: { src: emulator.url + path } },
    navigator: { userAgent: "test" },
    ...{ URL, Event },
  });
  runInContext(script, context);
  const name = path.endsWith("widget") ? "PaymentWidget" : "TossPayments";
  expect(announced).toEqual([`TossPayments:initialize:${name}`]);
  const seen: unknown = runInContext(`(async (${name}) => ${expression})(window.${name})`, context);
  return seen;
}

async function codeOf(path: string, expression: string): Promise<unknown> {
  try {
    await run(path, expression);
    return undefined;
  } catch (error) {
    return typeof error === "object" && error && "code" in error ? error.code : error;
  }
}
