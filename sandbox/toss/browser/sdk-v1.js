/* The browser SDK, version 1: defines window.TossPayments at once and announces it for the older loader. */
(() => {
  const serverUrl = new URL(document.currentScript.src).origin;
  const ids = {
    iframe: "___tosspayments_iframe___",
    loading: "___tosspayments_iframe__loading___",
    dimmer: "___tosspayments_dimmer___",
    form: "___tosspayments_form___",
  };
  let opened = null;

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
      cancelPayment: () => cancelOpened(),
    };
  }
  Object.assign(connect, { version: "1.0.0-emulator", __versionHash__: "emulator" });

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
    check(isText(given.orderId, 6, 64) && /^[A-Za-z0-9_=-]+$/.test(given.orderId), "orderId");
    check(isText(given.orderName, 1, 100), "orderName");
    const isPromise = isMissing(given.successUrl) && isMissing(given.failUrl);
    if (!isPromise) checkUrls(given);
    const target = chooseTarget(given);
    if (isPromise && target === "self") check(false, "successUrl, failUrl");
    checkPerson(given);
    checkMetadata(given.metadata);
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
    const isNarrow =
      window.matchMedia("(max-width: 767px)").matches || /Mobi|Android/i.test(navigator.userAgent);
    return isNarrow ? "self" : windowTarget || "iframe";
  }

  function checkUrls({ successUrl, failUrl }) {
    check(isWebUrl(successUrl), "successUrl");
    check(isWebUrl(failUrl), "failUrl");
  }

  function checkPerson({ customerName, customerEmail }) {
    check(isMissing(customerName) || isText(customerName, 0, 100), "customerName");
    check(isMissing(customerEmail) || isText(customerEmail, 0, 100), "customerEmail");
  }

  function checkMetadata(metadata) {
    if (isMissing(metadata)) return;
    const pairs = typeof metadata === "object" ? Object.entries(metadata) : [];
    check(typeof metadata === "object" && pairs.length <= 5, "metadata");
    for (const [name, value] of pairs) {
      check(isText(name, 1, 40) && !/[[\]]/.test(name) && isText(value, 0, 2000), "metadata");
    }
  }

  async function open(request) {
    cancelOpened();
    const frame = request.target === "iframe" ? showFrame() : null;
    try {
      const answer = await createWindow(request);
      if (frame) return await waitInFrame(frame, answer);
      location.assign(answer.url);
      return await new Promise(() => {});
    } catch (error) {
      frame?.remove();
      throw error;
    }
  }

  async function createWindow(request) {
    let response;
    try {
      response = await fetch(`${serverUrl}/sdk/windows`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      });
    } catch {
      throw failure("NETWORK_ERROR", "결제 서버에 연결할 수 없습니다.");
    }
    const answer = await response.json();
    if (!response.ok) throw failure(answer.code, answer.message);
    return answer;
  }

  function waitInFrame(frame, { id, url }) {
    return new Promise((resolve, reject) => {
      function settle(result) {
        window.removeEventListener("message", receive);
        opened = null;
        frame.remove();
        if (result.kind === "redirect") location.assign(result.url);
        else if (result.kind === "resolve") resolve(result.value);
        else reject(failure(result.code, result.message));
      }
      function receive(event) {
        if (event.origin !== serverUrl || event.source !== frame.iframe.contentWindow) return;
        if (event.data?.source === "toss-emulator" && event.data.windowId === id) {
          settle(event.data.result);
        }
      }
      window.addEventListener("message", receive);
      opened = () => settle({ kind: "reject", code: "USER_CANCEL", message: "취소되었습니다." });
      frame.iframe.src = url;
    });
  }

  function cancelOpened() {
    opened?.();
  }

  function showFrame() {
    const focused = document.activeElement;
    const overflow = document.documentElement.style.overflow;
    const dimmer = element("div", ids.dimmer, {
      position: "fixed",
      inset: "0",
      zIndex: "2147483646",
      display: "grid",
      placeItems: "center",
      background: "rgba(0, 0, 0, 0.5)",
    });
    dimmer.setAttribute("role", "dialog");
    dimmer.setAttribute("aria-modal", "true");
    dimmer.setAttribute("aria-label", "결제창");
    const loading = element("p", ids.loading, {
      position: "absolute",
      margin: "0",
      color: "#fff",
      font: "16px sans-serif",
    });
    loading.textContent = "결제창을 여는 중입니다…";
    const form = element("form", ids.form, { display: "none" });
    const iframe = element("iframe", ids.iframe, {
      position: "relative",
      width: "min(560px, 100vw)",
      height: "min(760px, 100vh)",
      border: "0",
      borderRadius: "20px",
      background: "#fff",
      visibility: "hidden",
    });
    iframe.title = "결제창";
    iframe.addEventListener("load", () => {
      if (!iframe.src) return;
      loading.remove();
      iframe.style.visibility = "visible";
      iframe.focus();
    });
    dimmer.append(loading, form, iframe);
    document.body.append(dimmer);
    document.documentElement.style.overflow = "hidden";
    return {
      iframe,
      remove() {
        dimmer.remove();
        document.documentElement.style.overflow = overflow;
        if (focused instanceof HTMLElement) focused.focus();
      },
    };
  }

  function element(name, id, style) {
    document.getElementById(id)?.remove();
    const made = document.createElement(name);
    made.id = id;
    Object.assign(made.style, style);
    return made;
  }

  function check(isRight, parameter) {
    if (!isRight)
      throw failure("INVALID_PARAMETER", `파라미터 값이 올바르지 않습니다: ${parameter}`);
  }

  function isMissing(value) {
    return value === undefined || value === null;
  }

  function isText(value, min, max) {
    return typeof value === "string" && value.length >= min && value.length <= max;
  }

  function isWebUrl(value) {
    return isText(value, 1, 2000) && /^https?:\/\//i.test(value) && URL.canParse(value);
  }

  function failure(code, message) {
    return Object.assign(new Error(message), { code });
  }

  window.TossPayments = connect;
  window.dispatchEvent(new Event("TossPayments:initialize:TossPayments"));
})();
