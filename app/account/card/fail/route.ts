import { readWindowCode } from "@/lib/browser/window-code";
import { seeOther } from "@/lib/http/see-other";

/** Where the card window leads to when it was left or failed; nothing of the address is shown. */
export function GET(request: Request): Response {
  const code = new URL(request.url).searchParams.get("code");
  const isLeft = readWindowCode(code) === "left";
  return seeOther(`/account/card?notice=${isLeft ? "canceled" : "failed"}`);
}
