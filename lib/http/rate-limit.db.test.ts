/** Where a request comes from, and what somebody who may not be alone behind an address is allowed. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  const { closeDb } = await import("@/db/client");
  await closeDb();
});

async function addressOf(hops: number, forwarded: string | null, socket: string | null) {
  vi.stubEnv("TRUSTED_PROXY_HOPS", String(hops));
  const { clientAddress } = await import("./rate-limit");
  const { socketAddressHeader } = await import("./socket-address");
  const headers = new Headers();
  if (forwarded !== null) headers.set("x-forwarded-for", forwarded);
  if (socket !== null) headers.set(socketAddressHeader(), socket);
  return clientAddress(headers);
}

test.for<[string, number, string | null, string | null, string | null]>([
  ["no proxy: the socket, whatever is claimed", 0, "198.51.100.1", "203.0.113.7", "203.0.113.7"],
  ["no proxy, nothing known", 0, "198.51.100.1", null, null],
  ["one proxy: what it saw", 1, "198.51.100.1, 203.0.113.7", "10.0.0.2", "203.0.113.7"],
  ["two proxies: what the outer one saw", 2, "x, 203.0.113.7, 10.1.1.1", "10.0.0.2", "203.0.113.7"],
  ["one proxy that was walked around", 1, null, "203.0.113.7", "203.0.113.7"],
  ["a proxy that writes ports", 1, "203.0.113.7:4711", "10.0.0.2", "203.0.113.7"],
  ["a proxy that writes ports, IPv6", 1, "[2001:db8::1]:443", "10.0.0.2", "2001:db8::1"],
  ["a proxy that passes nonsense on", 1, "<script>", null, null],
  ["a socket with a zone", 0, null, "fe80::1%eth0", "fe80::1"],
])("%s", async ([, hops, forwarded, socket, address]) => {
  expect(await addressOf(hops, forwarded, socket)).toBe(address);
});

it("is written by the server as the request arrives, and by no client", async () => {
  const { socketAddressHeader, writeSocketAddresses } = await import("./socket-address");
  writeSocketAddresses();
  const name = socketAddressHeader();
  const server = createServer((request, response) => {
    response.end(JSON.stringify(request.headers[name]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const claims = { headers: { [name]: "203.0.113.7" } };
    expect(await (await fetch(`http://127.0.0.1:${port}`, claims)).json()).toBe("127.0.0.1");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

it("says aloud, once, that a proxy stands in front which nobody told us of", async () => {
  const lines: string[] = [];
  const listen = vi.spyOn(console, "warn").mockImplementation((line) => lines.push(String(line)));
  await addressOf(0, "10.0.0.2", "10.0.0.2");
  await addressOf(0, "198.51.100.1", "203.0.113.7");
  expect(lines).toEqual([]);
  await addressOf(0, "198.51.100.1", "10.0.0.2");
  await addressOf(0, "198.51.100.2", "10.0.0.2");
  listen.mockRestore();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("TRUSTED_PROXY_HOPS");
});

describe("of a limit of 2", () => {
  test.each<[string, string | null, number]>([
    ["an address on the internet has 2", "203.0.113.7", 2],
    ["an IPv6 network has 2", "2001:db8::1", 2],
    ["an unknown address has 100", null, 100],
    ["a private network, where a proxy may be, has 100", "10.0.0.2", 100],
    ["this machine has 100", "::ffff:127.0.0.1", 100],
    ["a private IPv6 network has 100", "fd00::1", 100],
  ])("%s", async (name, address, tries) => {
    const { takeAddressTry } = await import("./rate-limit");
    const limit = { name, tries: 2, minutes: 60 };
    const now = new Date("2026-11-22T03:00:00Z");
    const answers = [];
    for (let n = 0; n <= tries; n += 1) answers.push(await takeAddressTry(limit, address, now));
    expect(answers.indexOf(false)).toBe(tries);
  });
});

test("who is refused is told how long it lasts, to the minute", async () => {
  const { refuseTries } = await import("./rate-limit");
  const limit = { name: "any", tries: 1, minutes: 60 };
  const waitAt = (time: string) =>
    refuseTries(limit, new Date(`2026-11-22T${time}Z`)).refusal.waitMinutes;
  expect(waitAt("03:00:00.000")).toBe(60);
  expect(waitAt("03:00:00.001")).toBe(60);
  expect(waitAt("03:20:00.000")).toBe(40);
  expect(waitAt("03:59:59.999")).toBe(1);
});
