import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller, type TossCaller } from "@/packages/toss-twin/testing/caller";

let emulator: TossEmulator;
let toss: TossCaller;

beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0 });
  toss = createTossCaller(emulator.url, defaultMerchant.secretKey);
});

beforeEach(() => toss.control.reset());

afterAll(() => emulator.close());

describe("a page of another site", () => {
  const steer = (headers: Readonly<Record<string, string>>, path: string, method = "POST") =>
    new Promise<number>((resolve, reject) => {
      const request = httpRequest(`${emulator.url}${path}`, { method, headers }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      request.on("error", reject);
      request.end(method === "POST" ? "{}" : undefined);
    });
  const json = { "content-type": "application/json" };

  test("steers nothing, by a name of its own that leads here or across origins", async () => {
    expect(await steer({ host: "evil.example" }, "/control/export", "GET")).toBe(403);
    expect(await steer({ host: "evil.example" }, "/", "GET")).toBe(403);
    expect(await steer({ ...json, host: "evil.example" }, "/control/reset")).toBe(403);
    expect(await steer({ ...json, origin: "http://evil.example" }, "/control/reset")).toBe(403);
    expect(await steer({ ...json, origin: emulator.url }, "/control/reset")).toBe(200);
    expect(await steer({ host: "[::1]:1" }, "/", "GET")).toBe(200);
  });

  test("cannot fill the page with what nobody can read", async () => {
    const rawBody = `${"[".repeat(4_000)}${"]".repeat(4_000)}`;
    for (let n = 0; n < 5; n++) await toss.call("POST", "/v1/payments/confirm", { rawBody });
    await toss.call("POST", "/v1/nope", {
      rawBody: JSON.stringify({ billingKey: "x".repeat(200_000) }),
    });
    expect((await (await fetch(`${emulator.url}/`)).text()).length).toBeLessThan(300_000);
  });
});

describe("what the emulator shows", () => {
  test("never holds a whole key, a card number or a secret key", async () => {
    await toss.control.changeSettings({ cardRegistrationApi: true });
    const cardNumber = "9410001111222233";
    const card = { cardNumber, cardExpirationYear: "99", cardExpirationMonth: "12" };
    await toss.call("POST", "/v1/billing/authorizations/card", {
      body: { ...card, customerKey: "customer", customerIdentityNumber: "990101" },
    });
    const { billingKey, customerKey } = await toss.register();
    await toss.charge({ billingKey, customerKey });
    const escaped = '{"card\\u004eumber":"4906251111111111","customerKey":"customer"}';
    await toss.call("POST", "/v1/billing/authorizations/card", { rawBody: escaped });
    for (const rawBody of [
      '{"amount":1000,"cardNumber":4906251111111111}',
      '{"cardNumber":"4906251111111111,"amount":1000}',
      '{"amount":1000,"number":"4906-2511-1111-1111"}',
    ]) {
      await toss.call("POST", "/v1/payments/key-in", { rawBody });
    }
    const shown = [
      JSON.stringify(await toss.control.state()),
      await (await fetch(`${emulator.url}/`)).text(),
    ].join("\n");
    for (const secret of [
      cardNumber,
      "4906251111111111",
      "4906-2511",
      billingKey,
      billingKey.slice(0, -1),
      defaultMerchant.secretKey,
    ]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain(customerKey);
  });

  test("escapes whatever a merchant sent", async () => {
    await toss.charge(await toss.register(), { body: { orderName: "<img src=x onerror=1>" } });
    expect(await (await fetch(`${emulator.url}/`)).text()).not.toContain("<img");
  });
});
