import { z } from "zod";
import { requireSignedIn } from "@/lib/auth/session";
import { readWindowCode } from "@/lib/browser/window-code";
import { seeOther } from "@/lib/http/see-other";

const Told = z.object({ code: z.string().max(100).optional() });

/** Where a Toss window leads to when it was left or failed. Of what stands in the address only a known code is used. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/checkout/[id]/fail">,
): Promise<Response> {
  const { pathname, search, searchParams } = new URL(request.url);
  await requireSignedIn(pathname + search);
  const page = `/checkout/${encodeURIComponent((await params).id)}`;
  const { code } = Told.safeParse(Object.fromEntries(searchParams)).data ?? {};
  const end = readWindowCode(code);
  return seeOther(end === "left" ? `${page}/canceled` : `${page}/failed?reason=window-${end}`);
}
