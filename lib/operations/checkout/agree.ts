import { lockCheckout, saveAgreement } from "@/db/checkout";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type CheckoutRefusal =
  | { readonly code: "unknown-checkout" }
  | { readonly code: "checkout-completed" }
  | { readonly code: "checkout-expired" };

/** Records that the required consents of the order page were ticked, and under which version of the terms. */
export async function agreeToCheckout(
  deps: ClockAndIds,
  agreement: { accountId: string; actor: Actor; checkoutId: string; termsVersion: string },
): Promise<Result<null, CheckoutRefusal>> {
  return inTransaction(deps, agreement.actor, async (work) => {
    const { tx, now } = work;
    const found = await lockCheckout(tx, agreement.checkoutId);
    if (
      found?.checkout.accountId !== agreement.accountId ||
      !(await work.may(agreement.accountId, "pay"))
    )
      return refuse({ code: "unknown-checkout" });
    if (found.checkout.status === "completed") return refuse({ code: "checkout-completed" });
    if (found.checkout.status === "expired" || found.checkout.expiresAt <= now)
      return refuse({ code: "checkout-expired" });
    await saveAgreement(tx, agreement.checkoutId, {
      agreedAt: now,
      termsVersion: agreement.termsVersion,
    });
    const { checkoutId: subjectId, termsVersion } = agreement;
    await work.audit({ action: "checkout.agreed", subjectId, details: { termsVersion } });
    return ok(null);
  });
}
