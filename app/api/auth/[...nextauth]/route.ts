import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { deps } from "@/deps";
import { authOptions, callbackUrlCookieName, offeredProviders } from "@/lib/auth/next-auth";
import { LOCALE_COOKIE, type Locale, parseLocale } from "@/lib/http/locale-cookie";
import { readCapped } from "@/lib/http/read-capped";
import { isSameOrigin } from "@/lib/http/same-origin";
import { seeOther } from "@/lib/http/see-other";

type Context = { params: Promise<{ nextauth: string[] }> };

const MAX_BYTES = 8 * 1024;

/** Pages that next-auth would draw itself. Ours take their place. */
const PAGES = new Set(["signin", "signout", "error", "verify-request"]);

/**
 * Of next-auth's addresses only those that the buttons of Kakao, Naver and Google need: the token of the form, the way
 * out to the provider, and the way back. People sign in and out on our own pages only.
 */
export async function GET(request: NextRequest, context: Context): Promise<Response> {
  const [action = "", provider] = (await context.params).nextauth;
  if (PAGES.has(action))
    return seeOther(
      request.nextUrl.searchParams.has("error") ? "/sign-in?error=other" : "/sign-in",
    );
  const isToken = action === "csrf" && provider === undefined;
  if (!isToken && !(action === "callback" && isOffered(provider))) return notHere();
  if (!hasUsableCallback(request, request.nextUrl.searchParams)) return malformed();
  return NextAuth(request, context, authOptions(deps(), localeOf(request)));
}

export async function POST(request: NextRequest, context: Context): Promise<Response> {
  const [action, provider] = (await context.params).nextauth;
  if (action !== "signin" || !isOffered(provider)) return notHere();
  if (!isSameOrigin(request)) return new Response("Forbidden", { status: 403 });
  const text = await readCapped(request, MAX_BYTES);
  if (text === null) return new Response("Too large", { status: 413 });
  // Read and written again, so that next-auth meets nothing but the text of a form.
  const body = new URLSearchParams(text);
  if (!hasUsableCallback(request, request.nextUrl.searchParams, body)) return malformed();
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/x-www-form-urlencoded");
  const form = new NextRequest(request.url, { method: "POST", headers, body: body.toString() });
  return NextAuth(form, context, authOptions(deps(), localeOf(request)));
}

function localeOf(request: NextRequest): Locale {
  return parseLocale(request.cookies.get(LOCALE_COOKIE)?.value);
}

function isOffered(provider: string | undefined): boolean {
  return offeredProviders().some((offered) => offered === provider);
}

/** next-auth answers 500 to an address to come back to that is none. */
function hasUsableCallback(request: NextRequest, ...places: readonly URLSearchParams[]): boolean {
  const asked = places.flatMap((place) => place.getAll("callbackUrl"));
  const stored = request.cookies.get(callbackUrlCookieName())?.value;
  return [...asked, stored ?? ""].every((url) => url === "" || isAddress(url));
}

function isAddress(url: string): boolean {
  const base = url.startsWith("/") ? "https://here.invalid" : undefined;
  return URL.canParse(url, base) && /^https?:$/.test(new URL(url, base).protocol);
}

function notHere(): Response {
  return new Response("Not found", { status: 404 });
}

function malformed(): Response {
  return new Response("Malformed address", { status: 400 });
}
