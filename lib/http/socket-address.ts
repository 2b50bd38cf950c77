/**
 * The address at the other end of a request's connection, which Next gives to nobody: it is written into a header as
 * the request arrives. The header's name is a secret of the process, so no client can write it.
 */
import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

// Instrumentation and routes are bundled apart; the name outlives either.
const shared = globalThis as typeof globalThis & { maedalSocketHeader?: string };

export function socketAddressHeader(): string {
  shared.maedalSocketHeader ??= `x-socket-${randomBytes(16).toString("hex")}`;
  return shared.maedalSocketHeader;
}

/** From now on each request that this process receives carries the header. */
export function writeSocketAddresses(): void {
  const name = socketAddressHeader();
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const address = request.socket.remoteAddress;
    if (address !== undefined) request.headers[name] = address;
  });
}
