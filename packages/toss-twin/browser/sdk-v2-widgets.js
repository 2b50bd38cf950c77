/* The order form of version 2. */
import { failure } from "./sdk-core.js";
import { checkAgreed, drawMethods, drawTerms } from "./sdk-widgets.js";

export function createWidgets({ open, checkAmount }) {
  const form = { amount: null, method: null, methods: null, isAgreed: true, terms: null };

  async function requestPayment(given) {
    if (!form.amount) throw failure("NOT_SETUP_AMOUNT", "setAmount()를 먼저 불러주세요.");
    if (!form.method) throw failure("NOT_SELECTED_PAYMENT_METHOD", "결제수단을 선택해 주세요.");
    return requestWith(given, form.amount);
  }

  async function requestWith(given, amount) {
    checkAgreed(form.isAgreed);
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
  if (form.methods) {
    throw failure("PAYMENT_METHODS_WIDGET_ALREADY_RENDERED", "결제수단이 이미 그려져 있습니다.");
  }
  const listeners = [];
  const methods = drawMethods(parameters?.selector, (code) => {
    form.method = code;
    for (const listener of listeners) listener({ code });
  });
  Object.assign(form, { method: "CARD", methods });
  return {
    on: (name, listener) => name === "paymentMethodSelect" && listeners.push(listener),
    getSelectedPaymentMethod: async () => ({ code: form.method }),
    async destroy() {
      methods.erase();
      Object.assign(form, { method: null, methods: null });
    },
  };
}

function renderTerms(form, parameters) {
  if (form.terms) {
    throw failure("AGREEMENT_WIDGET_ALREADY_RENDERED", "약관이 이미 그려져 있습니다.");
  }
  const listeners = [];
  const terms = drawTerms(parameters?.selector, (agreed) => {
    form.isAgreed = agreed;
    const agreements = [{ term: { id: "emulator-terms", required: true }, agreed }];
    for (const listener of listeners) listener({ agreedRequiredTerms: agreed, agreements });
  });
  Object.assign(form, { isAgreed: true, terms });
  return {
    on: (name, listener) => name === "agreementStatusChange" && listeners.push(listener),
    async destroy() {
      terms.erase();
      Object.assign(form, { isAgreed: true, terms: null });
    },
  };
}
