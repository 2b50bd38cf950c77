/** What somebody gets who presses a price before signing in. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.mock("server-only", () => ({}));
vi.mock("next/headers", () => ({ cookies: async () => ({ get: () => undefined }) }));

beforeEach(() => vi.resetModules());
afterEach(async () => {
  const { closeDb } = await import("@/db/client");
  await closeDb();
  vi.unstubAllEnvs();
});

test.each([
  ["https://shop.example", true],
  ["http://localhost:3000", false],
])(
  "at %s the price is remembered in a cookie that is sent by https only: %s",
  async (url, isSecure) => {
    vi.stubEnv("APP_URL", url);
    const { POST } = await import("./route");
    const response = await POST(
      new Request(`${url}/api/checkouts`, {
        method: "POST",
        headers: { origin: url },
        body: "priceId=basic-month-v1",
      }),
    );
    expect(response.headers.get("location")).toContain("/sign-in?next=");
    const attributes = (response.headers.get("set-cookie") ?? "").split("; ");
    expect(attributes[0]).toBe("chosen-price=basic-month-v1");
    expect(attributes).toContain("HttpOnly");
    expect(attributes.includes("Secure")).toBe(isSecure);
  },
);
