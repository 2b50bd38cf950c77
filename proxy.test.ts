import { NextRequest } from "next/server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { proxy } from "./proxy";

const env = vi.hoisted(() => ({ APP_URL: "", TOSS_SDK_URL: "" }));
vi.mock("@/lib/env", () => ({ env: () => env }));

beforeEach(() => {
  env.APP_URL = "https://shop.example";
  env.TOSS_SDK_URL = "https://js.tosspayments.com/v1/payment";
});

describe("the security policy of a page", () => {
  it("lets scripts run from this site and with this request's nonce only", () => {
    const [first, second] = [policyOf("/pricing"), policyOf("/pricing")];
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
    (path) => {
      const policy = policyOf(path);
      expect(policy["script-src"]).toMatch(/ https:\/\/js\.tosspayments\.com$/);
      expect(policy["frame-src"]).toBe(
        "'self' https://js.tosspayments.com https://*.tosspayments.com",
      );
    },
  );

  it("names the emulator's origin alone in the sandbox", () => {
    env.TOSS_SDK_URL = "http://localhost:3001/v1/payment";
    expect(policyOf("/checkout/chk_1")["frame-src"]).toBe("'self' http://localhost:3001");
  });

  it.each(["/", "/account", "/account/cards", "/checkouts", "/api/checkout"])(
    "lets %s load nothing foreign",
    (path) => {
      expect(JSON.stringify(policyOf(path))).not.toContain("toss");
    },
  );
});

it("demands https for the future only where the site is served by https", () => {
  expect(headersOf("/").get("strict-transport-security")).toContain("max-age=63072000");
  env.APP_URL = "http://localhost:3000";
  expect(headersOf("/").get("strict-transport-security")).toBeNull();
  expect(headersOf("/").get("x-content-type-options")).toBe("nosniff");
});

function headersOf(path: string): Headers {
  return proxy(new NextRequest(`https://shop.example${path}`)).headers;
}

function policyOf(path: string): Record<string, string> {
  const text = headersOf(path).get("content-security-policy") ?? "";
  return Object.fromEntries(
    text.split("; ").map((directive) => {
      const at = directive.indexOf(" ");
      return [directive.slice(0, at), directive.slice(at + 1)];
    }),
  );
}
