import { isSameOrigin } from "@/lib/same-origin";
import { seeOther } from "@/lib/see-other";
import { endSession } from "@/lib/session";

/** Ends the session on this browser. A plain form posts here, so it works on every page and without JavaScript. */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request)) return new Response("Forbidden", { status: 403 });
  await endSession();
  return seeOther("/");
}
