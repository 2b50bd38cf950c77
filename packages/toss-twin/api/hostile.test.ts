import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller, newOrderId, type TossCaller } from "@/packages/toss-twin/testing/caller";

let emulator: TossEmulator;
let toss: TossCaller;

beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0 });
  toss = createTossCaller(emulator.url, defaultMerchant.secretKey);
});

beforeEach(() => toss.control.reset());

afterAll(() => emulator.close());

describe("hostile input", () => {
  const bodies = [
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "[".repeat(100_000),
    '{"amount":1e999}',
    "\u0000",
  ];

  test.each(bodies)("body %# is INVALID_REQUEST", async (rawBody) => {
    const { billingKey } = await toss.register();
    const answer = await toss.call("POST", `/v1/billing/${billingKey}`, { rawBody });
    expect([answer.status, answer.json.code]).toEqual([400, "INVALID_REQUEST"]);
  });

  test("a body of a megabyte is refused and the connection goes on", async () => {
    const rawBody = JSON.stringify({ filler: "x".repeat(1_000_000) });
    const answer = await toss.call("POST", "/v1/payments/confirm", { rawBody });
    expect(answer.json.code).toBe("INVALID_REQUEST");
    expect((await toss.control.health()).ok).toBe(true);
  });

  test.each([
    { amount: "9900" },
    { amount: 9_900.5 },
    { amount: 2 ** 60 },
    { amount: null },
    { amount: { toString: "9900" } },
    { orderName: 1 },
    { orderId: ["order-0001"] },
    { taxFreeAmount: -1 },
    { taxFreeAmount: 9_901 },
    { customerName: "이".repeat(101) },
    JSON.parse('{"__proto__": {"amount": 1}, "amount": "1"}'),
  ])("a charge with %j is INVALID_REQUEST", async (body: Record<string, unknown>) => {
    expect((await toss.charge(await toss.register(), { body })).json.code).toBe("INVALID_REQUEST");
  });

  test.each([
    ...["/v1/billing/%", "/v1/billing/%ff", "/v1/payments/%2e%2e/x", "/v1/payments/%"],
    ...["//", "/v1//", "/window/../..", "/assets/..%2fmain.ts", "/__proto__", "/constructor", "*"],
  ])("the path %s is no more than unknown", async (path) => {
    expect(await rawStatus("POST", path)).toBe(404);
  });

  test.each(["__proto__", "constructor", "toString"])(
    "a payment called %s is unknown",
    async (key) => {
      const asked = await toss.call("GET", `/v1/payments/${key}`);
      expect(asked.json.code).toBe("NOT_FOUND_PAYMENT");
      const body = { orderId: newOrderId(), amount: 9_900 };
      const confirmed = await toss.call("POST", `/v1/payments/${key}`, { body });
      expect(confirmed.json.code).toBe("NOT_FOUND_PAYMENT");
    },
  );

  test.each(["Basic", "Basic %%%", "Bearer x", "Basic Og==", "Basic 77u/dGVzdF9zazo="])(
    "the authorization %s is refused",
    async (authorization) => {
      const answer = await toss.call("GET", "/v1/payments/x", { headers: { authorization } });
      expect([401, 403]).toContain(answer.status);
    },
  );

  test("a request cut off in the middle harms nobody", async () => {
    const { port } = new URL(emulator.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(
          "POST /v1/payments/confirm HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{",
        );
        socket.destroy();
      });
      socket.on("close", () => resolve());
    });
    expect((await toss.control.health()).ok).toBe(true);
  });

  test("the control API names what is wrong, and takes no plain form of a website", async () => {
    expect((await post("/control/faults", { kind: "unknown" })).status).toBe(400);
    expect((await post("/control/authorize-payment", { amount: "1" })).status).toBe(400);
    expect((await post("/control/clock", { byMs: -1 })).status).toBe(400);
    expect((await post("/control/nothing", {})).status).toBe(404);
    const form = await fetch(`${emulator.url}/control/reset`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "{}",
    });
    expect(form.status).toBe(415);
  });
});

function post(path: string, body: Record<string, unknown>) {
  return toss.call("POST", path, { body });
}

/** Sends the path as it stands; fetch would tidy it up first. */
function rawStatus(method: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(emulator.url);
  const user = `${defaultMerchant.secretKey}:`;
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const options = { hostname, port, method, path, auth: user, headers };
    httpRequest(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end("{}");
  });
}
