/* The browser SDK, version 1. */
import {
  announce,
  closeWindow,
  failure,
  isMetadata,
  isMissing,
  isNarrow,
  isOrderId,
  isText,
  isWebUrl,
  openWindow,
} from "./sdk-core.js";

function connect(clientKey) {
  checkClientKey(clientKey);
  return {
    requestPayment: async (method, parameters) => {
      const [word, given] =
        typeof method === "object" && method !== null
          ? ["", method]
          : [method || "", parameters || {}];
      return open(paymentRequest(clientKey, word, given));
    },
    requestBillingAuth: async (method, parameters) =>
      open(billingRequest(clientKey, method, parameters || {})),
    cancelPayment: () => closeWindow(),
  };
}
Object.assign(connect, { version: "1.0.0-emulator", __versionHash__: "emulator" });

announce(connect);

/* A second request takes the place of the first. */
function open(request) {
  closeWindow();
  return openWindow(request);
}

function checkClientKey(clientKey) {
  const key = typeof clientKey === "string" ? clientKey : "";
  if (/^(test|live)_g?sk_/.test(key)) {
    throw failure(
      "INSECURE_KEY_USAGE",
      "시크릿 키를 브라우저에서 쓰면 안 됩니다. 클라이언트 키를 넣어주세요.",
    );
  }
  if (key.startsWith("test_gck_")) {
    throw failure("NOT_SUPPORTED_WIDGET_KEY", "API 개별 연동 키의 클라이언트 키를 넣어주세요.");
  }
  if (!key.startsWith("test_ck_")) {
    throw failure(
      "INVALID_CLIENT_KEY",
      "잘못된 클라이언트 키입니다. 에뮬레이터는 test_ck_ 키만 받습니다.",
    );
  }
}

function paymentRequest(clientKey, method, given) {
  check(Number.isSafeInteger(given.amount) && given.amount >= 0, "amount");
  check(isOrderId(given.orderId), "orderId");
  check(isText(given.orderName, 1, 100), "orderName");
  const isPromise = isMissing(given.successUrl) && isMissing(given.failUrl);
  if (!isPromise) checkUrls(given);
  const target = chooseTarget(given);
  if (isPromise && target === "self") check(false, "successUrl, failUrl");
  checkPerson(given);
  check(isMetadata(given.metadata), "metadata");
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

function billingRequest(clientKey, method, given) {
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
