import { z } from "zod";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { seeOther } from "@/lib/http/see-other";
import { type AcceptPaymentRefusal, acceptPayment } from "@/lib/operations/checkout/accept-payment";
import { member } from "@/lib/operations/work";

const Returned = z.object({
  paymentKey: z.string().min(1).max(200),
  orderId: z.string().min(6).max(64),
  amount: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
});

/** Where the payment window leads to. What came back is compared with the order; nothing is confirmed here. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/checkout/[id]/paid">,
): Promise<Response> {
  const { pathname, search, searchParams } = new URL(request.url);
  const { accountId, userId } = await requireSignedIn(pathname + search);
  const { id: checkoutId } = await params;
  const page = `/checkout/${encodeURIComponent(checkoutId)}`;
  const returned = Returned.safeParse(Object.fromEntries(searchParams));
  if (!returned.success) return seeOther(`${page}/failed?reason=bad-address`);
  const result = await acceptPayment(deps(), {
    accountId,
    actor: member(userId),
    checkoutId,
    ...returned.data,
  });
  return seeOther(result.ok ? `${page}/result` : page + placeOf(result.refusal));
}

function placeOf({ code }: AcceptPaymentRefusal): string {
  switch (code) {
    case "unknown-checkout":
      return "";
    case "not-agreed":
      return "?notice=not-agreed";
    case "checkout-completed":
    case "checkout-expired":
      return "/result";
    case "foreign-order":
    case "amount-differs":
      return `/failed?reason=${code}`;
    default:
      return code satisfies never;
  }
}
