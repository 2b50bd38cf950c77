import { rowId } from "@/app/action";
import { deps } from "@/deps";
import { currentSessionId, signedInOrNull } from "@/lib/auth/session";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { readCapped } from "@/lib/http/read-capped";
import { isSameOrigin } from "@/lib/http/same-origin";
import { seeOther } from "@/lib/http/see-other";
import { switchAccount } from "@/lib/operations/account/switch";

const MAX_BYTES = 1024;
const LIMIT = { name: "switch-account", tries: 60, minutes: 10 };

/** Has this browser look at another account. A plain form posts here, so the switch works on every page. */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request)) return new Response("Forbidden", { status: 403 });
  const body = await readCapped(request, MAX_BYTES);
  if (body === null) return new Response("Too large", { status: 413 });
  const person = await signedInOrNull();
  const sessionId = await currentSessionId();
  if (!person || sessionId === null) return seeOther("/sign-in");
  const wanted = rowId.safeParse(new URLSearchParams(body).get("accountId"));
  if (!wanted.success || !(await takeAccountTry(LIMIT, person.email, deps().clock.now())))
    return seeOther("/account");
  const session = { id: sessionId, userId: person.userId };
  const isSwitched = await switchAccount(deps(), session, wanted.data);
  return seeOther(isSwitched ? "/account?notice=switched" : "/account");
}
