import { lockAccount } from "@/db/account";
import { findPrice } from "@/db/catalogue";
import { insertCheckout } from "@/db/checkout";
import { listStartedProducts, lockLiveSubscription } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { quoteCheckout } from "@/lib/billing/checkout/checkout";
import { CHECKOUT_HOURS } from "@/lib/billing/policy";
import { holdsProduct } from "@/lib/billing/subscription/subscription";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";
import { abandonIncomplete } from "./expire";

export type CreateCheckoutRefusal =
  | { readonly code: "unknown-price" }
  | { readonly code: "price-not-sold" }
  /** Of a plain member, who may not buy for the account. */
  | { readonly code: "not-allowed" }
  | { readonly code: "already-subscribed" }
  /** A charge of an earlier checkout is not settled yet; that checkout must be looked at first. */
  | { readonly code: "payment-in-progress"; readonly checkoutId: string };

/** Fixes price and amount on the server, before any window opens. An earlier order that was never paid is given up. */
export async function createCheckout(
  deps: ClockAndIds,
  order: { accountId: string; actor: Actor; priceId: string },
): Promise<Result<{ checkoutId: string }, CreateCheckoutRefusal>> {
  return inTransaction(deps, order.actor, async (work) => {
    const { tx, now } = work;
    const found = await findPrice(tx, order.priceId);
    if (!found) return refuse({ code: "unknown-price" });
    const { price, plan } = found;
    if (!price.active || !plan.active) return refuse({ code: "price-not-sold" });

    await lockAccount(tx, order.accountId);
    if (!(await work.may(order.accountId, "pay"))) return refuse({ code: "not-allowed" });
    if (plan.kind === "subscription") {
      const live = await lockLiveSubscription(tx, order.accountId, plan.product);
      if (live && holdsProduct(live)) return refuse({ code: "already-subscribed" });
      if (live?.status === "incomplete" && !(await abandonIncomplete(work, live))) {
        return refuse({ code: "payment-in-progress", checkoutId: live.checkoutId });
      }
    }
    const started = await listStartedProducts(order.accountId, tx);
    const quote = quoteCheckout(price, seoulDayOf(now), started.has(plan.product));
    const id = work.newId("checkout");
    await insertCheckout(tx, {
      id,
      accountId: order.accountId,
      priceId: price.id,
      status: "open",
      amountWon: quote.todayWon,
      trialDays: quote.kind === "subscription" && quote.trial ? price.trialDays : 0,
      orderId: work.newId("order"),
      createdAt: now,
      expiresAt: new Date(now.getTime() + CHECKOUT_HOURS * 3_600_000),
    });
    await work.audit({
      action: "checkout.created",
      subjectId: id,
      details: { priceId: price.id, todayWon: quote.todayWon },
    });
    return ok({ checkoutId: id });
  });
}
