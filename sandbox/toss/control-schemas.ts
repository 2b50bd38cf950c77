import { z } from "zod";
import type { Call } from "./call-log";
import type { ActiveFault } from "./faults";
import { scenarioKeys } from "./scenarios";
import type { Settings } from "./world";

const ScenarioField = z.enum(scenarioKeys).default("normal");
const MerchantField = z.string().max(14).optional();
const CustomerKeyField = z.string().min(2).max(300);

export const AuthorizeBilling = z.strictObject({
  customerKey: CustomerKeyField,
  scenario: ScenarioField,
  mId: MerchantField,
});

export const AuthorizePayment = z.strictObject({
  orderId: z.string().regex(/^[A-Za-z0-9_=-]{6,64}$/),
  amount: z.int().min(100),
  orderName: z.string().min(1).max(100),
  scenario: ScenarioField,
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

export const ChangeSettings = z.strictObject({
  latencyMs: z.int().min(0).max(600_000).optional(),
  slowMs: z.int().min(0).max(600_000).optional(),
  store5xx: z.boolean().optional(),
  declinedChargeUsesOrderId: z.boolean().optional(),
  cardRegistrationApi: z.boolean().optional(),
  authKeyLifeMinutes: z.int().min(1).max(100_000).optional(),
});

/** Forward only: to an instant, or by some milliseconds. */
export const MoveClock = z.union([
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
  z.strictObject({
    byMs: z
      .int()
      .min(0)
      .max(100 * 366 * 86_400_000),
  }),
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

export type ClockView = { readonly now: string; readonly ownsClock: boolean };

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
  readonly calls: readonly Call[];
};
