/* The browser SDK, version 1. */
import { announce, checkNoSecret, closeWindow, failure, openWindow } from "./sdk-core.js";
import { billingRequest, paymentRequest } from "./sdk-v1-requests.js";

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

announce("TossPayments", connect);

/* A second request takes the place of the first. */
function open(request) {
  closeWindow();
  return openWindow(request);
}

function checkClientKey(clientKey) {
  const key = typeof clientKey === "string" ? clientKey : "";
  checkNoSecret(key);
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
