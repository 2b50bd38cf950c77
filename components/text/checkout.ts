import { checkoutEn } from "./checkout-en";
import { checkoutKo } from "./checkout-ko";

export const checkoutText = { ko: checkoutKo, en: checkoutEn };
export type CheckoutText = typeof checkoutKo;

type FailureReason = keyof CheckoutText["failed"]["reasons"];
type UnavailableReason = keyof CheckoutText["unavailable"]["reasons"];

/** Whether the failure page has words for what stands in its address. */
export function isWindowFailure(code: string): code is FailureReason {
  return Object.hasOwn(checkoutKo.failed.reasons, code);
}

export function isUnavailableReason(reason: string): reason is UnavailableReason {
  return Object.hasOwn(checkoutKo.unavailable.reasons, reason);
}
