import { newReceiptKey, randomDigits } from "@/packages/toss-twin/ids";
import type { ReceiptRecord } from "@/packages/toss-twin/store/records";
import { parseSeoulDay, seoulTime } from "@/packages/toss-twin/time/seoul";
import type { World } from "@/packages/toss-twin/world";
import type { ApiCall, Outcome } from "./call";
import { TossError } from "./errors";
import { optionalAmount, orderIdField, requiredAmount, requiredText, taxFields } from "./fields";
import { translate, type View } from "./payment-view";
import { pageSize, wholeNumber } from "./query";

const dayMs = 24 * 3_600_000;

/** The tax office takes a day; an answer is never final at once. */
const completedAfterMs = dayMs;

/** POST /v1/cash-receipts: the same order twice gives two receipts, and nobody asks how the order was paid. */
export function issueCashReceipt(call: ApiCall): Outcome {
  const fields = call.fields();
  const amount = requiredAmount(fields, "amount");
  const orderId = orderIdField(fields);
  const orderName = requiredText(fields, "orderName", { max: 100, tooLong: "INVALID_ORDER_NAME" });
  const { type } = fields;
  if (type !== "소득공제" && type !== "지출증빙") throw new TossError("INVALID_REQUEST", "type");
  const customerIdentityNumber = requiredText(fields, "customerIdentityNumber", { max: 30 });
  if (!/^\d+$/.test(customerIdentityNumber)) {
    throw new TossError("INVALID_REQUEST", "customerIdentityNumber");
  }
  if (amount < 1) throw new TossError("INVALID_REQUEST", "amount");
  const { taxFreeAmount } = taxFields(fields, amount);
  const receipt = issueReceipt(call.world, {
    ...{ mId: call.merchant.mId, orderId, orderName, type, amount, taxFreeAmount },
    customerIdentityNumber,
  });
  return { body: receiptView(receipt, call.view) };
}

/** POST /v1/cash-receipts/{receiptKey}/cancel: a cancel is a receipt of its own. */
export function cancelCashReceipt(call: ApiCall): Outcome {
  const { world, merchant, subject } = call;
  const asked = optionalAmount(call.fields({}), "amount");
  if (asked !== null && asked < 1) throw new TossError("INVALID_REQUEST", "amount");
  const receipt = world.store.receipts.get(subject);
  if (!receipt || receipt.mId !== merchant.mId || receipt.cancels !== null) {
    throw new TossError("NOT_FOUND", "receiptKey");
  }
  return { body: receiptView(cancelReceipt(world, receipt, asked), call.view) };
}

/** Cancels a part, or with null all that is left; throws NOT_CANCELABLE_AMOUNT where less is left than asked. */
export function cancelReceipt(
  world: World,
  receipt: ReceiptRecord,
  asked: number | null,
): ReceiptRecord {
  const left = leftOf(world, receipt);
  const amount = asked ?? left.amount;
  if (left.amount === 0 || amount > left.amount) throw new TossError("NOT_CANCELABLE_AMOUNT");
  const cancel: ReceiptRecord = {
    ...receipt,
    receiptKey: `c_${newReceiptKey()}`,
    cancels: receipt.receiptKey,
    amount,
    taxFreeAmount: Math.min(left.taxFreeAmount, amount),
    requestedAt: world.now(),
  };
  world.store.saveReceipt(cancel);
  return cancel;
}

/** What of a receipt was not cancelled yet. */
export function leftOf(
  world: World,
  receipt: ReceiptRecord,
): Pick<ReceiptRecord, "amount" | "taxFreeAmount"> {
  let { amount, taxFreeAmount } = receipt;
  for (const other of world.store.receipts.values()) {
    if (other.cancels !== receipt.receiptKey) continue;
    amount -= other.amount;
    taxFreeAmount -= other.taxFreeAmount;
  }
  return { amount, taxFreeAmount };
}

/** GET /v1/cash-receipts: the receipts and cancels asked for on one day. */
export function listCashReceipts({ world, merchant, query, view }: ApiCall): Outcome {
  for (const name of ["startDate", "endDate"]) {
    if (query.has(name)) throw new TossError("INVALID_REQUEST", name);
  }
  const requestDate = query.get("requestDate");
  if (!requestDate) throw new TossError("INVALID_REQUEST", "requestDate");
  const from = parseSeoulDay(requestDate);
  if (from === null) throw new TossError("INVALID_DATE", "requestDate");
  const limit = pageSize(query, "limit", 10_000);
  const cursor = wholeNumber(query, "cursor", 0);
  const all = [...world.store.receipts.values()].filter(
    ({ mId, requestedAt }) =>
      mId === merchant.mId && from <= requestedAt && requestedAt < from + dayMs,
  );
  const lastCursor = Math.min(cursor + limit, all.length);
  return {
    body: {
      hasNext: lastCursor < all.length,
      lastCursor,
      data: all.slice(cursor, lastCursor).map((receipt) => receiptView(receipt, view)),
    },
  };
}

export function issueReceipt(
  world: World,
  asked: Omit<ReceiptRecord, "receiptKey" | "cancels" | "issueNumber" | "requestedAt">,
): ReceiptRecord {
  const receipt: ReceiptRecord = {
    ...asked,
    receiptKey: newReceiptKey(),
    cancels: null,
    issueNumber: randomDigits(9),
    requestedAt: world.now(),
  };
  world.store.saveReceipt(receipt);
  return receipt;
}

/** The CashReceipt object of the API (fact sheet 5.6). */
function receiptView(receipt: ReceiptRecord, view: View): object {
  const isCompleted = view.now - receipt.requestedAt >= completedAfterMs;
  return {
    receiptKey: receipt.receiptKey,
    issueNumber: receipt.issueNumber,
    issueStatus: isCompleted ? "COMPLETED" : "IN_PROGRESS",
    amount: receipt.amount,
    taxFreeAmount: receipt.taxFreeAmount,
    orderId: receipt.orderId,
    orderName: receipt.orderName,
    type: translate(receipt.type, view.language),
    transactionType: receipt.cancels === null ? "CONFIRM" : "CANCEL",
    businessNumber: "0000000000",
    customerIdentityNumber: masked(receipt.customerIdentityNumber),
    failure: null,
    requestedAt: seoulTime(receipt.requestedAt),
    receiptUrl: `${view.publicUrl}/cash-receipt/${receipt.receiptKey}`,
  };
}

function masked(number: string): string {
  return number.length <= 4 ? number : `${"*".repeat(number.length - 4)}${number.slice(-4)}`;
}
