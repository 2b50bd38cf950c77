/** How often one address or one account may try something within a window of fixed length. */
import { BlockList, isIP } from "node:net";
import { transaction } from "@/db/client";
import { addTry, forgetTriesOf, forgetWindowsBefore } from "@/db/rate-limit";
import { env } from "@/lib/runtime/env";
import { log } from "@/lib/runtime/log";
import { refuse } from "@/lib/runtime/result";
import { sha256 } from "@/lib/runtime/secrets";
import { socketAddressHeader } from "./socket-address";

export type Limit = { readonly name: string; readonly tries: number; readonly minutes: number };

export type TooManyTries = { readonly code: "too-many-tries"; readonly waitMinutes: number };

/** Where a request came from; null when nothing tells. */
export type ClientAddress = string | null;

/** Many people may stand behind an unknown or private address, so its limit is this many times wider. */
const SHARED_FACTOR = 50;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Takes one of the tries an address has; false when none is left. */
export function takeAddressTry(limit: Limit, address: ClientAddress, now: Date): Promise<boolean> {
  const factor = isShared(address) ? SHARED_FACTOR : 1;
  return takeTry({ ...limit, tries: limit.tries * factor }, networkOf(address), now);
}

/** Takes one of the tries at an account, known by its e-mail address; false when none is left. */
export function takeAccountTry(limit: Limit, email: string, now: Date): Promise<boolean> {
  return takeTry(limit, sha256(email), now);
}

/** Gives an account its tries back. */
export async function forgetTries(limit: Limit, email: string): Promise<void> {
  await transaction((tx) => forgetTriesOf(tx, keyOf(limit, sha256(email))));
}

/** Refuses somebody who used up a limit, and says in how many minutes, at least one, there are new tries. */
export function refuseTries(
  limit: Limit,
  now: Date,
): { readonly ok: false; readonly refusal: TooManyTries } {
  const endsAt = windowStartOf(limit, now).getTime() + limit.minutes * 60_000;
  const waitMinutes = Math.ceil((endsAt - now.getTime()) / 60_000);
  return refuse({ code: "too-many-tries", waitMinutes });
}

/**
 * The address that the outermost trusted proxy saw: with 2 trusted hops the second from the right in x-forwarded-for.
 * Anybody can write what stands further left. Without a trusted proxy, the other end of the connection.
 */
export function clientAddress(headers: Pick<Headers, "get">): ClientAddress {
  const peer = headers.get(socketAddressHeader()) ?? "";
  const socket = parseAddress(peer);
  const forwarded = headers.get("x-forwarded-for") ?? "";
  const hops = env().TRUSTED_PROXY_HOPS;
  if (hops > 0) return parseAddress(forwarded.split(",").at(-hops)?.trim() ?? "") ?? socket;
  // Next itself writes the peer's address there when nobody else did.
  if (socket !== null && isShared(socket) && forwarded !== "" && forwarded !== peer) warnOfProxy();
  return socket;
}

/** One host can have every address of an IPv6 network, so only the half that names the network counts. */
export function networkOf(address: ClientAddress): string {
  if (address === null) return "unknown";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => "0");
  const groups = [...before, ...zeros, ...behind].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":");
}

/** Addresses within private networks, where proxies and whole offices are. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv4");
PRIVATE.addAddress("::1", "ipv6");
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

function isShared(address: ClientAddress): boolean {
  return address === null || PRIVATE.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** An address as proxies and sockets write it, some with a port or a zone; null for anything else. */
function parseAddress(text: string): ClientAddress {
  const inBrackets = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1];
  const bare = (inBrackets ?? text.replace(/^([\d.]+):\d+$/, "$1")).replace(/%.*$/, "");
  return isIP(bare) > 0 ? bare : null;
}

let hasWarned = false;

function warnOfProxy(): void {
  if (!hasWarned) log("warn", "proxy.not-trusted", { cure: "set TRUSTED_PROXY_HOPS" });
  hasWarned = true;
}

async function takeTry(limit: Limit, who: string, now: Date): Promise<boolean> {
  const windowStartsAt = windowStartOf(limit, now);
  const tries = await transaction(async (tx) => {
    const count = await addTry(tx, keyOf(limit, who), windowStartsAt);
    if (count === 1) await forgetWindowsBefore(tx, new Date(now.getTime() - DAY_MS));
    return count;
  });
  return tries <= limit.tries;
}

function keyOf({ name }: Limit, who: string): string {
  return `${name}:${who}`;
}

function windowStartOf({ minutes }: Limit, now: Date): Date {
  const windowMs = minutes * 60_000;
  return new Date(Math.floor(now.getTime() / windowMs) * windowMs);
}
