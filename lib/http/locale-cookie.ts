export type Locale = "ko" | "en";

export const LOCALE_COOKIE = "locale";

/** The language a cookie names: Korean until somebody chooses. */
export function parseLocale(cookie: string | undefined): Locale {
  return cookie === "en" ? "en" : "ko";
}
