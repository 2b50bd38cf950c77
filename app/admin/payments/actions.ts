"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { operatorAction, refused, rowId } from "@/app/action";
import { adminText, type PaymentNotice } from "@/components/text/admin";
import { deps } from "@/deps";
import { formatWon, parseWon } from "@/lib/billing/money";
import { type RefundPaymentRefusal, refundPayment } from "@/lib/operations/refund/request";
import { operator } from "@/lib/operations/work";

const Refund = z.object({
  chargeId: rowId,
  /** Made with the form, so that sending it twice refunds once. */
  requestId: rowId,
  amount: z.string().max(40),
  reason: z.string().max(2_000),
  next: z.enum(["keep", "cancel", "end-now"]).optional(),
});

/** Gives money back on a payment, and ends its subscription if that is chosen. */
export const refundAction = operatorAction(
  Refund,
  async ({ userId }, { chargeId, requestId, amount, reason, next }) => {
    const digits = amount.replaceAll(/[\s,원]/g, "");
    if (!/^\d{1,12}$/.test(digits))
      return refused(undefined, { amount: adminText.payments.refund.amountInvalid });
    const result = await refundPayment(deps(), {
      ...{ chargeId, requestId, reason, next: next ?? null },
      amountWon: parseWon(Number(digits)),
      actor: operator(userId),
    });
    if (!result.ok) return answerToRefund(result.refusal);
    const { status, refusedCode } = result.value;
    if (status === "refused") {
      refresh();
      return refused(adminText.refused.byToss(refusedCode ?? ""));
    }
    const done: PaymentNotice = status === "done" ? "refunded" : "waiting";
    redirect(`/admin/payments?q=${chargeId}&done=${done}`);
  },
);

function answerToRefund(refusal: RefundPaymentRefusal) {
  const text = adminText.payments.refund;
  switch (refusal.code) {
    case "exceeds-refundable":
      return refused(undefined, { amount: text.amountTooMuch(formatWon(refusal.refundableWon)) });
    case "whole-only":
      return refused(undefined, { amount: text.wholeOnly });
    case "bad-reason":
      return refused(undefined, { reason: text.reasonMissing });
    case "next-undecided":
      return refused(undefined, { next: text.nextMissing });
    case "charge-at-toss":
      return refused(undefined, { next: text.nextOpen });
    case "unknown-charge":
    case "not-approved":
    case "request-differs":
      return refused(adminText.refused.unknown);
    default:
      return refusal satisfies never;
  }
}
