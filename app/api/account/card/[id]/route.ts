import { findCardOutcome } from "@/app/account/card/outcome";
import { deps } from "@/deps";
import { customerOrNull } from "@/lib/auth/session";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { isSameOrigin } from "@/lib/http/same-origin";
import { tooMany } from "@/lib/http/too-many";
import { replaceCard } from "@/lib/operations/card/replace";

/** A card that pays what is overdue does so while the customer waits, and may take Toss a minute. */
export const maxDuration = 300;

const LIMIT = { name: "replace-card", tries: 60, minutes: 10 };

type Context = RouteContext<"/api/account/card/[id]">;

/** Puts the customer's registered card in its place, as far as it goes. Harmless when repeated. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  if (!isSameOrigin(request)) return Response.json({ code: "foreign-origin" }, { status: 403 });
  const customer = await customerOrNull();
  if (!customer) return Response.json({ code: "signed-out" }, { status: 401 });
  const { id } = await params;
  if (!(await findCardOutcome(customer.accountId, id))) return unknown();
  if (!(await takeAccountTry(LIMIT, customer.email, deps().clock.now())))
    return tooMany(LIMIT, deps().clock.now());

  await replaceCard(deps(), id);
  return Response.json(kindOf(await findCardOutcome(customer.accountId, id)));
}

/** What has become of the card so far. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const customer = await customerOrNull();
  if (!customer) return Response.json({ code: "signed-out" }, { status: 401 });
  const outcome = await findCardOutcome(customer.accountId, (await params).id);
  return outcome ? Response.json(kindOf(outcome)) : unknown();
}

function kindOf(outcome: Awaited<ReturnType<typeof findCardOutcome>>) {
  return { kind: outcome?.kind };
}

function unknown(): Response {
  return Response.json({ code: "unknown-registration" }, { status: 404 });
}
