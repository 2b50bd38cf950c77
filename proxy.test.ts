import { NextRequest } from "next/server";
import { beforeEach, describe, expect, it, test, vi } from "vitest";
import { proxy } from "./proxy";

const env = vi.hoisted(() => ({ APP_URL: "", TOSS_SDK_URL: "" }));
vi.mock("@/lib/runtime/env", () => ({ env: () => env }));

beforeEach(() => {
  env.APP_URL = "https://shop.example";
  env.TOSS_SDK_URL = "https://js.tosspayments.com/v1/payment";
});

describe("the security policy of a page", () => {
  it("lets scripts run from this site and with this request's nonce only", async () => {
    const [first, second] = [await policyOf("/pricing"), await policyOf("/pricing")];
    expect(first["script-src"]).toMatch(/^'self' 'nonce-[A-Za-z0-9+/]{22}=='$/);
    expect(second["script-src"]).not.toBe(first["script-src"]);
    expect(first).toMatchObject({
      "default-src": "'self'",
      "connect-src": "'self'",
      "frame-src": "'none'",
      "form-action": "'self'",
      "frame-ancestors": "'none'",
      "base-uri": "'self'",
      "object-src": "'none'",
    });
    expect(first["style-src"]).not.toContain("unsafe-inline");
  });

  it.each(["/checkout/chk_1", "/account/card"])(
    "lets %s load the Toss script and window",
    async (path) => {
      const policy = await policyOf(path);
      expect(policy["script-src"]).toMatch(/ https:\/\/js\.tosspayments\.com$/);
      expect(policy["frame-src"]).toBe(
        "'self' https://js.tosspayments.com https://*.tosspayments.com",
      );
    },
  );

  it("names the emulator's origin alone in the sandbox", async () => {
    env.TOSS_SDK_URL = "http://localhost:3001/v1/payment";
    expect((await policyOf("/checkout/chk_1"))["frame-src"]).toBe("'self' http://localhost:3001");
  });

  it.each(["/", "/account", "/account/cards", "/checkouts", "/api/checkout"])(
    "lets %s load nothing foreign",
    async (path) => {
      expect(JSON.stringify(await policyOf(path))).not.toContain("toss");
    },
  );
});

it("demands https for the future only where the site is served by https", async () => {
  expect((await headersOf("/")).get("strict-transport-security")).toContain("max-age=63072000");
  env.APP_URL = "http://localhost:3000";
  expect((await headersOf("/")).get("strict-transport-security")).toBeNull();
  expect((await headersOf("/")).get("x-content-type-options")).toBe("nosniff");
});

const OURS = { origin: "https://shop.example" };

test.each([
  "/checkout/%FF",
  "/checkout/%ff/result",
  "/checkout/%E0%A4%A",
  "/%C0%80",
  "/account/card/result?registration=%00",
  "/checkout/%00",
])("an address that nobody can read is refused: %s", async (path) => {
  expect((await proxy(new NextRequest(`https://shop.example${path}`))).status).toBe(400);
});

test.each(["/checkout/%EA%B0%80", "/pricing?interval=%FF", "/%2500"])(
  "an address that can be read goes on: %s",
  async (path) => {
    expect((await proxy(new NextRequest(`https://shop.example${path}`))).status).toBe(200);
  },
);

describe("what would change something", () => {
  it("is done for our own pages only, whatever host the client names", async () => {
    const foreign: Record<string, string>[] = [
      {},
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "https://shop.example.evil.example" },
      { origin: "https://evil.example", "x-forwarded-host": "evil.example", host: "evil.example" },
      { ...OURS, "sec-fetch-site": "cross-site" },
      { ...OURS, "sec-fetch-site": "same-site" },
    ];
    for (const path of ["/sign-in", "/api/sign-out", "/account/profile", "/api/inngestion"])
      for (const headers of foreign) expect((await post(path, headers, "")).status).toBe(403);
    expect((await post("/sign-in", OURS, "")).status).toBe(200);
    expect((await post("/sign-in", { "sec-fetch-site": "same-origin" }, "")).status).toBe(200);
  });

  it("is left to the job engine, whose calls are signed", async () => {
    expect((await post("/api/inngest", {}, "{}")).status).toBe(200);
  });

  it("reaches Next with our host in place of the one that a client names", async () => {
    const response = await post("/sign-in", { ...OURS, "x-forwarded-host": "evil.example" }, "");
    expect(response.headers.get("x-middleware-request-x-forwarded-host")).toBe("shop.example");
  });
});

describe("an action", () => {
  const BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
  const multipart = { ...OURS, "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
  const scripted = { ...multipart, "next-action": "40".padEnd(42, "a") };
  const parts = (fields: Readonly<Record<string, string>>) =>
    `${Object.entries(fields)
      .map(
        ([name, value]) =>
          `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join("")}--${BOUNDARY}--\r\n`;
  const called = { _1_email: "{", "0": '[{"status":"idle"},"$K1"]' };
  const action = '{"id":"a","bound":"$@1"}';
  const unscripted = {
    email: "{",
    $ACTION_REF_3: "",
    "$ACTION_3:0": action,
    "$ACTION_3:1": '[{"status":"idle"}]',
    $ACTION_KEY: "k1",
  };
  const refused = '[{"status":"refused","message":"$undefined","values":{"name":"$$9"}},"$K1"]';

  test.each([
    ["by a script", scripted, parts(called)],
    ["by a script, after an answer", scripted, parts({ ...called, "0": refused })],
    ["without a script", multipart, parts(unscripted)],
    ["by nobody: a form of another kind", multipart, parts({ email: "a" })],
  ])("is called %s", async (_case, headers, body) => {
    expect((await post("/sign-in", headers, body)).status).toBe(200);
  });

  test.each<[string, Record<string, string>, string]>([
    ["cut short", scripted, parts(called).slice(0, 90)],
    ["without an end", multipart, parts(unscripted).slice(0, -8)],
    ["empty", scripted, ""],
    ["without a boundary", { ...scripted, "content-type": "multipart/form-data" }, parts(called)],
    ["no form at all", { ...scripted, "content-type": "text/plain" }, "[{"],
    ["no form, and of no type", { ...OURS, "next-action": "x" }, ""],
    ["without arguments", scripted, parts({ _1_email: "a" })],
    ["with arguments that are no JSON", scripted, parts({ ...called, "0": "[{" })],
    ["with arguments that are no list", scripted, parts({ ...called, "0": "null" })],
    ["with a reference to nothing", scripted, parts({ ...called, "0": '[{},"$99"]' })],
    ["with a reference to an action", scripted, parts({ ...called, "0": '[{"a":["$F1"]},"$K1"]' })],
    ["with a number that is none", scripted, parts({ ...called, "0": '["$nzz","$K1"]' })],
    ["that names no action", multipart, parts({ ...unscripted, "$ACTION_3:0": "{" })],
    ["that names an action oddly", multipart, parts({ ...unscripted, "$ACTION_3:0": '{"id":7}' })],
    ["without an answer before", multipart, parts({ $ACTION_REF_3: "", "$ACTION_3:0": action })],
    ["with an odd answer before", multipart, parts({ ...unscripted, "$ACTION_3:1": '"x"' })],
  ])("is not called by a body that is %s", async (_case, headers, body) => {
    expect((await post("/sign-in", headers, body)).status).toBe(400);
  });
});

function post(path: string, headers: Record<string, string>, body: string) {
  return proxy(new NextRequest(`https://shop.example${path}`, { method: "POST", headers, body }));
}

async function headersOf(path: string): Promise<Headers> {
  return (await proxy(new NextRequest(`https://shop.example${path}`))).headers;
}

async function policyOf(path: string): Promise<Record<string, string>> {
  const text = (await headersOf(path)).get("content-security-policy") ?? "";
  return Object.fromEntries(
    text.split("; ").map((directive) => {
      const at = directive.indexOf(" ");
      return [directive.slice(0, at), directive.slice(at + 1)];
    }),
  );
}
