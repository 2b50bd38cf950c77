import { type ErrorCode, errorMessage, type Language } from "./errors";
import { seoulTime } from "./seoul-time";
import type { CancelRecord, PaymentRecord } from "./store";

const englishWords: Readonly<Record<string, string>> = {
  카드: "Card",
  신용: "Credit",
  체크: "Debit",
  기프트: "Gift",
  미확인: "Unknown",
  개인: "Personal",
  법인: "Corporate",
};

/** For whom an object is written: the caller's language, the API version of the key, the address links start with. */
export type View = {
  readonly language: Language;
  readonly version: string;
  readonly publicUrl: string;
};

/** The Payment object of the API (fact sheet 5.1). */
export function paymentView(payment: PaymentRecord, view: View): object {
  const { language, publicUrl, version } = view;
  const vat = vatOf(payment.balanceAmount - payment.taxFreeAmount - payment.taxExemptionAmount);
  const isAuthenticated = payment.card !== null && payment.status !== "EXPIRED";
  return {
    version,
    paymentKey: payment.paymentKey,
    type: payment.type,
    orderId: payment.orderId,
    orderName: payment.orderName,
    mId: payment.mId,
    currency: "KRW",
    method: isAuthenticated ? translate("카드", language) : null,
    totalAmount: payment.totalAmount,
    balanceAmount: payment.balanceAmount,
    status: payment.status,
    requestedAt: seoulTime(payment.requestedAt),
    approvedAt: payment.approvedAt === null ? null : seoulTime(payment.approvedAt),
    useEscrow: isAuthenticated ? false : null,
    lastTransactionKey: payment.cancels.at(-1)?.transactionKey ?? payment.approvalKey,
    suppliedAmount:
      payment.balanceAmount - vat - payment.taxFreeAmount - payment.taxExemptionAmount,
    vat,
    taxFreeAmount: payment.taxFreeAmount,
    taxExemptionAmount: payment.taxExemptionAmount,
    cultureExpense: false,
    cancels: payment.cancels.length === 0 ? null : payment.cancels.map(cancelView),
    isPartialCancelable: payment.taxExemptionAmount === 0,
    card: isAuthenticated ? cardView(payment, language) : null,
    virtualAccount: null,
    secret: payment.secret,
    mobilePhone: null,
    giftCertificate: null,
    transfer: null,
    metadata: payment.metadata,
    receipt:
      payment.approvedAt === null ? null : { url: `${publicUrl}/receipt/${payment.paymentKey}` },
    checkout: { url: `${publicUrl}/v1/payments/${payment.paymentKey}/checkout` },
    easyPay: null,
    country: "KR",
    failure: failureView(payment.failure, language),
    cashReceipt: null,
    cashReceipts: null,
    discount: null,
  };
}

export function translate(word: string, language: Language): string {
  return language === "en" ? (englishWords[word] ?? word) : word;
}

/** The VAT inside an amount: a tenth of the supply, so an eleventh of the whole, rounded to the won. */
function vatOf(taxableWon: number): number {
  return Math.round(taxableWon / 11);
}

function cardView(payment: PaymentRecord, language: Language): object | null {
  if (payment.card === null) return null;
  return {
    amount: payment.totalAmount,
    issuerCode: payment.card.issuerCode,
    acquirerCode: payment.card.issuerCode,
    number: payment.card.number,
    installmentPlanMonths: payment.card.installmentPlanMonths,
    approveNo: "00000000",
    useCardPoint: false,
    cardType: translate(payment.card.cardType, language),
    ownerType: translate(payment.card.ownerType, language),
    acquireStatus: payment.status === "CANCELED" ? "CANCELED" : "READY",
    isInterestFree: false,
    interestPayer: null,
  };
}

function cancelView(cancel: CancelRecord): object {
  return {
    transactionKey: cancel.transactionKey,
    cancelReason: cancel.cancelReason,
    taxFreeAmount: cancel.taxFreeAmount,
    taxExemptionAmount: cancel.taxExemptionAmount,
    canceledAt: seoulTime(cancel.canceledAt),
    cardDiscountAmount: 0,
    transferDiscountAmount: 0,
    easyPayDiscountAmount: 0,
    receiptKey: null,
    cancelAmount: cancel.cancelAmount,
    refundableAmount: cancel.refundableAmount,
    cancelStatus: "DONE",
    cancelRequestId: null,
  };
}

function failureView(
  code: ErrorCode | "EXPIRED_PAYMENT" | null,
  language: Language,
): object | null {
  if (code === null) return null;
  if (code !== "EXPIRED_PAYMENT") return { code, message: errorMessage(code, language) };
  const message =
    language === "en" ? "The payment session has expired." : "결제 유효시간이 만료되었습니다.";
  return { code, message };
}
