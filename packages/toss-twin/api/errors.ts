/**
 * The error codes of the Core API with their HTTP status and both message languages (fact sheet section 6).
 * A client decides by code alone; the wording here is our own.
 */
const errorTable = {
  ALREADY_CANCELED_PAYMENT: [400, "이미 취소된 결제입니다.", "The payment is already canceled."],
  ALREADY_COMPLETED_PAYMENT: [
    400,
    "이미 완료된 결제입니다.",
    "The payment has already been completed.",
  ],
  ALREADY_PROCESSED_PAYMENT: [
    400,
    "이미 처리된 결제입니다.",
    "The payment has already been processed.",
  ],
  ALREADY_REFUND_PAYMENT: [400, "이미 환불된 결제입니다.", "The payment is already refunded."],
  ALREADY_REMOVED_BILLING_KEY: [
    400,
    "이미 삭제된 빌링키입니다.",
    "The billing key has been removed.",
  ],
  API_VERSION_UPDATE_NEEDED: [
    400,
    "API 버전을 올려야 합니다.",
    "A newer API version is needed for this call.",
  ],
  BELOW_MINIMUM_AMOUNT: [
    400,
    "신용카드는 결제금액이 100원 이상, 계좌는 200원 이상부터 결제할 수 있습니다.",
    "The amount is below the minimum: 100 won by card, 200 won by account.",
  ],
  BILLING_KEY_NOT_FOUND: [400, "빌링키를 찾을 수 없습니다.", "The billing key was not found."],
  CARD_PROCESSING_ERROR: [
    400,
    "카드사에서 오류가 발생했습니다.",
    "An error occurred at the card company.",
  ],
  DUPLICATED_CASH_RECEIPT: [
    400,
    "이미 발급된 현금영수증입니다.",
    "The cash receipt was issued already.",
  ],
  DUPLICATED_ORDER_ID: [
    400,
    "이미 승인 또는 취소가 진행된 중복된 주문번호입니다.",
    "The order id has been used already.",
  ],
  DUPLICATED_REQUEST: [400, "중복된 요청입니다.", "The request is a duplicate."],
  EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT: [
    400,
    "즉시할인금액보다 적은 금액은 부분 취소할 수 없습니다.",
    "A partial cancel must not be below the instant discount.",
  ],
  EXCEED_MAX_AMOUNT: [400, "거래금액 한도를 초과했습니다.", "The amount exceeds the limit."],
  EXCEED_MAX_CARD_INSTALLMENT_PLAN: [
    400,
    "설정할 수 있는 최대 할부 개월 수를 초과했습니다.",
    "The instalment plan exceeds the maximum number of months.",
  ],
  EXCEED_MAX_DAILY_PAYMENT_COUNT: [
    400,
    "하루 결제 가능 횟수를 초과했습니다.",
    "The number of payments per day is used up.",
  ],
  EXCEED_MAX_DUE_DATE: [400, "입금 기한의 최대값을 초과했습니다.", "The due date is too late."],
  EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT: [
    400,
    "당월 결제 가능 금액을 초과했습니다.",
    "The amount per month is used up.",
  ],
  EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT: [
    400,
    "1일 출금 한도를 초과했습니다.",
    "The withdrawal limit per day is used up.",
  ],
  EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT: [
    400,
    "1회 출금 한도를 초과했습니다.",
    "The amount exceeds the limit of one withdrawal.",
  ],
  EXCEED_MAX_PAYMENT_AMOUNT: [
    400,
    "하루 결제 가능 금액을 초과했습니다.",
    "The amount per day is used up.",
  ],
  EXCEED_MAX_QUERY_LIMIT: [
    400,
    "조회할 수 있는 최대 건수를 초과했습니다.",
    "The limit of the query is too large.",
  ],
  EXCEED_MAX_VALID_HOURS: [
    400,
    "가상계좌 유효시간의 최대값을 초과했습니다.",
    "The valid hours exceed the maximum.",
  ],
  FORBIDDEN_BANK_REFUND_REQUEST: [
    400,
    "고객 계좌가 입금이 되지 않는 상태입니다.",
    "The refund account cannot receive money.",
  ],
  INVALID_ACCOUNT_INFO_RE_REGISTER: [
    400,
    "유효하지 않은 계좌입니다. 계좌를 다시 등록해주세요.",
    "The account must be registered again.",
  ],
  INVALID_API_KEY: [400, "잘못된 시크릿키 연동 정보입니다.", "The API key is of another pair."],
  INVALID_AUTHORIZE_AUTH: [400, "유효하지 않은 인증 방식입니다.", "The authentication is invalid."],
  INVALID_BANK: [400, "은행 정보가 올바르지 않습니다.", "The bank is invalid."],
  INVALID_BILLING_AUTH: [
    400,
    "빌링키 인증 정보가 올바르지 않습니다.",
    "The billing authentication is invalid.",
  ],
  INVALID_BILL_KEY_REQUEST: [
    400,
    "빌링키를 사용할 수 없는 요청입니다.",
    "The billing key cannot be used in this request.",
  ],
  INVALID_BIRTH_DAY_FORMAT: [
    400,
    "생년월일은 6자리 숫자로 입력해야 합니다.",
    "The birth date must be six digits.",
  ],
  INVALID_CARD_EXPIRATION: [
    400,
    "카드 정보를 다시 확인해주세요. (유효기간)",
    "The card has expired, or its expiry date is wrong.",
  ],
  INVALID_CARD_IDENTITY: [
    400,
    "입력하신 주민번호 또는 사업자번호가 카드 소유주 정보와 일치하지 않습니다.",
    "The identity number is not the card holder's.",
  ],
  INVALID_CARD_INSTALLMENT_PLAN: [
    400,
    "할부 개월 정보가 잘못되었습니다.",
    "The instalment plan is invalid.",
  ],
  INVALID_CARD_LOST_OR_STOLEN: [
    400,
    "분실 혹은 도난 카드입니다.",
    "The card was reported lost or stolen.",
  ],
  INVALID_CARD_NUMBER: [400, "카드번호를 다시 확인해주세요.", "The card number is invalid."],
  INVALID_CARD_PASSWORD: [400, "카드 비밀번호가 올바르지 않습니다.", "The card PIN is wrong."],
  INVALID_CURRENCY: [400, "잘못된 통화 값입니다.", "The currency is invalid."],
  INVALID_CUSTOMER_KEY: [400, "customerKey가 올바르지 않습니다.", "The customerKey is invalid."],
  INVALID_DATE: [400, "날짜 데이터가 잘못 되었습니다.", "The date is invalid."],
  INVALID_EMAIL: [400, "이메일 주소 형식에 맞지 않습니다.", "The e-mail address is invalid."],
  INVALID_IDEMPOTENCY_KEY: [
    400,
    "멱등키는 300자 이하여야 합니다.",
    "The idempotency key must have at most 300 characters.",
  ],
  INVALID_ISO_DATE_FORMAT: [
    400,
    "날짜는 ISO 8601 형식이어야 합니다.",
    "The date must follow ISO 8601.",
  ],
  INVALID_ORDER_ID: [
    400,
    "orderId는 영문 대소문자, 숫자, 특수문자(-, _)만 허용하며 6자 이상 64자 이하여야 합니다.",
    "The orderId must have 6 to 64 letters, digits, - or _.",
  ],
  INVALID_ORDER_NAME: [
    400,
    "주문 이름은 1자 이상 100자 이하여야 합니다.",
    "The orderName must have 1 to 100 characters.",
  ],
  INVALID_PAYMENT_KEY: [400, "paymentKey가 올바르지 않습니다.", "The paymentKey is invalid."],
  EXCEED_MAX_REFUND_AMOUNT: [
    400,
    "환불 가능한 금액을 초과했습니다.",
    "The amount exceeds what can be refunded.",
  ],
  INVALID_REFUND_AMOUNT: [400, "잘못된 환불 금액입니다.", "The refund amount is wrong."],
  INVALID_REFUND_ACCOUNT_INFO: [
    400,
    "환불 계좌번호와 예금주명이 일치하지 않습니다.",
    "The refund account and its holder do not match.",
  ],
  INVALID_REFUND_ACCOUNT_NUMBER: [
    400,
    "잘못된 환불 계좌번호입니다.",
    "The refund account number is invalid.",
  ],
  INVALID_REJECT_CARD: [
    400,
    "카드 사용이 거절되었습니다. 카드사 문의가 필요합니다.",
    "The card was refused. Ask the issuer.",
  ],
  INVALID_REQUEST: [400, "잘못된 요청입니다.", "The request is invalid."],
  INVALID_REQUIRED_PARAM: [
    400,
    "필수 파라미터가 누락되었습니다.",
    "A required parameter is missing.",
  ],
  INVALID_STOPPED_CARD: [400, "정지된 카드입니다.", "The card is suspended."],
  INVALID_TEST_CODE: [400, "존재하지 않는 테스트 코드입니다.", "The test code does not exist."],
  INVALID_UNREGISTERED_SUBMALL: [
    400,
    "등록되지 않은 서브몰입니다.",
    "The sub-mall is not registered.",
  ],
  INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE: [
    400,
    "유효시간과 입금기한은 함께 쓸 수 없습니다.",
    "validHours and dueDate exclude each other.",
  ],
  MAINTAINED_METHOD: [400, "현재 점검 중입니다.", "The method is under maintenance."],
  NOT_ALLOWED_POINT_USE: [
    400,
    "포인트 사용이 불가한 카드입니다.",
    "The card does not allow points.",
  ],
  NOT_AVAILABLE_PAYMENT: [400, "결제가 불가능한 시간대입니다.", "Outside of service hours."],
  NOT_FOUND_TERMINAL_ID: [400, "단말기번호(TID)가 없습니다.", "The merchant has no terminal id."],
  NOT_MATCHES_CUSTOMER_KEY: [
    400,
    "빌링 인증 고객키와 결제 요청 고객키가 일치하지 않습니다.",
    "The customerKey is not the one the billing key was issued for.",
  ],
  NOT_MATCHES_REFUNDABLE_AMOUNT: [
    400,
    "잔액 결과가 일치하지 않습니다.",
    "The refundable amount does not match the balance.",
  ],
  NOT_REGISTERED_BUSINESS: [
    400,
    "등록되지 않은 사업자 번호입니다.",
    "The business is not registered.",
  ],
  NOT_REGISTERED_CARD_COMPANY: [
    400,
    "카드를 사용 등록 후 이용해주세요.",
    "The card has not been activated at its issuer.",
  ],
  NOT_SUPPORTED_CARD_TYPE: [
    400,
    "지원되지 않는 카드 종류입니다.",
    "The kind of card is not supported.",
  ],
  NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT: [
    400,
    "할부가 지원되지 않는 카드 또는 가맹점입니다.",
    "The card or the merchant does not support instalments.",
  ],
  NOT_SUPPORTED_METHOD: [
    400,
    "지원되지 않는 결제 수단입니다.",
    "The method is not part of the contract.",
  ],
  NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN: [
    400,
    "할부가 지원되지 않는 금액 또는 카드입니다.",
    "Instalments are not supported for this amount or card.",
  ],
  PROVIDER_ERROR: [
    400,
    "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.",
    "A temporary error occurred. Try again later.",
  ],
  REFUND_REJECTED: [400, "환불이 거절됐습니다.", "The refund was refused."],
  RESTRICTED_TRANSFER_ACCOUNT: [
    400,
    "계좌는 등록 후 12시간 뒤부터 결제할 수 있습니다.",
    "The account can be used twelve hours after its registration.",
  ],
  UNAPPROVED_ORDER_ID: [
    400,
    "아직 승인되지 않은 주문번호입니다.",
    "The order is not yet approved.",
  ],
  UNAUTHORIZED_KEY: [
    401,
    "인증되지 않은 시크릿 키 혹은 클라이언트 키 입니다.",
    "The secret key or client key is not authorised.",
  ],
  EXCEED_CANCEL_LIMIT: [
    403,
    "취소 한도를 초과했습니다.",
    "The cancel limit of the merchant is used up.",
  ],
  EXCEED_MAX_AUTH_COUNT: [
    403,
    "최대 인증 횟수를 초과했습니다. 카드사로 문의해주세요.",
    "Too many authentications. Ask the issuer.",
  ],
  EXCEED_MAX_ONE_DAY_AMOUNT: [403, "일일 한도를 초과했습니다.", "The limit per day is used up."],
  EXCEED_MAX_REFUND_DUE: [
    403,
    "환불 가능한 기간이 지났습니다.",
    "The time for refunds has passed.",
  ],
  FDS_ERROR: [
    403,
    "[토스페이먼츠] 위험거래가 감지되어 결제가 제한됩니다.",
    "The payment was stopped by the fraud detection.",
  ],
  FORBIDDEN_CONSECUTIVE_REQUEST: [
    403,
    "반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해주세요.",
    "Requests follow one another too fast.",
  ],
  FORBIDDEN_REQUEST: [403, "허용되지 않은 요청입니다.", "The request is not allowed."],
  INCORRECT_BASIC_AUTH_FORMAT: [
    403,
    "잘못된 요청입니다. ':' 를 포함해 인코딩해주세요.",
    "Encode the secret key together with a colon.",
  ],
  INVALID_PASSWORD: [403, "결제 비밀번호가 일치하지 않습니다.", "The payment PIN is wrong."],
  NOT_ALLOWED_PARTIAL_REFUND: [
    403,
    "부분 취소가 허용되지 않는 결제입니다.",
    "The payment can only be cancelled as a whole.",
  ],
  NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT: [
    403,
    "입금 대기 중인 결제는 부분 취소할 수 없습니다.",
    "A payment that waits for its deposit cannot be cancelled in part.",
  ],
  NOT_AVAILABLE_BANK: [403, "은행 서비스 시간이 아닙니다.", "The bank is outside of its hours."],
  NOT_CANCELABLE_AMOUNT: [
    403,
    "취소할 수 없는 금액입니다.",
    "The amount exceeds what can be cancelled.",
  ],
  NOT_CANCELABLE_PAYMENT: [403, "취소할 수 없는 결제입니다.", "The payment cannot be cancelled."],
  NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER: [
    403,
    "휴면 처리된 회원의 결제는 취소할 수 없습니다.",
    "The payment of a dormant user cannot be cancelled.",
  ],
  REJECT_ACCOUNT_PAYMENT: [
    403,
    "잔액부족으로 결제에 실패했습니다.",
    "The balance of the account is too small.",
  ],
  REJECT_CARD_COMPANY: [
    403,
    "카드사에서 결제를 거절했습니다.",
    "The payment was refused by the card company.",
  ],
  REJECT_CARD_PAYMENT: [
    403,
    "한도초과 혹은 잔액부족으로 결제에 실패했습니다.",
    "The limit or the balance of the card is too small.",
  ],
  REJECT_TOSSPAY_INVALID_ACCOUNT: [
    403,
    "선택하신 출금 계좌가 출금이체 등록이 되어 있지 않습니다.",
    "The chosen account cannot be debited.",
  ],
  NOT_FOUND: [404, "존재하지 않는 정보입니다.", "Not found."],
  NOT_FOUND_BILLING: [404, "존재하지 않는 빌링 결제 정보입니다.", "The billing does not exist."],
  NOT_FOUND_HTTP_METHOD: [
    404,
    "존재하지 않는 URL 또는 HTTP 메소드입니다.",
    "The URL or the HTTP method does not exist.",
  ],
  NOT_FOUND_MERCHANT: [404, "존재하지 않는 상점입니다.", "The merchant does not exist."],
  NOT_FOUND_MERCHANT_BUSINESS_NUMBER: [
    404,
    "상점의 사업자 번호가 없습니다.",
    "The merchant has no business number.",
  ],
  NOT_FOUND_PAYMENT: [404, "존재하지 않는 결제 입니다.", "The payment does not exist."],
  NOT_FOUND_PAYMENT_SESSION: [
    404,
    "결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다.",
    "The payment session has expired.",
  ],
  IDEMPOTENT_REQUEST_PROCESSING: [
    409,
    "이전 멱등 요청이 처리중입니다.",
    "The first request with this idempotency key is still being processed.",
  ],
  TOO_MANY_REQUESTS: [
    429,
    "요청이 너무 많습니다. 잠시 후 다시 시도해주세요.",
    "Too many requests. Try again later.",
  ],
  COMMON_ERROR: [500, "일시적인 오류가 발생했습니다.", "A temporary error occurred."],
  FAILED_BILLING_AUTO_CANCEL: [
    500,
    "자동 결제의 자동 취소에 실패했습니다.",
    "The automatic reversal of the charge failed.",
  ],
  FAILED_BILL_KEY_AUTH_CREATION: [
    500,
    "빌링키 인증 생성에 실패했습니다.",
    "The billing authentication could not be created.",
  ],
  FAILED_CARD_COMPANY_RESPONSE: [
    500,
    "카드사에서 응답이 없습니다.",
    "The card company did not answer.",
  ],
  FAILED_DB_PROCESSING: [
    500,
    "잘못된 요청값으로 처리 중 DB 에러가 발생했습니다.",
    "Storage error.",
  ],
  FAILED_INTERNAL_SYSTEM_PROCESSING: [
    500,
    "내부 시스템 처리 작업이 실패했습니다. 잠시 후 다시 시도해주세요.",
    "Internal processing failed. Try again later.",
  ],
  FAILED_METHOD_HANDLING_CANCEL: [
    500,
    "취소 중 결제 수단 처리에 실패했습니다.",
    "The method failed while cancelling.",
  ],
  FAILED_PARTIAL_REFUND: [500, "부분 환불에 실패했습니다.", "The partial refund failed."],
  FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING: [
    500,
    "결제가 완료되지 않았어요. 다시 시도해주세요.",
    "The payment was not completed. Try again.",
  ],
  FAILED_REFUND_PROCESS: [
    500,
    "은행 응답시간 지연으로 환불에 실패했습니다.",
    "The refund failed because the bank was slow.",
  ],
  UNKNOWN_ERROR: [500, "알 수 없는 오류가 발생했습니다.", "An unknown error occurred."],
  UNKNOWN_PAYMENT_ERROR: [
    500,
    "결제에 실패했어요. 같은 문제가 반복된다면 은행이나 카드사로 문의해주세요.",
    "The payment failed. Ask the bank or the card company.",
  ],
} as const satisfies Record<string, readonly [status: number, ko: string, en: string]>;

export type ErrorCode = keyof typeof errorTable;

export type Language = "ko" | "en";

/** A refusal as the API words it; `detail` names the offending field and is appended to the message. */
export class TossError extends Error {
  override readonly name = "TossError";
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}

export const errorCodes = Object.keys(errorTable).filter(isErrorCode);

export function errorStatus(code: ErrorCode): number {
  return errorTable[code][0];
}

export function errorMessage(code: ErrorCode, language: Language): string {
  return errorTable[code][language === "en" ? 2 : 1];
}

/** The JSON text of an error answer. */
export function errorBody(error: TossError, language: Language): string {
  const message = errorMessage(error.code, language);
  return JSON.stringify({
    code: error.code,
    message: error.detail ? `${message} (${error.detail})` : message,
  });
}
