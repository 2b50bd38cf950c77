import { env } from "@/lib/runtime/env";

/**
 * Whether a request that changes something comes from a page of this site. Browsers tell by Sec-Fetch-Site, older ones
 * by Origin; a request that tells neither is not from one of our pages.
 */
export function isSameOrigin(request: Pick<Request, "headers">): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  return request.headers.get("origin") === new URL(env().APP_URL).origin;
}
