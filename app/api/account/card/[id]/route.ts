import { findCardOutcome } from "@/app/account/card/outcome";
import { deps } from "@/deps";
import { signedInFor } from "@/lib/auth/session";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { isSameOrigin } from "@/lib/http/same-origin";
import { tooMany } from "@/lib/http/too-many";
import { replaceCard } from "@/lib/operations/card/replace";

/** A card that pays what is overdue does so while the customer waits, and may take Toss a minute. */
export const maxDuration = 300;

const LIMIT = { name: "replace-card", tries: 60, minutes: 10 };

type Context = RouteContext<"/api/account/card/[id]">;

/** Puts the account's registered card in its place, as far as it goes. Harmless when repeated. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  if (!isSameOrigin(request)) return Response.json({ code: "foreign-origin" }, { status: 403 });
  const person = await signedInFor("pay");
  if (person instanceof Response) return person;
  const { id } = await params;
  if (!(await findCardOutcome(person.accountId, id))) return unknown();
  if (!(await takeAccountTry(LIMIT, person.email, deps().clock.now())))
    return tooMany(LIMIT, deps().clock.now());

  await replaceCard(deps(), id);
  return Response.json(kindOf(await findCardOutcome(person.accountId, id)));
}

/** What has become of the card so far. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const person = await signedInFor("pay");
  if (person instanceof Response) return person;
  const outcome = await findCardOutcome(person.accountId, (await params).id);
  return outcome ? Response.json(kindOf(outcome)) : unknown();
}

function kindOf(outcome: Awaited<ReturnType<typeof findCardOutcome>>) {
  return { kind: outcome?.kind };
}

function unknown(): Response {
  return Response.json({ code: "unknown-registration" }, { status: 404 });
}
