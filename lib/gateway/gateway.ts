/**
 * What the app asks of a payment gateway. Outcomes are values: a thrown error is never the only sign that an outcome
 * is not known. Each call that moves money or makes a key takes the idempotency key of the attempt it belongs to.
 */
import type { CalendarDate } from "@/lib/billing/calendar";
import type { ChargeOutcome, SettlementAnswer } from "@/lib/billing/charge/charge";
import type { Decline } from "@/lib/billing/charge/decline";
import type { Won } from "@/lib/billing/money";
import type { ListedTransaction } from "@/lib/billing/reconciliation/reconciliation";
import type { ExecutedPayment } from "@/lib/billing/refund/refund";
import type { WebhookReader } from "./webhook";

export type IssuedCard = {
  readonly issuerCode: string | null;
  readonly maskedNumber: string | null;
  readonly cardType: string | null;
  readonly ownerType: string | null;
};

export type IssueOutcome =
  | {
      readonly kind: "issued";
      readonly billingKey: string;
      readonly card: IssuedCard;
      /** Why charging this card would always fail; null when it can be charged. */
      readonly unusable: Decline | null;
    }
  /** `restart`: the window must be opened again; `another-card`: this card cannot be used; `config`: our set-up. */
  | (Decline & {
      readonly kind: "refused";
      readonly remedy: "restart" | "another-card" | "config";
    })
  | { readonly kind: "unknown"; readonly reason: string };

export type CancelOutcome =
  | {
      readonly kind: "canceled";
      readonly transactionKey: string;
      readonly canceledWon: Won;
      readonly canceledAt: Date;
      /** What is left of the payment, and the VAT in it; null from a provider that does not tell it. */
      readonly balanceWon: Won;
      readonly vatWon: Won | null;
    }
  | { readonly kind: "refused"; readonly code: string }
  | {
      readonly kind: "unknown";
      readonly reason: string;
      /** The answer is stored under the idempotency key and would only be heard again. */
      readonly keySpent: boolean;
    };

/** What Toss holds of a payment; `not-executed` when no money moved, or Toss knows no such payment. */
export type PaymentAnswer =
  | { readonly kind: "executed"; readonly payment: ExecutedPayment }
  | { readonly kind: "not-executed" }
  | { readonly kind: "unknown"; readonly reason: string };

/** What only Toss and we know of an order's payment; null when Toss knows no such payment, or none of it. */
export type SecretAnswer =
  | { readonly kind: "known"; readonly secret: string | null }
  | { readonly kind: "unknown"; readonly reason: string };

export type TransactionPage =
  | {
      readonly kind: "page";
      readonly transactions: readonly ListedTransaction[];
      /** What to start the next page after; null on the last. */
      readonly next: string | null;
    }
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

/** What a provider can do beyond what every gateway must: the callers ask, and go another way where it cannot. */
export type Capabilities = {
  /** The same request under the same idempotency key is executed once and answered again. */
  readonly idempotentReplay: boolean;
  /** Answers tell the VAT in a payment and in what is left of it. */
  readonly vatSplit: boolean;
  readonly keyDeletion: boolean;
  readonly partialCancel: boolean;
  /** The least that can be charged. */
  readonly minimumWon: Won;
};

/**
 * Every gateway keeps two promises, whatever it is capable of: an order id is executed once, and a payment gives nothing
 * back when another balance is left than the caller believes.
 */
export type Gateway = {
  /** Stands on every card, charge, refund, webhook and reconciled day that goes through it. */
  readonly provider: string;
  readonly capabilities: Capabilities;
  readonly webhooks: WebhookReader;
  issueBillingKey(
    request: { authKey: string; customerKey: string },
    idempotencyKey: string,
  ): Promise<IssueOutcome>;
  chargeBillingKey(charge: BillingCharge, idempotencyKey: string): Promise<ChargeOutcome>;
  confirmPayment(payment: PaymentConfirmation, idempotencyKey: string): Promise<ChargeOutcome>;
  /** What became of an order; `amountWon` is what we asked for. */
  findByOrderId(orderId: string, amountWon: Won): Promise<SettlementAnswer>;
  findByPaymentKey(payment: PaymentConfirmation): Promise<SettlementAnswer>;
  findPayment(paymentKey: string): Promise<PaymentAnswer>;
  findSecret(orderId: string): Promise<SecretAnswer>;
  /** The approvals and cancels of a Seoul day, oldest first; those of the last minutes may be missing. */
  listTransactions(
    day: CalendarDate,
    page: { startingAfter: string | null; limit: number },
  ): Promise<TransactionPage>;
  /** `balanceWon` is what we believe is left: when it is not, Toss gives nothing back and the outcome is unknown. */
  cancelPayment(
    cancel: { paymentKey: string; amountWon: Won; balanceWon: Won; reason: string },
    idempotencyKey: string,
  ): Promise<CancelOutcome>;
  deleteBillingKey(billingKey: string): Promise<DeleteOutcome>;
};
