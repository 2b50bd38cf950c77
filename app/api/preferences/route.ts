import { cookies } from "next/headers";
import { deps } from "@/deps";
import { isSecure } from "@/lib/auth/next-auth";
import { signedInOrNull } from "@/lib/auth/session";
import { LOCALE_COOKIE, type Locale } from "@/lib/http/locale-cookie";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { readCapped } from "@/lib/http/read-capped";
import { isSameOrigin } from "@/lib/http/same-origin";
import { seeOther } from "@/lib/http/see-other";
import { THEME_COOKIE } from "@/lib/http/theme";
import { setLocale } from "@/lib/operations/account/set-locale";

const MAX_BYTES = 1024;
const LIMIT = { name: "locale", tries: 60, minutes: 60 };
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
  if (locale === "ko" || locale === "en") {
    jar.set(LOCALE_COOKIE, locale, options);
    await remember(locale);
  }
  if (theme === "light" || theme === "dark") jar.set(THEME_COOKIE, theme, options);
  if (theme === "system") jar.delete(THEME_COOKIE);
  return seeOther(`${pathBefore(request)}#preferences`);
}

/** Keeps the language with the person, where somebody is signed in. */
async function remember(locale: Locale): Promise<void> {
  const person = await signedInOrNull();
  if (person && (await takeAccountTry(LIMIT, person.email, deps().clock.now())))
    await setLocale(deps(), { userId: person.userId, locale });
}

/** The page the form stood on; only its path is used, so nobody is led to another site. */
function pathBefore(request: Request): string {
  const referer = request.headers.get("referer");
  if (!referer || !URL.canParse(referer)) return "/";
  const { pathname, search } = new URL(referer);
  return `/${pathname.replace(/^\/+/, "")}${search}`;
}
