import { html } from "@/packages/local-kit/html";
import { bankName } from "@/packages/toss-twin/api/banks";
import { dateWords, page } from "@/packages/toss-twin/control/page-parts";
import { statusWords } from "@/packages/toss-twin/control/words";
import { issuerNames } from "@/packages/toss-twin/faults/scenarios";
import { type HttpReply, htmlReply } from "@/packages/toss-twin/http/messages";
import type { PaymentRecord } from "@/packages/toss-twin/store/records";
import type { World } from "@/packages/toss-twin/world";
import { won } from "./page";

type Rows = readonly (readonly [name: string, value: string])[];

/** The buyer's slip that `receipt.url` and `checkout.url` of a payment lead to. */
export function receiptPage(world: World, paymentKey: string): HttpReply {
  const payment = world.store.payments.get(paymentKey);
  if (!payment) return notFound();
  const title = payment.card ? "신용카드 매출전표" : "결제 영수증";
  return slip(title, [
    ["상품", payment.orderName],
    ["주문번호", payment.orderId],
    ["상점", payment.mId],
    ...methodRow(payment),
    ["상태", statusWords[payment.status]],
    ["승인 일시", payment.approvedAt === null ? "-" : dateWords(payment.approvedAt)],
    ["결제 금액", won(payment.totalAmount)],
    ["취소 금액", won(payment.totalAmount - payment.balanceAmount)],
  ]);
}

/** What `receiptUrl` of a cash receipt leads to. */
export function cashReceiptPage(world: World, receiptKey: string): HttpReply {
  const receipt = world.store.receipts.get(receiptKey);
  if (!receipt) return notFound();
  return slip(receipt.cancels === null ? "현금영수증" : "현금영수증 취소", [
    ["상품", receipt.orderName],
    ["주문번호", receipt.orderId],
    ["상점", receipt.mId],
    ["용도", receipt.type],
    ["승인번호", receipt.issueNumber],
    ["일시", dateWords(receipt.requestedAt)],
    ["금액", won(receipt.amount)],
  ]);
}

/** The method of a payment in words: issuer and number, or bank and account. */
export function methodWords({ card, virtualAccount, transfer }: PaymentRecord): string {
  if (card) return `${issuerNames[card.issuerCode] ?? card.issuerCode} ${card.number}`;
  if (virtualAccount) return `${bankName(virtualAccount.bankCode)} ${virtualAccount.accountNumber}`;
  return transfer ? `${bankName(transfer.bankCode)} ${transfer.number}` : "-";
}

function methodRow(payment: PaymentRecord): Rows {
  if (payment.virtualAccount) return [["가상계좌", methodWords(payment)]];
  return [[payment.transfer ? "계좌" : "카드", methodWords(payment)]];
}

function slip(title: string, rows: Rows): HttpReply {
  return htmlReply(
    page(
      title,
      html`<main class="receipt"><h1>${title}</h1>
        <p>에뮬레이터가 만든 견본입니다. 실제 거래가 아닙니다.</p>
        <dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></main>`,
    ),
  );
}

function notFound(): HttpReply {
  return htmlReply(page("영수증", html`<main><h1>영수증을 찾을 수 없습니다</h1></main>`), 404);
}
