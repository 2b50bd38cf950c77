/** How often one address or one account may try something within a window of fixed length. */
import { lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { rateLimits } from "@/db/schema";
import { env } from "@/lib/env";
import { sha256 } from "@/lib/secrets";

export type Limit = { readonly name: string; readonly tries: number; readonly minutes: number };

/** Where a request came from; null when no trusted proxy tells. */
export type ClientAddress = string | null;

/** People whose address is not known share one limit, so it is this many times wider. */
const SHARED_FACTOR = 50;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Counts one try from an address; false when there were too many. */
export function allowAddress(limit: Limit, address: ClientAddress, now: Date): Promise<boolean> {
  if (address !== null) return allow(limit, networkOf(address), now);
  return allow({ ...limit, tries: limit.tries * SHARED_FACTOR }, "unknown", now);
}

/** Counts one try at an account, known by its e-mail address; false when there were too many. */
export function allowAccount(limit: Limit, email: string, now: Date): Promise<boolean> {
  return allow(limit, sha256(email), now);
}

/**
 * The address that the outermost proxy we trust saw: with 2 trusted hops the second from the right in
 * x-forwarded-for. What stands further left, anybody can write.
 */
export function clientAddress(headers: Pick<Headers, "get">): ClientAddress {
  const hops = env().TRUSTED_PROXY_HOPS;
  if (hops === 0) return null;
  const addresses = (headers.get("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  return addresses.at(-hops) || null;
}

/** Of an IPv6 address the half that names the network: whoever has one address of it has them all. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => "0");
  const groups = [...before, ...zeros, ...behind].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":");
}

async function allow(limit: Limit, who: string, now: Date): Promise<boolean> {
  const windowMs = limit.minutes * 60_000;
  const windowStartsAt = new Date(Math.floor(now.getTime() / windowMs) * windowMs);
  const [row] = await db()
    .insert(rateLimits)
    .values({ key: `${limit.name}:${who}`, windowStartsAt, count: 1 })
    .onConflictDoUpdate({
      target: [rateLimits.key, rateLimits.windowStartsAt],
      set: { count: sql`${rateLimits.count} + 1` },
    })
    .returning({ count: rateLimits.count });
  const count = row?.count ?? 1;
  if (count === 1) await forgetOldWindows(now);
  return count <= limit.tries;
}

async function forgetOldWindows(now: Date): Promise<void> {
  await db()
    .delete(rateLimits)
    .where(lt(rateLimits.windowStartsAt, new Date(now.getTime() - DAY_MS)));
}
