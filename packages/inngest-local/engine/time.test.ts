import { expect, test } from "vitest";

import { parseCron, parseDeadline, parseDurationMs, retryDelayMs } from "./time";

test("durations are read as the SDK writes them", () => {
  expect(parseDurationMs("1w2d3h4m5s")).toBe(788_645_000);
  expect(() => parseDurationMs("2 hours")).toThrow("not a duration");
  expect(() => parseDeadline("367d", 0)).toThrow("366 days");
});

test("retries wait by the table plus up to 30 seconds, or as Retry-After says within a second and a day", () => {
  const now = Date.parse("2031-03-01T00:00:00Z");
  const none = { now, random: () => 0 };
  expect([0, 1, 2, 8, 9, 15].map((attempt) => retryDelayMs(attempt, null, none) / 1_000)).toEqual([
    15, 30, 60, 3_600, 7_200, 7_200,
  ]);
  expect(retryDelayMs(0, null, { now, random: () => 0.999 })).toBe(44_970);
  expect(retryDelayMs(0, "3.7", none)).toBe(3_000);
  expect(retryDelayMs(0, "0", none)).toBe(1_000);
  expect(retryDelayMs(0, "2031-03-01T00:01:00Z", none)).toBe(60_000);
  expect(retryDelayMs(0, "999999", none)).toBe(86_400_000);
});

test("a cron has minutes, a zone, and no seconds", () => {
  const daily = parseCron("TZ=Asia/Seoul 0 10 * * *");
  const tick = Date.parse("2031-03-01T01:00:00Z");
  expect(daily.next(tick - 1)).toBe(tick);
  expect(daily.next(tick)).toBe(tick + 86_400_000);
  expect(daily.latest(tick)).toBe(tick);
  expect(daily.latest(tick - 1)).toBe(tick - 86_400_000);
  expect(() => parseCron("* * * * * *")).toThrow();
  expect(() => parseCron("TZ=Asia/Nowhere 0 10 * * *")).toThrow();
});
