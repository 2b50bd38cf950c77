import { newVirtualAccountNumber, shortHash } from "@/packages/toss-twin/ids";
import type { PaymentRecord } from "@/packages/toss-twin/store/records";
import { parseSeoulLocalTime } from "@/packages/toss-twin/time/seoul";
import type { World } from "@/packages/toss-twin/world";
import { findBankCode } from "./banks";
import { newPayment } from "./billing";
import type { ApiCall, Outcome } from "./call";
import { cancelReceipt, issueReceipt, leftOf } from "./cash-receipts";
import { TossError } from "./errors";
import {
  type Fields,
  optionalAmount,
  optionalEmail,
  optionalFlag,
  optionalText,
  requiredAmount,
  requiredText,
  taxFields,
} from "./fields";
import { approve, awaitDeposit, changed } from "./payments";

const hourMs = 3_600_000;
const defaultValidHours = 168;
const maxValidHours = 2_160;
const maxDueMs = 90 * 24 * hourMs;
const minimumWon = 200;

type VirtualAccount = NonNullable<PaymentRecord["virtualAccount"]>;
type AccountWishes = NonNullable<PaymentRecord["accountWishes"]>;

/** POST /v1/virtual-accounts, by fact sheet 4.9. */
export function issueVirtualAccount(call: ApiCall): Outcome {
  const { world, merchant } = call;
  const fields = call.fields();
  const amount = requiredAmount(fields, "amount");
  // Shorter order ids than elsewhere are taken here, as seen at Toss.
  const orderId = requiredText(withTextFor(fields, "orderId"), "orderId", {
    max: 64,
    tooLong: "INVALID_ORDER_ID",
  });
  if (!/^[A-Za-z0-9_=-]{2,64}$/.test(orderId)) throw new TossError("INVALID_ORDER_ID");
  const orderName = requiredText(fields, "orderName", { max: 100, tooLong: "INVALID_ORDER_NAME" });
  const customerName = requiredText(fields, "customerName", { max: 100 });
  const bankCode = findBankCode(requiredText(fields, "bank", { max: 40, tooLong: "INVALID_BANK" }));
  if (bankCode === null) throw new TossError("INVALID_BANK");
  optionalEmail(fields, "customerEmail");
  const phone = optionalText(fields, "customerMobilePhone", { max: 15 });
  if (phone !== null && !/^\d{8,15}$/.test(phone)) {
    throw new TossError("INVALID_REQUEST", "customerMobilePhone");
  }
  if (amount < minimumWon) throw new TossError("BELOW_MINIMUM_AMOUNT");
  const wishes = parseAccountWishes(
    {
      customerName,
      validHours: optionalAmount(withNumberFor(fields, "validHours"), "validHours"),
      dueDate: optionalText(fields, "dueDate", { max: 40 }),
    },
    world.now(),
  );
  const useEscrow = optionalFlag(fields, "useEscrow");
  const products = fields.escrowProducts ?? [];
  if (!Array.isArray(products)) throw new TossError("INVALID_REQUEST", "escrowProducts");
  const fixed = fixedAccountField(fields, world);
  const cashReceipt = cashReceiptField(fields);
  const tax = taxFields(fields, amount);
  if (world.store.isOrderIdUsed(merchant.mId, orderId)) throw new TossError("DUPLICATED_ORDER_ID");
  const account = { ...newAccount(bankCode, wishes, world.now()), ...fixed, cashReceipt };
  const payment = awaitDeposit({
    ...newPayment(world, merchant, "NORMAL"),
    ...tax,
    useEscrow,
    keySet: call.keySet,
    orderId,
    orderName,
    totalAmount: amount,
    balanceAmount: amount,
    authenticatedAt: world.now(),
    virtualAccount: account,
  });
  return { payment: changed(world, payment) };
}

/** This endpoint takes a whole number as an order id, and reads it as a text. */
function withTextFor(fields: Fields, name: string): Fields {
  const value = fields[name];
  return Number.isSafeInteger(value) ? { ...fields, [name]: String(value) } : fields;
}

/** And digits in a text as a number. */
function withNumberFor(fields: Fields, name: string): Fields {
  const value = fields[name];
  const isDigits = typeof value === "string" && /^\d{1,9}$/.test(value);
  return isDigits ? { ...fields, [name]: Number(value) } : fields;
}

/** A fresh account for one order, open for a week where the seller asked for nothing else. */
export function newAccount(
  bankCode: string,
  wishes: AccountWishes | null,
  now: number,
): VirtualAccount {
  return {
    bankCode,
    customerName: wishes?.customerName ?? "구매자",
    dueAt: wishes?.dueAt ?? now + (wishes?.validHours ?? defaultValidHours) * hourMs,
    accountType: "일반",
    accountNumber: newVirtualAccountNumber(),
    cashReceipt: null,
    refund: null,
  };
}

/** The buyer pays in: what the deposit button of the developer centre does in the test environment. */
export function deposit(world: World, payment: PaymentRecord): PaymentRecord {
  const { virtualAccount } = payment;
  if (!virtualAccount || payment.status !== "WAITING_FOR_DEPOSIT") {
    throw new TossError("NOT_FOUND_PAYMENT", "The payment waits for no deposit.");
  }
  const now = world.now();
  if (virtualAccount.accountType === "일반" && now >= virtualAccount.dueAt) {
    throw new TossError("NOT_AVAILABLE_PAYMENT", "The account is past its due date.");
  }
  const paid = approve(payment, payment.totalAmount, now);
  if (!virtualAccount.cashReceipt) return changed(world, paid);
  const { type, number } = virtualAccount.cashReceipt;
  const { receiptKey, issueNumber } = issueReceipt(world, {
    ...{ mId: payment.mId, orderId: payment.orderId, orderName: payment.orderName, type },
    amount: payment.totalAmount,
    taxFreeAmount: payment.taxFreeAmount,
    customerIdentityNumber: number,
  });
  const { totalAmount: amount, taxFreeAmount } = payment;
  const receipt = { receiptKey, issueNumber, type, amount, taxFreeAmount };
  return changed(world, { ...paid, cashReceipts: [...payment.cashReceipts, receipt] });
}

/** The bank takes a deposit back: DONE falls back to WAITING_FOR_DEPOSIT, and its cash receipt is cancelled. */
export function reportDepositError(world: World, payment: PaymentRecord): PaymentRecord {
  if (!payment.virtualAccount || payment.status !== "DONE") {
    throw new TossError("NOT_FOUND_PAYMENT", "The payment holds no deposit.");
  }
  for (const { receiptKey } of payment.cashReceipts) {
    const receipt = world.store.receipts.get(receiptKey);
    if (receipt && leftOf(world, receipt).amount > 0) cancelReceipt(world, receipt, null);
  }
  return changed(world, awaitDeposit({ ...payment, cashReceipts: [] }));
}

/** Checks how long a seller wants an account to stay open. */
export function parseAccountWishes(
  {
    customerName,
    validHours,
    dueDate,
  }: Omit<AccountWishes, "dueAt"> & { readonly dueDate: string | null },
  now: number,
): AccountWishes {
  if (validHours !== null && dueDate !== null) {
    throw new TossError("INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE");
  }
  if (validHours !== null && validHours < 1) throw new TossError("INVALID_REQUEST", "validHours");
  if (validHours !== null && validHours > maxValidHours) {
    throw new TossError("EXCEED_MAX_VALID_HOURS");
  }
  return { customerName, validHours, dueAt: dueDate === null ? null : parseDueDate(dueDate, now) };
}

function parseDueDate(text: string, now: number): number {
  const dueAt = parseSeoulLocalTime(text);
  if (dueAt === null || dueAt <= now) throw new TossError("INVALID_DATE", "dueDate");
  if (dueAt > now + maxDueMs) throw new TossError("EXCEED_MAX_DUE_DATE");
  return dueAt;
}

/** A fixed account belongs to its key and therefore keeps its number. */
function fixedAccountField(fields: Fields, world: World): Partial<VirtualAccount> {
  const accountKey = optionalText(fields, "accountKey", { max: 200 });
  if (accountKey === null) return {};
  if (!world.settings.fixedVirtualAccounts) throw new TossError("NOT_SUPPORTED_METHOD");
  const digits = String(Number.parseInt(shortHash(accountKey), 16)).padStart(13, "0");
  return { accountType: "고정", accountNumber: `X${digits.slice(0, 13)}` };
}

function cashReceiptField(fields: Fields): VirtualAccount["cashReceipt"] {
  const given = fields.cashReceipt;
  if (given === undefined || given === null) return null;
  if (typeof given !== "object" || Array.isArray(given)) {
    throw new TossError("INVALID_REQUEST", "cashReceipt");
  }
  const receipt: Fields = Object.fromEntries(Object.entries(given));
  const { type } = receipt;
  if (type === "미발행") return null;
  if (type !== "소득공제" && type !== "지출증빙") {
    throw new TossError("INVALID_REQUEST", "cashReceipt.type");
  }
  const number = requiredText(receipt, "registrationNumber", { max: 30 });
  if (!/^\d+$/.test(number)) throw new TossError("INVALID_REQUEST", "registrationNumber");
  return { type, number };
}
