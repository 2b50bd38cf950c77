/** What Toss, or anybody else, gets for an answer; what is made of a stored webhook is told in lib/operations. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const afterwards = vi.hoisted(() => ({ tasks: [] as (() => unknown)[] }));
vi.mock("next/server", () => ({ after: (task: () => unknown) => afterwards.tasks.push(task) }));

const ORDER = { eventType: "PAYMENT_STATUS_CHANGED", data: { orderId: "ord_1" } };
const SECURITY_KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

beforeEach(() => {
  vi.resetModules();
  afterwards.tasks.length = 0;
});
afterEach(async () => {
  const { closeDb } = await import("@/db/client");
  await closeDb();
  vi.unstubAllEnvs();
});

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const { POST } = await import("./route");
  const address = "http://localhost/api/toss/webhook";
  const response = await POST(new Request(address, { method: "POST", body, headers }));
  return response.status;
}

async function inbox(search: string) {
  const { listWebhooks } = await import("@/db/webhook");
  return listWebhooks({ group: null, search, after: null }, 10);
}

const from = (id: string, more: Record<string, string> = {}) => ({
  "tosspayments-webhook-transmission-id": id,
  ...more,
});

test("a webhook is stored and answered 200 without a word to the job engine; the same one once", async () => {
  expect(await post(JSON.stringify(ORDER), from("whtrans_1"))).toBe(200);
  expect(await post(JSON.stringify(ORDER), from("whtrans_1"))).toBe(200);
  expect(await inbox("whtrans_1")).toMatchObject([
    { eventType: "PAYMENT_STATUS_CHANGED", orderId: "ord_1", verified: null, handledAt: null },
  ]);
  expect(afterwards.tasks).toHaveLength(1);
});

test("an unknown event is stored too; what is no webhook is refused, what is too large unread", async () => {
  expect(await post('{"eventType":"SOMETHING_NEW","data":7}', from("whtrans_2"))).toBe(200);
  expect(await inbox("whtrans_2")).toHaveLength(1);
  const refused = ["", "{", "[]", "null", '{"a":"\\u0000"}'];
  for (const body of refused) expect(await post(body)).toBe(400);
  expect(await post(`{"a":"${"x".repeat(256 * 1024)}"}`)).toBe(413);
  expect(await post(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).toBe(400);
  expect(await post(new Uint8Array([0x7b, 0xff, 0x7d]))).toBe(400);
});

test("a signature is checked on the bytes as they came, when there is a key to check it by", async () => {
  const body =
    '{"eventType":"payout.changed","createdAt":"2026-03-02T10:00:00+09:00","version":"2024-06-01","eventId":"evt_example_1","entityType":"payout","entityBody":{"amount":{"currency":"KRW","value":5000.0}}}';
  const signed = {
    "tosspayments-webhook-signature": "v1:H5sibRG6R8PB/rGJzKzU3fbfQ0zqNy/b/KOJ9cvXyfs=",
    "tosspayments-webhook-transmission-time": "2026-03-02T10:00:01.123456+09:00",
  };
  expect(await post(body, from("whtrans_no_key", signed))).toBe(200);
  vi.stubEnv("TOSS_SECURITY_KEY", SECURITY_KEY);
  vi.resetModules();
  expect(await post(body, from("whtrans_fits", signed))).toBe(200);
  const rewritten = JSON.stringify(JSON.parse(body));
  expect(await post(rewritten, from("whtrans_rewritten", signed))).toBe(200);
  expect(await post(body, from("whtrans_unsigned"))).toBe(200);
  const verified = ["whtrans_no_key", "whtrans_fits", "whtrans_rewritten", "whtrans_unsigned"].map(
    async (id) => (await inbox(id))[0]?.verified,
  );
  expect(await Promise.all(verified)).toEqual([null, true, false, null]);
});

test("with a list of addresses, only what the trusted proxy saw come from one of them is taken", async () => {
  vi.stubEnv("TRUSTED_PROXY_HOPS", "1");
  vi.stubEnv("TOSS_WEBHOOK_ADDRESSES", "13.124.18.147,3.38.81.32");
  const seenFrom = (forwarded: string) =>
    post(JSON.stringify(ORDER), from("whtrans_4", { "x-forwarded-for": forwarded }));
  expect(await seenFrom("13.124.18.147")).toBe(200);
  expect(await seenFrom("203.0.113.7, ::ffff:3.38.81.32")).toBe(200);
  expect(await seenFrom("13.124.18.147, 203.0.113.7")).toBe(403);
  expect(await post(JSON.stringify(ORDER))).toBe(403);
  expect(await inbox("whtrans_4")).toMatchObject([{ address: "13.124.18.147" }]);
});

test("who floods the inbox is stopped, and nobody else", async () => {
  vi.stubEnv("TRUSTED_PROXY_HOPS", "1");
  const [{ db }, { rateLimits }, { deps }] = await Promise.all([
    import("@/db/client"),
    import("@/db/schema/rate-limit"),
    import("@/deps"),
  ]);
  const minute = Math.floor(deps().clock.now().getTime() / 60_000);
  for (const at of [minute, minute + 1]) {
    const windowStartsAt = new Date(at * 60_000);
    await db()
      .insert(rateLimits)
      .values({ key: "webhook:203.0.113.9", windowStartsAt, count: 600 });
  }
  const { POST } = await import("./route");
  const flood = { "x-forwarded-for": "203.0.113.9" };
  const request = { method: "POST", body: "{}", headers: flood };
  const answer = await POST(new Request("http://localhost/api/toss/webhook", request));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "60"]);
  expect(await answer.json()).toEqual({ code: "too-many", waitMinutes: 1 });
  expect(await post("{}", { "x-forwarded-for": "203.0.113.8" })).toBe(200);
});
