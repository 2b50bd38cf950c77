"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { operatorAction, refused, rowId } from "@/app/action";
import { adminText } from "@/components/text/admin";
import { deps } from "@/deps";
import { closeCharge } from "@/lib/operations/charge/close";
import { releaseStop } from "@/lib/operations/charge/release-stop";
import {
  type ResolveRefusal,
  resolveFinding,
} from "@/lib/operations/reconciliation/resolve-finding";
import { giveUpRefund } from "@/lib/operations/refund/give-up";
import { resolveRenewalFinding } from "@/lib/operations/renewal/resolve-finding";
import { operator } from "@/lib/operations/work";

const note = z.string().trim().max(200);

export const releaseStopAction = operatorAction(
  z.object({ stopId: rowId, note }),
  async ({ userId }, form) => {
    if (form.note === "") return refused(undefined, { note: adminText.refused.noteMissing });
    const result = await releaseStop(deps(), { actor: operator(userId), ...form });
    if (!result.ok) return refused(adminText.refused[RELEASE[result.refusal.code]]);
    redirect("/admin?done=released");
  },
);

/** Asks Toss about an open attempt once more, and closes it where Toss knows nothing of it. */
export const closeChargeAction = operatorAction(
  z.object({ chargeId: rowId }),
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
  z.object({ refundId: rowId }),
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
  findingId: rowId,
  note,
  how: z.enum(["adopt", "cancel-at-provider", "explain"]),
});

export const resolveFindingAction = operatorAction(Resolution, async ({ userId }, form) => {
  const result = await resolveFinding(deps(), { actor: operator(userId), ...form });
  if (!result.ok) return answerTo(result.refusal);
  redirect(`/admin?done=${form.how}`);
});

/** What the contract is to do is computed anew, and the next sweep goes on with it. */
export const resolveRenewalFindingAction = operatorAction(
  z.object({ findingId: rowId, note }),
  async ({ userId }, form) => {
    const result = await resolveRenewalFinding(deps(), { actor: operator(userId), ...form });
    if (result.ok) redirect("/admin?done=renewal-resumed");
    return result.refusal.code === "note-missing"
      ? refused(undefined, { note: adminText.refused.noteMissing })
      : refused(adminText.refused.alreadyDone);
  },
);

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
    case "refused-by-provider":
      return refused(text.byToss(refusal.providerCode));
    case "outcome-open":
      return refused(text.outcomeOpen);
    default:
      return refusal satisfies never;
  }
}
