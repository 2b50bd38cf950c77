import "server-only";
import { cookies } from "next/headers";

export type Locale = "ko" | "en";

export const LOCALE_COOKIE = "locale";

/** The language the person chose; Korean until they choose. */
export async function findLocale(): Promise<Locale> {
  return (await cookies()).get(LOCALE_COOKIE)?.value === "en" ? "en" : "ko";
}
