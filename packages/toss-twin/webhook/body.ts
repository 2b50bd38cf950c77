import { paymentView, type View } from "@/packages/toss-twin/api/payment-view";
import type { PaymentRecord, WebhookEvent } from "@/packages/toss-twin/store/records";
import { seoulTime, seoulTimeWithoutOffset } from "@/packages/toss-twin/time/seoul";

/** The events that the new state of `payment` causes (fact sheet 7.3). */
export function eventsOf(payment: PaymentRecord): WebhookEvent[] {
  const { status, type } = payment;
  const events: WebhookEvent[] = [];
  if (payment.virtualAccount && depositStatuses.has(status)) events.push("DEPOSIT_CALLBACK");
  // The answer of a charge by billing key is the only word about it; a later cancel is announced.
  const isChargeByKey = type === "BILLING" && (status === "DONE" || status === "ABORTED");
  if (paymentStatuses.has(status) && !isChargeByKey) events.push("PAYMENT_STATUS_CHANGED");
  return events;
}

const depositStatuses: ReadonlySet<string> = new Set([
  "WAITING_FOR_DEPOSIT",
  "DONE",
  "CANCELED",
  "PARTIAL_CANCELED",
]);

const paymentStatuses: ReadonlySet<string> = new Set([
  "DONE",
  "ABORTED",
  "EXPIRED",
  "CANCELED",
  "PARTIAL_CANCELED",
]);

export function paymentBody(payment: PaymentRecord, view: View, at: number): object {
  return typedBody("PAYMENT_STATUS_CHANGED", paymentView(payment, view), at);
}

/** Flat, without event type and payment key, as Toss sends it. */
export function depositBody(payment: PaymentRecord, at: number): object {
  return {
    createdAt: seoulTimeWithoutOffset(at),
    secret: payment.secret,
    status: payment.status,
    transactionKey: payment.cancels.at(-1)?.transactionKey ?? payment.approvalKey,
    orderId: payment.orderId,
  };
}

/** The key stands there without the "=" at its end. */
export function billingDeletedBody(billingKey: string, at: number): object {
  const data = { billingKey: billingKey.replace(/=+$/, ""), reason: null };
  return typedBody("BILLING_DELETED", data, at);
}

export function typedBody(eventType: string, data: unknown, at: number): object {
  return { eventType, createdAt: seoulTimeWithoutOffset(at), data };
}

/** The envelope of payout and seller events, the only ones that are signed. */
export function entityBody(
  { eventType, eventId }: { readonly eventType: string; readonly eventId: string },
  data: unknown,
  at: number,
): object {
  const entityType = eventType.split(".")[0] ?? "";
  return {
    eventType,
    createdAt: seoulTime(at),
    version: "2024-06-01",
    eventId,
    entityType,
    entityBody: data,
  };
}

export function isSigned(event: string): boolean {
  return event === "payout.changed" || event === "seller.changed";
}
