import { newTransactionKey } from "@/packages/toss-twin/ids";
import type { PaymentRecord } from "@/packages/toss-twin/store/records";
import type { World } from "@/packages/toss-twin/world";
import { askCard, waitForCard } from "./approval";
import type { ApiCall, Outcome } from "./call";
import { TossError } from "./errors";
import { confirmedAmount, orderIdField, requiredText } from "./fields";

const readyLifeMs = 30 * 60_000;
const inProgressLifeMs = 10 * 60_000;

/** POST /v1/payments/confirm: the step that moves the money of a payment authenticated in the window. */
export async function confirmPayment(call: ApiCall): Promise<Outcome> {
  const { world, merchant } = call;
  const fields = call.fields();
  const paymentKey =
    call.subject ||
    requiredText(fields, "paymentKey", { max: 200, tooLong: "INVALID_PAYMENT_KEY" });
  const orderId = orderIdField(fields);
  const amount = confirmedAmount(fields);
  const waiting = world.store.findPayment(merchant.mId, paymentKey);
  if (waiting?.status === "IN_PROGRESS" && waiting.scenario) {
    await waitForCard(world, waiting.scenario);
  }

  const payment = currentPayment(world, world.store.findPayment(merchant.mId, paymentKey));
  if (!payment) throw new TossError("NOT_FOUND_PAYMENT");
  if (payment.keySet !== call.keySet) throw new TossError("INVALID_API_KEY");
  if (payment.approvedAt !== null || payment.status === "WAITING_FOR_DEPOSIT") {
    throw new TossError("ALREADY_PROCESSED_PAYMENT");
  }
  if (payment.status !== "IN_PROGRESS" || payment.scenario === null) {
    throw new TossError("NOT_FOUND_PAYMENT_SESSION");
  }
  if (payment.orderId !== orderId) throw new TossError("INVALID_REQUEST", "orderId");
  if (payment.totalAmount !== amount) throw new TossError("INVALID_REQUEST", "amount");
  if (world.store.isOrderIdUsed(merchant.mId, orderId)) throw new TossError("DUPLICATED_ORDER_ID");
  if (payment.virtualAccount) return { payment: changed(world, awaitDeposit(payment)) };

  const tried = { ...payment, attempts: payment.attempts + 1 };
  try {
    const { approvedAmount, effect } = askCard(
      { scenario: payment.scenario, attempts: payment.attempts },
      amount,
      call.fault,
    );
    return { payment: changed(world, approve(tried, approvedAmount, world.now())), effect };
  } catch (error) {
    if (error instanceof TossError) afterRefusal(world, tried, error);
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

/** Key-in needs a special contract, which no merchant of the emulator has. */
export function refuseKeyIn(): never {
  throw new TossError("NOT_SUPPORTED_METHOD");
}

/** The payment as it stands now: READY lives 30 minutes and IN_PROGRESS 10, then both are EXPIRED. */
export function currentPayment(
  world: World,
  payment: PaymentRecord | undefined,
): PaymentRecord | undefined {
  const expiresAt = payment ? expiryOf(payment) : null;
  if (!payment || expiresAt === null || world.now() < expiresAt) return payment;
  return changed(world, { ...payment, status: "EXPIRED", failure: "EXPIRED_PAYMENT" }, expiresAt);
}

/** Saves a payment that is not approved yet, and sees to it that it expires in time. */
export function savePending(world: World, payment: PaymentRecord): void {
  world.store.savePayment(payment);
  planExpiry(world, payment);
}

export function planExpiry(world: World, payment: PaymentRecord): void {
  const expiresAt = expiryOf(payment);
  if (expiresAt === null) return;
  world.agenda.schedule(expiresAt, () => {
    currentPayment(world, world.store.payments.get(payment.paymentKey));
    world.store.commit();
  });
}

/** Saves a payment in its new state and announces it. */
export function changed(world: World, payment: PaymentRecord, at = world.now()): PaymentRecord {
  world.store.savePayment(payment);
  world.webhooks.paymentChanged(payment, at);
  return payment;
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
    approvalKey: newTransactionKey(isOfWindow(payment)),
  };
}

/** A virtual account is issued: from here on the buyer may pay into it. */
export function awaitDeposit(payment: PaymentRecord): PaymentRecord {
  const approvalKey = newTransactionKey(isOfWindow(payment));
  return { ...payment, status: "WAITING_FOR_DEPOSIT", approvedAt: null, approvalKey };
}

/** Whether the buyer chose in the window; what the API makes by itself knows no card of the window. */
export function isOfWindow({ type, scenario }: PaymentRecord): boolean {
  return type === "NORMAL" && scenario !== null;
}

function queried(call: ApiCall, payment: PaymentRecord | undefined): Outcome {
  const current = currentPayment(call.world, payment);
  if (!current) throw new TossError("NOT_FOUND_PAYMENT");
  return { payment: current };
}

/** A temporary fault leaves the session open; a refusal ends it. */
function afterRefusal(world: World, payment: PaymentRecord, error: TossError): void {
  const isTemporary =
    error.code === "PROVIDER_ERROR" || error.code === "FAILED_INTERNAL_SYSTEM_PROCESSING";
  if (isTemporary) world.store.savePayment(payment);
  else changed(world, { ...payment, status: "ABORTED", failure: error.code });
}

/** Null for a payment that does not expire any more. */
function expiryOf(payment: PaymentRecord): number | null {
  if (payment.status === "READY") return payment.requestedAt + readyLifeMs;
  if (payment.status !== "IN_PROGRESS" || payment.authenticatedAt === null) return null;
  return payment.authenticatedAt + inProgressLifeMs;
}
