import { encode } from "next-auth/jwt";
import { expect, it } from "vitest";
import { authOptions, offeredProviders, openSession, SESSION_TIME, sealSession } from "./next-auth";

it("opens the session it sealed, and nothing else", async () => {
  const cookie = await sealSession("ses_1");
  expect(cookie).not.toContain("ses_1");
  expect(await openSession(cookie)).toBe("ses_1");

  const forged = await encode({
    token: { sessionId: "ses_1" },
    secret: "another secret",
  });
  const empty = await encode({ token: {}, secret: authOptions(SESSION_TIME, "ko").secret ?? "" });
  for (const other of [undefined, "", "x.y.z", forged, empty, `${cookie.slice(0, -3)}AAA`]) {
    expect(await openSession(other)).toBeNull();
  }
});

it("offers Kakao, Naver and Google only when their keys are set", () => {
  expect(offeredProviders()).toEqual([]);
  expect(authOptions(SESSION_TIME, "ko").providers).toEqual([]);
});

it("leads nowhere but to this site after signing in", async () => {
  const { redirect } = authOptions(SESSION_TIME, "ko").callbacks ?? {};
  const baseUrl = "http://localhost:1";
  const go = (url: string) => redirect?.({ url, baseUrl });
  expect(await go("/pricing")).toBe(`${baseUrl}/pricing`);
  expect(await go(`${baseUrl}/pricing?interval=year`)).toBe(`${baseUrl}/pricing?interval=year`);
  for (const elsewhere of ["https://evil.example", "//evil.example", `${baseUrl}.evil.example/`]) {
    expect(await go(elsewhere)).toBe(`${baseUrl}/account`);
  }
});
