/**
 * What holds for every page, route and action. Addresses and forms that nobody can read are refused, and so is whatever
 * would change something at another site's wish. Then the headers: a strict content security policy with a nonce of
 * its own per request, and the other defences a browser offers. Only the pages that open the Toss window may load and
 * frame anything foreign.
 */
import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { isReadableCall } from "@/lib/http/action-call";
import { PAGE_LOCALE } from "@/lib/http/page-locale";
import { isSameOrigin } from "@/lib/http/same-origin";
import { env } from "@/lib/runtime/env";

/** Pages that open the Toss window; they must be entered by a full page load, or the policy of the page before stays. */
const TOSS_PAGES = /^\/(checkout|account\/card)(\/|$)/;

/** The console speaks Korean only. */
const KOREAN_PAGES = /^\/admin(\/|$)/;

/** Methods that change nothing. */
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** The job engine signs what it sends, and is no page of ours. */
const JOBS = "/api/inngest";

export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (!isReadable(request.nextUrl)) return new NextResponse("Malformed address", { status: 400 });
  if (!SAFE_METHODS.has(request.method) && request.nextUrl.pathname !== JOBS) {
    if (!isSameOrigin(request)) return new NextResponse("Foreign origin", { status: 403 });
    if (!(await isReadableCall(request)))
      return new NextResponse("Malformed form", { status: 400 });
  }

  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce, TOSS_PAGES.test(request.nextUrl.pathname));

  // Next reads the nonce for its own scripts from the policy in the request.
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  // Next compares an action's origin with this host, and any client can name one. Ours has one address.
  headers.set("x-forwarded-host", new URL(env().APP_URL).host);
  headers.delete(PAGE_LOCALE);
  if (KOREAN_PAGES.test(request.nextUrl.pathname)) headers.set(PAGE_LOCALE, "ko");
  const response = NextResponse.next({ request: { headers } });

  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "strict-origin-when-cross-origin");
  response.headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), usb=()");
  response.headers.set("cross-origin-opener-policy", "same-origin-allow-popups");
  if (env().APP_URL.startsWith("https:")) {
    response.headers.set("strict-transport-security", "max-age=63072000; includeSubDomains");
  }
  return response;
}

// Bodies that pass through here are read to their end first. A webhook is answered as JSON, and as soon as it is too long.
export const config = { matcher: "/((?!_next/static|_next/image|api/toss/webhook).*)" };

/** Next answers 500 to a path that is no UTF-8. PostgreSQL stores no NUL, so no address of ours holds one. */
function isReadable({ pathname, search }: URL): boolean {
  if (`${pathname}${search}`.includes("%00")) return false;
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

function contentSecurityPolicy(nonce: string, opensToss: boolean): string {
  // biome-ignore lint/style/noProcessEnv: set by Next itself, which needs eval and inline styles in development only
  const isDevelopment = process.env.NODE_ENV === "development";
  const toss = opensToss ? tossSources() : undefined;
  const directives: Readonly<Record<string, readonly (string | false | undefined)[]>> = {
    "default-src": ["'self'"],
    "script-src": ["'self'", `'nonce-${nonce}'`, isDevelopment && "'unsafe-eval'", toss?.script],
    // A nonce would switch 'unsafe-inline' off: the Toss script styles its window inline.
    "style-src":
      toss || isDevelopment ? ["'self'", "'unsafe-inline'"] : ["'self'", `'nonce-${nonce}'`],
    "img-src": ["'self'", "data:", toss?.window],
    "font-src": ["'self'"],
    "connect-src": ["'self'", isDevelopment && "ws:", toss?.script, toss?.window],
    "frame-src": toss ? ["'self'", toss.script, toss.window] : ["'none'"],
    "form-action": ["'self'", toss?.script, toss?.window],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'self'"],
    "object-src": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.filter(Boolean).join(" ")}`)
    .join("; ");
}

/** Where the Toss script comes from, and for Toss's own script the other hosts on which its window runs. */
function tossSources(): { script: string; window: string | undefined } {
  const { origin, hostname } = new URL(env().TOSS_SDK_URL);
  const isToss = hostname.endsWith(".tosspayments.com");
  return { script: origin, window: isToss ? "https://*.tosspayments.com" : undefined };
}
