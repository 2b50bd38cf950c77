/**
 * What the app asks of a payment gateway. Outcomes are values: a thrown error is never the only sign that an outcome
 * is not known. Each call that moves money or makes a key takes the idempotency key of the attempt it belongs to.
 */
import type { ChargeOutcome, SettlementAnswer } from "@/lib/billing/charge";
import type { Won } from "@/lib/billing/money";

export type Card = {
  readonly issuerCode: string | null;
  readonly maskedNumber: string | null;
  readonly cardType: string | null;
  readonly ownerType: string | null;
};

export type IssueOutcome =
  | { readonly kind: "issued"; readonly billingKey: string; readonly card: Card }
  /** `restart`: the window must be opened again; `another-card`: this card cannot be used; `config`: our set-up. */
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly remedy: "restart" | "another-card" | "config";
    }
  | { readonly kind: "unknown"; readonly reason: string };

export type CancelOutcome =
  | {
      readonly kind: "canceled";
      readonly transactionKey: string;
      readonly canceledWon: Won;
      readonly balanceWon: Won;
    }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** `gone`: Toss no longer knows the key, which is as good as deleted. */
export type DeleteOutcome =
  | { readonly kind: "deleted" }
  | { readonly kind: "gone"; readonly code: string }
  | { readonly kind: "unknown"; readonly reason: string };

export type BillingCharge = {
  readonly billingKey: string;
  readonly customerKey: string;
  readonly orderId: string;
  readonly orderName: string;
  readonly amountWon: Won;
  readonly customerEmail: string;
  readonly customerName: string;
};

export type PaymentConfirmation = {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly amountWon: Won;
};

export type TossGateway = {
  issueBillingKey(
    request: { authKey: string; customerKey: string },
    idempotencyKey: string,
  ): Promise<IssueOutcome>;
  chargeBillingKey(charge: BillingCharge, idempotencyKey: string): Promise<ChargeOutcome>;
  confirmPayment(payment: PaymentConfirmation, idempotencyKey: string): Promise<ChargeOutcome>;
  /** What became of an order; `amountWon` is what we asked for. */
  findByOrderId(orderId: string, amountWon: Won): Promise<SettlementAnswer>;
  findByPaymentKey(payment: PaymentConfirmation): Promise<SettlementAnswer>;
  /** `balanceWon` is what we believe is left; Toss refuses when it is not. */
  cancelPayment(
    cancel: { paymentKey: string; amountWon: Won; balanceWon: Won; reason: string },
    idempotencyKey: string,
  ): Promise<CancelOutcome>;
  deleteBillingKey(billingKey: string): Promise<DeleteOutcome>;
};
