import { z } from "zod";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { seeOther } from "@/lib/http/see-other";
import { type AcceptCardRefusal, acceptCard, CARD_RETURNS } from "@/lib/operations/card/accept";

const Returned = z.object({
  customerKey: z.string().min(2).max(300),
  authKey: z.string().min(1).max(300),
});

/** Where the card window leads to. The card is stored at once; money moves when the result page asks for it. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/checkout/[id]/card">,
): Promise<Response> {
  const { pathname, search, searchParams } = new URL(request.url);
  const person = await requireSignedIn(pathname + search);
  const page = `/checkout/${encodeURIComponent((await params).id)}`;
  const returned = Returned.safeParse(Object.fromEntries(searchParams));
  if (!returned.success) return seeOther(`${page}/failed?reason=bad-address`);
  if (!(await takeAccountTry(CARD_RETURNS, person.email, deps().clock.now())))
    return seeOther(`${page}/failed?reason=too-many`);
  const result = await acceptCard(deps(), {
    customer: person,
    checkoutId: (await params).id,
    ...returned.data,
  });
  return seeOther(result.ok ? `${page}/result` : page + placeOf(result.refusal));
}

function placeOf({ code }: AcceptCardRefusal): string {
  switch (code) {
    case "unknown-checkout":
    case "not-allowed":
    case "unknown-subscription":
      return "";
    case "not-agreed":
      return "?notice=not-agreed";
    case "checkout-completed":
    case "checkout-expired":
      return "/result";
    case "foreign-customer-key":
    case "auth-key-used":
      return `/failed?reason=${code}`;
    default:
      return code satisfies never;
  }
}
