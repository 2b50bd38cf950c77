import "server-only";
import { cookies, headers } from "next/headers";
import { LOCALE_COOKIE, type Locale, parseLocale } from "./locale-cookie";
import { PAGE_LOCALE } from "./page-locale";

export type { Locale };

/** The language of the page: the one the person chose, Korean until they choose, and always Korean in the console. */
export async function findLocale(): Promise<Locale> {
  if (await hasOwnLocale()) return "ko";
  return parseLocale((await cookies()).get(LOCALE_COOKIE)?.value);
}

/** Whether the page speaks Korean whatever the person chose. */
export async function hasOwnLocale(): Promise<boolean> {
  return (await headers()).get(PAGE_LOCALE) === "ko";
}
