import { lockCustomer } from "@/db/account";
import { writeAudit } from "@/db/audit";
import { findPrice } from "@/db/catalogue";
import { insertCheckout } from "@/db/checkout";
import { transaction } from "@/db/client";
import { listStartedProducts, lockLiveSubscription } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { quoteCheckout } from "@/lib/billing/checkout/checkout";
import { CHECKOUT_HOURS } from "@/lib/billing/policy";
import { holdsProduct } from "@/lib/billing/subscription/subscription";
import type { Deps } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { abandonIncomplete } from "./expire";

export type CreateCheckoutRefusal =
  | { readonly code: "unknown-price" }
  | { readonly code: "price-not-sold" }
  | { readonly code: "already-subscribed" }
  /** A charge of an earlier checkout is not settled yet; that checkout must be looked at first. */
  | { readonly code: "payment-in-progress"; readonly checkoutId: string };

/** Fixes price and amount on the server, before any window opens. An earlier order that was never paid is given up. */
export async function createCheckout(
  deps: Pick<Deps, "clock" | "newId">,
  order: { customerId: string; userId: string; priceId: string },
): Promise<Result<{ checkoutId: string }, CreateCheckoutRefusal>> {
  return transaction(async (tx) => {
    const now = deps.clock.now();
    const found = await findPrice(tx, order.priceId);
    if (!found) return refuse({ code: "unknown-price" });
    const { price, plan } = found;
    if (!price.active || !plan.active) return refuse({ code: "price-not-sold" });

    await lockCustomer(tx, order.customerId);
    if (plan.kind === "subscription") {
      const live = await lockLiveSubscription(tx, order.customerId, plan.product);
      if (live && holdsProduct(live)) return refuse({ code: "already-subscribed" });
      if (live?.status === "incomplete" && !(await abandonIncomplete(deps, tx, live, now))) {
        return refuse({ code: "payment-in-progress", checkoutId: live.checkoutId });
      }
    }
    const started = await listStartedProducts(order.customerId, tx);
    const quote = quoteCheckout(price, seoulDayOf(now), started.has(plan.product));
    const id = deps.newId("checkout");
    await insertCheckout(tx, {
      id,
      customerId: order.customerId,
      priceId: price.id,
      status: "open",
      amountWon: quote.todayWon,
      trialDays: quote.kind === "subscription" && quote.trial ? price.trialDays : 0,
      orderId: deps.newId("order"),
      createdAt: now,
      expiresAt: new Date(now.getTime() + CHECKOUT_HOURS * 3_600_000),
    });
    await writeAudit(
      tx,
      [
        {
          actor: order.userId,
          action: "checkout.created",
          subjectId: id,
          details: { priceId: price.id, todayWon: quote.todayWon },
        },
      ],
      now,
    );
    return ok({ checkoutId: id });
  });
}
