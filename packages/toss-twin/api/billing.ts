import {
  accountFace,
  issuerNames,
  type ScenarioKey,
  scenarios,
} from "@/packages/toss-twin/faults/scenarios";
import { newBillingKey, newPaymentKey, newSecret } from "@/packages/toss-twin/ids";
import type {
  AccountFace,
  BillingRecord,
  CardFace,
  PaymentRecord,
} from "@/packages/toss-twin/store/records";
import { parseSeoulDay, seoulTime } from "@/packages/toss-twin/time/seoul";
import type { Merchant, World } from "@/packages/toss-twin/world";
import { askCard, waitForCard } from "./approval";
import { bankName } from "./banks";
import type { ApiCall, Outcome } from "./call";
import { TossError } from "./errors";
import {
  customerKeyField,
  type Fields,
  installmentField,
  optionalEmail,
  optionalText,
  orderIdField,
  requiredAmount,
  requiredText,
  taxFields,
} from "./fields";
import { translate, type View } from "./payment-view";
import { approve } from "./payments";

const minimumCardWon = 100;
export const minimumAccountWon = 200;
const maximumAccountWon = 10_000_000;

/** POST /v1/billing/authorizations/issue: the authKey of the registration window works once. */
export function issueBillingKey(call: ApiCall): Outcome {
  const { world, merchant } = call;
  refuseWidgetKeys(call);
  const fields = call.fields();
  const authKey = requiredText(fields, "authKey", { max: 300 });
  const customerKey = customerKeyField(fields);
  const auth = world.store.auths.get(authKey);
  const lifeMs = world.settings.authKeyLifeMinutes * 60_000;
  if (
    !auth ||
    auth.mId !== merchant.mId ||
    auth.usedAt !== null ||
    world.now() >= auth.createdAt + lifeMs
  ) {
    throw new TossError("NOT_FOUND_BILLING");
  }
  if (auth.customerKey !== customerKey) throw new TossError("NOT_MATCHES_CUSTOMER_KEY");
  world.store.saveAuth({ ...auth, usedAt: world.now() });
  const { scenario } = auth;
  const face = auth.method === "transfer" ? { account: accountFace(scenario) } : {};
  const billing = registerCard(world, merchant, { customerKey, scenario, face });
  return { body: billingView(billing, call.view) };
}

/** POST /v1/billing/authorizations/card: closed to new contracts, hence off unless the setting allows it. */
export function registerCardByNumber(call: ApiCall): Outcome {
  const { world, merchant } = call;
  refuseWidgetKeys(call);
  if (!world.settings.cardRegistrationApi) throw new TossError("NOT_SUPPORTED_METHOD");
  const fields = call.fields();
  const customerKey = customerKeyField(fields);
  const cardNumber = requiredText(fields, "cardNumber", {
    max: 20,
    tooLong: "INVALID_CARD_NUMBER",
  });
  if (!/^\d{14,20}$/.test(cardNumber)) throw new TossError("INVALID_CARD_NUMBER");
  checkExpiry(fields, world.now());
  const identity = requiredText(fields, "customerIdentityNumber", {
    max: 10,
    tooLong: "INVALID_CARD_IDENTITY",
  });
  if (!isBirthDay(identity) && !/^\d{10}$/.test(identity)) {
    throw new TossError("INVALID_BIRTH_DAY_FORMAT");
  }
  const password = optionalText(fields, "cardPassword", {
    max: 2,
    tooLong: "INVALID_CARD_PASSWORD",
  });
  if (password !== null && !/^\d{2}$/.test(password)) throw new TossError("INVALID_CARD_PASSWORD");
  optionalText(fields, "customerName", { max: 100 });
  optionalEmail(fields, "customerEmail");
  const { scenario, card } = cardByNumber(cardNumber);
  const billing = registerCard(world, merchant, { customerKey, scenario, face: { card } });
  return { body: billingView(billing, call.view) };
}

/** POST /v1/billing/{billingKey}: a charge is created DONE at once, or not at all. */
export async function chargeBillingKey(call: ApiCall): Promise<Outcome> {
  const { world, merchant } = call;
  refuseWidgetKeys(call);
  const fields = call.fields();
  const customerKey = customerKeyField(fields);
  const amount = requiredAmount(fields, "amount");
  const orderId = orderIdField(fields);
  const orderName = requiredText(fields, "orderName", { max: 100, tooLong: "INVALID_ORDER_NAME" });
  optionalText(fields, "customerName", { max: 100 });
  optionalText(fields, "customerIp", { max: 50 });
  optionalEmail(fields, "customerEmail");
  if (amount < minimumCardWon) throw new TossError("BELOW_MINIMUM_AMOUNT");
  const tax = taxFields(fields, amount);
  const installmentPlanMonths = installmentField(fields, amount);
  if (call.fault?.kind === "key-deleted") removeBillingKey(world, findBilling(call));
  await waitForCard(world, findBilling(call).scenario);

  const billing = findBilling(call);
  if (billing.customerKey !== customerKey) throw new TossError("NOT_MATCHES_CUSTOMER_KEY");
  if (world.store.isOrderIdUsed(merchant.mId, orderId)) throw new TossError("DUPLICATED_ORDER_ID");
  if (billing.account) checkAccountLimits(amount);
  const now = world.now();
  const asked: PaymentRecord = {
    ...newPayment(world, merchant, "BILLING"),
    ...tax,
    orderId,
    orderName,
    customerKey,
    billingKey: billing.billingKey,
    totalAmount: amount,
    balanceAmount: amount,
    card: billing.card && { ...billing.card, installmentPlanMonths },
    transfer: billing.account,
    scenario: billing.scenario,
  };
  const tried = { ...billing, attempts: billing.attempts + 1 };
  try {
    const refusal = billing.account ? "REJECT_ACCOUNT_PAYMENT" : "REJECT_CARD_PAYMENT";
    const { approvedAmount, effect } = askCard({ ...billing, refusal }, amount, call.fault);
    const firstChargedAt = billing.firstChargedAt ?? now;
    world.store.saveBilling({ ...tried, firstChargedAt, lastChargedAt: now });
    const approved = approve(asked, approvedAmount, now);
    world.store.savePayment(approved);
    return { payment: approved, effect };
  } catch (error) {
    world.store.saveBilling(tried);
    if (error instanceof TossError && world.settings.declinedChargeUsesOrderId) {
      world.store.savePayment({ ...asked, status: "ABORTED", failure: error.code });
    }
    throw error;
  }
}

/** DELETE /v1/billing/{billingKey}: 200 with an empty body. */
export function deleteBillingKey(call: ApiCall): Outcome {
  refuseWidgetKeys(call);
  const billing = findBilling(call);
  removeBillingKey(call.world, billing);
  return { body: null };
}

export function removeBillingKey(world: World, billing: BillingRecord): void {
  world.store.saveBilling({ ...billing, removedAt: world.now() });
  world.webhooks.billingDeleted(billing, world.now());
}

type Registered = {
  readonly customerKey: string;
  readonly scenario: ScenarioKey;
  /** The card of the scenario where none is given. */
  readonly face?: { card: CardFace } | { account: AccountFace } | Record<string, never>;
};

/** A fresh billing key; the same customer or card again gives another one, since Toss does not de-duplicate. */
export function registerCard(
  world: World,
  merchant: Merchant,
  { customerKey, scenario, face = {} }: Registered,
): BillingRecord {
  const billing: BillingRecord = {
    billingKey: newBillingKey(),
    mId: merchant.mId,
    customerKey,
    scenario,
    card: "account" in face ? null : (face.card ?? scenarios[scenario].card),
    account: "account" in face ? (face.account ?? null) : null,
    authenticatedAt: world.now(),
    removedAt: null,
    attempts: 0,
    firstChargedAt: null,
    lastChargedAt: null,
  };
  world.store.saveBilling(billing);
  return billing;
}

/** A payment of this merchant of which nothing but the key and the time is settled. */
export function newPayment(
  world: World,
  merchant: Merchant,
  type: PaymentRecord["type"],
): Omit<PaymentRecord, "orderId" | "orderName" | "totalAmount" | "balanceAmount"> {
  const now = world.now();
  return {
    paymentKey: newPaymentKey(merchant.mId, now, (key) => world.store.payments.has(key)),
    mId: merchant.mId,
    type,
    keySet: "individual",
    customerKey: null,
    billingKey: null,
    status: "READY",
    taxFreeAmount: 0,
    taxExemptionAmount: 0,
    requestedAt: now,
    authenticatedAt: null,
    approvedAt: null,
    approvalKey: null,
    card: null,
    virtualAccount: null,
    transfer: null,
    cancels: [],
    cashReceipts: [],
    failure: null,
    secret: newSecret(),
    metadata: null,
    useEscrow: false,
    accountWishes: null,
    scenario: null,
    attempts: 0,
  };
}

function findBilling({ world, merchant, subject }: ApiCall): BillingRecord {
  const billing = world.store.billings.get(subject);
  if (!billing || billing.mId !== merchant.mId) throw new TossError("NOT_FOUND_BILLING");
  if (billing.removedAt !== null) throw new TossError("ALREADY_REMOVED_BILLING_KEY");
  return billing;
}

/** The Billing object (fact sheet 5.4); two fields of it are gone from API version 2024-06-01. */
function billingView(billing: BillingRecord, view: View): object {
  const { card, account } = billing;
  const { issuerCode = "", number = "" } = card ?? {};
  return {
    mId: billing.mId,
    customerKey: billing.customerKey,
    authenticatedAt: seoulTime(billing.authenticatedAt),
    method: translate(card ? "카드" : "계좌이체", view.language),
    billingKey: billing.billingKey,
    card: card && {
      issuerCode,
      acquirerCode: issuerCode,
      number,
      cardType: translate(card.cardType, view.language),
      ownerType: translate(card.ownerType, view.language),
    },
    transfers: account && [
      { bankName: bankName(account.bankCode), bankAccountNumber: account.number },
    ],
    easyPay: null,
    ...(view.version < "2024-06-01" && card
      ? { cardCompany: issuerNames[issuerCode] ?? issuerCode, cardNumber: number }
      : {}),
  };
}

/** The widget's secret key confirms payments; billing is for the pair of the API. */
function refuseWidgetKeys({ keySet }: ApiCall): void {
  if (keySet !== "individual") throw new TossError("INVALID_API_KEY");
}

export function checkAccountLimits(amount: number): void {
  if (amount < minimumAccountWon) throw new TossError("BELOW_MINIMUM_AMOUNT");
  if (amount > maximumAccountWon) throw new TossError("EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT");
}

/** YYMMDD of either century. */
function isBirthDay(text: string): boolean {
  const [year, month, day] = [text.slice(0, 2), text.slice(2, 4), text.slice(4)];
  return ["19", "20"].some(
    (century) => parseSeoulDay(`${century}${year}-${month}-${day}`) !== null,
  );
}

function checkExpiry(fields: Fields, now: number): void {
  const year = requiredText(fields, "cardExpirationYear", {
    max: 2,
    tooLong: "INVALID_CARD_EXPIRATION",
  });
  const month = requiredText(fields, "cardExpirationMonth", {
    max: 2,
    tooLong: "INVALID_CARD_EXPIRATION",
  });
  const isMonth = /^\d{2}$/.test(year) && /^(0[1-9]|1[0-2])$/.test(month);
  if (!isMonth || `20${year}-${month}` < seoulTime(now).slice(0, 7)) {
    throw new TossError("INVALID_CARD_EXPIRATION");
  }
}

/** At the real test API two prefixes can be charged; any other number gives a card of unknown kind. */
function cardByNumber(cardNumber: string): { scenario: ScenarioKey; card: CardFace } {
  const issuers: Readonly<Record<string, string>> = { "941000": "21", "490625": "31" };
  const issuerCode = issuers[cardNumber.slice(0, 6)];
  const scenario = issuerCode === undefined ? "unknown-card-type" : "normal";
  const number = `${cardNumber.slice(0, 8)}****${cardNumber.slice(12, 15)}*`;
  return {
    scenario,
    card: { ...scenarios[scenario].card, number, ...(issuerCode ? { issuerCode } : {}) },
  };
}
