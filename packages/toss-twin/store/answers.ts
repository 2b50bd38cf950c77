import { paymentView, type View } from "@/packages/toss-twin/api/payment-view";
import type { PaymentRecord } from "./records";

/** What a call answers, bytes and all. An answer that shows a payment is kept as that payment and written out anew. */
export type AnswerBody =
  | { readonly text: string }
  | { readonly payment: PaymentRecord; readonly view: View };

export type IdempotentAnswer = {
  /** Merchant, method, URL and Idempotency-Key: what identifies a request, the body being no part of it. */
  readonly id: string;
  readonly firstUsedAt: number;
  readonly status: number;
  readonly body: AnswerBody;
  readonly traceId: string;
};

/** In the journal a payment that stands there already is named by its key. */
export type StoredAnswer = Omit<IdempotentAnswer, "body"> & {
  readonly body: AnswerBody | { readonly paymentKey: string; readonly view: View };
};

/** The same bytes whenever it is asked: records never change, a later state of a payment is another record. */
export function bodyText(body: AnswerBody): string {
  return "text" in body ? body.text : JSON.stringify(paymentView(body.payment, body.view));
}

export function toStored(
  answer: IdempotentAnswer,
  payments: ReadonlyMap<string, PaymentRecord>,
): StoredAnswer {
  const { body } = answer;
  if ("text" in body || payments.get(body.payment.paymentKey) !== body.payment) return answer;
  return { ...answer, body: { paymentKey: body.payment.paymentKey, view: body.view } };
}

/** Null for a state whose payment is missing, as only a state written by others could have. */
export function fromStored(
  stored: StoredAnswer,
  payments: ReadonlyMap<string, PaymentRecord>,
): IdempotentAnswer | null {
  // Journals of the first format hold the text itself.
  if (typeof stored.body === "string") return { ...stored, body: { text: stored.body } };
  if (!("paymentKey" in stored.body)) return { ...stored, body: stored.body };
  const payment = payments.get(stored.body.paymentKey);
  return payment ? { ...stored, body: { payment, view: stored.body.view } } : null;
}
