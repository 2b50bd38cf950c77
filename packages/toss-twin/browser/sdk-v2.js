/* The browser SDK, version 2: payment() in full, widgets() as far as a subscription shop meets it. */
import {
  announce,
  checkNoSecret,
  closeWindow,
  failure,
  isText,
  isWindowOpen,
  openWindow,
} from "./sdk-core.js";
import { anonymous, billingRequest, checkAmount, paymentRequest } from "./sdk-v2-requests.js";
import { createWidgets } from "./sdk-v2-widgets.js";

function connect(clientKey) {
  const key = typeof clientKey === "string" ? clientKey : "";
  checkNoSecret(key);
  if (!/^test_g?ck_/.test(key)) {
    throw failure(
      "INVALID_CLIENT_KEY",
      "잘못된 클라이언트 키입니다. 에뮬레이터는 test_ck_와 test_gck_ 키만 받습니다.",
    );
  }
  const isWidgetKey = key.startsWith("test_gck_");
  return {
    payment(parameters) {
      const customerKey = customerKeyOf(parameters);
      if (isWidgetKey) {
        throw failure("NOT_SUPPORTED_WIDGET_KEY", "API 개별 연동 키의 클라이언트 키를 넣어주세요.");
      }
      return createPayment(key, customerKey);
    },
    widgets(parameters) {
      const customerKey = customerKeyOf(parameters);
      if (!isWidgetKey) {
        throw failure("NOT_SUPPORTED_API_INDIVIDUAL_KEY", "주문서형 연동 키를 넣어주세요.");
      }
      return createWidgets({
        open: (given, method) => open(paymentRequest(key, customerKey, { ...given, method })),
        checkAmount,
      });
    },
    brandpay() {
      throw failure("UNKNOWN", "에뮬레이터에는 브랜드페이가 없습니다.");
    },
    requestPayment: refuseVersion1,
    requestBillingAuth: refuseVersion1,
  };
}
Object.assign(connect, { ANONYMOUS: anonymous, version: "2.0.0-emulator" });

announce("TossPayments", connect);

function createPayment(clientKey, customerKey) {
  return {
    requestPayment: async (given) => open(paymentRequest(clientKey, customerKey, given)),
    async requestBillingAuth(given) {
      if (customerKey === anonymous) {
        throw failure("INVALID_CUSTOMER_KEY", "자동결제에는 customerKey가 필요합니다.");
      }
      await open(billingRequest(clientKey, customerKey, given));
    },
    /* Safe with nothing open, as one of the two comments of the real package says. */
    async destroy() {
      closeWindow({ code: "PAYMENT_REQUEST_ABORTED", message: "결제 요청이 중단되었습니다." });
    },
  };
}

async function open(request) {
  if (isWindowOpen()) {
    throw failure("INVALID_METHOD_TRANSACTION", "이미 다른 결제창이 열려 있습니다.");
  }
  const { amount, ...result } = await openWindow(request);
  return { ...result, amount: { currency: "KRW", value: amount } };
}

async function refuseVersion1() {
  throw failure("V1_METHOD_NOT_SUPPORTED", "payment()나 widgets()가 돌려주는 객체에서 불러주세요.");
}

function customerKeyOf(parameters) {
  const customerKey = parameters?.customerKey;
  if (customerKey === anonymous) return anonymous;
  checkNoSecret(typeof customerKey === "string" ? customerKey : "");
  if (!isText(customerKey, 2, 50) || !/^[A-Za-z0-9\-_=.@]+$/.test(customerKey)) {
    throw failure(
      "INVALID_CUSTOMER_KEY",
      "customerKey는 영문, 숫자, -, _, =, ., @로 2자 이상 50자 이하여야 합니다.",
    );
  }
  return customerKey;
}
