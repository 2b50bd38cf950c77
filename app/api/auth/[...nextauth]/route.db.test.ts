/** Strangers at next-auth's own addresses: people sign in on our pages and nowhere else. */
import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const reached = vi.hoisted(() => ({ calls: [] as string[] }));
vi.mock("next-auth", () => ({
  default: async (request: Request) => {
    reached.calls.push(`${request.method} ${request.url} ${await request.text()}`);
    return new Response("next-auth");
  },
}));

const ORIGIN = "http://localhost:1";
const OURS = { origin: ORIGIN };

beforeAll(() => {
  vi.stubEnv("KAKAO_CLIENT_ID", "an-id");
  vi.stubEnv("KAKAO_CLIENT_SECRET", "a-secret");
});
afterAll(() => vi.unstubAllEnvs());

async function ask(method: "GET" | "POST", path: string, init: Omit<RequestInit, "signal"> = {}) {
  const route = await import("./route");
  const request = new NextRequest(`${ORIGIN}/api/auth/${path}`, { method, ...init });
  const nextauth = request.nextUrl.pathname.slice("/api/auth/".length).split("/");
  reached.calls.length = 0;
  const response = await route[method](request, { params: Promise.resolve({ nextauth }) });
  return { status: response.status, to: response.headers.get("location"), calls: reached.calls };
}

test.each([
  ["signin", "/sign-in"],
  ["signin/kakao", "/sign-in"],
  ["signin?error=OAuthSignin", "/sign-in?error=other"],
  ["signout", "/sign-in"],
  ["error?error=<script>", "/sign-in?error=other"],
  ["verify-request", "/sign-in"],
])("the page %s is ours", async (path, to) => {
  expect(await ask("GET", path)).toEqual({ status: 303, to, calls: [] });
});

test.each([
  ["GET", "session"],
  ["GET", "providers"],
  ["GET", "callback/credentials"],
  ["GET", "callback/google"],
  ["GET", "callback"],
  ["GET", "csrf/x"],
  ["POST", "callback/credentials"],
  ["POST", "callback/kakao"],
  ["POST", "signin/credentials"],
  ["POST", "signin/google"],
  ["POST", "signin"],
  ["POST", "signout"],
  ["POST", "session"],
  ["POST", "_log"],
] as const)("there is no %s %s", async (method, path) => {
  expect(await ask(method, path, { headers: OURS })).toMatchObject({ status: 404, calls: [] });
});

test("the way out to a provider and back is open, for our own pages", async () => {
  expect((await ask("GET", "csrf")).calls).toHaveLength(1);
  expect((await ask("GET", "callback/kakao?code=1&state=2")).calls).toHaveLength(1);
  const body = "csrfToken=t&callbackUrl=%2Fpricing&json=true";
  const out = await ask("POST", "signin/kakao", { headers: OURS, body });
  expect(out.calls).toEqual([`POST ${ORIGIN}/api/auth/signin/kakao ${body}`]);
  for (const foreign of [{}, { origin: "https://evil.example" }])
    expect(await ask("POST", "signin/kakao", { headers: foreign, body })).toMatchObject({
      status: 403,
      calls: [],
    });
});

test.each(["javascript:alert(1)", "not an address", "//", "\u0000", "data:,x"])(
  "an address to come back to such as %j is refused wherever it stands",
  async (bad) => {
    const refused = { status: 400, calls: [] };
    const query = new URLSearchParams({ callbackUrl: bad }).toString();
    expect(await ask("GET", `csrf?${query}`)).toMatchObject(refused);
    const post = (path: string, body: string) => ask("POST", path, { headers: OURS, body });
    expect(await post(`signin/kakao?${query}`, "csrfToken=t")).toMatchObject(refused);
    expect(await post("signin/kakao", `csrfToken=t&${query}`)).toMatchObject(refused);
    const cookie = `next-auth.callback-url=${encodeURIComponent(bad)}`;
    expect(await ask("GET", "csrf", { headers: { cookie } })).toMatchObject(refused);
  },
);

test("a body that is huge, or claims to be something else than a form, changes no mind", async () => {
  const huge = "x".repeat(9 * 1024);
  const post = (body: string, type: string) =>
    ask("POST", "signin/kakao", { headers: { ...OURS, "content-type": type }, body });
  expect(await post(huge, "application/x-www-form-urlencoded")).toMatchObject({ status: 413 });
  const json = await post('{"callbackUrl":{}}', "application/json");
  expect(json).toMatchObject({ status: 200 });
  expect(json.calls[0]).toContain("%7B%22callbackUrl%22%3A%7B%7D%7D=");
});
