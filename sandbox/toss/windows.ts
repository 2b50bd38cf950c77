import { z } from "zod";
import { newPayment } from "./billing";
import { type ErrorCode, errorMessage, isErrorCode, TossError } from "./errors";
import { newAuthKey, newWindowId } from "./ids";
import { currentPayment } from "./payments";
import { type ScenarioKey, scenarios } from "./scenarios";
import type { PaymentRecord, WindowRecord } from "./store";
import type { Merchant, World } from "./world";

const windowLifeMs = 30 * 60_000;

const WebUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .nullable();

const common = {
  clientKey: z.string().max(200),
  method: z.string().max(40),
  target: z.enum(["iframe", "self"]),
  successUrl: WebUrl,
  failUrl: WebUrl,
};

/** What the SDK script asks for. Its own checks come first; these keep the door shut to other senders. */
export const WindowRequest = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("payment"),
    amount: z.int().min(0),
    orderId: z.string().regex(/^[A-Za-z0-9_=-]{6,64}$/),
    orderName: z.string().min(1).max(100),
    customerKey: z.string().max(300).nullable().default(null),
    taxFreeAmount: z.int().min(0).default(0),
    metadata: z
      .record(z.string().max(40), z.string().max(2_000))
      .refine((metadata) => Object.keys(metadata).length <= 5)
      .nullable()
      .default(null),
  }),
  z.object({
    ...common,
    kind: z.literal("billing"),
    customerKey: z.string().min(2).max(300),
    successUrl: WebUrl.unwrap(),
    failUrl: WebUrl.unwrap(),
  }),
]);

export type WindowRequest = z.infer<typeof WindowRequest>;

/** How a window ended, for the SDK script (iframe) or the window itself (whole page). */
export type WindowEnd =
  | { readonly kind: "redirect"; readonly url: string }
  | {
      readonly kind: "resolve";
      readonly value: { paymentKey: string; orderId: string; amount: number };
    }
  | { readonly kind: "reject"; readonly code: string; readonly message: string };

const processCodes: Readonly<Record<string, string>> = {
  PAY_PROCESS_CANCELED: "사용자에 의해 결제가 취소되었습니다.",
  PAY_PROCESS_ABORTED: "결제 진행 중 승인에 실패하여 결제가 중단되었습니다.",
};

/** What "fail with code" offers. */
export const failCodes = [
  "PAY_PROCESS_CANCELED",
  "PAY_PROCESS_ABORTED",
  "REJECT_CARD_COMPANY",
  "INVALID_CARD_NUMBER",
  "INVALID_CARD_EXPIRATION",
  "INVALID_STOPPED_CARD",
  "NOT_SUPPORTED_CARD_TYPE",
  "EXCEED_MAX_AUTH_COUNT",
  "COMMON_ERROR",
] as const;

/** Opens a window; for a payment this creates it in state READY. */
export function openWindow(
  world: World,
  request: WindowRequest,
  opener: string | null,
): WindowRecord {
  const merchant = world.merchants.find(({ clientKey }) => clientKey === request.clientKey);
  if (!merchant) throw new TossError("UNAUTHORIZED_KEY");
  if (!/^(카드|CARD|미선택|)$/.test(request.method)) throw new TossError("NOT_SUPPORTED_METHOD");
  const window: WindowRecord = {
    id: newWindowId(),
    mId: merchant.mId,
    target: request.target,
    opener,
    successUrl: request.successUrl,
    failUrl: request.failUrl,
    createdAt: world.now(),
    closedAt: null,
    asks:
      request.kind === "billing"
        ? { kind: "billing", customerKey: request.customerKey }
        : { kind: "payment", paymentKey: createReadyPayment(world, merchant, request).paymentKey },
  };
  world.store.saveWindow(window);
  return window;
}

/** A payment in state READY, as an opened window leaves it. */
export function createReadyPayment(
  world: World,
  merchant: Merchant,
  order: Pick<
    Extract<WindowRequest, { kind: "payment" }>,
    "amount" | "orderId" | "orderName" | "customerKey" | "taxFreeAmount" | "metadata"
  >,
): PaymentRecord {
  if (order.amount < 100) throw new TossError("BELOW_MINIMUM_AMOUNT");
  if (order.taxFreeAmount > order.amount) throw new TossError("INVALID_REQUEST", "taxFreeAmount");
  if (world.store.isOrderIdUsed(merchant.mId, order.orderId)) {
    throw new TossError("DUPLICATED_ORDER_ID");
  }
  const { amount, ...rest } = order;
  const payment: PaymentRecord = {
    ...newPayment(world, merchant, "NORMAL"),
    ...rest,
    totalAmount: amount,
    balanceAmount: amount,
  };
  world.store.savePayment(payment);
  return payment;
}

/** The buyer authenticates with a card: READY becomes IN_PROGRESS, for ten minutes. */
export function authorizePayment(
  world: World,
  payment: PaymentRecord,
  scenario: ScenarioKey,
): PaymentRecord {
  const earlier = world.store
    .listPaymentsOfOrder(payment.mId, payment.orderId)
    .filter((other) => other.scenario === scenario);
  const authenticated: PaymentRecord = {
    ...payment,
    status: "IN_PROGRESS",
    authenticatedAt: world.now(),
    card: { ...scenarios[scenario].card, installmentPlanMonths: 0 },
    scenario,
    // The same card tried again for the same order goes on where it was, so that "declined once" is once.
    attempts: Math.max(0, ...earlier.map(({ attempts }) => attempts)),
  };
  world.store.savePayment(authenticated);
  return authenticated;
}

/** The buyer registers a card; the authKey is exchanged for a billing key once. */
export function authorizeBilling(
  world: World,
  mId: string,
  customerKey: string,
  scenario: ScenarioKey,
): string {
  const authKey = newAuthKey();
  const createdAt = world.now();
  world.store.saveAuth({ authKey, mId, customerKey, scenario, createdAt, usedAt: null });
  return authKey;
}

/** Whether the buyer can still act in it: neither ended nor older than 30 minutes. */
export function isWindowOpen(world: World, window: WindowRecord): boolean {
  return window.closedAt === null && world.now() < window.createdAt + windowLifeMs;
}

export function finishWindow(
  world: World,
  window: WindowRecord,
  scenarioKey: ScenarioKey,
): WindowEnd {
  const refusal = scenarios[scenarioKey].refusedInWindow;
  if (refusal) return failWindow(world, window, refusal);
  close(world, window);
  if (window.asks.kind === "billing") {
    const { customerKey } = window.asks;
    const authKey = authorizeBilling(world, window.mId, customerKey, scenarioKey);
    return redirectTo(window.successUrl, { customerKey, authKey });
  }
  const payment = paymentOf(world, window);
  if (payment.status !== "READY") throw new TossError("NOT_FOUND_PAYMENT_SESSION");
  const { paymentKey, orderId, totalAmount } = authorizePayment(world, payment, scenarioKey);
  return window.successUrl === null
    ? { kind: "resolve", value: { paymentKey, orderId, amount: totalAmount } }
    : redirectTo(window.successUrl, { paymentKey, orderId, amount: String(totalAmount) });
}

export function failWindow(world: World, window: WindowRecord, code: string): WindowEnd {
  const message = failMessage(code);
  close(world, window);
  if (window.failUrl === null) return { kind: "reject", code, message };
  const namesOrder = window.asks.kind === "payment" && code !== "PAY_PROCESS_CANCELED";
  return redirectTo(window.failUrl, {
    code,
    message,
    ...(namesOrder ? { orderId: paymentOf(world, window).orderId } : {}),
  });
}

/** The buyer gives up. Nothing changes on the server but the window itself. */
export function abandonWindow(world: World, window: WindowRecord): WindowEnd {
  if (window.target === "self") return failWindow(world, window, "PAY_PROCESS_CANCELED");
  close(world, window);
  return { kind: "reject", code: "USER_CANCEL", message: "취소되었습니다." };
}

export function paymentOf(world: World, window: WindowRecord): PaymentRecord {
  const key = window.asks.kind === "payment" ? window.asks.paymentKey : "";
  const payment = currentPayment(world, world.store.findPayment(window.mId, key));
  if (!payment) throw new TossError("NOT_FOUND_PAYMENT_SESSION");
  return payment;
}

function close(world: World, window: WindowRecord): void {
  world.store.saveWindow({ ...window, closedAt: world.now() });
}

function failMessage(code: string): string {
  const message = processCodes[code];
  if (message !== undefined) return message;
  const known: ErrorCode = isErrorCode(code) ? code : "UNKNOWN_ERROR";
  return errorMessage(known, "ko");
}

/** Adds the parameters behind whatever query the address already has. */
function redirectTo(address: string | null, parameters: Record<string, string>): WindowEnd {
  if (address === null) throw new TossError("INVALID_REQUEST", "successUrl");
  const url = new URL(address);
  const added = Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  const kept = url.search.replace(/^\?/, "").replace(/&$/, "");
  url.search = kept ? `${kept}&${added}` : added;
  return { kind: "redirect", url: url.href };
}
