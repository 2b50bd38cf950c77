-- Fills the reasons of stored codes, so that earlier declines count in dunning and are explained as before.
ALTER TABLE "card_registrations" ADD COLUMN "failure_reason" text;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "decline_reason" text;--> statement-breakpoint
UPDATE "charges" SET "decline_reason" = CASE
  WHEN "decline_code" = 'REJECT_CARD_PAYMENT' THEN 'insufficient-funds'
  WHEN "decline_code" = 'REJECT_ACCOUNT_PAYMENT' THEN 'insufficient-account-funds'
  WHEN "decline_code" IN ('EXCEED_MAX_PAYMENT_AMOUNT', 'EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT', 'EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT') THEN 'limit-exceeded'
  WHEN "decline_code" = 'EXCEED_MAX_DAILY_PAYMENT_COUNT' THEN 'daily-count-exceeded'
  WHEN "decline_code" = 'EXCEED_MAX_ONE_DAY_AMOUNT' THEN 'daily-limit-exceeded'
  WHEN "decline_code" = 'EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT' THEN 'monthly-limit-exceeded'
  WHEN "decline_code" = 'EXCEED_MAX_AMOUNT' THEN 'amount-not-allowed'
  WHEN "decline_code" = 'INVALID_STOPPED_CARD' THEN 'stopped-card'
  WHEN "decline_code" = 'INVALID_CARD_LOST_OR_STOLEN' THEN 'lost-card'
  WHEN "decline_code" = 'INVALID_CARD_EXPIRATION' THEN 'expired-card'
  WHEN "decline_code" = 'NOT_SUPPORTED_CARD_TYPE' THEN 'unsupported-card'
  WHEN "decline_code" = 'ALREADY_REMOVED_BILLING_KEY' THEN 'card-removed'
  WHEN "decline_code" IN ('BILLING_KEY_NOT_FOUND', 'NOT_FOUND_BILLING', 'INVALID_BILL_KEY_REQUEST') THEN 'card-unknown'
  WHEN "decline_code" = 'REJECT_CARD_COMPANY' THEN 'refused'
  WHEN "decline_code" IN ('UNAUTHORIZED_KEY', 'INVALID_API_KEY', 'FORBIDDEN_REQUEST', 'INCORRECT_BASIC_AUTH_FORMAT', 'NOT_SUPPORTED_METHOD', 'NOT_FOUND_TERMINAL_ID', 'NOT_REGISTERED_BUSINESS', 'INVALID_UNREGISTERED_SUBMALL', 'NOT_FOUND_MERCHANT', 'API_VERSION_UPDATE_NEEDED') THEN 'merchant-fault'
  WHEN "decline_code" = 'NOT_EXECUTED' THEN 'not-executed'
  WHEN "decline_code" = 'CANCELED_AT_TOSS' THEN 'given-back'
  WHEN "decline_code" IN ('NOT_MATCHES_CUSTOMER_KEY', 'INVALID_REQUEST', 'INVALID_REQUIRED_PARAM', 'BELOW_MINIMUM_AMOUNT', 'NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT', 'INVALID_CARD_INSTALLMENT_PLAN', 'NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN', 'EXCEED_MAX_CARD_INSTALLMENT_PLAN', 'INVALID_IDEMPOTENCY_KEY', 'INVALID_ORDER_ID', 'INVALID_ORDER_NAME', 'INVALID_CUSTOMER_KEY') THEN 'request-fault'
  ELSE 'unknown'
END
WHERE "decline_code" IS NOT NULL;--> statement-breakpoint
UPDATE "card_registrations" SET "failure_reason" = CASE
  WHEN "failure_code" = 'REJECT_CARD_PAYMENT' THEN 'insufficient-funds'
  WHEN "failure_code" = 'REJECT_ACCOUNT_PAYMENT' THEN 'insufficient-account-funds'
  WHEN "failure_code" IN ('EXCEED_MAX_PAYMENT_AMOUNT', 'EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT', 'EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT') THEN 'limit-exceeded'
  WHEN "failure_code" = 'EXCEED_MAX_DAILY_PAYMENT_COUNT' THEN 'daily-count-exceeded'
  WHEN "failure_code" = 'EXCEED_MAX_ONE_DAY_AMOUNT' THEN 'daily-limit-exceeded'
  WHEN "failure_code" = 'EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT' THEN 'monthly-limit-exceeded'
  WHEN "failure_code" = 'EXCEED_MAX_AMOUNT' THEN 'amount-not-allowed'
  WHEN "failure_code" = 'INVALID_STOPPED_CARD' THEN 'stopped-card'
  WHEN "failure_code" = 'INVALID_CARD_LOST_OR_STOLEN' THEN 'lost-card'
  WHEN "failure_code" = 'INVALID_CARD_EXPIRATION' THEN 'expired-card'
  WHEN "failure_code" = 'NOT_SUPPORTED_CARD_TYPE' THEN 'unsupported-card'
  WHEN "failure_code" = 'ALREADY_REMOVED_BILLING_KEY' THEN 'card-removed'
  WHEN "failure_code" IN ('BILLING_KEY_NOT_FOUND', 'NOT_FOUND_BILLING', 'INVALID_BILL_KEY_REQUEST') THEN 'card-unknown'
  WHEN "failure_code" = 'REJECT_CARD_COMPANY' THEN 'refused'
  WHEN "failure_code" IN ('UNAUTHORIZED_KEY', 'INVALID_API_KEY', 'FORBIDDEN_REQUEST', 'INCORRECT_BASIC_AUTH_FORMAT', 'NOT_SUPPORTED_METHOD', 'NOT_FOUND_TERMINAL_ID', 'NOT_REGISTERED_BUSINESS', 'INVALID_UNREGISTERED_SUBMALL', 'NOT_FOUND_MERCHANT', 'API_VERSION_UPDATE_NEEDED') THEN 'merchant-fault'
  WHEN "failure_code" = 'NOT_EXECUTED' THEN 'not-executed'
  WHEN "failure_code" = 'CANCELED_AT_TOSS' THEN 'given-back'
  WHEN "failure_code" IN ('NOT_MATCHES_CUSTOMER_KEY', 'INVALID_REQUEST', 'INVALID_REQUIRED_PARAM', 'BELOW_MINIMUM_AMOUNT', 'NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT', 'INVALID_CARD_INSTALLMENT_PLAN', 'NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN', 'EXCEED_MAX_CARD_INSTALLMENT_PLAN', 'INVALID_IDEMPOTENCY_KEY', 'INVALID_ORDER_ID', 'INVALID_ORDER_NAME', 'INVALID_CUSTOMER_KEY') THEN 'request-fault'
  ELSE 'unknown'
END
WHERE "failure_code" IS NOT NULL;--> statement-breakpoint
UPDATE "charges" SET "unknown_reason" = 'still-running' WHERE "unknown_reason" = 'IDEMPOTENT_REQUEST_PROCESSING';
