import type { Effect } from "@/packages/toss-twin/faults/scenarios";
import { parseSeoulDay, seoulDay, seoulTime } from "@/packages/toss-twin/time/seoul";
import type { ApiCall, Outcome } from "./call";
import { TossError } from "./errors";
import { requiredText } from "./fields";
import {
  cancelView,
  cardView,
  methodOf,
  translate,
  type View,
  virtualAccountView,
} from "./payment-view";
import { pageSize, wholeNumber } from "./query";
import { type Transaction, transactionsOf } from "./transactions";

const dayMs = 24 * 3_600_000;

/** Working days from the sale to the pay-out. */
const payOutWorkingDays = 3;

/** How far a sale can lie before its pay-out day, weekends included. */
const longestPayOutMs = 7 * dayMs;

const cardFeeRate = 0.032;
const transferFeeRate = 0.018;
const virtualAccountFeeWon = 400;

/** GET /v1/settlements: what was sold or is paid out on some Korean days, from the day after the sale. */
export function listSettlements(call: ApiCall): Outcome {
  const { world, merchant, query, view } = call;
  const from = day(query, "startDate");
  const to = day(query, "endDate");
  if (from > to) throw new TossError("INVALID_DATE");
  const dateType = query.get("dateType") ?? "soldDate";
  if (dateType !== "soldDate" && dateType !== "paidOutDate") {
    throw new TossError("INVALID_REQUEST", "dateType");
  }
  const size = pageSize(query, "size", 5_000);
  const page = wholeNumber(query, "page", 1);
  if (page === 0) throw new TossError("INVALID_REQUEST", "page");

  const [firstDay, lastDay] = [seoulDay(from), seoulDay(to)];
  const today = seoulDay(world.now());
  const earliest = dateType === "soldDate" ? from : from - longestPayOutMs;
  const rows: object[] = [];
  let matching = 0;
  for (const transaction of transactionsOf(world, merchant.mId, {
    from: earliest,
    to: to + dayMs - 1,
  })) {
    // What was called off before anything was paid is no sale, and nothing to take back.
    if (transaction.payment.approvedAt === null) continue;
    const soldDate = seoulDay(transaction.at);
    if (soldDate >= today) break;
    const paidOutDate = payOutDay(transaction.at);
    const date = dateType === "soldDate" ? soldDate : paidOutDate;
    if (date < firstDay || date > lastDay) continue;
    matching += 1;
    if (matching <= (page - 1) * size) continue;
    if (rows.length === size) break;
    rows.push(
      rowOf(
        {
          ...transaction,
          soldDate,
          paidOutDate,
          missingWon: shortBy(call.fault, transaction, rows),
        },
        view,
      ),
    );
  }
  return { body: rows };
}

/** POST /v1/settlements: only for contracts with manual acquisition. */
export function settleByHand(call: ApiCall): Outcome {
  if (!call.world.settings.manualSettlement) throw new TossError("FORBIDDEN_REQUEST");
  const paymentKey = requiredText(call.fields(), "paymentKey", {
    max: 200,
    tooLong: "INVALID_PAYMENT_KEY",
  });
  const payment = call.world.store.findPayment(call.merchant.mId, paymentKey);
  if (!payment) throw new TossError("NOT_FOUND_PAYMENT");
  if (payment.approvedAt === null) throw new TossError("NOT_AVAILABLE_PAYMENT");
  return { body: { result: true } };
}

type Settlement = Transaction & {
  readonly soldDate: string;
  readonly paidOutDate: string;
  /** What a fault leaves out of the amount. */
  readonly missingWon: number;
};

/** A cancel is a row of its own whose amounts are negative; what was sold and taken back adds up to nothing. */
function rowOf(
  { at, transactionKey, payment, cancel, soldDate, paidOutDate, missingWon }: Settlement,
  view: View,
): object {
  const sign = cancel ? -1 : 1;
  const amount = sign * (cancel?.cancelAmount ?? payment.totalAmount) - missingWon;
  const fee = sign * feeOf(payment, Math.abs(amount), cancel !== null);
  const vat = Math.round(fee / 10);
  return {
    mId: payment.mId,
    paymentKey: payment.paymentKey,
    transactionKey,
    orderId: payment.orderId,
    currency: "KRW",
    method: translate(methodOf(payment) ?? "카드", view.language),
    amount,
    interestFee: 0,
    fees: [{ type: "BASE", fee }],
    supplyAmount: fee,
    vat,
    payOutAmount: amount - fee - vat,
    approvedAt: seoulTime(cancel ? (payment.approvedAt ?? at) : at),
    soldDate,
    paidOutDate,
    card: cardView(payment, view.language),
    easyPay: null,
    giftCertificate: null,
    mobilePhone: null,
    transfer: payment.transfer && { bankCode: payment.transfer.bankCode },
    virtualAccount: virtualAccountView(payment, view),
    cancel: cancel && cancelView(cancel),
  };
}

/** Without VAT. The flat fee of a virtual account is for the deposit and is not given back. */
function feeOf(payment: Transaction["payment"], amount: number, isCancel: boolean): number {
  if (payment.virtualAccount) return isCancel ? 0 : virtualAccountFeeWon;
  return Math.round(amount * (payment.transfer ? transferFeeRate : cardFeeRate));
}

function shortBy(
  fault: Effect | null,
  { payment }: Transaction,
  before: readonly object[],
): number {
  if (fault?.kind !== "settlement-short") return 0;
  const { orderId } = fault.match;
  const isHit = orderId === undefined ? before.length === 0 : orderId === payment.orderId;
  return isHit ? fault.byWon : 0;
}

/** Some working days after the sale; Saturdays and Sundays do not count, holidays are not known here. */
function payOutDay(soldAt: number): string {
  let at = soldAt;
  for (let left = payOutWorkingDays; left > 0; ) {
    at += dayMs;
    const weekday = new Date(`${seoulDay(at)}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return seoulDay(at);
}

function day(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (!text) throw new TossError("INVALID_REQUEST", name);
  const at = parseSeoulDay(text);
  if (at === null) throw new TossError("INVALID_DATE", name);
  return at;
}
