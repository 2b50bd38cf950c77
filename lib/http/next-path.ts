import type { Route } from "next";
import type { SignedIn } from "@/db/user";

/** Where people arrive after signing in when they were on their way nowhere else. */
const HOME: Route = "/account" as Route;

/**
 * A path on this site to go on to, or the account page. Anything that could lead elsewhere is refused:
 * `//evil.example`, `/\evil.example`, `https:…`, control characters.
 */
export function parseNextPath(value: unknown): Route {
  if (typeof value !== "string" || value.length > 512) return HOME;
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(value) || value.includes("\\")) return HOME;
  return value as Route;
}

/** Where somebody goes who is signed in now: people of the console to the console, unless they were on their way. */
export function pathAfterSignIn(next: Route, { role }: Pick<SignedIn, "role">): Route {
  return next === HOME && role !== "customer" ? ("/admin" as Route) : next;
}

/** `path` with `next` carried along. */
export function withNext(path: "/sign-in" | "/sign-up" | "/forgot-password", next: string): Route {
  const query = next === HOME ? "" : `?next=${encodeURIComponent(next)}`;
  return `${path}${query}` as Route;
}
