import { z } from "zod";
import { TERMS_VERSION } from "@/components/text/policies";
import { deps } from "@/deps";
import { signedInFor } from "@/lib/auth/session";
import { readJson } from "@/lib/http/read-json";
import { isSameOrigin } from "@/lib/http/same-origin";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { member } from "@/lib/operations/work";

const Agreement = z.object({ terms: z.literal(true), payment: z.literal(true) });

/** Stores that the required consents were ticked, before the Toss window opens. */
export async function POST(
  request: Request,
  { params }: RouteContext<"/api/checkouts/[id]/agree">,
): Promise<Response> {
  if (!isSameOrigin(request)) return Response.json({ code: "foreign-origin" }, { status: 403 });
  const person = await signedInFor("pay");
  if (person instanceof Response) return person;
  const agreement = Agreement.safeParse(await readJson(request));
  if (!agreement.success) return Response.json({ code: "not-agreed" }, { status: 400 });

  const { accountId, userId } = person;
  const { id: checkoutId } = await params;
  const result = await agreeToCheckout(deps(), {
    accountId,
    actor: member(userId),
    checkoutId,
    termsVersion: TERMS_VERSION,
  });
  if (result.ok) return Response.json({ ok: true });
  const status = result.refusal.code === "unknown-checkout" ? 404 : 409;
  return Response.json({ code: result.refusal.code }, { status });
}
