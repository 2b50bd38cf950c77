/* The order form: a choice of methods and a box for the terms, drawn into the shop's page. */
import { failure, isText } from "./sdk-core.js";

const methods = [
  ["CARD", "신용·체크카드"],
  ["TRANSFER", "계좌이체"],
  ["VIRTUAL_ACCOUNT", "가상계좌"],
];

export function createWidgets({ open, checkAmount }) {
  const form = { amount: null, method: null, methodsPlace: null, agreed: true, termsPlace: null };

  async function requestPayment(given) {
    if (!form.amount) throw failure("NOT_SETUP_AMOUNT", "setAmount()를 먼저 불러주세요.");
    if (!form.method) throw failure("NOT_SELECTED_PAYMENT_METHOD", "결제수단을 선택해 주세요.");
    return requestWith(given, form.amount);
  }

  async function requestWith(given, amount) {
    if (!form.agreed) {
      throw failure("NEED_AGREEMENT_WITH_REQUIRED_TERMS", "필수 약관에 동의해 주세요.");
    }
    const result = await open({ ...given, amount }, form.method ?? "CARD");
    return { paymentType: "NORMAL", ...result };
  }

  return {
    async setAmount(amount) {
      checkAmount(amount);
      form.amount = { ...amount };
    },
    renderPaymentMethods: async (parameters) => renderMethods(form, parameters),
    renderAgreement: async (parameters) => renderTerms(form, parameters),
    requestPayment,
    requestPaymentWindow: async (given) => {
      checkAmount(given?.amount);
      return requestWith(given, given.amount);
    },
  };
}

function renderMethods(form, parameters) {
  if (!form.amount) throw failure("NOT_SETUP_AMOUNT", "setAmount()를 먼저 불러주세요.");
  if (form.methodsPlace) {
    throw failure("PAYMENT_METHODS_WIDGET_ALREADY_RENDERED", "결제수단이 이미 그려져 있습니다.");
  }
  const place = placeOf(parameters);
  const listeners = [];
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = "결제 방법";
  group.append(legend);
  for (const [code, words] of methods) {
    const input = box("radio", words, group);
    input.name = "toss-emulator-method";
    input.value = code;
    input.checked = code === "CARD";
    input.addEventListener("change", () => {
      form.method = code;
      for (const listener of listeners) listener({ code });
    });
  }
  place.replaceChildren(group);
  Object.assign(form, { method: "CARD", methodsPlace: place });
  return {
    on: (name, listener) => name === "paymentMethodSelect" && listeners.push(listener),
    getSelectedPaymentMethod: async () => ({ code: form.method }),
    async destroy() {
      place.replaceChildren();
      Object.assign(form, { method: null, methodsPlace: null });
    },
  };
}

function renderTerms(form, parameters) {
  if (form.termsPlace) {
    throw failure("AGREEMENT_WIDGET_ALREADY_RENDERED", "약관이 이미 그려져 있습니다.");
  }
  const place = placeOf(parameters);
  const listeners = [];
  const group = document.createElement("div");
  const input = box("checkbox", "[필수] 결제 서비스 이용 약관, 개인정보 처리 동의", group);
  input.checked = true;
  input.addEventListener("change", () => {
    form.agreed = input.checked;
    const term = { id: "emulator-terms", required: true };
    const agreements = [{ term, agreed: form.agreed }];
    for (const listener of listeners) {
      listener({ agreedRequiredTerms: form.agreed, agreements });
    }
  });
  place.replaceChildren(group);
  Object.assign(form, { agreed: true, termsPlace: place });
  return {
    on: (name, listener) => name === "agreementStatusChange" && listeners.push(listener),
    async destroy() {
      place.replaceChildren();
      Object.assign(form, { agreed: true, termsPlace: null });
    },
  };
}

function placeOf(parameters) {
  const selector = parameters?.selector;
  let place = null;
  if (isText(selector, 1, 1000)) {
    try {
      place = document.querySelector(selector);
    } catch {
      place = null;
    }
  }
  if (!place) throw failure("INVALID_SELECTOR", "selector가 가리키는 요소가 없습니다.");
  return place;
}

function box(type, words, parent) {
  const label = document.createElement("label");
  Object.assign(label.style, { display: "flex", gap: "8px", padding: "10px 0", cursor: "pointer" });
  const input = document.createElement("input");
  input.type = type;
  label.append(input, words);
  parent.append(label);
  return input;
}
