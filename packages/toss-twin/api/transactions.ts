import type { CancelRecord, PaymentRecord } from "@/packages/toss-twin/store/records";
import { parseSeoulLocalTime, seoulTime } from "@/packages/toss-twin/time/seoul";
import type { World } from "@/packages/toss-twin/world";
import type { ApiCall, Outcome } from "./call";
import { TossError } from "./errors";
import { methodOf, translate, type View } from "./payment-view";
import { pageSize } from "./query";

/** One movement of money that stands, with its payment; an approval has no cancel. */
export type Transaction = {
  readonly at: number;
  readonly transactionKey: string;
  readonly payment: PaymentRecord;
  readonly cancel: CancelRecord | null;
};

/** GET /v1/transactions: one row for each approval and each cancel, oldest first, within local dates. */
export function listTransactions(call: ApiCall): Outcome {
  const { world, merchant, query, view, fault } = call;
  const from = localTime(query, "startDate");
  // Rows show whole seconds, and the second named last is one of the range.
  const to = localTime(query, "endDate") + (query.get("endDate")?.includes(".") ? 0 : 999);
  if (from > to) throw new TossError("INVALID_DATE");
  const limit = pageSize(query, "limit", 5_000);
  const startingAfter = query.get("startingAfter");
  const seenUntil = fault?.kind === "transactions-lag" ? world.now() - fault.lagMs : to;

  const rows: object[] = [];
  let hasStarted = !startingAfter;
  const range = { from, to: Math.min(to, seenUntil) };
  for (const transaction of transactionsOf(world, merchant.mId, range)) {
    if (rows.length === limit) break;
    if (hasStarted) rows.push(rowOf(transaction, view));
    else hasStarted = transaction.transactionKey === startingAfter;
  }
  if (!hasStarted) throw new TossError("INVALID_REQUEST", "startingAfter");
  return { body: rows };
}

/** The movements of a merchant from an instant up to and with another, oldest first. */
export function* transactionsOf(
  world: World,
  mId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Generator<Transaction> {
  for (const { at, transactionKey, paymentKey } of world.store.ledger.between(from, to)) {
    const payment = world.store.findPayment(mId, paymentKey);
    if (!payment) continue;
    const cancel = payment.cancels.find((one) => one.transactionKey === transactionKey) ?? null;
    // The approval of a deposit that the bank took back does not stand.
    if (
      cancel === null &&
      (payment.approvalKey !== transactionKey || payment.approvedAt === null)
    ) {
      continue;
    }
    yield { at, transactionKey, payment, cancel };
  }
}

/** Amounts of cancels are positive, as everywhere else in the API; the status tells the direction. */
function rowOf({ at, transactionKey, payment, cancel }: Transaction, view: View): object {
  const isWhole = cancel?.cancelAmount === payment.totalAmount;
  return {
    mId: payment.mId,
    transactionKey,
    paymentKey: payment.paymentKey,
    orderId: payment.orderId,
    method: translate(methodOf(payment) ?? "카드", view.language),
    customerKey: payment.customerKey,
    useEscrow: payment.useEscrow,
    receiptUrl: `${view.publicUrl}/receipt/${payment.paymentKey}`,
    status: cancel ? (isWhole ? "CANCELED" : "PARTIAL_CANCELED") : "DONE",
    transactionAt: seoulTime(at),
    currency: "KRW",
    amount: cancel?.cancelAmount ?? payment.totalAmount,
  };
}

function localTime(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (!text) throw new TossError("INVALID_REQUEST", name);
  const at = parseSeoulLocalTime(text);
  if (at === null) throw new TossError("INVALID_DATE", name);
  return at;
}
