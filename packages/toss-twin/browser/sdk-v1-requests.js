/* What version 1 asks of the window, checked as its documentation says. */
import {
  failure,
  isMetadata,
  isMissing,
  isNarrow,
  isOrderId,
  isText,
  isWebUrl,
} from "./sdk-core.js";

export function paymentRequest(clientKey, method, given) {
  check(Number.isSafeInteger(given.amount) && given.amount >= 0, "amount");
  check(isOrderId(given.orderId), "orderId");
  check(isText(given.orderName, 1, 100), "orderName");
  const isPromise = isMissing(given.successUrl) && isMissing(given.failUrl);
  if (!isPromise) checkUrls(given);
  const target = chooseTarget(given);
  if (isPromise && target === "self") check(false, "successUrl, failUrl");
  checkPerson(given);
  check(isMetadata(given.metadata), "metadata");
  checkFlow(given);
  return {
    kind: "payment",
    clientKey,
    method,
    target,
    amount: given.amount,
    orderId: given.orderId,
    orderName: given.orderName,
    successUrl: isPromise ? null : given.successUrl,
    failUrl: isPromise ? null : given.failUrl,
    taxFreeAmount: given.taxFreeAmount || 0,
    useEscrow: given.useEscrow === true,
    account: {
      customerName: given.customerName || null,
      validHours: given.validHours ?? null,
      dueDate: given.dueDate ?? null,
    },
    metadata: given.metadata || null,
  };
}

export function billingRequest(clientKey, method, given) {
  check(method === "카드" || method === "CARD", "method");
  check(isText(given.customerKey, 2, 300), "customerKey");
  checkUrls(given);
  checkPerson(given);
  const { customerKey, successUrl, failUrl } = given;
  const target = chooseTarget(given);
  return { kind: "billing", clientKey, method, target, customerKey, successUrl, failUrl };
}

function chooseTarget({ windowTarget }) {
  check(isMissing(windowTarget) || /^(iframe|self)$/.test(windowTarget), "windowTarget");
  return isNarrow() ? "self" : windowTarget || "iframe";
}

/** A window that opens straight at a card company or an easy pay needs to be told which. */
function checkFlow({ flowMode, cardCompany, easyPay }) {
  check(isMissing(flowMode) || /^(DEFAULT|DIRECT)$/.test(flowMode), "flowMode");
  if (flowMode !== "DIRECT") return;
  check(isMissing(cardCompany) !== isMissing(easyPay), "cardCompany, easyPay");
}

function checkUrls({ successUrl, failUrl }) {
  check(isWebUrl(successUrl), "successUrl");
  check(isWebUrl(failUrl), "failUrl");
}

function checkPerson({ customerName, customerEmail }) {
  check(isMissing(customerName) || isText(customerName, 0, 100), "customerName");
  check(isMissing(customerEmail) || isText(customerEmail, 0, 100), "customerEmail");
}

function check(isRight, parameter) {
  if (!isRight) throw failure("INVALID_PARAMETER", `파라미터 값이 올바르지 않습니다: ${parameter}`);
}
