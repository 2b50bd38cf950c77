import { newTransactionKey } from "@/packages/toss-twin/ids";
import type { CancelRecord, PaymentRecord } from "@/packages/toss-twin/store/records";
import { findBankCode } from "./banks";
import type { ApiCall, Outcome } from "./call";
import { TossError } from "./errors";
import { type Fields, optionalAmount, optionalText, requiredText } from "./fields";
import { changed, currentPayment, isOfWindow } from "./payments";

const dayMs = 24 * 3_600_000;
const transferWindowMs = 180 * dayMs;
const virtualAccountWindowMs = 365 * dayMs;

/** POST /v1/payments/{paymentKey}/cancel, by the rules of fact sheet 4.4. */
export function cancelPayment(call: ApiCall): Outcome {
  const { world, merchant } = call;
  const now = world.now();
  const fields = call.fields();
  const cancelReason = requiredText(fields, "cancelReason", { max: 200 });
  const asked = optionalAmount(fields, "cancelAmount");
  const refundable = optionalAmount(fields, "refundableAmount");
  const taxFree = optionalAmount(fields, "taxFreeAmount");
  const currency = optionalText(fields, "currency", { max: 3 });
  optionalText(fields, "cancelRequestId", { max: 200 });
  if (asked !== null && asked <= 0) throw new TossError("INVALID_REQUEST", "cancelAmount");
  if (currency !== null && currency !== "KRW") throw new TossError("INVALID_CURRENCY");

  const payment = currentPayment(world, world.store.findPayment(merchant.mId, call.subject));
  if (!payment) throw new TossError("NOT_FOUND_PAYMENT");
  if (payment.status === "CANCELED") throw new TossError("ALREADY_CANCELED_PAYMENT");
  if (!["DONE", "PARTIAL_CANCELED", "WAITING_FOR_DEPOSIT"].includes(payment.status)) {
    throw new TossError("NOT_CANCELABLE_PAYMENT");
  }
  if (refundable !== null && refundable !== payment.balanceAmount) {
    throw new TossError("NOT_MATCHES_REFUNDABLE_AMOUNT");
  }
  const cancelAmount = asked ?? payment.balanceAmount;
  if (payment.balanceAmount === 0 || cancelAmount > payment.balanceAmount) {
    throw new TossError("NOT_CANCELABLE_AMOUNT");
  }
  if (cancelAmount < payment.balanceAmount && payment.taxExemptionAmount > 0) {
    throw new TossError("NOT_ALLOWED_PARTIAL_REFUND");
  }
  checkRefundWindow(payment, now);
  const refund = refundOf(payment, cancelAmount, fields);
  const canceled = cancel(payment, {
    cancelAmount,
    cancelReason,
    taxFreeAmount: taxFreeShare(payment, cancelAmount, taxFree),
    canceledAt: now,
  });
  const { virtualAccount } = canceled;
  return {
    payment: changed(world, {
      ...canceled,
      virtualAccount:
        virtualAccount && refund
          ? { ...virtualAccount, refund: { ...refund, at: now } }
          : virtualAccount,
    }),
  };
}

function checkRefundWindow(payment: PaymentRecord, now: number): void {
  if (payment.approvedAt === null) return;
  const age = now - payment.approvedAt;
  const isOver =
    (payment.transfer !== null && age > transferWindowMs) ||
    (payment.virtualAccount !== null && age > virtualAccountWindowMs);
  if (isOver) throw new TossError("EXCEED_MAX_REFUND_DUE");
}

type RefundAccount = { bankCode: string; accountNumber: string; holderName: string };

/** Money that was paid into a virtual account needs an account to go back to; nothing else does. */
function refundOf(
  payment: PaymentRecord,
  cancelAmount: number,
  fields: Fields,
): RefundAccount | null {
  if (!payment.virtualAccount) return null;
  if (payment.status === "WAITING_FOR_DEPOSIT") {
    if (cancelAmount < payment.balanceAmount) {
      throw new TossError("NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT");
    }
    return null;
  }
  const given = fields.refundReceiveAccount;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TossError("INVALID_REFUND_ACCOUNT_INFO", "refundReceiveAccount");
  }
  const account: Fields = Object.fromEntries(Object.entries(given));
  const bank = requiredText(account, "bank", { max: 40, tooLong: "INVALID_BANK" });
  const bankCode = findBankCode(bank);
  if (bankCode === null) throw new TossError("INVALID_BANK");
  const { accountNumber } = account;
  if (typeof accountNumber !== "string" || !/^\d{1,20}$/.test(accountNumber)) {
    throw new TossError("INVALID_REFUND_ACCOUNT_NUMBER");
  }
  const holderName = requiredText(account, "holderName", {
    max: 60,
    tooLong: "INVALID_REFUND_ACCOUNT_INFO",
  });
  return { bankCode, accountNumber, holderName };
}

/** At least what the taxable rest cannot cover; all that is left when the whole rest is cancelled. */
function taxFreeShare(payment: PaymentRecord, cancelAmount: number, asked: number | null): number {
  const share = asked ?? 0;
  if (share < 0 || share > payment.taxFreeAmount || share > cancelAmount) {
    throw new TossError("INVALID_REQUEST", "taxFreeAmount");
  }
  if (cancelAmount === payment.balanceAmount) return payment.taxFreeAmount;
  const taxable = payment.balanceAmount - payment.taxFreeAmount;
  return Math.max(share, cancelAmount - taxable);
}

/** Only a cancel of everything in one go ends in CANCELED; pieces that add up stay PARTIAL_CANCELED. */
function cancel(
  payment: PaymentRecord,
  part: Pick<CancelRecord, "cancelAmount" | "cancelReason" | "taxFreeAmount" | "canceledAt">,
): PaymentRecord {
  const balanceAmount = payment.balanceAmount - part.cancelAmount;
  const isWhole = balanceAmount === 0 && payment.cancels.length === 0;
  return {
    ...payment,
    status: isWhole ? "CANCELED" : "PARTIAL_CANCELED",
    balanceAmount,
    taxFreeAmount: payment.taxFreeAmount - part.taxFreeAmount,
    taxExemptionAmount: balanceAmount === 0 ? 0 : payment.taxExemptionAmount,
    cancels: [
      ...payment.cancels,
      {
        ...part,
        transactionKey: newTransactionKey(isOfWindow(payment)),
        taxExemptionAmount: balanceAmount === 0 ? payment.taxExemptionAmount : 0,
        refundableAmount: balanceAmount,
      },
    ],
  };
}
