import {
  type ErrorCode,
  errorMessage,
  isErrorCode,
  TossError,
} from "@/packages/toss-twin/api/errors";
import { currentPayment } from "@/packages/toss-twin/api/payments";
import { scenarios } from "@/packages/toss-twin/faults/scenarios";
import type { PaymentRecord, WindowRecord } from "@/packages/toss-twin/store/records";
import type { World } from "@/packages/toss-twin/world";
import { authorizeBilling, authorizePayment, type Choice } from "./windows";

const windowLifeMs = 30 * 60_000;

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

/** Whether the buyer can still act in it: neither ended nor older than 30 minutes. */
export function isWindowOpen(world: World, window: WindowRecord): boolean {
  return window.closedAt === null && world.now() < window.createdAt + windowLifeMs;
}

export function finishWindow(world: World, window: WindowRecord, asked: Choice): WindowEnd {
  const choice = { ...asked, method: window.method === "any" ? asked.method : window.method };
  const refusal = scenarios[choice.scenario].refusedInWindow;
  if (refusal) return failWindow(world, window, refusal);
  if (window.asks.kind === "billing") {
    const { customerKey } = window.asks;
    const authKey = authorizeBilling(world, window.mId, { ...choice, customerKey });
    close(world, window);
    return redirectTo(window.successUrl, { customerKey, authKey });
  }
  const payment = paymentOf(world, window);
  if (payment.status !== "READY") throw new TossError("NOT_FOUND_PAYMENT_SESSION");
  const { paymentKey, orderId, totalAmount } = authorizePayment(world, payment, choice);
  // Only now: a choice that is refused leaves the window open for another one.
  close(world, window);
  if (window.successUrl === null) {
    return { kind: "resolve", value: { paymentKey, orderId, amount: totalAmount } };
  }
  return redirectTo(window.successUrl, {
    ...(payment.keySet === "widget" ? { paymentType: "NORMAL" } : {}),
    ...{ paymentKey, orderId, amount: String(totalAmount) },
  });
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
