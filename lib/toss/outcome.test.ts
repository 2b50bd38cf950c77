/** The error codes of "charge by billing key", row by row of the Toss reference, as outcomes of real calls. */
import { describe, expect, test } from "vitest";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { asked, withToss } from "@/lib/testing/scripted-toss";
import { declineClassOf, declineOf, isCancelRefused, isStoredUnderKey } from "./outcome";

type Meaning = "soft" | "hard" | "config" | "unknown";

const CODES: readonly (readonly [status: number, code: string, meaning: Meaning])[] = [
  [403, "REJECT_CARD_PAYMENT", "soft"],
  [403, "REJECT_ACCOUNT_PAYMENT", "soft"],
  [403, "REJECT_CARD_COMPANY", "soft"],
  [400, "EXCEED_MAX_DAILY_PAYMENT_COUNT", "soft"],
  [400, "EXCEED_MAX_PAYMENT_AMOUNT", "soft"],
  [403, "EXCEED_MAX_ONE_DAY_AMOUNT", "soft"],
  [400, "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT", "soft"],
  [400, "EXCEED_MAX_AMOUNT", "soft"],
  [400, "NOT_AVAILABLE_PAYMENT", "soft"],
  [403, "NOT_AVAILABLE_BANK", "soft"],
  [400, "MAINTAINED_METHOD", "soft"],
  [400, "RESTRICTED_TRANSFER_ACCOUNT", "soft"],

  [400, "INVALID_STOPPED_CARD", "hard"],
  [400, "INVALID_CARD_LOST_OR_STOLEN", "hard"],
  [400, "INVALID_CARD_EXPIRATION", "hard"],
  [400, "INVALID_CARD_NUMBER", "hard"],
  [400, "INVALID_REJECT_CARD", "hard"],
  [400, "NOT_REGISTERED_CARD_COMPANY", "hard"],
  [400, "NOT_SUPPORTED_CARD_TYPE", "hard"],
  [403, "EXCEED_MAX_AUTH_COUNT", "hard"],
  [400, "INVALID_ACCOUNT_INFO_RE_REGISTER", "hard"],
  [403, "REJECT_TOSSPAY_INVALID_ACCOUNT", "hard"],
  [403, "FDS_ERROR", "hard"],
  [400, "ALREADY_REMOVED_BILLING_KEY", "hard"],
  [400, "BILLING_KEY_NOT_FOUND", "hard"],
  [404, "NOT_FOUND_BILLING", "hard"],
  [400, "INVALID_BILL_KEY_REQUEST", "hard"],

  [400, "NOT_MATCHES_CUSTOMER_KEY", "config"],
  [400, "INVALID_REQUEST", "config"],
  [400, "INVALID_REQUIRED_PARAM", "config"],
  [400, "BELOW_MINIMUM_AMOUNT", "config"],
  [400, "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT", "config"],
  [400, "INVALID_CARD_INSTALLMENT_PLAN", "config"],
  [400, "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN", "config"],
  [400, "EXCEED_MAX_CARD_INSTALLMENT_PLAN", "config"],
  [400, "NOT_SUPPORTED_METHOD", "config"],
  [401, "UNAUTHORIZED_KEY", "config"],
  [400, "INVALID_API_KEY", "config"],
  [403, "FORBIDDEN_REQUEST", "config"],
  [403, "INCORRECT_BASIC_AUTH_FORMAT", "config"],
  [400, "NOT_FOUND_TERMINAL_ID", "config"],
  [400, "NOT_REGISTERED_BUSINESS", "config"],
  [400, "INVALID_UNREGISTERED_SUBMALL", "config"],
  [404, "NOT_FOUND_MERCHANT", "config"],
  [400, "INVALID_IDEMPOTENCY_KEY", "config"],

  [400, "DUPLICATED_ORDER_ID", "unknown"],
  [400, "ALREADY_PROCESSED_PAYMENT", "unknown"],
  [400, "ALREADY_COMPLETED_PAYMENT", "unknown"],
  [400, "DUPLICATED_REQUEST", "unknown"],
  [409, "IDEMPOTENT_REQUEST_PROCESSING", "unknown"],
  [400, "PROVIDER_ERROR", "unknown"],
  [400, "CARD_PROCESSING_ERROR", "unknown"],
  [403, "FORBIDDEN_CONSECUTIVE_REQUEST", "unknown"],
  [429, "TOO_MANY_REQUESTS", "unknown"],
  [500, "FAILED_INTERNAL_SYSTEM_PROCESSING", "unknown"],
  [500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", "unknown"],
  [500, "FAILED_CARD_COMPANY_RESPONSE", "unknown"],
  [500, "COMMON_ERROR", "unknown"],
  [500, "UNKNOWN_PAYMENT_ERROR", "unknown"],
  [500, "UNKNOWN_ERROR", "unknown"],
  [500, "FAILED_DB_PROCESSING", "unknown"],
  [500, "FAILED_BILLING_AUTO_CANCEL", "unknown"],
  [404, "NOT_FOUND_HTTP_METHOD", "unknown"],
  [400, "A_CODE_OF_NEXT_YEAR", "unknown"],
];

/** What rules and words tell apart; any other decline is `unknown`, or a fault of one request of ours. */
const REASONS: Readonly<Record<string, DeclineReason>> = {
  REJECT_CARD_PAYMENT: "insufficient-funds",
  REJECT_ACCOUNT_PAYMENT: "insufficient-account-funds",
  REJECT_CARD_COMPANY: "refused",
  EXCEED_MAX_DAILY_PAYMENT_COUNT: "daily-count-exceeded",
  EXCEED_MAX_PAYMENT_AMOUNT: "limit-exceeded",
  EXCEED_MAX_ONE_DAY_AMOUNT: "daily-limit-exceeded",
  EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT: "monthly-limit-exceeded",
  EXCEED_MAX_AMOUNT: "amount-not-allowed",
  INVALID_STOPPED_CARD: "stopped-card",
  INVALID_CARD_LOST_OR_STOLEN: "lost-card",
  INVALID_CARD_EXPIRATION: "expired-card",
  NOT_SUPPORTED_CARD_TYPE: "unsupported-card",
  ALREADY_REMOVED_BILLING_KEY: "card-removed",
  BILLING_KEY_NOT_FOUND: "card-unknown",
  NOT_FOUND_BILLING: "card-unknown",
  INVALID_BILL_KEY_REQUEST: "card-unknown",
  NOT_SUPPORTED_METHOD: "merchant-fault",
  UNAUTHORIZED_KEY: "merchant-fault",
  INVALID_API_KEY: "merchant-fault",
  FORBIDDEN_REQUEST: "merchant-fault",
  INCORRECT_BASIC_AUTH_FORMAT: "merchant-fault",
  NOT_FOUND_TERMINAL_ID: "merchant-fault",
  NOT_REGISTERED_BUSINESS: "merchant-fault",
  INVALID_UNREGISTERED_SUBMALL: "merchant-fault",
  NOT_FOUND_MERCHANT: "merchant-fault",
};

describe("a charge answered", () => {
  test("with each code of the reference means what the reference says", async () => {
    let next = 0;
    await withToss(
      (_, response) => {
        const [status, code] = CODES[next++] ?? [500, "UNKNOWN_ERROR"];
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify({ code, message: "사람을 위한 말" }));
      },
      async (client) => {
        for (const [status, code, meaning] of CODES) {
          expect(await client.chargeBillingKey(asked, `key-${code}`), code).toEqual(
            meaning === "unknown"
              ? {
                  kind: "unknown",
                  reason: status === 409 ? "still-running" : code,
                  keySpent: isBoundToKey(status),
                }
              : {
                  kind: "declined",
                  code,
                  reason: REASONS[code] ?? (meaning === "config" ? "request-fault" : "unknown"),
                  declineClass: meaning,
                },
          );
        }
      },
    );
  });

  test("with a decline under a status of 500 is open all the same", async () => {
    await withToss(
      (_, response) => {
        response.writeHead(500, { "content-type": "application/json" });
        response.end('{"code":"REJECT_CARD_PAYMENT","message":""}');
      },
      async (client) => {
        expect(await client.chargeBillingKey(asked, "key-1")).toEqual({
          kind: "unknown",
          reason: "REJECT_CARD_PAYMENT",
          keySpent: false,
        });
      },
    );
  });
});

/** Toss replays any 4xx but "still running" and "too many calls" under the same key; of 5xx it does not say. */
function isBoundToKey(status: number): boolean {
  return [400, 401, 403, 404].includes(status);
}

test.each([
  [400, true],
  [401, true],
  [403, true],
  [404, true],
  [409, false],
  [429, false],
  [500, false],
  [503, false],
  [200, false],
])("an error with status %d stays bound to its key: %s", (status, bound) => {
  expect(isStoredUnderKey(status)).toBe(bound);
});

test.each([
  ["INVALID_PASSWORD", "hard"],
  ["NOT_FOUND_PAYMENT_SESSION", "hard"],
  ["NOT_FOUND_PAYMENT", "hard"],
  ["EXPIRED_PAYMENT", "hard"],
  ["EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT", "soft"],
  ["EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT", "soft"],
  ["UNAPPROVED_ORDER_ID", null],
  ["toString", null],
  ["__proto__", null],
])("of the codes of a confirmation, %s is %s", (code, meaning) => {
  expect(declineClassOf(code)).toBe(meaning);
});

test.each([
  ["EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT", "limit-exceeded"],
  ["API_VERSION_UPDATE_NEEDED", "merchant-fault"],
  ["toString", "unknown"],
  ["__proto__", "unknown"],
])("%s means %s", (code, reason) => {
  expect(declineOf(code)).toEqual({ code, reason });
});

test.each([
  ["NOT_CANCELABLE_PAYMENT", true],
  ["EXCEED_MAX_REFUND_DUE", true],
  ["NOT_ALLOWED_PARTIAL_REFUND", true],
  ["NOT_CANCELABLE_AMOUNT", false],
  ["NOT_MATCHES_REFUNDABLE_AMOUNT", false],
  ["ALREADY_CANCELED_PAYMENT", false],
  ["PROVIDER_ERROR", false],
  ["A_NEW_CODE", false],
])("a refund answered with %s was definitely not made: %s", (code, refused) => {
  expect(isCancelRefused(code)).toBe(refused);
});
