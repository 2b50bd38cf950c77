import { z } from "zod";
import { cardPage } from "@/app/account/card/address";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { seeOther } from "@/lib/http/see-other";
import { type AcceptCardRefusal, acceptCard, CARD_RETURNS } from "@/lib/operations/card/accept";

const Returned = z.object({
  customerKey: z.string().min(2).max(300),
  authKey: z.string().min(1).max(300),
});

/** Where the card window leads to when a card is to take another's place. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/account/card/return/[[...of]]">,
): Promise<Response> {
  const { pathname, search, searchParams } = new URL(request.url);
  const person = await requireSignedIn(pathname + search);
  if (!mayAs(person.memberRole, "pay")) return seeOther("/account/card");
  const subscriptionId = (await params).of?.[0];
  const place = (notice: string) => seeOther(cardPage(subscriptionId, notice));
  const returned = Returned.safeParse(Object.fromEntries(searchParams));
  if (!returned.success) return place("failed");
  if (!(await takeAccountTry(CARD_RETURNS, person.email, deps().clock.now())))
    return place("too-many");
  const result = await acceptCard(deps(), {
    customer: person,
    checkoutId: null,
    subscriptionId: subscriptionId ?? null,
    ...returned.data,
  });
  return result.ok
    ? seeOther(`/account/card/result?registration=${result.value.registrationId}`)
    : place(noticeOf(result.refusal));
}

function noticeOf({ code }: AcceptCardRefusal): string {
  switch (code) {
    case "foreign-customer-key":
    case "auth-key-used":
      return code;
    case "not-allowed":
    case "unknown-subscription":
    case "unknown-checkout":
    case "checkout-completed":
    case "checkout-expired":
    case "not-agreed":
      return "failed";
    default:
      return code satisfies never;
  }
}
