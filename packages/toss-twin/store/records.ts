import { z } from "zod";
import { errorCodes } from "@/packages/toss-twin/api/errors";
import { mostWon } from "@/packages/toss-twin/api/fields";
import { scenarioKeys } from "@/packages/toss-twin/faults/scenarios";
import { endOfTime } from "@/packages/toss-twin/time/seoul";

/**
 * What the books hold. All instants are epoch milliseconds on the emulator's clock; amounts are whole won.
 * The schemas guard imported states only: the emulator's own journal is trusted.
 */
export const Instant = z.number().min(0).max(endOfTime);
const Won = z.int().min(0).max(mostWon);
const Text = z.string().max(4_000);
/** An address of the web: no other scheme is ever opened or posted to. */
export const WebUrl = z.url({ protocol: /^https?$/ }).max(2_000);
const ScenarioField = z.enum(scenarioKeys);

const CardFace = z.object({
  issuerCode: Text,
  number: Text,
  cardType: z.enum(["신용", "체크", "기프트", "미확인"]),
  ownerType: z.enum(["개인", "법인", "미확인"]),
});

const AccountFace = z.object({ bankCode: Text, number: Text });

const VirtualAccount = z.object({
  accountType: z.enum(["일반", "고정"]),
  accountNumber: Text,
  bankCode: Text,
  customerName: Text,
  dueAt: Instant,
  cashReceipt: z.object({ type: z.enum(["소득공제", "지출증빙"]), number: Text }).nullable(),
  refund: z
    .object({ bankCode: Text, accountNumber: Text, holderName: Text, at: Instant })
    .nullable(),
});

const AccountWishes = z.object({
  customerName: Text.nullable(),
  /** Hours from the account's opening; null where `dueAt` or nothing is asked. */
  validHours: z.int().nullable(),
  dueAt: Instant.nullable(),
});

const Cancel = z.object({
  transactionKey: Text,
  cancelAmount: Won,
  cancelReason: Text,
  taxFreeAmount: Won,
  taxExemptionAmount: Won,
  refundableAmount: Won,
  canceledAt: Instant,
});

const PaymentReceipt = z.object({
  receiptKey: Text,
  type: z.enum(["소득공제", "지출증빙"]),
  issueNumber: Text,
  amount: Won,
  taxFreeAmount: Won,
});

const Payment = z.object({
  paymentKey: Text,
  mId: Text,
  type: z.enum(["NORMAL", "BILLING"]),
  /** The set of keys that opened it; only the secret key of the same set confirms it. */
  keySet: z.enum(["individual", "widget"]),
  orderId: Text,
  orderName: Text,
  customerKey: Text.nullable(),
  /** What it was charged to; null for all that was paid in a window. */
  billingKey: Text.nullable().default(null),
  status: z.enum([
    "READY",
    "IN_PROGRESS",
    "WAITING_FOR_DEPOSIT",
    "DONE",
    "CANCELED",
    "PARTIAL_CANCELED",
    "ABORTED",
    "EXPIRED",
  ]),
  totalAmount: Won,
  balanceAmount: Won,
  /** What is left of the tax-free and the exempt share after cancels. */
  taxFreeAmount: Won,
  taxExemptionAmount: Won,
  requestedAt: Instant,
  authenticatedAt: Instant.nullable(),
  approvedAt: Instant.nullable(),
  approvalKey: Text.nullable(),
  card: CardFace.extend({ installmentPlanMonths: z.int().min(0).max(60) }).nullable(),
  virtualAccount: VirtualAccount.nullable(),
  transfer: AccountFace.nullable(),
  cancels: z.array(Cancel),
  cashReceipts: z.array(PaymentReceipt),
  failure: z.enum([...errorCodes, "EXPIRED_PAYMENT"]).nullable(),
  secret: Text,
  metadata: z.record(z.string(), z.string()).nullable(),
  useEscrow: z.boolean().default(false),
  /** What the seller asks of a virtual account that the buyer may choose. */
  accountWishes: AccountWishes.nullable().default(null),
  scenario: ScenarioField.nullable(),
  /** Approvals asked of the card for this order so far. */
  attempts: z.int(),
});

export const PaymentSchema = Payment.refine(
  ({ status, totalAmount, balanceAmount, approvedAt, approvalKey }) =>
    balanceAmount <= totalAmount &&
    (status !== "DONE" || (approvedAt !== null && approvalKey !== null)),
  { message: "The amounts or the approval of a payment make no sense." },
);

export const BillingSchema = z.object({
  billingKey: Text,
  mId: Text,
  customerKey: Text,
  scenario: ScenarioField,
  /** One of the two: a card, or an account for a billing key of account transfers. */
  card: CardFace.nullable(),
  account: AccountFace.nullable(),
  authenticatedAt: Instant,
  removedAt: Instant.nullable(),
  attempts: z.int(),
  /** First and newest approval; the rhythm of renewals is read from them. */
  firstChargedAt: Instant.nullable(),
  lastChargedAt: Instant.nullable(),
});

export const AuthSchema = z.object({
  authKey: Text,
  mId: Text,
  customerKey: Text,
  scenario: ScenarioField,
  method: z.enum(["card", "transfer"]),
  createdAt: Instant,
  usedAt: Instant.nullable(),
});

export const WindowSchema = z.object({
  id: Text,
  mId: Text,
  target: z.enum(["iframe", "self"]),
  method: z.enum(["any", "card", "transfer", "virtual-account"]),
  /** The origin of the page that opened the window; only this page is told how it ended. */
  opener: z.string().max(20_000).nullable(),
  successUrl: WebUrl.nullable(),
  failUrl: WebUrl.nullable(),
  createdAt: Instant,
  closedAt: Instant.nullable(),
  asks: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("payment"), paymentKey: Text }),
    z.object({ kind: z.literal("billing"), customerKey: Text }),
  ]),
});

export const ReceiptSchema = z.object({
  receiptKey: Text,
  /** The receipt a cancel belongs to. */
  cancels: Text.nullable(),
  mId: Text,
  issueNumber: Text,
  orderId: Text,
  orderName: Text,
  type: z.enum(["소득공제", "지출증빙"]),
  amount: Won,
  taxFreeAmount: Won,
  customerIdentityNumber: Text,
  requestedAt: Instant,
});

export const webhookEvents = [
  "PAYMENT_STATUS_CHANGED",
  "DEPOSIT_CALLBACK",
  "CANCEL_STATUS_CHANGED",
  "BILLING_DELETED",
  "METHOD_UPDATED",
  "CUSTOMER_STATUS_CHANGED",
  "payout.changed",
  "seller.changed",
] as const;

export const RegistrationSchema = z.object({
  id: Text,
  mId: Text,
  url: WebUrl,
  events: z.array(z.enum(webhookEvents)),
});

const Attempt = z.object({
  at: Instant,
  /** Null when no answer came within the time limit. */
  status: z.int().nullable(),
  problem: Text.nullable(),
  durationMs: z.number(),
});

export const DeliverySchema = z.object({
  id: Text,
  /** What the receiver sees; a doubled webhook is two deliveries of one transmission. */
  transmissionId: Text,
  registrationId: Text,
  mId: Text,
  url: WebUrl,
  event: z.string().max(200),
  orderId: Text.nullable(),
  customerKey: Text.nullable().default(null),
  body: z.string().max(400_000),
  createdAt: Instant,
  state: z.enum(["pending", "held", "delivered", "failed", "dropped"]),
  /** When the next attempt is due; null when none is. */
  dueAt: Instant.nullable(),
  attempts: z.array(Attempt),
  note: Text.nullable(),
});

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

export type CardFace = DeepReadonly<z.infer<typeof CardFace>>;
export type AccountFace = DeepReadonly<z.infer<typeof AccountFace>>;
export type CancelRecord = DeepReadonly<z.infer<typeof Cancel>>;
export type PaymentRecord = DeepReadonly<z.infer<typeof PaymentSchema>>;
export type BillingRecord = DeepReadonly<z.infer<typeof BillingSchema>>;
export type AuthRecord = DeepReadonly<z.infer<typeof AuthSchema>>;
export type WindowRecord = DeepReadonly<z.infer<typeof WindowSchema>>;
export type ReceiptRecord = DeepReadonly<z.infer<typeof ReceiptSchema>>;
export type WebhookEvent = (typeof webhookEvents)[number];
export type RegistrationRecord = DeepReadonly<z.infer<typeof RegistrationSchema>>;
export type DeliveryRecord = DeepReadonly<z.infer<typeof DeliverySchema>>;
