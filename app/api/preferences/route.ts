import { cookies } from "next/headers";
import { isSecure } from "@/lib/auth";
import { LOCALE_COOKIE } from "@/lib/locale";
import { THEME_COOKIE } from "@/lib/theme";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Sets the language or the colours and returns to where the switch stands. Plain forms post here. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData();
  const jar = await cookies();
  const options = { path: "/", sameSite: "lax", secure: isSecure(), maxAge: YEAR_SECONDS } as const;
  const locale = form.get("locale");
  const theme = form.get("theme");
  if (locale === "ko" || locale === "en") jar.set(LOCALE_COOKIE, locale, options);
  if (theme === "light" || theme === "dark") jar.set(THEME_COOKIE, theme, options);
  if (theme === "system") jar.delete(THEME_COOKIE);
  return new Response(null, {
    status: 303,
    headers: { location: `${pathBefore(request)}#preferences` },
  });
}

/** The page the form stood on; only its path is used, so nobody is led to another site. */
function pathBefore(request: Request): string {
  const referer = request.headers.get("referer");
  if (!referer || !URL.canParse(referer)) return "/";
  const { pathname, search } = new URL(referer);
  return `/${pathname.replace(/^\/+/, "")}${search}`;
}
