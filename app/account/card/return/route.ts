import { z } from "zod";
import { deps } from "@/deps";
import { requireCustomer } from "@/lib/auth/session";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { seeOther } from "@/lib/http/see-other";
import { type AcceptCardRefusal, acceptCard, CARD_RETURNS } from "@/lib/operations/card/accept";

const Returned = z.object({
  customerKey: z.string().min(2).max(300),
  authKey: z.string().min(1).max(300),
});

/** Where the card window leads to when a card is to take another's place. */
export async function GET(request: Request): Promise<Response> {
  const { pathname, search, searchParams } = new URL(request.url);
  const customer = await requireCustomer(pathname + search);
  const returned = Returned.safeParse(Object.fromEntries(searchParams));
  if (!returned.success) return seeOther("/account/card?notice=failed");
  if (!(await takeAccountTry(CARD_RETURNS, customer.email, deps().clock.now())))
    return seeOther("/account/card?notice=too-many");
  const result = await acceptCard(deps(), { customer, checkoutId: null, ...returned.data });
  return seeOther(
    result.ok
      ? `/account/card/result?registration=${result.value.registrationId}`
      : `/account/card?notice=${noticeOf(result.refusal)}`,
  );
}

function noticeOf({ code }: AcceptCardRefusal): string {
  switch (code) {
    case "foreign-customer-key":
    case "auth-key-used":
      return code;
    case "unknown-checkout":
    case "checkout-completed":
    case "checkout-expired":
    case "not-agreed":
      return "failed";
    default:
      return code satisfies never;
  }
}
