import { cookies } from "next/headers";
import { isSecure } from "@/lib/auth/next-auth";
import { LOCALE_COOKIE } from "@/lib/http/locale";
import { readCapped } from "@/lib/http/read-capped";
import { isSameOrigin } from "@/lib/http/same-origin";
import { seeOther } from "@/lib/http/see-other";
import { THEME_COOKIE } from "@/lib/http/theme";

const MAX_BYTES = 1024;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Sets the language or the colours and returns to where the switch stands. Plain forms post here. */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request)) return new Response("Forbidden", { status: 403 });
  const body = await readCapped(request, MAX_BYTES);
  if (body === null) return new Response("Too large", { status: 413 });
  const form = new URLSearchParams(body);
  const [locale, theme] = [form.get("locale"), form.get("theme")];
  const jar = await cookies();
  const options = { path: "/", sameSite: "lax", secure: isSecure(), maxAge: YEAR_SECONDS } as const;
  if (locale === "ko" || locale === "en") jar.set(LOCALE_COOKIE, locale, options);
  if (theme === "light" || theme === "dark") jar.set(THEME_COOKIE, theme, options);
  if (theme === "system") jar.delete(THEME_COOKIE);
  return seeOther(`${pathBefore(request)}#preferences`);
}

/** The page the form stood on; only its path is used, so nobody is led to another site. */
function pathBefore(request: Request): string {
  const referer = request.headers.get("referer");
  if (!referer || !URL.canParse(referer)) return "/";
  const { pathname, search } = new URL(referer);
  return `/${pathname.replace(/^\/+/, "")}${search}`;
}
