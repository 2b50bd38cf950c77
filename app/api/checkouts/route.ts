import { z } from "zod";
import { deps } from "@/deps";
import { isSecure } from "@/lib/auth/next-auth";
import { signedInOrNull } from "@/lib/auth/session";
import { CHOSEN_PRICE, pathOfChosenPrice } from "@/lib/http/chosen-price";
import { withNext } from "@/lib/http/next-path";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { readCapped } from "@/lib/http/read-capped";
import { isSameOrigin } from "@/lib/http/same-origin";
import { seeOther } from "@/lib/http/see-other";
import { type CreateCheckoutRefusal, createCheckout } from "@/lib/operations/checkout/create";
import { member } from "@/lib/operations/work";

const MAX_BYTES = 4 * 1024;
const LIMIT = { name: "checkout", tries: 30, minutes: 10 };
const Order = z.object({ priceId: z.string().regex(/^[\w-]{1,100}$/) });

/** Makes an order of a price. A plain form on the price list posts here, and the order page is a full page load. */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request)) return new Response("Forbidden", { status: 403 });
  const body = await readCapped(request, MAX_BYTES);
  if (body === null) return new Response("Too large", { status: 413 });
  const order = Order.safeParse(Object.fromEntries(new URLSearchParams(body)));
  if (!order.success) return showUnavailable("unknown-price");
  const person = await signedInOrNull();
  if (!person) return signInFirst(order.data.priceId);
  if (!(await takeAccountTry(LIMIT, person.email, deps().clock.now())))
    return showUnavailable("too-many");

  const { accountId, userId } = person;
  const result = await createCheckout(deps(), { accountId, actor: member(userId), ...order.data });
  return result.ok
    ? seeOther(`/checkout/${result.value.checkoutId}`)
    : answerRefusal(result.refusal);
}

/** Remembers what was pressed here: a link on another site must not make an order by itself. */
function signInFirst(priceId: string): Response {
  const response = seeOther(withNext("/sign-in", pathOfChosenPrice(priceId)));
  const secure = isSecure() ? "; Secure" : "";
  const attributes = `Path=/checkout/start; Max-Age=3600; HttpOnly; SameSite=Lax${secure}`;
  response.headers.set("set-cookie", `${CHOSEN_PRICE}=${priceId}; ${attributes}`);
  return response;
}

function answerRefusal(refusal: CreateCheckoutRefusal): Response {
  switch (refusal.code) {
    case "unknown-price":
    case "price-not-sold":
    case "not-allowed":
      return showUnavailable(refusal.code);
    case "already-subscribed":
      return seeOther("/account?notice=already-subscribed");
    case "payment-in-progress":
      return seeOther(`/checkout/${refusal.checkoutId}/result`);
    default:
      return refusal satisfies never;
  }
}

function showUnavailable(
  reason: "unknown-price" | "price-not-sold" | "not-allowed" | "too-many",
): Response {
  return seeOther(`/checkout/unavailable?reason=${reason}`);
}
