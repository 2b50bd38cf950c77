import type { CancelRecord, PaymentRecord } from "@/packages/toss-twin/store/records";
import { seoulTime } from "@/packages/toss-twin/time/seoul";
import { type ErrorCode, errorMessage, type Language } from "./errors";

const englishWords: Readonly<Record<string, string>> = {
  카드: "Card",
  가상계좌: "Virtual account",
  계좌이체: "Transfer",
  신용: "Credit",
  체크: "Debit",
  기프트: "Gift",
  미확인: "Unknown",
  개인: "Personal",
  법인: "Corporate",
  일반: "Normal",
  고정: "Fixed",
  소득공제: "Income deduction",
  지출증빙: "Proof of expenditure",
};

/** How long after a refund its account is still shown. */
const refundAccountShownMs = 30 * 60_000;
const refundPendingAfterMs = 60_000;
const refundCompletedAfterMs = 2 * 24 * 3_600_000;

/** For whom an object is written: the caller's language, the API version of the key, the address links start with. */
export type View = {
  readonly language: Language;
  readonly version: string;
  readonly publicUrl: string;
  /** When it is looked at, in epoch milliseconds. */
  readonly now: number;
};

/** The Payment object of the API (fact sheet 5.1). */
export function paymentView(payment: PaymentRecord, view: View): object {
  const { language, publicUrl, version } = view;
  const vat = vatOf(payment.balanceAmount - payment.taxFreeAmount - payment.taxExemptionAmount);
  const method = methodOf(payment);
  const cashReceipts = payment.cashReceipts.map((receipt) => receiptView(receipt, view));
  return {
    version,
    paymentKey: payment.paymentKey,
    type: payment.type,
    orderId: payment.orderId,
    orderName: payment.orderName,
    mId: payment.mId,
    currency: "KRW",
    method: method && translate(method, language),
    totalAmount: payment.totalAmount,
    balanceAmount: payment.balanceAmount,
    status: payment.status,
    requestedAt: seoulTime(payment.requestedAt),
    approvedAt: payment.approvedAt === null ? null : seoulTime(payment.approvedAt),
    useEscrow: method === null ? null : payment.useEscrow,
    lastTransactionKey: payment.cancels.at(-1)?.transactionKey ?? payment.approvalKey,
    suppliedAmount:
      payment.balanceAmount - vat - payment.taxFreeAmount - payment.taxExemptionAmount,
    vat,
    taxFreeAmount: payment.taxFreeAmount,
    taxExemptionAmount: payment.taxExemptionAmount,
    cultureExpense: false,
    cancels: payment.cancels.length === 0 ? null : payment.cancels.map(cancelView),
    isPartialCancelable: payment.taxExemptionAmount === 0,
    card: method === "카드" ? cardView(payment, language) : null,
    virtualAccount: method === "가상계좌" ? virtualAccountView(payment, view) : null,
    secret: payment.status === "EXPIRED" ? null : payment.secret,
    mobilePhone: null,
    giftCertificate: null,
    transfer:
      method === "계좌이체"
        ? { bankCode: payment.transfer?.bankCode ?? null, settlementStatus: "INCOMPLETED" }
        : null,
    metadata: payment.metadata,
    // An account that waits for its deposit has one already.
    receipt:
      payment.approvalKey === null ? null : { url: `${publicUrl}/receipt/${payment.paymentKey}` },
    checkout: { url: `${publicUrl}/v1/payments/${payment.paymentKey}/checkout` },
    easyPay: null,
    country: "KR",
    failure: failureView(payment.failure, language),
    cashReceipt: cashReceipts.at(-1) ?? null,
    cashReceipts: cashReceipts.length === 0 ? null : cashReceipts,
    discount: null,
  };
}

export type MethodWord = "카드" | "가상계좌" | "계좌이체";

/** Null while nothing is chosen, and again once the payment has expired. */
export function methodOf(payment: PaymentRecord): MethodWord | null {
  if (payment.status === "EXPIRED") return null;
  if (payment.card) return "카드";
  if (payment.virtualAccount) return "가상계좌";
  return payment.transfer ? "계좌이체" : null;
}

export function translate(word: string, language: Language): string {
  return language === "en" ? (englishWords[word] ?? word) : word;
}

export function cardView(payment: PaymentRecord, language: Language): object | null {
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

export function virtualAccountView(payment: PaymentRecord, view: View): object | null {
  const account = payment.virtualAccount;
  if (!account) return null;
  const { refund } = account;
  const isOverdue = payment.status === "WAITING_FOR_DEPOSIT" && view.now >= account.dueAt;
  return {
    accountType: translate(account.accountType, view.language),
    accountNumber: account.accountNumber,
    bankCode: account.bankCode,
    customerName: account.customerName,
    depositorName: payment.approvedAt === null ? null : account.customerName,
    dueDate: seoulTime(account.dueAt),
    refundStatus: refundStatus(refund, view.now),
    expired: isOverdue && account.accountType === "일반",
    settlementStatus: "INCOMPLETED",
    refundReceiveAccount:
      refund && view.now - refund.at < refundAccountShownMs
        ? {
            bankCode: refund.bankCode,
            accountNumber: refund.accountNumber,
            holderName: refund.holderName,
          }
        : null,
  };
}

export function cancelView(cancel: CancelRecord): object {
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

/** The VAT inside an amount: a tenth of the supply, so an eleventh of the whole, rounded to the won. */
function vatOf(taxableWon: number): number {
  return Math.round(taxableWon / 11);
}

/** The money of a refund arrives about two days later; the answer of the cancel itself still says NONE. */
function refundStatus(refund: { at: number } | null, now: number): string {
  if (!refund || now - refund.at < refundPendingAfterMs) return "NONE";
  return now - refund.at < refundCompletedAfterMs ? "PENDING" : "COMPLETED";
}

function receiptView(receipt: PaymentRecord["cashReceipts"][number], view: View): object {
  return {
    type: translate(receipt.type, view.language),
    receiptKey: receipt.receiptKey,
    issueNumber: receipt.issueNumber,
    receiptUrl: `${view.publicUrl}/cash-receipt/${receipt.receiptKey}`,
    amount: receipt.amount,
    taxFreeAmount: receipt.taxFreeAmount,
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
