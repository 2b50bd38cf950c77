import "server-only";
import { cookies } from "next/headers";

export type Theme = "light" | "dark";

export const THEME_COOKIE = "theme";

/** The colours the person chose; undefined follows their device. Known on the server, so no page flashes. */
export async function findTheme(): Promise<Theme | undefined> {
  const value = (await cookies()).get(THEME_COOKIE)?.value;
  return value === "light" || value === "dark" ? value : undefined;
}
