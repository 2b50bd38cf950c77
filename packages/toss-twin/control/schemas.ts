import { z } from "zod";
import { virtualAccountBanks } from "@/packages/toss-twin/api/banks";
import { mostWon } from "@/packages/toss-twin/api/fields";
import type { ActiveFault } from "@/packages/toss-twin/faults/rules";
import { scenarioKeys } from "@/packages/toss-twin/faults/scenarios";
import type { Call } from "@/packages/toss-twin/http/call-log";
import {
  type DeliveryRecord,
  type RegistrationRecord,
  WebUrl,
  webhookEvents,
} from "@/packages/toss-twin/store/records";
import type { Settings } from "@/packages/toss-twin/world";

const ScenarioField = z.enum(scenarioKeys).default("normal");
const MerchantField = z.string().max(14).optional();
const CustomerKeyField = z.string().min(2).max(300);

export const AuthorizeBilling = z.strictObject({
  customerKey: CustomerKeyField,
  scenario: ScenarioField,
  method: z.enum(["card", "transfer"]).optional(),
  mId: MerchantField,
});

export const AuthorizePayment = z.strictObject({
  orderId: z.string().regex(/^[A-Za-z0-9_=-]{6,64}$/),
  amount: z.int().min(100).max(mostWon),
  orderName: z.string().min(1).max(100),
  scenario: ScenarioField,
  method: z.enum(["card", "transfer", "virtual-account"]).optional(),
  bank: z.enum(virtualAccountBanks).optional(),
  /** "widget" for a payment opened with the key of the order form. */
  keySet: z.enum(["individual", "widget"]).default("individual"),
  taxFreeAmount: z.int().min(0).default(0),
  mId: MerchantField,
});

export const BulkIssue = z
  .strictObject({
    count: z.int().min(1).max(100_000).optional(),
    customerKeys: z.array(CustomerKeyField).min(1).max(100_000).optional(),
    scenario: ScenarioField,
    mId: MerchantField,
  })
  .refine(({ count, customerKeys }) => (count === undefined) !== (customerKeys === undefined), {
    message: "Give either count or customerKeys.",
  });

/** The key itself, its id as the state dump gives it, or all keys of a customer. */
export const DeleteBillingKey = z.union([
  z.strictObject({ billingKey: z.string().min(1).max(200) }),
  z.strictObject({ id: z.string().min(1).max(40) }),
  z.strictObject({ customerKey: CustomerKeyField }),
]);

/** From here on the card behaves as another one of the window. */
export const ChangeCard = z.union([
  z.strictObject({ billingKey: z.string().min(1).max(200), scenario: z.enum(scenarioKeys) }),
  z.strictObject({ id: z.string().min(1).max(40), scenario: z.enum(scenarioKeys) }),
  z.strictObject({ customerKey: CustomerKeyField, scenario: z.enum(scenarioKeys) }),
]);

export const DepositInto = z.union([
  z.strictObject({ orderId: z.string().min(2).max(64), mId: MerchantField }),
  z.strictObject({ paymentKey: z.string().min(1).max(200) }),
]);

export const RegisterWebhook = z.strictObject({
  url: WebUrl,
  /** All of them when missing. */
  events: z.array(z.enum(webhookEvents)).min(1).max(20).optional(),
  mId: MerchantField,
});

/** An event of one's own making, true or not: `data` in the envelope of the event, or the whole body as it stands. */
export const SendWebhook = z.union([
  z.strictObject({
    event: z.enum(webhookEvents),
    data: z.record(z.string(), z.unknown()),
    mId: MerchantField,
  }),
  z.strictObject({
    event: z.enum(webhookEvents),
    rawBody: z.string().max(300_000),
    mId: MerchantField,
  }),
]);

export const ChangeSettings = z.strictObject({
  latencyMs: z.int().min(0).max(600_000).optional(),
  slowMs: z.int().min(0).max(600_000).optional(),
  store5xx: z.boolean().optional(),
  declinedChargeUsesOrderId: z.boolean().optional(),
  cardRegistrationApi: z.boolean().optional(),
  fixedVirtualAccounts: z.boolean().optional(),
  manualSettlement: z.boolean().optional(),
  authKeyLifeMinutes: z.int().min(1).max(100_000).optional(),
  callsPerMinute: z.int().min(0).max(1_000_000).optional(),
  webhookTimeoutMs: z.int().min(1).max(600_000).optional(),
  securityKeys: z
    .array(z.string().regex(/^[0-9a-f]{2,128}$/))
    .min(1)
    .max(2)
    .optional(),
  securityKeyEncoding: z.enum(["text", "hex"]).optional(),
});

/** Forward only: to an instant, by milliseconds or Korean calendar months, or to the next renewal. */
export const MoveClock = z.union([
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
  z.strictObject({
    byMs: z
      .int()
      .min(0)
      .max(100 * 366 * 86_400_000),
  }),
  z.strictObject({ byMonths: z.int().min(1).max(1_200) }),
  z.strictObject({ toNextRenewal: z.literal(true) }),
]);

export type BillingKeyView = {
  readonly id: string;
  readonly maskedKey: string;
  readonly mId: string;
  readonly customerKey: string;
  readonly scenario: string;
  readonly issuerCode: string;
  readonly number: string;
  readonly authenticatedAt: string;
  readonly removedAt: string | null;
  readonly attempts: number;
};

export type ClockView = {
  readonly now: string;
  readonly ownsClock: boolean;
  readonly canMove: boolean;
  /** A month after the newest charge of the billing key that is next; null when none was ever charged. */
  readonly nextRenewalAt: string | null;
};

/** A payment in a dump: the whole Payment object of the API, of which these fields are what tests ask for. */
export type PaymentDump = Readonly<Record<string, unknown>> & {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly status: string;
  readonly type: string;
  readonly totalAmount: number;
  readonly balanceAmount: number;
  readonly customerKey: string | null;
  readonly scenario: string | null;
};

export type StateDump = {
  readonly clock: ClockView;
  readonly settings: Settings;
  readonly faults: readonly ActiveFault[];
  readonly payments: readonly PaymentDump[];
  readonly billingKeys: readonly BillingKeyView[];
  readonly registrations: readonly RegistrationRecord[];
  readonly deliveries: readonly DeliveryRecord[];
  readonly calls: readonly Call[];
};
