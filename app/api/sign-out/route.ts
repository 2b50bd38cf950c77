import { endSession } from "@/lib/auth/session";
import { isSameOrigin } from "@/lib/http/same-origin";
import { seeOther } from "@/lib/http/see-other";

/** Ends the session on this browser. A plain form posts here, so it works on every page and without JavaScript. */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request)) return new Response("Forbidden", { status: 403 });
  await endSession();
  return seeOther("/");
}
