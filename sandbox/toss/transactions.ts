import type { ApiCall, Outcome } from "./api-call";
import { TossError } from "./errors";
import { translate, type View } from "./payment-view";
import { parseSeoulLocalTime, seoulTime } from "./seoul-time";
import type { PaymentRecord } from "./store";

type Transaction = { readonly at: number; readonly transactionKey: string; readonly row: object };

/** GET /v1/transactions: one row for each approval and each cancel, oldest first, within local dates. */
export function listTransactions({ world, merchant, query, view }: ApiCall): Outcome {
  const from = localTime(query, "startDate");
  const to = localTime(query, "endDate");
  if (from > to) throw new TossError("INVALID_DATE");
  const limit = pageSize(query);
  const startingAfter = query.get("startingAfter");

  const rows = [...world.store.payments.values()]
    .filter((payment) => payment.mId === merchant.mId)
    .flatMap((payment) => transactionsOf(payment, view))
    .filter(({ at }) => from <= at && at <= to)
    .sort((a, b) => a.at - b.at || (a.transactionKey < b.transactionKey ? -1 : 1));
  const start = startingAfter
    ? rows.findIndex(({ transactionKey }) => transactionKey === startingAfter) + 1
    : 0;
  if (startingAfter && start === 0) throw new TossError("INVALID_REQUEST", "startingAfter");
  return { body: rows.slice(start, start + limit).map(({ row }) => row) };
}

function transactionsOf(payment: PaymentRecord, view: View): Transaction[] {
  if (payment.approvedAt === null || payment.approvalKey === null) return [];
  const approval = transaction(payment, view, {
    at: payment.approvedAt,
    transactionKey: payment.approvalKey,
    status: "DONE",
    amount: payment.totalAmount,
  });
  const cancels = payment.cancels.map((cancel) =>
    transaction(payment, view, {
      at: cancel.canceledAt,
      transactionKey: cancel.transactionKey,
      status: cancel.cancelAmount === payment.totalAmount ? "CANCELED" : "PARTIAL_CANCELED",
      amount: cancel.cancelAmount,
    }),
  );
  return [approval, ...cancels];
}

/** Amounts of cancels are positive, as everywhere else in the API; the status tells the direction. */
function transaction(
  payment: PaymentRecord,
  view: View,
  part: { at: number; transactionKey: string; status: string; amount: number },
): Transaction {
  const { at, transactionKey, status, amount } = part;
  return {
    at,
    transactionKey,
    row: {
      mId: payment.mId,
      transactionKey,
      paymentKey: payment.paymentKey,
      orderId: payment.orderId,
      method: translate("카드", view.language),
      customerKey: payment.customerKey,
      useEscrow: false,
      receiptUrl: `${view.publicUrl}/receipt/${payment.paymentKey}`,
      status,
      transactionAt: seoulTime(at),
      currency: "KRW",
      amount,
    },
  };
}

function localTime(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (!text) throw new TossError("INVALID_REQUEST", name);
  const at = parseSeoulLocalTime(text);
  if (at === null) throw new TossError("INVALID_DATE", name);
  return at;
}

function pageSize(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null) return 100;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new TossError("INVALID_REQUEST", "limit");
  if (Number(text) > 5_000) throw new TossError("EXCEED_MAX_QUERY_LIMIT");
  return Number(text);
}
