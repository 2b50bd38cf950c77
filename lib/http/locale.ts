import "server-only";
import { cookies, headers } from "next/headers";
import { PAGE_LOCALE } from "./page-locale";

export type Locale = "ko" | "en";

export const LOCALE_COOKIE = "locale";

/** The language of the page: the one the person chose, Korean until they choose, and always Korean in the console. */
export async function findLocale(): Promise<Locale> {
  if (await hasOwnLocale()) return "ko";
  return (await cookies()).get(LOCALE_COOKIE)?.value === "en" ? "en" : "ko";
}

/** Whether the page speaks Korean whatever the person chose. */
export async function hasOwnLocale(): Promise<boolean> {
  return (await headers()).get(PAGE_LOCALE) === "ko";
}
