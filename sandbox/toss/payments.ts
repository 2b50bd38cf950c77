import type { ApiCall, Outcome } from "./api-call";
import { askCard, waitForCard } from "./approval";
import { TossError } from "./errors";
import { optionalAmount, orderIdField, requiredAmount, requiredText } from "./fields";
import { newHexId } from "./ids";
import { paymentView } from "./payment-view";
import type { CancelRecord, PaymentRecord } from "./store";
import type { World } from "./world";

const readyLifeMs = 30 * 60_000;
const inProgressLifeMs = 10 * 60_000;

/** POST /v1/payments/confirm: the step that moves the money of a payment authenticated in the window. */
export async function confirmPayment(call: ApiCall): Promise<Outcome> {
  const { world, merchant } = call;
  const fields = call.fields();
  const paymentKey = requiredText(fields, "paymentKey", 200, "INVALID_PAYMENT_KEY");
  const orderId = orderIdField(fields);
  const amount = requiredAmount(fields, "amount");
  const waiting = world.store.findPayment(merchant.mId, paymentKey);
  if (waiting?.status === "IN_PROGRESS" && waiting.scenario) {
    await waitForCard(world, waiting.scenario);
  }

  const payment = currentPayment(world, world.store.findPayment(merchant.mId, paymentKey));
  if (!payment) throw new TossError("NOT_FOUND_PAYMENT");
  if (payment.approvedAt !== null) throw new TossError("ALREADY_PROCESSED_PAYMENT");
  if (payment.status !== "IN_PROGRESS" || payment.scenario === null) {
    throw new TossError("NOT_FOUND_PAYMENT_SESSION");
  }
  if (payment.orderId !== orderId) throw new TossError("INVALID_REQUEST", "orderId");
  if (payment.totalAmount !== amount) throw new TossError("INVALID_REQUEST", "amount");
  if (world.store.isOrderIdUsed(merchant.mId, orderId)) throw new TossError("DUPLICATED_ORDER_ID");

  const tried = { ...payment, attempts: payment.attempts + 1 };
  try {
    const { approvedAmount, effect } = askCard(
      payment.scenario,
      payment.attempts,
      amount,
      call.fault,
    );
    const approved = approve(tried, approvedAmount, world.now());
    world.store.savePayment(approved);
    return { body: paymentView(approved, call.view), effect };
  } catch (error) {
    if (error instanceof TossError) world.store.savePayment(afterRefusal(tried, error));
    throw error;
  }
}

/** GET /v1/payments/{paymentKey} */
export function queryPayment(call: ApiCall): Outcome {
  const payment = call.world.store.findPayment(call.merchant.mId, call.subject);
  return queried(call, payment);
}

/** GET /v1/payments/orders/{orderId} */
export function queryOrder(call: ApiCall): Outcome {
  const payment = call.world.store.findPaymentByOrder(call.merchant.mId, call.subject);
  return queried(call, payment);
}

/** POST /v1/payments/{paymentKey}/cancel, by the rules of fact sheet 4.4. */
export function cancelPayment(call: ApiCall): Outcome {
  const { world, merchant } = call;
  const fields = call.fields();
  const cancelReason = requiredText(fields, "cancelReason", 200);
  const asked = optionalAmount(fields, "cancelAmount");
  const refundable = optionalAmount(fields, "refundableAmount");
  const taxFree = optionalAmount(fields, "taxFreeAmount");
  if (asked !== null && asked <= 0) throw new TossError("INVALID_REQUEST", "cancelAmount");

  const payment = currentPayment(world, world.store.findPayment(merchant.mId, call.subject));
  if (!payment) throw new TossError("NOT_FOUND_PAYMENT");
  if (payment.status === "CANCELED") throw new TossError("ALREADY_CANCELED_PAYMENT");
  if (payment.status !== "DONE" && payment.status !== "PARTIAL_CANCELED") {
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
  const canceled = cancel(payment, {
    cancelAmount,
    cancelReason,
    taxFreeAmount: taxFreeShare(payment, cancelAmount, taxFree),
    canceledAt: world.now(),
  });
  world.store.savePayment(canceled);
  return { body: paymentView(canceled, call.view) };
}

/** Key-in needs a special contract, which no merchant of the emulator has. */
export function refuseKeyIn(): never {
  throw new TossError("NOT_SUPPORTED_METHOD");
}

/** The payment as it stands now: READY lives 30 minutes and IN_PROGRESS 10, then both are EXPIRED. */
export function currentPayment(
  world: World,
  payment: PaymentRecord | undefined,
): PaymentRecord | undefined {
  if (!payment || !isOverdue(payment, world.now())) return payment;
  const expired: PaymentRecord = { ...payment, status: "EXPIRED", failure: "EXPIRED_PAYMENT" };
  world.store.savePayment(expired);
  return expired;
}

/** The approved payment; its own sum counts, whatever was asked. */
export function approve(
  payment: PaymentRecord,
  approvedAmount: number,
  now: number,
): PaymentRecord {
  return {
    ...payment,
    status: "DONE",
    totalAmount: approvedAmount,
    balanceAmount: approvedAmount,
    approvedAt: now,
    approvalKey: newHexId(),
  };
}

function queried(call: ApiCall, payment: PaymentRecord | undefined): Outcome {
  const current = currentPayment(call.world, payment);
  if (!current) throw new TossError("NOT_FOUND_PAYMENT");
  return { body: paymentView(current, call.view) };
}

/** A temporary fault leaves the session open; a refusal ends it. */
function afterRefusal(payment: PaymentRecord, error: TossError): PaymentRecord {
  const isTemporary =
    error.code === "PROVIDER_ERROR" || error.code === "FAILED_INTERNAL_SYSTEM_PROCESSING";
  return isTemporary ? payment : { ...payment, status: "ABORTED", failure: error.code };
}

function isOverdue(payment: PaymentRecord, now: number): boolean {
  if (payment.status === "READY") return now >= payment.requestedAt + readyLifeMs;
  if (payment.status !== "IN_PROGRESS" || payment.authenticatedAt === null) return false;
  return now >= payment.authenticatedAt + inProgressLifeMs;
}

/** At least what the taxable rest cannot cover; all that is left when the whole rest is cancelled. */
function taxFreeShare(payment: PaymentRecord, cancelAmount: number, asked: number | null): number {
  if (cancelAmount === payment.balanceAmount) return payment.taxFreeAmount;
  const share = asked ?? 0;
  if (share < 0 || share > payment.taxFreeAmount || share > cancelAmount) {
    throw new TossError("INVALID_REQUEST", "taxFreeAmount");
  }
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
        transactionKey: newHexId(),
        taxExemptionAmount: balanceAmount === 0 ? payment.taxExemptionAmount : 0,
        refundableAmount: balanceAmount,
      },
    ],
  };
}
