import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseCalendarDate, seoulInstant } from "@/lib/billing/calendar";

// Next resolves it by itself; outside of Next there is no such package.
vi.mock("server-only", () => ({}));

const PRODUCTION = {
  APP_ENV: "production",
  APP_URL: "https://app.example.com",
  NEXTAUTH_URL: "https://app.example.com",
  NEXTAUTH_SECRET: "n".repeat(32),
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
  TOSS_CLIENT_KEY: "live_ck_example",
  TOSS_SECRET_KEY: "live_sk_example",
  BILLING_KEY_SECRETS: `k1:${Buffer.alloc(32, 1).toString("base64")}`,
  SMTP_URL: "smtp://127.0.0.1:1",
  INNGEST_SIGNING_KEY: "signkey-prod-example",
};

describe("in production", () => {
  beforeEach(() => {
    vi.resetModules();
    for (const [name, value] of Object.entries(PRODUCTION)) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("the clock does not move", async () => {
    const { moveClock } = await import("./move");
    const jobs = {
      nextLongTick: () => null,
      nextShortRound: (after: Date) => after,
      longTickedBetween: () => [],
      hold: async () => undefined,
      release: async () => undefined,
      run: async () => true,
    };
    const deps = { clock: { now: () => new Date() }, hint: async () => undefined, jobs };
    await expect(moveClock(deps, { to: new Date(Date.now() + 1_000) })).rejects.toThrow(
      "Only the sandbox",
    );
  });

  it("no page has the bar", async () => {
    const { TimeBar } = await import("@/app/sandbox/time-bar");
    expect(await TimeBar()).toBeNull();
  });

  it("nothing answers at its address", async () => {
    const { GET, POST } = await import("@/app/api/sandbox/clock/route");
    expect((await GET()).status).toBe(404);
    const request = new Request("https://app.example.com/api/sandbox/clock", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ to: "+1day" }),
    });
    expect((await POST(request)).status).toBe(404);
  });
});

describe("the instant a person names", () => {
  const at = (day: string, hour: number, minute = 0) =>
    seoulInstant(parseCalendarDate(day), hour, minute);
  const now = at("2027-01-31", 15, 20);

  it.each([
    ["+3h", at("2027-01-31", 18, 20)],
    ["+1day", at("2027-02-01", 15, 20)],
    ["+2days", at("2027-02-02", 15, 20)],
    ["+1week", at("2027-02-07", 15, 20)],
    ["+2weeks", at("2027-02-14", 15, 20)],
    ["+1month", at("2027-02-28", 15, 20)],
    ["+1year", at("2028-01-31", 15, 20)],
    ["2027-02-28", at("2027-02-28", 12)],
    ["2027-02-30", null],
    ["yesterday", null],
    ["mine", null],
    ["+", null],
    ["-1day", null],
  ])("%s", async (text, expected) => {
    const { findClockTarget } = await import("@/sandbox/entry");
    expect(await findClockTarget(text, now)).toEqual(expected);
  });

  it("a step of days begun at night ends at noon, when the morning's charges are made", async () => {
    const { findClockTarget } = await import("@/sandbox/entry");
    expect(await findClockTarget("+1month", at("2027-01-15", 2))).toEqual(at("2027-02-15", 12));
  });
});
