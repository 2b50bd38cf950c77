import { writeAudit } from "@/db/audit";
import { lockCheckout, saveAgreement } from "@/db/checkout";
import { transaction } from "@/db/client";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type CheckoutRefusal =
  | { readonly code: "unknown-checkout" }
  | { readonly code: "checkout-completed" }
  | { readonly code: "checkout-expired" };

/** Records that the required consents of the order page were ticked, and under which version of the terms. */
export async function agreeToCheckout(
  deps: Pick<Deps, "clock">,
  agreement: { customerId: string; userId: string; checkoutId: string; termsVersion: string },
): Promise<Result<null, CheckoutRefusal>> {
  return transaction(async (tx) => {
    const now = deps.clock.now();
    const found = await lockCheckout(tx, agreement.checkoutId);
    if (found?.checkout.customerId !== agreement.customerId)
      return refuse({ code: "unknown-checkout" });
    if (found.checkout.status === "completed") return refuse({ code: "checkout-completed" });
    if (found.checkout.status === "expired" || found.checkout.expiresAt <= now)
      return refuse({ code: "checkout-expired" });
    await saveAgreement(tx, agreement.checkoutId, {
      agreedAt: now,
      termsVersion: agreement.termsVersion,
    });
    const { userId: actor, checkoutId: subjectId, termsVersion } = agreement;
    await writeAudit(
      tx,
      [{ actor, action: "checkout.agreed", subjectId, details: { termsVersion } }],
      now,
    );
    return ok(null);
  });
}
