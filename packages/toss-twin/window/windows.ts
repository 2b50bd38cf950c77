import { z } from "zod";
import type { virtualAccountBanks } from "@/packages/toss-twin/api/banks";
import {
  checkAccountLimits,
  minimumAccountWon,
  newPayment,
} from "@/packages/toss-twin/api/billing";
import { TossError } from "@/packages/toss-twin/api/errors";
import { mostWon } from "@/packages/toss-twin/api/fields";
import { savePending } from "@/packages/toss-twin/api/payments";
import { newAccount, parseAccountWishes } from "@/packages/toss-twin/api/virtual-accounts";
import { accountFace, type ScenarioKey, scenarios } from "@/packages/toss-twin/faults/scenarios";
import { newAuthKey, newWindowId } from "@/packages/toss-twin/ids";
import { type PaymentRecord, WebUrl, type WindowRecord } from "@/packages/toss-twin/store/records";
import { type Merchant, type World, widgetKey } from "@/packages/toss-twin/world";

const common = {
  clientKey: z.string().max(200),
  method: z.string().max(40),
  target: z.enum(["iframe", "self"]),
  successUrl: WebUrl.nullable(),
  failUrl: WebUrl.nullable(),
};

/** What the SDK script asks for. Its own checks come first; these keep the door shut to other senders. */
export const WindowRequest = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("payment"),
    amount: z.int().min(0).max(mostWon),
    orderId: z.string().regex(/^[A-Za-z0-9_=-]{6,64}$/),
    orderName: z.string().min(1).max(100),
    customerKey: z.string().max(300).nullable().default(null),
    taxFreeAmount: z.int().min(0).default(0),
    taxExemptionAmount: z.int().min(0).default(0),
    useEscrow: z.boolean().default(false),
    /** For a virtual account, should the buyer choose one. */
    account: z
      .object({
        customerName: z.string().max(100).nullable(),
        validHours: z.int().nullable(),
        dueDate: z.string().max(40).nullable(),
      })
      .nullable()
      .default(null),
    metadata: z
      .record(z.string().max(40), z.string().max(2_000))
      .refine((metadata) => Object.keys(metadata).length <= 5)
      .nullable()
      .default(null),
  }),
  z.object({
    ...common,
    kind: z.literal("billing"),
    customerKey: z.string().min(2).max(300),
    successUrl: WebUrl,
    failUrl: WebUrl,
  }),
]);

export type WindowRequest = z.infer<typeof WindowRequest>;

type Method = WindowRecord["method"];

/** What the buyer chose: how the method will behave, and the method where the window leaves it open. */
export type Choice = {
  readonly scenario: ScenarioKey;
  readonly method?: Exclude<Method, "any"> | undefined;
  readonly bank?: (typeof virtualAccountBanks)[number] | undefined;
};

type Order = Pick<
  Extract<WindowRequest, { kind: "payment" }>,
  | "amount"
  | "orderId"
  | "orderName"
  | "customerKey"
  | "taxFreeAmount"
  | "taxExemptionAmount"
  | "useEscrow"
  | "account"
  | "metadata"
> & { readonly keySet: PaymentRecord["keySet"] };

/** The words by which both SDK versions name the methods this contract has. */
const methods: Readonly<Record<string, Method>> = {
  "": "any",
  미선택: "any",
  카드: "card",
  CARD: "card",
  계좌이체: "transfer",
  TRANSFER: "transfer",
  가상계좌: "virtual-account",
  VIRTUAL_ACCOUNT: "virtual-account",
};

/** Opens a window; for a payment this creates it in state READY. */
export function openWindow(
  world: World,
  request: WindowRequest,
  opener: string | null,
): WindowRecord {
  const { merchant, keySet } = findByClientKey(world, request.clientKey);
  const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (method === undefined) throw new TossError("NOT_SUPPORTED_METHOD");
  if (request.kind === "billing" && (keySet === "widget" || method === "virtual-account")) {
    throw new TossError("NOT_SUPPORTED_METHOD");
  }
  const window: WindowRecord = {
    id: newWindowId(),
    mId: merchant.mId,
    target: request.target,
    method,
    opener,
    successUrl: request.successUrl,
    failUrl: request.failUrl,
    createdAt: world.now(),
    closedAt: null,
    asks:
      request.kind === "billing"
        ? { kind: "billing", customerKey: request.customerKey }
        : {
            kind: "payment",
            paymentKey: createReadyPayment(world, merchant, { ...request, keySet }).paymentKey,
          },
  };
  world.store.saveWindow(window);
  return window;
}

/** A payment in state READY, as an opened window leaves it. */
export function createReadyPayment(world: World, merchant: Merchant, order: Order): PaymentRecord {
  const { amount, orderId, orderName, customerKey, metadata, keySet } = order;
  const { taxFreeAmount, taxExemptionAmount, useEscrow, account } = order;
  if (amount < 100) throw new TossError("BELOW_MINIMUM_AMOUNT");
  if (taxFreeAmount + taxExemptionAmount > amount) {
    throw new TossError("INVALID_REQUEST", "taxFreeAmount");
  }
  if (world.store.isOrderIdUsed(merchant.mId, orderId)) {
    throw new TossError("DUPLICATED_ORDER_ID");
  }
  const accountWishes = account && parseAccountWishes(account, world.now());
  const payment: PaymentRecord = {
    ...newPayment(world, merchant, "NORMAL"),
    ...{ useEscrow, accountWishes },
    ...{ orderId, orderName, customerKey, metadata, keySet, taxFreeAmount, taxExemptionAmount },
    totalAmount: amount,
    balanceAmount: amount,
  };
  savePending(world, payment);
  return payment;
}

/** The buyer authenticates, by card if nothing else: READY becomes IN_PROGRESS, for ten minutes. */
export function authorizePayment(
  world: World,
  payment: PaymentRecord,
  { scenario, method = "card", bank = "88" }: Choice,
): PaymentRecord {
  if (method === "transfer") checkAccountLimits(payment.totalAmount);
  if (method === "virtual-account" && payment.totalAmount < minimumAccountWon) {
    throw new TossError("BELOW_MINIMUM_AMOUNT");
  }
  const earlier = world.store
    .listPaymentsOfOrder(payment.mId, payment.orderId)
    .filter((other) => other.scenario === scenario);
  const authenticated: PaymentRecord = {
    ...payment,
    status: "IN_PROGRESS",
    authenticatedAt: world.now(),
    card: method === "card" ? { ...scenarios[scenario].card, installmentPlanMonths: 0 } : null,
    transfer: method === "transfer" ? accountFace(scenario) : null,
    virtualAccount:
      method === "virtual-account" ? newAccount(bank, payment.accountWishes, world.now()) : null,
    scenario,
    // The same card tried again for the same order goes on where it was, so that "declined once" is once.
    attempts: Math.max(0, ...earlier.map(({ attempts }) => attempts)),
  };
  savePending(world, authenticated);
  return authenticated;
}

/** The buyer registers a card; the authKey is exchanged for a billing key once. */
export function authorizeBilling(
  world: World,
  mId: string,
  { customerKey, scenario, method }: Choice & { readonly customerKey: string },
): string {
  const authKey = newAuthKey();
  const createdAt = world.now();
  world.store.saveAuth({
    ...{ authKey, mId, customerKey, scenario, createdAt, usedAt: null },
    method: method === "transfer" ? "transfer" : "card",
  });
  return authKey;
}

function findByClientKey(
  world: World,
  key: string,
): { merchant: Merchant; keySet: PaymentRecord["keySet"] } {
  for (const merchant of world.merchants) {
    if (merchant.clientKey === key) return { merchant, keySet: "individual" };
    if (widgetKey(merchant.clientKey) === key) return { merchant, keySet: "widget" };
  }
  throw new TossError("UNAUTHORIZED_KEY");
}
