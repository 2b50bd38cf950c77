"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { done, operatorAction, refused } from "@/app/action";
import { adminText, type PaymentNotice } from "@/components/text/admin";
import { deps } from "@/deps";
import { formatWon, parseWon } from "@/lib/billing/money";
import { closeCharge } from "@/lib/operations/charge/close";
import { releaseStop } from "@/lib/operations/charge/release-stop";
import {
  type ResolveRefusal,
  resolveFinding,
} from "@/lib/operations/reconciliation/resolve-finding";
import { giveUpRefund } from "@/lib/operations/refund/give-up";
import { type RefundPaymentRefusal, refundPayment } from "@/lib/operations/refund/request";
import { replayWebhook } from "@/lib/operations/webhook/replay";
import { operator } from "@/lib/operations/work";

const id = z.string().regex(/^\w{1,64}$/);
const note = z.string().trim().max(200);

export const releaseStopAction = operatorAction(
  z.object({ stopId: id, note }),
  async ({ userId }, form) => {
    if (form.note === "") return refused(undefined, { note: adminText.refused.noteMissing });
    const result = await releaseStop(deps(), { actor: operator(userId), ...form });
    if (!result.ok) return refused(adminText.refused[RELEASE[result.refusal.code]]);
    redirect("/admin?done=released");
  },
);

/** Asks Toss about an open attempt once more, and closes it where Toss knows nothing of it. */
export const closeChargeAction = operatorAction(
  z.object({ chargeId: id }),
  async ({ userId }, { chargeId }) => {
    const result = await closeCharge(deps(), { actor: operator(userId), chargeId });
    if (result.ok) redirect(`/admin?done=${result.value}`);
    return refused(
      result.refusal.code === "unknown-charge"
        ? adminText.refused.alreadyDone
        : adminText.charges.stillOpen,
    );
  },
);

/** Asks Toss about an open refund once more, and ends it where the money was not given back. */
export const giveUpRefundAction = operatorAction(
  z.object({ refundId: id }),
  async ({ userId }, { refundId }) => {
    const result = await giveUpRefund(deps(), { actor: operator(userId), refundId });
    if (result.ok)
      redirect(`/admin?done=${result.value.status === "done" ? "repaid" : "given-up"}`);
    return refused(
      result.refusal.code === "unknown-refund"
        ? adminText.refused.unknown
        : adminText.refunds.stillOpen,
    );
  },
);

const RELEASE = { "unknown-stop": "unknown", "already-released": "alreadyDone" } as const;

const Resolution = z.object({
  findingId: id,
  note,
  how: z.enum(["adopt", "cancel-at-toss", "explain"]),
});

export const resolveFindingAction = operatorAction(Resolution, async ({ userId }, form) => {
  const result = await resolveFinding(deps(), { actor: operator(userId), ...form });
  if (!result.ok) return answerTo(result.refusal);
  redirect(`/admin?done=${form.how}`);
});

function answerTo(refusal: ResolveRefusal) {
  const text = adminText.refused;
  switch (refusal.code) {
    case "note-missing":
      return refused(undefined, { note: text.noteMissing });
    case "unknown-finding":
      return refused(text.unknown);
    case "already-resolved":
      return refused(text.alreadyDone);
    case "charge-open":
      return refused(text.chargeOpen);
    case "not-adoptable":
      return refused(text.notAdoptable);
    case "not-cancelable":
      return refused(text.notCancelable);
    case "refused-by-toss":
      return refused(text.byToss(refusal.tossCode));
    case "outcome-open":
      return refused(text.outcomeOpen);
    default:
      return refusal satisfies never;
  }
}

const Refund = z.object({
  chargeId: id,
  /** Made with the form, so that sending it twice refunds once. */
  requestId: id,
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

/** Looks once more at a webhook; pressed twice it changes nothing twice. */
export const replayWebhookAction = operatorAction(
  z.object({ webhookId: id }),
  async ({ userId }, { webhookId }) => {
    const result = await replayWebhook(deps(), { webhookId, actor: operator(userId) });
    if (!result.ok) return refused(adminText.refused.unknown);
    refresh();
    const { replayed, results } = adminText.webhooks;
    return done(replayed(results[result.value]));
  },
);
