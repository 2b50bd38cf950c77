/* The payment widget of version 1, which came as a script of its own. */
import { announce, checkNoSecret, closeWindow, failure, isText, openWindow } from "./sdk-core.js";
import { paymentRequest } from "./sdk-v1-requests.js";
import { checkAgreed, drawMethods, drawTerms } from "./sdk-widgets.js";

const anonymous = "@@ANONYMOUS";
const methodWords = { CARD: "카드", TRANSFER: "계좌이체", VIRTUAL_ACCOUNT: "가상계좌" };

function connect(clientKey, customerKey) {
  checkKeys(clientKey, customerKey);
  const form = { amount: null, method: null, isAgreed: true };
  return {
    renderPaymentMethods: (selector, amount) => renderMethods(form, selector, amount),
    renderAgreement: (selector) => renderTerms(form, selector),
    async requestPayment(given) {
      if (!form.method) {
        throw failure("NOT_SELECTED_PAYMENT_METHOD", "renderPaymentMethods()를 먼저 불러주세요.");
      }
      checkAgreed(form.isAgreed);
      const request = paymentRequest(clientKey, form.method, { ...given, amount: form.amount });
      closeWindow();
      const result = await openWindow({
        ...request,
        customerKey: customerKey === anonymous ? null : customerKey,
      });
      return { paymentType: "NORMAL", ...result };
    },
  };
}
Object.assign(connect, {
  ANONYMOUS: anonymous,
  version: "1.0.0-emulator",
  __versionHash__: "emulator",
});

announce("PaymentWidget", connect);

function checkKeys(clientKey, customerKey) {
  const key = typeof clientKey === "string" ? clientKey : "";
  checkNoSecret(key);
  if (key.startsWith("test_ck_")) {
    throw failure("NOT_SUPPORTED_API_INDIVIDUAL_KEY", "결제위젯 연동 키를 넣어주세요.");
  }
  if (!key.startsWith("test_gck_")) {
    throw failure(
      "INVALID_CLIENT_KEY",
      "잘못된 클라이언트 키입니다. 에뮬레이터는 test_gck_ 키만 받습니다.",
    );
  }
  if (!isText(customerKey, 2, 300)) {
    throw failure("INVALID_CUSTOMER_KEY", "customerKey는 2자 이상 300자 이하여야 합니다.");
  }
}

/* The amount came as a bare number first and as an object later; pages of both kinds exist. */
function renderMethods(form, selector, amount) {
  drawMethods(selector, (code) => {
    form.method = methodWords[code];
  });
  const won = typeof amount === "object" && amount !== null ? amount.value : amount;
  Object.assign(form, { amount: won, method: methodWords.CARD });
  return {
    UPDATE_REASON: { COUPON: "COUPON", POINT: "POINT" },
    updateAmount: (changed) => {
      form.amount = changed;
    },
    getSelectedPaymentMethod: () => ({ type: "NORMAL", method: form.method }),
    on: whenReady,
  };
}

function renderTerms(form, selector) {
  const listeners = [];
  const status = () => ({
    agreedRequiredTerms: form.isAgreed,
    terms: [{ id: "emulator-terms", agreed: form.isAgreed, required: true }],
  });
  drawTerms(selector, (isAgreed) => {
    form.isAgreed = isAgreed;
    for (const listener of listeners) listener(status());
  });
  form.isAgreed = true;
  return {
    getAgreementStatus: status,
    on: (name, listener) =>
      name === "agreementStatusChange" ? listeners.push(listener) : whenReady(name, listener),
  };
}

/* Drawn at once, so whoever asks is told as soon as the page's own lines have run. */
function whenReady(name, listener) {
  if (name === "ready") queueMicrotask(listener);
}
