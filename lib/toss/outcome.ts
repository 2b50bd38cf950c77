/**
 * What Toss's error codes mean for a charge (Toss reference, error codes of "approve by billing key"). The HTTP status
 * alone decides nothing: PROVIDER_ERROR is a 400 that passes, most declines are 403, some faults of the caller are 500.
 * A code that is not listed is an unknown outcome.
 */
import { type DeclineClass, STILL_RUNNING } from "@/lib/billing/charge/charge";
import { DECLINE_REASONS, type Decline, type DeclineReason } from "@/lib/billing/charge/decline";

const DECLINES: Readonly<Record<DeclineClass, readonly string[]>> = {
  soft: [
    "REJECT_CARD_PAYMENT",
    "REJECT_ACCOUNT_PAYMENT",
    "REJECT_CARD_COMPANY",
    "EXCEED_MAX_DAILY_PAYMENT_COUNT",
    "EXCEED_MAX_PAYMENT_AMOUNT",
    "EXCEED_MAX_ONE_DAY_AMOUNT",
    "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
    "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
    "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
    "EXCEED_MAX_AMOUNT",
    "NOT_AVAILABLE_PAYMENT",
    "NOT_AVAILABLE_BANK",
    "MAINTAINED_METHOD",
    "RESTRICTED_TRANSFER_ACCOUNT",
  ],
  hard: [
    "INVALID_STOPPED_CARD",
    "INVALID_CARD_LOST_OR_STOLEN",
    "INVALID_CARD_EXPIRATION",
    "INVALID_CARD_NUMBER",
    "INVALID_REJECT_CARD",
    "NOT_REGISTERED_CARD_COMPANY",
    "NOT_SUPPORTED_CARD_TYPE",
    "EXCEED_MAX_AUTH_COUNT",
    "INVALID_ACCOUNT_INFO_RE_REGISTER",
    "REJECT_TOSSPAY_INVALID_ACCOUNT",
    "INVALID_PASSWORD",
    "FDS_ERROR",
    "ALREADY_REMOVED_BILLING_KEY",
    "BILLING_KEY_NOT_FOUND",
    "NOT_FOUND_BILLING",
    "INVALID_BILL_KEY_REQUEST",
    // A confirmation that came after its ten minutes: the customer pays anew.
    "NOT_FOUND_PAYMENT_SESSION",
    "EXPIRED_PAYMENT",
    "NOT_FOUND_PAYMENT",
  ],
  config: [
    "NOT_MATCHES_CUSTOMER_KEY",
    "INVALID_REQUEST",
    "INVALID_REQUIRED_PARAM",
    "BELOW_MINIMUM_AMOUNT",
    "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
    "INVALID_CARD_INSTALLMENT_PLAN",
    "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN",
    "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
    "NOT_SUPPORTED_METHOD",
    "UNAUTHORIZED_KEY",
    "INVALID_API_KEY",
    "FORBIDDEN_REQUEST",
    "INCORRECT_BASIC_AUTH_FORMAT",
    "NOT_FOUND_TERMINAL_ID",
    "NOT_REGISTERED_BUSINESS",
    "INVALID_UNREGISTERED_SUBMALL",
    "NOT_FOUND_MERCHANT",
    "INVALID_IDEMPOTENCY_KEY",
    "INVALID_ORDER_ID",
    "INVALID_ORDER_NAME",
    "INVALID_CUSTOMER_KEY",
    "API_VERSION_UPDATE_NEEDED",
  ],
};

const CLASS_OF = new Map<string, DeclineClass>(
  (["soft", "hard", "config"] as const).flatMap((kind) =>
    DECLINES[kind].map((code) => [code, kind] as const),
  ),
);

/** The class of a definite decline; null when the code leaves the outcome open. */
export function declineClassOf(code: string): DeclineClass | null {
  return CLASS_OF.get(code) ?? null;
}

const CODES_OF: Readonly<Partial<Record<DeclineReason, readonly string[]>>> = {
  "insufficient-funds": ["REJECT_CARD_PAYMENT"],
  "insufficient-account-funds": ["REJECT_ACCOUNT_PAYMENT"],
  "limit-exceeded": [
    "EXCEED_MAX_PAYMENT_AMOUNT",
    "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
    "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
  ],
  "daily-count-exceeded": ["EXCEED_MAX_DAILY_PAYMENT_COUNT"],
  "daily-limit-exceeded": ["EXCEED_MAX_ONE_DAY_AMOUNT"],
  "monthly-limit-exceeded": ["EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT"],
  "amount-not-allowed": ["EXCEED_MAX_AMOUNT"],
  "stopped-card": ["INVALID_STOPPED_CARD"],
  "lost-card": ["INVALID_CARD_LOST_OR_STOLEN"],
  "expired-card": ["INVALID_CARD_EXPIRATION"],
  "unsupported-card": ["NOT_SUPPORTED_CARD_TYPE"],
  "card-removed": ["ALREADY_REMOVED_BILLING_KEY"],
  "card-unknown": ["BILLING_KEY_NOT_FOUND", "NOT_FOUND_BILLING", "INVALID_BILL_KEY_REQUEST"],
  refused: ["REJECT_CARD_COMPANY"],
  "merchant-fault": [
    "UNAUTHORIZED_KEY",
    "INVALID_API_KEY",
    "FORBIDDEN_REQUEST",
    "INCORRECT_BASIC_AUTH_FORMAT",
    "NOT_SUPPORTED_METHOD",
    "NOT_FOUND_TERMINAL_ID",
    "NOT_REGISTERED_BUSINESS",
    "INVALID_UNREGISTERED_SUBMALL",
    "NOT_FOUND_MERCHANT",
    "API_VERSION_UPDATE_NEEDED",
  ],
};

const REASON_OF = new Map(
  DECLINE_REASONS.flatMap((reason) =>
    (CODES_OF[reason] ?? []).map((code) => [code, reason] as const),
  ),
);

/** A code in our words; any other code of the class `config` is a fault of one request. */
export function declineOf(code: string): Decline {
  const other = declineClassOf(code) === "config" ? "request-fault" : "unknown";
  return { code, reason: REASON_OF.get(code) ?? other };
}

/** Why an outcome is open: Toss's code, but for the one that settlement acts on. */
export function unknownReasonOf(code: string): string {
  return code === "IDEMPOTENT_REQUEST_PROCESSING" ? STILL_RUNNING : code;
}

/**
 * Whether an error answer stays bound to its idempotency key, so that the same request would only hear it again:
 * any 4xx but "still running" and "too many calls".
 */
export function isStoredUnderKey(status: number): boolean {
  return status >= 400 && status < 500 && status !== 409 && status !== 429;
}

const ANOTHER_CARD = new Set([
  "INVALID_CARD_NUMBER",
  "INVALID_CARD_PASSWORD",
  "INVALID_CARD_EXPIRATION",
  "INVALID_CARD_IDENTITY",
  "INVALID_BIRTH_DAY_FORMAT",
  "NOT_SUPPORTED_CARD_TYPE",
  "INVALID_REJECT_CARD",
  "INVALID_STOPPED_CARD",
  "NOT_REGISTERED_CARD_COMPANY",
  "EXCEED_MAX_AUTH_COUNT",
  "REJECT_CARD_COMPANY",
  "REJECT_ACCOUNT_PAYMENT",
]);
const RESTART = new Set([
  "NOT_FOUND_BILLING",
  "INVALID_BILLING_AUTH",
  "INVALID_REQUEST",
  "FAILED_BILL_KEY_AUTH_CREATION",
]);

/** What helps after a refused registration; null when the outcome is open (5xx, unlisted codes). */
export function issueRemedyOf(code: string): "restart" | "another-card" | "config" | null {
  if (ANOTHER_CARD.has(code)) return "another-card";
  if (RESTART.has(code)) return "restart";
  return declineClassOf(code) === "config" ? "config" : null;
}

const CANCEL_REFUSED = new Set([
  "INVALID_REFUND_ACCOUNT_INFO",
  "INVALID_REFUND_ACCOUNT_NUMBER",
  "INVALID_BANK",
  "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
  "INVALID_REFUND_AMOUNT",
  "EXCEED_MAX_REFUND_AMOUNT",
  "REFUND_REJECTED",
  "FORBIDDEN_BANK_REFUND_REQUEST",
  "INVALID_REQUEST",
  "UNAUTHORIZED_KEY",
  "INVALID_API_KEY",
  "INVALID_IDEMPOTENCY_KEY",
  "NOT_CANCELABLE_PAYMENT",
  "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
  "NOT_ALLOWED_PARTIAL_REFUND",
  "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
  "EXCEED_MAX_REFUND_DUE",
  "EXCEED_CANCEL_LIMIT",
  "FORBIDDEN_REQUEST",
  "INCORRECT_BASIC_AUTH_FORMAT",
  "NOT_AVAILABLE_BANK",
  "NOT_FOUND_PAYMENT",
  "NOT_FOUND_MERCHANT",
]);

/**
 * Whether a refund was definitely not made (Toss reference, error codes of "cancel a payment"). Codes that speak of
 * the balance (cancelled before, more than is left, the lock is not true) say that something else moved money: the
 * outcome is open until the payment was looked at, as it is for codes that are not listed.
 */
export function isCancelRefused(code: string): boolean {
  return CANCEL_REFUSED.has(code);
}
