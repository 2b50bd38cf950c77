import { cardPage } from "@/app/account/card/address";
import { readWindowCode } from "@/lib/browser/window-code";
import { seeOther } from "@/lib/http/see-other";

/** Where the card window leads to when it was left or failed; nothing of the address but a known id is used. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/account/card/fail/[[...of]]">,
): Promise<Response> {
  const code = new URL(request.url).searchParams.get("code");
  const notice = readWindowCode(code) === "left" ? "canceled" : "failed";
  return seeOther(cardPage((await params).of?.[0], notice));
}
