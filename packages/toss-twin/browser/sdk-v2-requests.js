/* What version 2 asks of the window, checked as its documentation says. */
import {
  failure,
  isMetadata,
  isMissing,
  isNarrow,
  isOrderId,
  isText,
  isWebUrl,
} from "./sdk-core.js";

export const anonymous = "@@ANONYMOUS";
const paymentMethods = [
  ...["CARD", "VIRTUAL_ACCOUNT", "TRANSFER", "MOBILE_PHONE", "FOREIGN_EASY_PAY"],
  ...["CULTURE_GIFT_CERTIFICATE", "BOOK_GIFT_CERTIFICATE", "GAME_GIFT_CERTIFICATE"],
];

export function paymentRequest(clientKey, customerKey, parameters) {
  const given = fieldsOf(parameters);
  checkMethod(given.method, paymentMethods);
  checkAmount(given.amount);
  check(isOrderId(given.orderId), "orderId");
  check(isText(given.orderName, 1, 100), "orderName");
  checkPerson(given);
  const phone = given.customerMobilePhone;
  check(isMissing(phone) || (isText(phone, 8, 15) && /^\d+$/.test(phone)), "customerMobilePhone");
  const taxFreeAmount = given.taxFreeAmount ?? 0;
  check(Number.isSafeInteger(taxFreeAmount) && taxFreeAmount >= 0, "taxFreeAmount");
  if (!isMetadata(given.metadata)) {
    throw failure("INVALID_METADATA", "metadata는 다섯 쌍까지, 값은 문자열이어야 합니다.");
  }
  const isPromise = isMissing(given.successUrl) && isMissing(given.failUrl);
  if (!isPromise) checkUrls(given);
  const target = chooseTarget(given);
  if (isPromise && target === "self") {
    throw failure("NOT_SUPPORTED_PROMISE", "이 환경에서는 successUrl과 failUrl이 필요합니다.");
  }
  return {
    kind: "payment",
    clientKey,
    method: given.method,
    target,
    customerKey: customerKey === anonymous ? null : customerKey,
    amount: given.amount.value,
    orderId: given.orderId,
    orderName: given.orderName,
    successUrl: isPromise ? null : given.successUrl,
    failUrl: isPromise ? null : given.failUrl,
    taxFreeAmount,
    taxExemptionAmount: given.card?.taxExemptionAmount ?? 0,
    useEscrow: [given.card, given.virtualAccount, given.transfer].some(
      (wishes) => wishes?.useEscrow === true,
    ),
    account: {
      customerName: given.customerName || null,
      validHours: given.virtualAccount?.validHours ?? null,
      dueDate: given.virtualAccount?.dueDate ?? null,
    },
    metadata: given.metadata ?? null,
  };
}

export function billingRequest(clientKey, customerKey, parameters) {
  const given = fieldsOf(parameters);
  const { method, successUrl, failUrl } = given;
  checkMethod(method, ["CARD", "TRANSFER"]);
  checkUrls(given);
  checkPerson(given);
  const types = given.selectableCardTypes;
  check(
    isMissing(types) ||
      (method === "CARD" &&
        Array.isArray(types) &&
        types.every((type) => ["PERSONAL", "CORPORATE"].includes(type))),
    "selectableCardTypes",
  );
  check(isMissing(given.flowMode) || ["DEFAULT", "DIRECT"].includes(given.flowMode), "flowMode");
  check(isMissing(given.easyPay) || given.flowMode === "DIRECT", "easyPay");
  const target = chooseTarget(given);
  return { kind: "billing", clientKey, method, target, customerKey, successUrl, failUrl };
}

export function checkAmount(amount) {
  check(typeof amount === "object" && amount !== null, "amount");
  if (amount.currency !== "KRW") {
    throw failure("INVALID_AMOUNT_CURRENCY", "에뮬레이터는 KRW 결제만 받습니다.");
  }
  if (!Number.isSafeInteger(amount.value)) {
    throw failure("INVALID_AMOUNT_VALUE", "amount.value는 정수여야 합니다.");
  }
  if (amount.value < 0) throw failure("BELOW_ZERO_AMOUNT", "결제 금액은 0원 이상이어야 합니다.");
}

function fieldsOf(parameters) {
  check(typeof parameters === "object" && parameters !== null, "parameters");
  return parameters;
}

function checkMethod(method, known) {
  if (!known.includes(method)) {
    throw failure("NOT_SUPPORTED_METHOD", `지원하지 않는 결제수단입니다: ${method}`);
  }
}

function checkUrls({ successUrl, failUrl }) {
  if (!isWebUrl(successUrl)) {
    throw failure("INCORRECT_SUCCESS_URL_FORMAT", "successUrl은 http로 시작하는 주소여야 합니다.");
  }
  if (!isWebUrl(failUrl)) {
    throw failure("INCORRECT_FAIL_URL_FORMAT", "failUrl은 http로 시작하는 주소여야 합니다.");
  }
}

function checkPerson({ customerName, customerEmail }) {
  check(isMissing(customerName) || isText(customerName, 0, 100), "customerName");
  check(isMissing(customerEmail) || isText(customerEmail, 0, 100), "customerEmail");
}

/* A frame is not possible on a phone. */
function chooseTarget({ windowTarget }) {
  check(isMissing(windowTarget) || ["iframe", "self"].includes(windowTarget), "windowTarget");
  return isNarrow() ? "self" : windowTarget || "iframe";
}

function check(isRight, parameter) {
  if (!isRight) {
    throw failure("INVALID_PARAMETERS", `파라미터 값이 올바르지 않습니다: ${parameter}`);
  }
}
