import { z } from "zod";
import { findCheckoutProgress } from "@/db/checkout";
import { deps } from "@/deps";
import { signedInFor } from "@/lib/auth/session";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { readJson } from "@/lib/http/read-json";
import { isSameOrigin } from "@/lib/http/same-origin";
import { tooMany } from "@/lib/http/too-many";
import { completeCheckout } from "@/lib/operations/checkout/complete";

/** The first charge is made while the customer waits, and may take Toss a minute. */
export const maxDuration = 300;

const LIMIT = { name: "complete-checkout", tries: 60, minutes: 10 };
const Wish = z.object({ retryCard: z.boolean().default(false) });

type Context = RouteContext<"/api/checkouts/[id]/complete">;

/** Brings the account's checkout as far as it goes and answers how far that is. Harmless when repeated. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  if (!isSameOrigin(request)) return Response.json({ code: "foreign-origin" }, { status: 403 });
  const person = await signedInFor("pay");
  if (person instanceof Response) return person;
  const wish = Wish.safeParse(await readJson(request));
  if (!wish.success) return Response.json({ code: "bad-request" }, { status: 400 });
  const { id } = await params;
  if (!(await findCheckoutProgress(person.accountId, id))) return unknown();
  if (!(await takeAccountTry(LIMIT, person.email, deps().clock.now())))
    return tooMany(LIMIT, deps().clock.now());

  await completeCheckout(deps(), id, wish.data);
  return Response.json(await findCheckoutProgress(person.accountId, id));
}

/** How far the account's checkout has come. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const person = await signedInFor("pay");
  if (person instanceof Response) return person;
  const progress = await findCheckoutProgress(person.accountId, (await params).id);
  return progress ? Response.json(progress) : unknown();
}

function unknown(): Response {
  return Response.json({ code: "unknown-checkout" }, { status: 404 });
}
